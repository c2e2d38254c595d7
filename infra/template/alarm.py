"""What an alarm is: the figure that it watches, when it rings, and what it says."""

from typing import Any, NamedTuple

from infra.template.cfn import ref

API_GATEWAY = "AWS/ApiGateway"

AT_LEAST = "GreaterThanOrEqualToThreshold"
LESS_THAN = "LessThanThreshold"
MINUTE, HOUR, DAY = 60, 3600, 86400
SOON = 10 * MINUTE  # the time that limits per address are counted in


class Figure(NamedTuple):
    """One figure of CloudWatch. `{stage}` in a dimension becomes the stage's name."""

    namespace: str
    name: str
    statistic: str
    dimensions: dict[str, Any]


class Alarm(NamedTuple):
    """One alarm, on one figure; `missing` says what no figure at all means.

    `condition` names the template's, without which it does not exist.
    """

    name: str
    figure: Figure
    threshold: float
    seconds: int
    means: str
    first: str
    periods: int = 1
    compares: str = AT_LEAST
    missing: str = "notBreaching"
    says_when_over: bool = True
    condition: str = ""


def ours(name: str, statistic: str) -> Figure:
    """A figure that the functions write."""
    return Figure("Spilno", name, statistic, {"Stage": "{stage}"})


def of_the_api(name: str) -> Figure:
    """A figure of the HTTP API, over all routes: Count, 4xx or 5xx."""
    return Figure(API_GATEWAY, name, "Sum", {"ApiId": ref("HttpApi")})


def of_the_rest_api(figure: Figure) -> Figure:
    """The same figure of the REST API, which has other names for some."""
    name = {"4xx": "4XXError", "5xx": "5XXError"}.get(figure.name, figure.name)
    return figure._replace(name=name, dimensions={"ApiName": "spilno-{stage}", "Stage": "api"})


def of_lambda(name: str) -> Figure:
    """A figure of all functions of this account in this region: one figure, whatever their number."""
    return Figure("AWS/Lambda", name, "Sum", {})
