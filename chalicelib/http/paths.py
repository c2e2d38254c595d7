"""Which address a path belongs to: matched by ourselves, as an HTTP API hands over every path alike."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple


class MatchedPath(NamedTuple):
    """A route's pattern, such as `/v1/articles/{id}`, and what stands in the place of its names, as it came."""

    pattern: str
    params: Mapping[str, str]


class Paths:
    """The patterns of all routes. A fixed part wins over a name, from the left."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._fixed: set[str] = set()
        self._named: dict[int, list[tuple[str, list[str]]]] = {}
        for pattern in sorted(set(patterns), key=lambda pattern: [_is_name(part) for part in pattern.split("/")]):
            if "{" in pattern:
                parts = pattern.split("/")
                self._named.setdefault(len(parts), []).append((pattern, parts))
            else:
                self._fixed.add(pattern)

    def find(self, path: str) -> MatchedPath | None:
        """The pattern that a path (without its query) fits; None for an unknown one.

        One slash at its end counts for nothing.
        """
        if path.endswith("/") and not path.endswith("//") and path != "/":
            path = path[:-1]
        if path in self._fixed:
            return MatchedPath(path, {})
        given = path.split("/")
        for pattern, parts in self._named.get(len(given), ()):
            params = _fit(parts, given)
            if params is not None:
                return MatchedPath(pattern, params)
        return None


def _is_name(part: str) -> bool:
    return part.startswith("{")


def _fit(parts: list[str], given: list[str]) -> dict[str, str] | None:
    params = {}
    for part, value in zip(parts, given, strict=True):
        if _is_name(part) and value:
            params[part[1:-1]] = value
        elif part != value:
            return None
    return params
