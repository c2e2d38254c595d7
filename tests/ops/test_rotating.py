"""A rotation's steps: what each makes of the keys, what it says, and when it is not due."""

from datetime import date

import pytest

from ops.access_keys import PASS_KEYS, SEAL_KEYS, complaints, drawn, kid, parts, shared
from ops.rotating.plan import NotNow, plan

TODAY = date(2026, 11, 30)
BOTH = pytest.mark.parametrize("setting", [PASS_KEYS, SEAL_KEYS])
# Not drawn here: each process that runs a part of the tests must name them alike.
OLD = "k20251129:sU1lzXLpDAvHhCiDKq4CEWOyBuAEyntEworOPJNsl7s"
NEW = "k20261130:pkBENXUBzlgxWdyMhOhzIBWuc16HiBpEObOXrIqnwnU"


@BOTH
def test_it_begins_with_the_new_key_first_and_the_old_one_behind_it(setting: str) -> None:
    begun = plan(setting, "begin", f" {OLD}\n", (), "prod", TODAY)
    first, second = parts(begun.keys)
    assert second == OLD
    assert kid(first) == "k20261130"
    assert list(complaints({setting: begun.keys}, "prod")) == []
    assert begun.then[0] == "python -m ops deploy --stage prod"
    assert begun.then[-1].endswith("-keys --stage prod --finish")


@BOTH
def test_it_ends_with_the_new_key_alone_once_every_function_has_it(setting: str) -> None:
    held = f"{NEW},{OLD}"
    assert plan(setting, "finish", held, (held, f"{NEW} , {OLD}"), "prod", TODAY).keys == NEW
    for running in ((held, OLD), ("",), (f"{OLD},{NEW}",)):
        with pytest.raises(NotNow, match=r"do not use the new key k20261130 yet.*ops deploy"):
            plan(setting, "finish", held, running, "prod", TODAY)


@BOTH
def test_a_leaked_key_goes_at_once_and_a_rotation_that_was_under_way_with_it(setting: str) -> None:
    for held in (OLD, f"{NEW},{OLD}"):
        gone = plan(setting, "leaked", held, (), "prod", TODAY)
        assert len(parts(gone.keys)) == 1
        assert kid(gone.keys) not in {kid(part) for part in parts(held)}
        assert gone.then[0].startswith("at once: ")


@BOTH
@pytest.mark.parametrize(
    ("step", "held", "told"),
    [
        ("begin", "", "ops setup"),
        ("leaked", " , ", "ops setup"),
        ("begin", f"{NEW},{OLD}", "--finish"),
        ("finish", OLD, "nothing to finish"),
    ],
)
def test_a_step_that_is_not_due_says_which_is(setting: str, step: str, held: str, told: str) -> None:
    with pytest.raises(NotNow, match=told):
        plan(setting, step, held, (), "prod", TODAY)  # type: ignore[arg-type] # one of the steps


@pytest.mark.parametrize(
    ("step", "held", "words"),
    [
        ("begin", OLD, ["Copies of before still open", "names the version", "wait for as long as any such page"]),
        ("finish", f"{NEW},{OLD}", ["every copy that was sealed with it is DEAD", "supporters neither"]),
        ("leaked", OLD, ["opens EVERY copy that was ever made", "nothing takes that back", "DEAD at once"]),
    ],
)
def test_whoever_changes_seal_keys_is_told_what_becomes_of_the_copies(step: str, held: str, words: list[str]) -> None:
    planned = plan(SEAL_KEYS, step, held, (), "prod", TODAY)  # type: ignore[arg-type] # one of the steps
    for word in words:
        assert word in planned.means
    if step == "leaked":
        assert any("articles/*/sealed/*" in one for one in planned.then)


@BOTH
@pytest.mark.parametrize("step", ["begin", "finish", "leaked"])
def test_no_key_is_shown(setting: str, step: str) -> None:
    held = OLD if step == "begin" else f"{NEW},{OLD}"
    planned = plan(setting, step, held, (), "prod", TODAY)  # type: ignore[arg-type] # one of the steps
    said = "\n".join([planned.means, *planned.then])
    for part in (*parts(held), *parts(planned.keys)):
        assert part.partition(":")[2] not in said


def test_a_second_key_of_one_day_has_a_name_of_its_own() -> None:
    held = ""
    for name in ("k20261130", "k20261130-2", "k20261130-3"):
        new = drawn(TODAY, held)
        assert kid(new) == name
        held = f"{new},{held}" if held else new
    assert list(complaints({SEAL_KEYS: held}, "prod")) == []


def test_two_stages_share_a_key_whatever_it_is_called_there_and_used_for() -> None:
    secret = OLD.partition(":")[2]
    assert shared({SEAL_KEYS: OLD}, {SEAL_KEYS: f"{NEW},a:{secret}"}) == [SEAL_KEYS]
    assert shared({PASS_KEYS: OLD}, {SEAL_KEYS: f"a:{secret}"}) == [PASS_KEYS]
    assert shared({PASS_KEYS: OLD, SEAL_KEYS: NEW}, {PASS_KEYS: f"{kid(OLD)}:other"}) == []
    assert shared({}, {}) == []
