"""The tables of a run: for the terminal, and for docs/mutants.md."""

from collections.abc import Iterator

from tests.mutants.equivalent import Equivalent, reason
from tests.mutants.results import Result, counted

_HEAD = """# Mutants

Small mistakes, made on purpose in the rules of money and access: `<` for `<=`, a condition that always holds, a
statement left out. Each should make some test fail. Written by `make mutants`, which takes the same sample of all
such mistakes in every run; which rules and which mistakes: `tests/mutants/scope.py`, `tests/mutants/operators.py`. A
mutant that stays unnoticed by all tests that reach its statement is listed below: as a hole in the tests, or with the
reason why it does the same as the rule (`tests/mutants/equivalent.toml`).

The tests of one mutant may take ten seconds of the processor's time: first those that run in memory, then, if it
lives, ten more of those that need an engine. `python -m tests.mutants run --like EARLIER` asks first who noticed it
in an earlier run, and with `--again --seconds 60` tries only what survived there, with more tests. A run says where
it keeps its results; `python -m tests.mutants compare EARLIER LATER` names every mutant that is no longer noticed,
and then ends with code 1.
"""
_LONGEST = 160  # characters of a change that are shown


def table(results: list[Result]) -> Iterator[str]:
    """What a run found, by file, for the terminal."""
    yield f"{'file':52} {'mutants':>8} {'killed':>7} {'survived':>9} {'not tried':>10} {'seconds':>8}"
    for one in counted(results):
        name = one.file.removeprefix("chalicelib/")
        yield f"{name:52} {one.mutants:8} {one.killed:7} {one.survived:9} {one.not_tried:10} {one.seconds:8.0f}"


def survivors(results: list[Result], known: dict[str, Equivalent]) -> Iterator[str]:
    """Every mutant that nothing noticed, a line each."""
    for one in results:
        if one.outcome == "survived":
            why = reason(one.id, one.change, known)
            verdict = f"the same: {why}" if why else _hole(one)
            yield f"{one.file}:{one.line} {one.function}: {one.change}\n    {one.id}\n    {verdict}"


def holes(results: list[Result], known: dict[str, Equivalent]) -> list[Result]:
    """The mutants that nothing noticed and of which nobody said that they do the same."""
    return [one for one in results if one.outcome == "survived" and not reason(one.id, one.change, known)]


def page(results: list[Result], known: dict[str, Equivalent]) -> str:
    """The whole page."""
    lines = [_HEAD, "| in | mutants | noticed | the same | unnoticed | not tried |", "|---|---:|---:|---:|---:|---:|"]
    unnoticed = holes(results, known)
    for one in counted(results):
        open_ones = sum(one.file in ("all", hole.file) for hole in unnoticed)
        name = "all" if one.file == "all" else f"`{one.file.removeprefix('chalicelib/')}`"
        same = one.survived - open_ones
        lines.append(f"| {name} | {one.mutants} | {one.killed} | {same} | {open_ones} | {one.not_tried} |")
    lines += ["", "## Unnoticed", ""]
    lines += [f"- {_in_words(one)}: {_hole(one)}" for one in unnoticed] or ["None."]
    lines += ["", "## The same as the rule", ""]
    same_ones = [one for one in results if one.outcome == "survived" and one not in unnoticed]
    lines += [f"- {_in_words(one)}: {reason(one.id, one.change, known)}" for one in same_ones] or ["None."]
    return "\n".join(lines) + "\n"


def _hole(one: Result) -> str:
    if not one.reached_by:
        return "no test reaches it"
    return f"{one.tests} of the {one.reached_by} tests that reach it ran"


def _in_words(one: Result) -> str:
    name = one.file.removeprefix("chalicelib/")
    return f"`{name}`, `{one.function}`: {_code(one.before)} → {_code(one.after)}"


def _code(text: str) -> str:
    """A span of code, whatever stands in it."""
    shown = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 2]} …"
    return f"`` {shown} ``" if "`" in shown else f"`{shown}`"
