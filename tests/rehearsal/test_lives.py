"""The lives and the trouble of a rehearsal: drawn from the seed, and only what the stage can play."""

import inspect
import tomllib

import pytest

from localdev.ports import ROOT
from ops.rehearsal.lives import ONCE, RECURRING, WEEKS, Life, lives
from ops.rehearsal.trouble import FOREIGN, TRAVEL, weeks
from ops.rehearsal.turns import Turns

CURRENCIES = tomllib.loads((ROOT / "chalicelib" / "newsroom.toml").read_text(encoding="utf-8"))["currencies"]
PRESETS = {code: rules["presets"] for code, rules in CURRENCIES.items()}


def drawn(seed: int = 1, supporters: int = 300, months: int = 12) -> list[Life]:
    return lives(seed, supporters, months, PRESETS)


def test_the_same_seed_plays_the_same_year() -> None:
    assert drawn(seed=4) == drawn(seed=4)
    assert drawn(seed=4) != drawn(seed=5)
    assert weeks(4, 48) == weeks(4, 48)
    assert weeks(4, 48) != weeks(5, 48)


def test_a_year_of_the_usual_size_has_every_story_and_every_currency() -> None:
    cast = drawn()
    stories = {life.story.partition(": ")[2] for life in cast}
    assert stories == {*ONCE, *RECURRING}
    wishes = [turn.how for life in cast for turn in life.turns if turn.what == "give"]
    assert {wish["interval"] for wish in wishes} == {"once", "month", "year"}
    assert {wish["currency"] for wish in wishes} == {"eur", "usd", "uah", "pln"}
    assert len({life.email for life in cast}) == len(cast)


@pytest.mark.parametrize(("supporters", "months"), [(1, 1), (8, 2), (300, 12)])
def test_every_turn_can_be_played(supporters: int, months: int) -> None:
    for life in drawn(3, supporters, months):
        assert life.turns, life.story
        for turn in life.turns:
            assert 0 <= turn.week < months * WEEKS
            inspect.signature(getattr(Turns, turn.what)).bind(None, life, turn.gift, **turn.how)


def test_a_year_has_every_kind_of_trouble() -> None:
    year = weeks(2, 12 * WEEKS)
    assert {week.travel for week in year} == set(TRAVEL)
    assert {kind for week in year for kind in week.foreign} == set(FOREIGN)
    assert {who for week in year for _, who in week.kills} == {"functions", "gateway"}
    assert any(week.per_second for week in year)
    assert any(week.burst for week in year)


def test_two_months_have_every_way_for_webhooks_to_travel_but_one() -> None:
    """What `make test` rehearses: the last of TRAVEL comes in the ninth week."""
    assert {week.travel for week in weeks(2, 2 * WEEKS)} == set(TRAVEL[:-1])
