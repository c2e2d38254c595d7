"""CloudWatch's alarms: there, quiet, switched on, and read by somebody."""

from collections.abc import Iterable
from dataclasses import dataclass

from botocore.exceptions import ClientError

from infra.template.alarm_list import STAGE
from ops.doctor.findings import Finding, listing, note, ok, problem, warning
from ops.doctor.probe import Probe
from ops.doctor.subject import NotThere, Subject


@dataclass(frozen=True)
class Alarm:
    """One alarm as CloudWatch describes it."""

    name: str
    state: str
    switched_on: bool
    about: str = ""


@dataclass(frozen=True)
class Facts:
    """The alarms: `expected` by the stack; `confirmed` and `waiting` count the subscribers of their topic."""

    stage: str
    expected: tuple[str, ...]
    alarms: tuple[Alarm, ...]
    confirmed: int
    waiting: int


def gather(subject: Subject) -> Facts:
    """Read the stack's alarms by name, and their topic's subscriptions."""
    expected = tuple(sorted(subject.resources("AWS::CloudWatch::Alarm").values()))
    client = subject.aws("cloudwatch")
    alarms = []
    for start in range(0, len(expected), 100):
        for one in client.describe_alarms(AlarmNames=expected[start : start + 100])["MetricAlarms"]:
            about = one.get("AlarmDescription", "")
            alarms.append(Alarm(one["AlarmName"], one["StateValue"], one["ActionsEnabled"], about))
    topic = subject.outputs.get("AlarmTopicArn", "")
    subscribers = _subscribers(subject, topic) if topic else []
    waiting = sum(arn == "PendingConfirmation" for arn in subscribers)
    return Facts(subject.stage, expected, tuple(alarms), len(subscribers) - waiting, waiting)


def _subscribers(subject: Subject, topic: str) -> list[str]:
    try:
        pages = subject.aws("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
        return [one["SubscriptionArn"] for page in pages for one in page["Subscriptions"]]
    except ClientError as error:
        if error.response["Error"]["Code"] in ("NotFound", "NotFoundException"):
            raise NotThere("the topic of the alarms was deleted by hand") from None
        raise


def check(facts: Facts, _now: int) -> Iterable[Finding]:
    """Judge whether the alarms are there, quiet and switched on, and whether somebody gets them."""
    if facts.stage != STAGE and not facts.expected:
        yield note("alarms_elsewhere", "Only prod has alarms: ten figures watched are free in an account.")
        return
    deploy = f"python -m ops deploy --stage {facts.stage} makes them."
    if not facts.expected:
        yield problem("alarms_none", "The stack has no alarms.", deploy)
        return
    found = [*_ringing(facts), *_heard(facts)]
    if gone := sorted(set(facts.expected) - {one.name for one in facts.alarms}):
        found.append(problem("alarms_missing", f"Deleted by hand: {listing(gone)}.", deploy))
    if off := [one.name for one in facts.alarms if not one.switched_on]:
        mend = f"aws cloudwatch enable-alarm-actions --alarm-names {' '.join(off)}"
        found.append(warning("alarms_off", f"Switched off: {listing(off)}.", mend))
    yield from found or [
        ok("alarms", f"{len(facts.alarms)} alarms are quiet, and {facts.confirmed} people hear them.")
    ]


def _ringing(facts: Facts) -> Iterable[Finding]:
    for one in facts.alarms:
        if one.state == "ALARM":
            says = f"The alarm {one.name} is ringing."
            yield problem("alarm_ringing", says, one.about or "docs/observing.md says what it means and what to do.")


def _heard(facts: Facts) -> Iterable[Finding]:
    if facts.confirmed:
        return
    if facts.waiting:
        says = "Nobody hears the alarms: the subscription still waits for its confirmation."
        mend = 'Press the link in the mail "AWS Notification - Subscription Confirmation" (look in spam, too).'
        yield problem("alarms_unconfirmed", says, mend)
    else:
        says = "Nobody hears the alarms: their topic has no subscriber."
        mend = f"Set AlarmEmail in stages/{facts.stage}.toml, then: python -m ops deploy --stage {facts.stage}."
        yield problem("alarms_unheard", says, mend)


PROBES = (Probe("aws", "the alarms", gather, check, not_local="the local stack has none"),)
