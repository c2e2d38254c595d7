"""The meter in a crowd: one supporter's devices open exactly as many articles as they may, on both engines."""

from dataclasses import replace

import pytest

from chalicelib.kernel.ids import SupporterId
from chalicelib.metering.actions.count_reading import CountedReading, Opening, count_reading
from chalicelib.metering.rows import read_articles
from chalicelib.metering.rules.meter import month_at
from chalicelib.newsroom.rules import Meter
from testkit.at_once import at_once
from testkit.harness import EMAIL_KEY, Harness

pytestmark = pytest.mark.engine

READER = SupporterId("reader000000")
THREADS, ARTICLES, LIMIT = 64, 40, 7


def crowd(harness: Harness) -> dict[str, list[bool]]:
    """So many tabs at once, of several articles each opened by more than one; what each was told."""
    newsroom = replace(harness.newsroom, meter=Meter(0, LIMIT))

    def opens(number: int) -> CountedReading:
        opening = Opening(f"a{number % ARTICLES}", READER, {}, lambda: "192.0.2.1")
        now, real_now = harness.now(), harness.real_now()
        return count_reading(opening, newsroom, harness.table, lambda: EMAIL_KEY, real_now=real_now, now=now)

    told: dict[str, list[bool]] = {}
    for number, one in enumerate(at_once(THREADS, opens)):
        assert isinstance(one, CountedReading), one
        assert one.view, "nobody is told nothing"
        told.setdefault(f"a{number % ARTICLES}", []).append(one.view.open)
    return told


def test_tabs_of_all_devices_at_once_open_seven_and_go_on_opening_them(harness: Harness) -> None:
    first = {article for article, told in crowd(harness).items() if any(told)}
    assert len(first) == LIMIT
    month = month_at(harness.now(), harness.newsroom.zone)
    assert len(read_articles.read(harness.table, READER, month)) == LIMIT
    for _ in range(3):
        again = crowd(harness)
        assert {article for article, told in again.items() if all(told)} == first
        assert {article for article, told in again.items() if any(told)} == first
