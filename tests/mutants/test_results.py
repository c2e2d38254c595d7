"""What two runs are held against each other by, and the page of a run."""

from dataclasses import replace

import pytest

from tests.mutants.equivalent import Equivalent
from tests.mutants.mutant import mutants
from tests.mutants.page import holes, page
from tests.mutants.reach import Reached, ordered, within
from tests.mutants.results import Result, Tried, counted, noticed, worse

(MUTANT, *_) = mutants("rule.py", "def f(x):\n    return x or None\n")
ALIVE = Result.of(MUTANT)
DEAD = replace(ALIVE, outcome="killed", by="tests/money/test_sums.py::test_total[eur]")


@pytest.mark.parametrize(
    ("before", "after", "begins"),
    [
        ([DEAD], [ALIVE], "survived now: rule.py::f::"),
        ([DEAD], [replace(ALIVE, outcome="not tried")], "not tried now: "),
        ([DEAD], [], "no longer tried: "),
        ([DEAD], [replace(DEAD, after="x and y")], "another change under the same name: "),
        ([], [ALIVE], "new, and survives: "),
    ],
)
def test_what_is_worse_is_said(before: list[Result], after: list[Result], begins: str) -> None:
    (said,) = worse(before, after)
    assert said.startswith(begins)


@pytest.mark.parametrize("after", [DEAD, replace(DEAD, line=9, by="tests/ledger/test_sums.py::test_total[eur]")])
def test_what_is_as_good_is_not(after: Result) -> None:
    assert not list(worse([ALIVE], [after]))
    assert not list(worse([DEAD], [after]))
    assert not list(worse([ALIVE], [ALIVE]))


def test_a_mutant_is_dead_once_a_stage_noticed_it() -> None:
    one = Result.of(MUTANT)
    one.note(Tried("", 1.5), 10)
    assert (one.outcome, one.tests, one.seconds) == ("survived", 10, 1.5)
    one.note(Tried("tests/test_a.py::test_b", 0.5), 4)
    assert (one.outcome, one.by, one.tests, one.seconds) == ("killed", "tests/test_a.py::test_b", 14, 2.0)
    with pytest.raises(TypeError):
        one.note("something else", 1)


def test_who_noticed_is_known_wherever_the_test_has_moved_to() -> None:
    assert noticed([DEAD, replace(ALIVE, id="rule.py::f::other::1")]) == {DEAD.id: "test_total[eur]"}


def test_quick_tests_come_first_then_by_turns_those_about_the_file_and_one_of_each_kind() -> None:
    here, there = ("rule.py", 1, 0), ("rule.py", 2, 0)
    tests = {
        "a::slow": Reached(3.0, statements={here, there}),
        "a::fast": Reached(1.0, statements={here}),
        "a::faster": Reached(0.9, statements={here, ("other.py", 1, 0), ("other.py", 2, 0)}),
        "b::only": Reached(2.0, statements={here}),
        "c::quick": Reached(0.02),
        "c::quicker": Reached(0.01),
    }
    names = ordered(tests, tests, "rule.py")
    assert names == ["c::quicker", "c::quick", "a::slow", "a::faster", "b::only", "a::fast"]
    assert sorted(names) == sorted(tests)
    assert within(names, tests, 4.0) == ["c::quicker", "c::quick", "a::slow", "a::faster"]
    assert within(["a::slow"], tests, 1.0) == ["a::slow"], "one at least"


def test_a_reason_takes_a_mutant_from_the_holes_for_this_change_only() -> None:
    other = replace(ALIVE, file="chalicelib/other.py", id="other.py::f::and, or::1")
    known = {ALIVE.id: Equivalent(ALIVE.id, ALIVE.change, "None is falsy.")}
    assert holes([ALIVE, DEAD, other], known) == [other]
    assert holes([replace(ALIVE, after="y")], known)
    shown = page([ALIVE, other], known)
    assert f"- `rule.py`, `f`: `{ALIVE.before}` → `{ALIVE.after}`: None is falsy." in shown
    assert "| `other.py` | 1 | 0 | 0 | 1 | 0 |" in shown
    assert "| all | 2 | 0 | 1 | 1 | 0 |" in shown
    assert [count.mutants for count in counted([ALIVE, other])] == [1, 1, 2]
