"""What has to be done so that the API has the articles as the files have them: a comparison, and nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from ops.articles.manuscript import Manuscript

Action = Literal["create", "update", "keep", "delete"]
_FEW = 5
_TENTH = 10


class Step(NamedTuple):
    """One article and what becomes of it; `manuscript` None: no file has it."""

    action: Action
    id: str
    manuscript: Manuscript | None = None

    @property
    def file(self) -> str | None:
        """The article's file."""
        return self.manuscript.file if self.manuscript else None


class PushPlan(NamedTuple):
    """What to put, what is as it should be, and what no file has."""

    put: Sequence[Step]
    kept: Sequence[Step]
    missing: Sequence[Step]

    @property
    def deletes_much(self) -> bool:
        """Whether so much has no file that it is more likely a mistake, such as the wrong folder."""
        listed = len(self.missing) + len(self.kept) + sum(step.action == "update" for step in self.put)
        return len(self.missing) > _FEW and len(self.missing) * _TENTH > listed


def plan(manuscripts: Iterable[Manuscript], listed: Iterable[Mapping[str, Any]]) -> PushPlan:
    """Compare files with the API's list of what the same origin has put."""
    revisions = {str(item["id"]): item.get("revision") for item in listed}
    put: list[Step] = []
    kept: list[Step] = []
    for one in manuscripts:
        if one.id not in revisions:
            put.append(Step("create", one.id, one))
        elif revisions.pop(one.id) != one.revision:
            put.append(Step("update", one.id, one))
        else:
            kept.append(Step("keep", one.id, one))
    return PushPlan(put, kept, [Step("delete", name) for name in sorted(revisions)])
