"""Metrics: keys of a log line that CloudWatch counts (its "embedded metric format"), so that no call is needed.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html

    log.info("event stored", counts=metrics.one("EventsStored"), type=event.type)

Each name is a metric and costs; an account has ten for nothing, and docs/observing.md lists ours. So a line may carry
more than CloudWatch counts, and CloudWatch counts on prod only. Only what was committed is counted: if an answer is
lost, its count may be lost too, and a repetition never adds one.
"""

import time
from collections.abc import Mapping
from typing import Any

from chalicelib.observing import log_context

NAMESPACE = "Spilno"
COUNTED_ON = "prod"  # other stages in the same account would spend the ten free metrics a second time
Counts = Mapping[str, Any]

# What somebody who tries things does, in points: so many times of one kind within ten minutes make 300, at which the
# alarm `many-attempts` rings. One sum takes the place of eight metrics, and hears a bit of each as well.
ABUSE_POINTS = {
    "checkout": 6,  # 50 times
    "sign_in": 5,  # 60
    "sign_in_to_stranger": 25,  # 12, of addresses that nobody had proven or given with
    "wrong_code": 12,  # 25: five codes, each guessed at until it is dead
    "too_many": 15,  # 20
    "cookie_twice": 60,  # 5
    "signature": 60,  # 5 calls of the webhook that Stripe did not sign
    "mails_used_up": 300,  # once: an address's owner may be locked out
}


def gift(amount: int, currency: str) -> Counts:
    """The count of a gift that was booked, or a renewal; only when the booking was new.

    Its amount (minor units) and currency stand beside it in the line, for queries of the log: as metrics they would
    cost two more for each currency.
    """
    return {**_counted({"Gifts": "Count"}, {"Gifts": 1}), "GiftAmount": amount, "Currency": currency}


def one(name: str) -> Counts:
    """A count of 1 for the metric `name`."""
    return _counted({name: "Count"}, {name: 1})


def abuse(*kinds: str, also: str = "") -> Counts:
    """The points of what may be an attempt, by the names in `ABUSE_POINTS`; `also` is a metric to count 1 for."""
    points = {"AbuseScore": sum(ABUSE_POINTS[kind] for kind in kinds)}
    more = {also: 1} if also else {}
    return _counted({"AbuseScore": "None", **dict.fromkeys(more, "Count")}, {**points, **more})


def inbox(age: int, parked: int) -> Counts:
    """How long the inbox's oldest pending event has waited, in seconds (0: none); beside it, how many are parked."""
    return {**_counted({"InboxAge": "Seconds"}, {"InboxAge": age}), "InboxParked": parked}


def days_open(count: int) -> Counts:
    """How many days have ended whose books nobody has compared with Stripe's."""
    return _counted({"DaysOpen": "Count"}, {"DaysOpen": count})


def gate(opened: int, closed: int) -> Counts:
    """The gate's decisions in one process since they were last written."""
    return _counted({"GateOpened": "Count", "GateClosed": "Count"}, {"GateOpened": opened, "GateClosed": closed})


def alarm() -> Counts:
    """A count of 1 for an alarm; its code stands in the line."""
    return one("Alarms")


def _counted(units: Mapping[str, str], values: Mapping[str, int]) -> Counts:
    stage = log_context.stage or "local"
    told = {"Stage": stage, **values}
    if stage != COUNTED_ON:
        return told
    directive = {
        "Namespace": NAMESPACE,
        "Dimensions": [["Stage"]],
        "Metrics": [{"Name": name, "Unit": unit} for name, unit in units.items()],
    }
    return {"_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [directive]}, **told}
