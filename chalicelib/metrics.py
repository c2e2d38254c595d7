"""Metrics: a log line that CloudWatch also counts (its "embedded metric format"), so that no call is needed.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html

Each name and each value of a dimension is a metric of its own and costs; docs/observing.md lists them with the sum.
What is counted here is what was committed: an answer that was lost may lose a count, a repetition never adds one.
"""

import logging
import os
import time
from collections.abc import Mapping

from chalicelib.log import Line, log

NAMESPACE = "Spilno"


def gift(amount: int, currency: str) -> None:
    """A gift was booked, a renewal too. `amount` in minor units; only when the booking was new."""
    _put({"Gifts": "Count", "GiftAmount": "None"}, {"Gifts": 1, "GiftAmount": amount}, Currency=currency)


def count(name: str) -> None:
    """It happened once."""
    _put({name: "Count"}, {name: 1})


def inbox(age: int, parked: int) -> None:
    """How long the oldest pending event has been waiting, in seconds, 0 when none does; and how many are parked."""
    _put({"InboxAge": "Seconds", "InboxParked": "Count"}, {"InboxAge": age, "InboxParked": parked})


def gate(opened: int, closed: int) -> None:
    """Decisions of the gate since the last time, of one process."""
    _put({"GateOpened": "Count", "GateClosed": "Count"}, {"GateOpened": opened, "GateClosed": closed})


def alarm(code: str) -> None:
    """An alarm was raised: counted among all, and by its code."""
    _put({"Alarms": "Count"}, {"Alarms": 1}, by=[["Stage"], ["Stage", "Code"]], Code=code)


def _put(
    units: Mapping[str, str], values: Mapping[str, int], *, by: list[list[str]] | None = None, **dimensions: str
) -> None:
    told = {"Stage": os.environ.get("SPILNO_STAGE") or "local", **dimensions}
    directive = {
        "Namespace": NAMESPACE,
        "Dimensions": by or [list(told)],
        "Metrics": [{"Name": name, "Unit": unit} for name, unit in units.items()],
    }
    keys = {"_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [directive]}, **told}
    log.write(logging.INFO, Line("metrics", values, keys))
