"""The lives and the trouble of a rehearsal: drawn from the seed, and only what the stage can play."""

import inspect
import tomllib

import pytest

from localdev.ports import ROOT
from ops.rehearsal.scenarios import ONCE, RECURRING, WEEKS, Scenario, scenarios
from ops.rehearsal.steps import Turns
from ops.rehearsal.trouble import FOREIGN, TRAVEL, weeks

CURRENCIES = tomllib.loads((ROOT / "chalicelib" / "newsroom.toml").read_text(encoding="utf-8"))["currencies"]
PRESETS = {code: rules["presets"] for code, rules in CURRENCIES.items()}


def drawn(seed: int = 1, supporters: int = 300, months: int = 12) -> list[Scenario]:
    return scenarios(seed, supporters, months, PRESETS)


def test_the_same_seed_plays_the_same_year() -> None:
    assert drawn(seed=4) == drawn(seed=4)
    assert drawn(seed=4) != drawn(seed=5)
    assert weeks(4, 48) == weeks(4, 48)
    assert weeks(4, 48) != weeks(5, 48)


def test_a_year_of_the_usual_size_has_every_story_and_every_currency() -> None:
    cast = drawn()
    stories = {scenario.story.partition(": ")[2] for scenario in cast}
    assert stories == {*ONCE, *RECURRING}
    wishes = [step.how for scenario in cast for step in scenario.steps if step.what == "give"]
    assert {wish["interval"] for wish in wishes} == {"once", "month", "year"}
    assert {wish["currency"] for wish in wishes} == {"eur", "usd", "uah", "pln"}
    assert len({scenario.email for scenario in cast}) == len(cast)


@pytest.mark.parametrize(("supporters", "months"), [(1, 1), (8, 2), (300, 12)])
def test_every_turn_can_be_played(supporters: int, months: int) -> None:
    for scenario in drawn(3, supporters, months):
        assert scenario.steps, scenario.story
        for step in scenario.steps:
            assert 0 <= step.week < months * WEEKS
            inspect.signature(getattr(Turns, step.what)).bind(None, scenario, step.gift, **step.how)


def test_a_year_has_every_kind_of_trouble() -> None:
    year = weeks(2, 12 * WEEKS)
    assert {week.travel for week in year} == set(TRAVEL)
    assert {kind for week in year for kind in week.foreign} == set(FOREIGN)
    assert {who for week in year for _, who in week.kills} == {"functions", "gateway"}
    assert any(week.per_second for week in year)
    assert any(week.burst for week in year)


def test_two_months_have_every_way_for_webhooks_to_travel_but_one() -> None:
    """What `make prove` rehearses: the last of TRAVEL comes in the ninth week."""
    assert {week.travel for week in weeks(2, 2 * WEEKS)} == set(TRAVEL[:-1])
