"""Metrics: keys of a log line that CloudWatch counts (its "embedded metric format"), so that no call is needed.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html

    log.info("event stored", counts=metrics.one("EventsStored"), type=event.type)

Each name and each value of a dimension is a metric of its own and costs; docs/observing.md lists them with the sum.
Only what was committed is counted: if an answer is lost, its count may be lost too, and a repetition never adds one.
"""

import time
from collections.abc import Mapping
from typing import Any

from chalicelib.observing import log_context

NAMESPACE = "Spilno"
Counts = Mapping[str, Any]


def gift(amount: int, currency: str) -> Counts:
    """The counts of a gift that was booked, or a renewal; only when the booking was new. `amount` in minor units."""
    units = {"Gifts": "Count", "GiftAmount": "None"}
    return _counted(units, {"Gifts": 1, "GiftAmount": amount}, {"Currency": currency})


def one(name: str) -> Counts:
    """A count of 1 for the metric `name`."""
    return _counted({name: "Count"}, {name: 1})


def several(*names: str) -> Counts:
    """A count of 1 for each of these metrics."""
    return _counted(dict.fromkeys(names, "Count"), dict.fromkeys(names, 1))


def inbox(age: int, parked: int) -> Counts:
    """The inbox: how long its oldest pending event has waited, in seconds (0: none), and how many are parked."""
    return _counted({"InboxAge": "Seconds", "InboxParked": "Count"}, {"InboxAge": age, "InboxParked": parked})


def gate(opened: int, closed: int) -> Counts:
    """The gate's decisions in one process since they were last written."""
    return _counted({"GateOpened": "Count", "GateClosed": "Count"}, {"GateOpened": opened, "GateClosed": closed})


def alarm(code: str) -> Counts:
    """A count of 1 for an alarm, in the sum of all and by its code."""
    return _counted({"Alarms": "Count"}, {"Alarms": 1}, {"Code": code}, [["Stage"], ["Stage", "Code"]])


def _counted(
    units: Mapping[str, str],
    values: Mapping[str, int],
    dimensions: Mapping[str, str] | None = None,
    by: list[list[str]] | None = None,
) -> Counts:
    told = {"Stage": log_context.stage or "local", **(dimensions or {})}
    directive = {
        "Namespace": NAMESPACE,
        "Dimensions": by or [list(told)],
        "Metrics": [{"Name": name, "Unit": unit} for name, unit in units.items()],
    }
    return {"_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [directive]}, **told, **values}
