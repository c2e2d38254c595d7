"""What became of each mutant: kept as JSON, counted by file, and held against another run."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from tests.mutants.children import Crashed, Overtime
from tests.mutants.live import NotTried
from tests.mutants.mutant import Mutant

Outcome = Literal["killed", "survived", "not tried"]


class Tried(NamedTuple):
    """What a child answers: the test that noticed the mutant, or an empty name; and how long it took."""

    by: str
    seconds: float


@dataclass
class Result:
    """A mutant and what became of it. `by`: the test that noticed it, or how else it ended.

    `reached_by`: how many tests reach its statement; `tests`: how many of them ran at most.
    """

    id: str
    file: str
    function: str
    operator: str
    line: int
    before: str
    after: str
    outcome: Outcome = "survived"
    by: str = ""
    reached_by: int = 0
    tests: int = 0
    seconds: float = 0.0

    @classmethod
    def of(cls, mutant: Mutant) -> "Result":
        """Of a mutant that no test was asked about yet."""
        fields = {key: value for key, value in asdict(mutant).items() if key != "statement"}
        return cls(**fields)

    @property
    def change(self) -> str:
        """What the mutant does, on one line."""
        return f"{self.before} -> {self.after}"

    def note(self, answer: Any, tests: int) -> None:
        """What a child answered that ran so many tests."""
        self.tests += tests
        match answer:
            case Tried(by=by, seconds=seconds):
                self.seconds = round(self.seconds + seconds, 2)
                self.outcome, self.by = ("killed", by) if by else ("survived", "")
            case NotTried():
                self.outcome = "not tried"
            case Overtime():
                self.outcome, self.by = "killed", "(no end)"
            case Crashed():
                self.outcome, self.by = "killed", "(the process ended)"
            case _:
                raise TypeError(f"No answer of a child: {answer!r}")


def write(path: Path, results: Iterable[Result], unfit: list[str], seconds: float) -> None:
    """Keep a run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = {"seconds": round(seconds), "unfit": unfit, "mutants": [asdict(one) for one in results]}
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read(path: Path) -> list[Result]:
    """The mutants of a run that was kept."""
    return [Result(**one) for one in json.loads(path.read_text(encoding="utf-8"))["mutants"]]


def bare(test: str) -> str:
    """A test's name without its file, which may have moved."""
    return test.rpartition("::")[2]


def noticed(results: list[Result]) -> dict[str, str]:
    """Which test noticed each mutant, by its bare name."""
    return {one.id: bare(one.by) for one in results if one.outcome == "killed"}


class Count(NamedTuple):
    """How it went in one file."""

    file: str
    mutants: int
    killed: int
    survived: int
    not_tried: int
    seconds: float


def counted(results: list[Result]) -> Iterator[Count]:
    """Each file's count, then all together."""
    for name in [*dict.fromkeys(one.file for one in results), ""]:
        ones = [one for one in results if not name or one.file == name]
        ended = [one.outcome for one in ones]
        by_outcome = (ended.count("killed"), ended.count("survived"), ended.count("not tried"))
        yield Count(name or "all", len(ones), *by_outcome, seconds=sum(one.seconds for one in ones))


def worse(before: list[Result], after: list[Result]) -> Iterator[str]:
    """What is worse in the second run, a sentence each: what was noticed and no longer is, or is no longer asked."""
    then, now = {one.id: one for one in before}, {one.id: one for one in after}
    for name, one in then.items():
        if name not in now:
            yield f"no longer tried: {name}: {one.change}"
        elif now[name].change != one.change:
            yield f"another change under the same name: {name}: {one.change}, now {now[name].change}"
        elif one.outcome == "killed" and now[name].outcome != "killed":
            yield f"{now[name].outcome} now: {name}: {one.change} (line {now[name].line}), noticed before by {one.by}"
    for name, one in now.items():
        if name not in then and one.outcome == "survived":
            yield f"new, and survives: {name}: {one.change} (line {one.line})"
