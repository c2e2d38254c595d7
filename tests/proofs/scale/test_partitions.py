"""A viral hour and a day of renewals: no partition of the table comes near what DynamoDB takes for one.

Stripe tells what it is asked to tell (`ENABLED_EVENTS`). Run with -s to see the busiest partitions.
"""

from collections.abc import Iterable, Iterator

import pytest

from bench.partitions import MOST_A_SECOND, Partitions
from chalicelib.kernel import email_address
from chalicelib.kernel.table import Put
from chalicelib.rails.stripe.enabled_events import ENABLED_EVENTS
from testkit.harness import Harness
from testkit.webhooks import Json

PEOPLE = 48
HOUR, DAY = 3_600, 86_400


@pytest.fixture
def partitions() -> Partitions:
    return Partitions()


@pytest.fixture
def newsroom(partitions: Partitions) -> Iterator[Harness]:
    """One whose table counts."""
    with Harness(partitions).installed() as made:
        yield made


def _asked_for(events: Iterable[Json]) -> list[Json]:
    return [event for event in events if event["type"] in ENABLED_EVENTS]


def _all_at_once(newsroom: Harness, partitions: Partitions, interval: str, *, renewed: bool = False) -> float:
    """Everybody gives (and, if asked, renews); answers the units of the busiest shared partition for one of them."""
    for number in range(PEOPLE):
        who = email_address.read(f"reader{number}@reader.example")
        with partitions.working("" if renewed else str(number)):
            newsroom.tell(_asked_for(newsroom.gives(500, interval, who)))
    if renewed:
        for number, subscription in enumerate(newsroom.stripe.of("subscription")):
            with partitions.working(str(number)):
                newsroom.tell(_asked_for(newsroom.stripe.renew(subscription["id"])))
    shared = partitions.shared()
    assert shared, "nothing was shared: nothing was measured"
    for partition, units in sorted(shared.items(), key=lambda one: -one[1])[:8]:
        print(f"{partition:40} {units:6.2f} write units each")  # noqa: T201 - shown with -s
    return max(shared.values())


@pytest.mark.parametrize("interval", ["once", "month"])
def test_a_viral_hour_of_ten_thousand_checkouts(newsroom: Harness, partitions: Partitions, interval: str) -> None:
    """With a burst of ten times the hour's mean within it."""
    each = _all_at_once(newsroom, partitions, interval)
    assert each * 10_000 / HOUR * 10 <= MOST_A_SECOND / 2


def test_a_day_on_which_six_hundred_thousand_renew(newsroom: Harness, partitions: Partitions) -> None:
    """Over the whole day, and with five times its mean in the busiest hour."""
    each = _all_at_once(newsroom, partitions, "month", renewed=True)
    assert each * 600_000 / DAY * 5 <= MOST_A_SECOND / 2


def test_a_partition_that_everybody_writes_to_is_seen(partitions: Partitions) -> None:
    """The control: one row that each of them writes in ten."""
    for number in range(10):
        with partitions.working(str(number)):
            partitions.write(Put({"pk": "ONE", "sk": "ONE", "text": "a" * 3_000}))
            partitions.write(Put({"pk": f"OWN#{number}", "sk": "ONE"}))
    assert partitions.shared() == {"ONE": 3.0}
