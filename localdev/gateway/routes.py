"""Which route API Gateway would choose, from the Chalice app's own route table."""

from collections.abc import Mapping
from dataclasses import dataclass


class NoRoute(Exception):
    """No route has this path."""


class NoMethod(Exception):
    """The path is known, the method is not; `allowed` lists those that are."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        super().__init__(", ".join(allowed))
        self.allowed = allowed


@dataclass(frozen=True)
class Match:
    """A route's pattern, such as `/v1/articles/{id}`, and what its parameters hold, still percent-encoded."""

    resource: str
    parameters: Mapping[str, str]


_ANYTHING = "/{proxy+}"


class RouteTable:
    """The app's routes: path pattern -> methods."""

    def __init__(self, routes: Mapping[str, list[str]]) -> None:
        self._routes = {pattern: tuple(sorted(methods)) for pattern, methods in routes.items()}
        # A fixed segment wins over a parameter, from the left: what API Gateway does too.
        self._patterns = sorted(
            self._routes.keys() - {_ANYTHING}, key=lambda p: [part.startswith("{") for part in p.split("/")]
        )

    def match(self, method: str, path: str) -> Match:
        """The route for a raw path (percent-encoded, without the query).

        :raises NoRoute: the path is unknown.
        :raises NoMethod: the path is known, but not with this method.
        """
        if path.endswith("/") and path.strip("/"):
            path = path[:-1]  # API Gateway ignores one trailing slash
        segments = path.split("/")
        for pattern in self._patterns:
            parameters = _fit(pattern.split("/"), segments)
            if parameters is None:
                continue
            # GET comes to the function where it is not taken, too: a person gets a page (infra/template/rest_api.py).
            if method not in (*self._routes[pattern], "GET"):
                raise NoMethod(self._routes[pattern])
            return Match(pattern, parameters)
        if method in self._routes.get(_ANYTHING, ()):
            return Match(_ANYTHING, {"proxy": path[1:]})
        raise NoRoute(path)


def _fit(pattern: list[str], segments: list[str]) -> dict[str, str] | None:
    if len(pattern) != len(segments):
        return None
    parameters = {}
    for wanted, given in zip(pattern, segments, strict=True):
        if wanted.startswith("{") and wanted.endswith("}") and given:
            parameters[wanted[1:-1]] = given
        elif wanted != given:
            return None
    return parameters
