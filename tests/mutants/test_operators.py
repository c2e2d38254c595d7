"""Which mistakes are made of a function, and that their names stay."""

import ast

import pytest

from tests.mutants.equivalent import equivalents, reason
from tests.mutants.mutant import mutants, mutated, sampled
from tests.mutants.scope import ROOT, RULES, files

RULE = '''
"""A rule."""

class Gate:
    """Opens."""

    @property
    def open(self) -> bool:
        """Whether it is open."""
        if self.late and not self.paid:
            raise ValueError("late")
        return self.tier in ("friend", "guardian")


def total(amounts: list[int], fee: int = 1) -> int:
    """The sum."""
    left = 0
    for amount in amounts:
        if amount < 10:
            continue
        left += amount * 2
    return min(left, -fee)
'''


def made(source: str, operator: str) -> list[str]:
    """What a kind of mistake makes of a rule."""
    return [one.change for one in mutants("rule.py", source) if one.operator == operator]


@pytest.mark.parametrize(
    ("operator", "changes"),
    [
        ("comparison", ["self.tier in ('friend', 'guardian') -> self.tier not in ('friend', 'guardian')"]),
        ("and, or", ["self.late and (not self.paid) -> self.late or not self.paid"]),
        ("not removed", ["not self.paid -> self.paid"]),
        ("word", ["'friend' -> 'friend_x'", "'guardian' -> 'guardian_x'"]),
        ("condition true", ["self.late and (not self.paid) -> True"]),
        ("condition false", ["self.late and (not self.paid) -> False"]),
        ("statement removed", ["raise ValueError('late') -> pass"]),
        (
            "opposite returned",
            ["return self.tier in ('friend', 'guardian') -> return not self.tier in ('friend', 'guardian')"],
        ),
        ("nothing returned", ["return self.tier in ('friend', 'guardian') -> return None"]),
    ],
)
def test_the_mistakes_of_a_condition(operator: str, changes: list[str]) -> None:
    ones = [
        one.change for one in mutants("rule.py", RULE) if one.operator == operator and one.function == "Gate.open"
    ]
    assert ones == changes


@pytest.mark.parametrize(
    ("operator", "changes"),
    [
        ("comparison", ["amount < 10 -> amount <= 10"]),
        ("number up", ["0 -> 1", "10 -> 11", "2 -> 3"]),
        ("number down", ["0 -> -1", "10 -> 9", "2 -> 1"]),
        ("arithmetic", ["amount * 2 -> amount // 2"]),
        ("statement removed", ["continue -> pass", "left += amount * 2 -> pass"]),
        ("function swapped", ["min(left, -fee) -> max(left, -fee)"]),
        ("sign removed", ["-fee -> fee"]),
    ],
)
def test_the_mistakes_of_a_sum(operator: str, changes: list[str]) -> None:
    ones = [one.change for one in mutants("rule.py", RULE) if one.operator == operator and one.function == "total"]
    assert ones == changes


def test_a_return_in_the_middle_is_taken_out() -> None:
    source = "def f(x):\n    if x:\n        return 1\n    return g(x)\n"
    assert made(source, "return removed") == ["return 1 -> pass"]


def test_what_is_replaced_is_left_as_it_was() -> None:
    assert made("def f(x):\n    return replace(x, a=1, b=c)\n", "argument left out") == [
        "replace(x, a=1, b=c) -> replace(x, b=c)",
        "replace(x, a=1, b=c) -> replace(x, a=1)",
    ]


@pytest.mark.parametrize(
    "source",
    [
        'def f():\n    """word"""\n',
        "def f(x: int = 1) -> 'word':\n    y: Literal['word']\n",
        "def f(x):\n    return_ = cast('Word', x)\n",
        "@cached(1)\ndef f(x):\n    pass\n",
        "def f(x):\n    assert x == 1\n",
        "NUMBER = 1\n",
    ],
)
def test_what_does_nothing_or_is_no_rule_is_left_alone(source: str) -> None:
    assert mutants("rule.py", source) == []


def test_a_name_stays_when_lines_move_and_other_functions_change() -> None:
    moved = RULE.replace("class Gate", "\n\n# A comment.\nclass Gate").replace("self.late and", "self.later() or")
    names = {one.id: one.change for one in mutants("rule.py", RULE) if one.function == "total"}
    assert names == {one.id: one.change for one in mutants("rule.py", moved) if one.function == "total"}
    chosen = [one.id for one in sampled(mutants("rule.py", RULE), 30, 2) if one.function == "total"]
    assert chosen == [one.id for one in sampled(mutants("rule.py", moved), 30, 2) if one.function == "total"]


def test_every_mutant_of_the_rules_has_its_name_and_differs_from_the_rule() -> None:
    for file in files(ROOT, RULES):
        source = (ROOT / file).read_text(encoding="utf-8")
        ones = mutants(file, source)
        assert len({one.id for one in ones}) == len(ones)
        assert all(one.before != one.after for one in ones)


def test_a_mutant_is_the_source_with_this_one_change() -> None:
    (first, *_) = (one for one in mutants("rule.py", RULE) if one.operator == "arithmetic")
    tree = mutated("rule.py", RULE, first.id)
    assert ast.unparse(tree) == ast.unparse(ast.parse(RULE.replace("amount * 2", "amount // 2")))
    with pytest.raises(KeyError):
        mutated("rule.py", RULE, "rule.py::total::arithmetic::7")


def test_a_rule_that_moved_is_missed() -> None:
    with pytest.raises(FileNotFoundError, match="Did a rule move"):
        files(ROOT, ("chalicelib/kernel/no_such_rule.py",))


def test_what_is_known_to_do_the_same_is_still_such_a_mutant() -> None:
    """A reason is about one change; when the rule is another one, somebody looks again."""
    known = equivalents()
    now = {
        one.id: one.change
        for file in files(ROOT, RULES)
        for one in mutants(file, (ROOT / file).read_text(encoding="utf-8"))
    }
    assert not {one.id: one.change for one in known.values() if now.get(one.id) != one.change}
    assert all(one.why for one in known.values())
    for one in known.values():
        assert reason(one.id, one.change, known) == one.why
        assert not reason(one.id, f"{one.change} + 1", known)
