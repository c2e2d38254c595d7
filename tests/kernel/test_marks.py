"""Marks verify by themselves, and join neither two articles nor two months."""

from itertools import combinations

import pytest

from chalicelib.kernel import marks
from chalicelib.kernel.marks import Kind

KEY = "a secret of the newsroom"
ARTICLES = [f"article-{number}" for number in range(200)]


def jar(kind: Kind, period: str, *read: str, key: str = KEY) -> dict[str, str]:
    return dict(marks.make(kind, period, each, key) for each in read)


def test_marks_verify_by_themselves() -> None:
    held = jar("m", "2026-11", "bridge", "market")
    assert marks.genuine("m", "2026-11", held, KEY) == frozenset(held)
    assert marks.make("m", "2026-11", "bridge", KEY).name in held, "the same article has the same mark"


@pytest.mark.parametrize(
    ("kind", "period", "key"),
    [("g", "2026-11", KEY), ("m", "2026-12", KEY), ("m", "2026-11", "another secret")],
)
def test_a_mark_of_another_kind_month_or_newsroom_counts_for_nothing(kind: Kind, period: str, key: str) -> None:
    held = jar("m", "2026-11", "bridge")
    assert not marks.genuine(kind, period, held, key)
    renamed = {name.replace("m-", f"{kind}-", 1): value for name, value in held.items()}
    assert not marks.genuine(kind, period, renamed, key)


@pytest.mark.parametrize("forged", ["", "x", "🙂", "a" * 22, "=" * 22, "\n"])
def test_forged_marks_count_for_nothing(forged: str) -> None:
    held = jar("m", "2026-11", "bridge")
    [name] = held
    others = {name: forged, "m-": forged, "m-\N{GREEK SMALL LETTER ALPHA}": forged, "__proto__": forged}
    assert not marks.genuine("m", "2026-11", others, KEY)


def test_the_proof_of_one_mark_is_none_for_another() -> None:
    held = jar("m", "2026-11", "bridge", "market")
    swapped = dict(zip(held, reversed(held.values()), strict=True))
    assert not marks.genuine("m", "2026-11", swapped, KEY)


def test_two_articles_and_two_months_have_nothing_in_common() -> None:
    months = [jar("m", month, *ARTICLES) for month in ("2026-10", "2026-11", "2026-12")]
    assert all(len(month) == len(ARTICLES) for month in months), "no two articles of a month share a tag"
    for one, other in combinations(months, 2):
        assert not set(one.values()) & set(other.values())
    for month in months:
        assert len(set(month.values())) == len(ARTICLES)
    # The name follows from the month as well: with one key for all months, it would be the same every month.
    assert not {marks.make("m", month, "bridge", KEY).name for month in ("2026-10",)} & set(months[1])
