"""What an alarm is: the figure that it watches, when it rings, and what it says."""

from typing import Any, NamedTuple

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
    """One alarm, on one figure; `missing` says what no figure at all means."""

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


def ours(name: str, statistic: str) -> Figure:
    """A figure that the functions write."""
    return Figure("Spilno", name, statistic, {"Stage": "{stage}"})


def of_the_api(name: str) -> Figure:
    """A figure of API Gateway, over all routes."""
    return Figure("AWS/ApiGateway", name, "Sum", {"ApiName": "spilno-{stage}", "Stage": "api"})


def of_lambda(name: str) -> Figure:
    """A figure of all functions of this account in this region: one figure, whatever their number."""
    return Figure("AWS/Lambda", name, "Sum", {})
