"""Origins: which of the newsroom's systems put an article, so that none changes or deletes another's."""

from collections.abc import Mapping

from chalicelib.kernel.errors import Conflict

PATTERN = "[a-z0-9-]{1,32}"


def other_origin(held: Mapping[str, object] | None) -> Conflict:
    """The refusal of a change of an article that another origin holds, as it is stored."""
    whose = str((held or {}).get("origin", ""))
    return Conflict(f"This article is of the origin '{whose}'.", code="other_origin", origin=whose)
