"""What becomes of each article of a push, and how it is told: to a person, or as one JSON object a line."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ops.articles.api import ArticlesApi
from ops.articles.plan import PushPlan, Step
from ops.articles.sending import Failure, each
from ops.output import emit, one_line, say

_SHOWN = 10  # names in one sentence
_KEPT_BACK = Failure("It was not deleted, as not everything could be put.")
_DONE = {"create": "new", "update": "changed", "delete": "deleted"}


class Outcome(NamedTuple):
    """What became of one article."""

    step: Step
    done: bool
    failure: Failure | None = None
    warnings: Sequence[str] = ()

    def as_json(self) -> Mapping[str, Any]:
        """All of it, for a machine."""
        return {
            "id": self.step.id,
            "file": self.step.file,
            "action": self.step.action,
            "done": self.done,
            "code": (self.failure.code or None) if self.failure else None,
            "why": self.failure.why if self.failure else None,
            "warnings": list(self.warnings),
        }


def as_planned(todo: PushPlan, *, delete_missing: bool) -> Iterator[Outcome]:
    """What would be done."""
    for step in (*todo.put, *todo.kept, *(todo.missing if delete_missing else ())):
        yield Outcome(step, done=False, warnings=step.manuscript.warnings if step.manuscript else ())


def carried_out(
    api: ArticlesApi, todo: PushPlan, *, origin: str, take_over: bool, delete_missing: bool
) -> Iterator[Outcome]:
    """Do it, and say of each article what became of it. Nothing is deleted unless everything could be put."""

    def put(step: Step) -> Sequence[str]:
        assert step.manuscript, "only what no file has is without one"
        body = {**step.manuscript.body, "origin": origin, "revision": step.manuscript.revision}
        told = api.put(step.id, body, take_over=take_over).get("warnings", ())
        return (*step.manuscript.warnings, *(str(one["title"]) for one in told if "title" in one))

    def delete(step: Step) -> Sequence[str]:
        api.delete(step.id, origin)
        return ()

    yield from (Outcome(step, done=True) for step in todo.kept)
    failed = False
    for outcome in _outcomes(api, todo.put, put, "Putting"):
        failed = failed or not outcome.done
        yield outcome
    if delete_missing and failed:
        yield from (Outcome(step, done=False, failure=_KEPT_BACK) for step in todo.missing)
    elif delete_missing:
        yield from _outcomes(api, todo.missing, delete, "Deleting")


def _outcomes(api: ArticlesApi, steps: Sequence[Step], work: Any, label: str) -> Iterator[Outcome]:
    for step, got in each(api, steps, work, label):
        if isinstance(got, Failure):
            yield Outcome(step, done=False, failure=got)
        else:
            yield Outcome(step, done=True, warnings=got)


def tell(outcomes: Sequence[Outcome], *, dry_run: bool, as_json: bool) -> None:
    """Print every outcome; warnings and what was not done on standard error, also beside JSON."""
    for one in sorted(outcomes, key=lambda one: (one.step.file or "", one.step.id)):
        where = one.step.file or one.step.id
        if as_json:
            emit(one.as_json())
        elif one.step.action != "keep" and (one.done or dry_run):
            say(one_line(f"{_DONE[one.step.action]:8} {one.step.id}  {one.step.file or ''}").rstrip())
        for warning in () if as_json else one.warnings:
            say(one_line(f"{where}: warning: {warning}"), err=True)
        if one.failure:
            say(one_line(f"{where}: {one.failure.why}"), err=True)
    if not as_json:
        say(_summary(outcomes, dry_run=dry_run))


def _summary(outcomes: Sequence[Outcome], *, dry_run: bool) -> str:
    def count(action: str) -> int:
        return sum(one.step.action == action and (one.done or dry_run) for one in outcomes)

    told = [f"{count(action)} {word}" for action, word in _DONE.items() if count(action) or action != "delete"]
    told.append(f"{count('keep')} as they were")
    failed = sum(one.failure is not None for one in outcomes)
    if failed:
        told.append(f"{failed} not done")
    return f"{'Would be: ' if dry_run else ''}{', '.join(told)}."


def names(many: Sequence[str]) -> str:
    """A few of them, and how many more there are."""
    shown = ", ".join(many[:_SHOWN])
    return shown if len(many) <= _SHOWN else f"{shown} and {len(many) - _SHOWN:,} more"
