"""The report of a run: first what is fine, in short, then what is not.

The gravest comes last: the end is what a terminal shows when the command has ended.
"""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from ops.doctor.examine import Examined
from ops.doctor.findings import LEVELS, Finding, Level
from ops.doctor.subject import Subject

WIDTH = 100
_TITLES: dict[Level, str] = {"note": "Good to know", "warning": "Warnings", "problem": "Problems"}


def lines(done: Sequence[Examined], subject: Subject, *, everything: bool = False) -> Iterator[str]:
    """The report in lines; with `everything`, what is fine is listed one by one, too."""
    yield f"Stage {subject.stage}, {subject.public_url}"
    yield from _fine(done, everything=everything)
    yield from _not_here(done, everything=everything)
    yield from _not_checked(done)
    for level in ("note", "warning", "problem"):
        found = [(one.area, finding) for one in done for finding in one.findings if finding.level == level]
        if found:
            yield ""
            yield f"{_TITLES[level]}:"
            for area, finding in found:
                yield from _told(area, finding)
    yield ""
    yield _summary(done)


def as_json(done: Sequence[Examined], subject: Subject) -> dict[str, Any]:
    """The report as JSON: every finding, what was not checked and why, what this stage does not have."""
    return {
        "stage": subject.stage,
        "public_url": subject.public_url,
        "worst": worst(done),
        "findings": [{"area": one.area, **vars(finding)} for one in done for finding in one.findings],
        "not_checked": [
            {"area": one.area, "what": one.what, "why": one.obstacle.says, "mend": one.obstacle.mend}
            for one in done
            if one.obstacle
        ],
        "not_here": [{"area": one.area, "what": one.what, "why": one.not_here} for one in done if one.not_here],
    }


def worst(done: Iterable[Examined]) -> Level:
    """The gravest level of all findings."""
    levels = {finding.level for one in done for finding in one.findings}
    return max(levels, key=LEVELS.index, default="ok")


def _fine(done: Sequence[Examined], *, everything: bool) -> Iterator[str]:
    fine = [one for one in done if one.findings and all(found.level == "ok" for found in one.findings)]
    if not fine:
        return
    yield ""
    if not everything:
        yield from _wrapped("Fine: ", ", ".join(one.what for one in fine) + ".", indent=6)
        return
    yield "Fine:"
    for one in done:
        for finding in one.findings:
            if finding.level == "ok":
                yield from _told(one.area, finding)


def _not_here(done: Sequence[Examined], *, everything: bool) -> Iterator[str]:
    gone = [one for one in done if one.not_here]
    if not gone:
        return
    yield ""
    if not everything:
        yield from _wrapped(
            f"Only on a deployed stage ({len(gone)}): ", ", ".join(one.what for one in gone) + ".", indent=6
        )
        return
    yield "Only on a deployed stage:"
    for one in gone:
        yield from _wrapped(f"  {one.area:<10} ", f"{one.what}: {one.not_here}")


def _not_checked(done: Sequence[Examined]) -> Iterator[str]:
    kept = [(one.obstacle, one.what) for one in done if one.obstacle]
    if not kept:
        return
    yield ""
    yield "Not checked:"
    grouped = groupby(sorted(kept, key=lambda pair: pair[0].says), key=lambda pair: pair[0])
    for why, members in grouped:
        names = ", ".join(what for _, what in members)
        yield from _wrapped("  ", f"{names}: {why.says}.", indent=4)
        if why.mend:
            yield from _wrapped("    -> ", why.mend)


def _told(area: str, finding: Finding) -> Iterator[str]:
    yield from _wrapped(f"  {area:<10} ", finding.says)
    if finding.mend:
        # What to do may have lines of its own, such as DNS records to copy; these are never wrapped.
        first, *more = finding.mend.split("\n")
        yield from _wrapped(f"{'':<12} -> ", first)
        yield from (f"{'':<15} {line}".rstrip() for line in more)


def _wrapped(head: str, text: str, indent: int | None = None) -> Iterator[str]:
    hang = " " * (len(head) if indent is None else indent)
    yield from textwrap.wrap(
        text, WIDTH, initial_indent=head, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False
    )


def _summary(done: Sequence[Examined]) -> str:
    count = {level: sum(found.level == level for one in done for found in one.findings) for level in LEVELS}
    parts = [_many(count[level], level) for level in ("problem", "warning") if count[level]]
    skipped = sum(one.obstacle is not None for one in done)
    if skipped:
        parts.append(f"{_many(skipped, 'check')} could not be made")
    made = sum(bool(one.findings) for one in done)
    if not parts:
        return f"All is well: {_many(made, 'check')} made."
    return f"{', '.join(parts)}; {_many(made, 'check')} made."


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
