"""Alarms watch figures that exist, and tell a person what to do."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bench import cost_report
from bench.month import month
from chalicelib.kernel.client_limits import WINDOW
from chalicelib.newsroom.rules import Limits
from chalicelib.observing import metrics
from infra.template import alarm_list
from infra.template.alarm import DAY, HOUR, LESS_THAN, Alarm
from infra.template.alarm_list import ALARMS
from infra.template.alarms import told
from infra.template.throttles import ALL
from ops.__main__ import main
from tests.template.resolve import GIVEN, Stack

MAILED = ("sign-in asked", "renewal, its webhooks", "one-off gift, its webhooks", "first monthly gift, its webhooks")
ROOT = Path(__file__).resolve().parents[2]
# Published by AWS, with these dimensions.
OF_AWS = {
    ("AWS/ApiGateway", "5XXError", ("ApiName", "Stage")),
    ("AWS/ApiGateway", "4XXError", ("ApiName", "Stage")),
    ("AWS/ApiGateway", "Count", ("ApiName", "Stage")),
    ("AWS/Lambda", "Errors", ()),
    ("AWS/Lambda", "Throttles", ()),
    ("AWS/Lambda", "Invocations", ("FunctionName",)),
    ("AWS/Lambda", "Errors", ("FunctionName",)),
    ("AWS/Lambda", "Duration", ("FunctionName",)),
    ("AWS/DynamoDB", "ReadThrottleEvents", ("TableName",)),
    ("AWS/DynamoDB", "WriteThrottleEvents", ("TableName",)),
    ("AWS/DynamoDB", "ConsumedReadCapacityUnits", ("TableName",)),
    ("AWS/DynamoDB", "ConsumedWriteCapacityUnits", ("TableName",)),
    ("AWS/SES", "Reputation.BounceRate", ()),
    ("AWS/SES", "Reputation.ComplaintRate", ()),
    ("AWS/SES", "Send", ()),
}


def of_the_code() -> set[tuple[str, str, tuple[str, ...]]]:
    """What `chalicelib/observing/metrics.py` can write: namespace, name, dimensions."""
    written = [metrics.gift(500, "eur"), metrics.inbox(0, 0), metrics.gate(1, 1), metrics.alarm("event_parked")]
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "chalicelib").rglob("*.py"))
    counted = set(re.findall(r'metrics\.one\("(\w+)"\)', source))
    counted |= {
        name for names in re.findall(r"metrics\.several\(([^)]+)\)", source) for name in re.findall(r"\w+", names)
    }
    written += [metrics.one(name) for name in sorted(counted)]
    return {
        (directive["Namespace"], metric["Name"], tuple(sorted(dimensions)))
        for counts in written
        for directive in counts["_aws"]["CloudWatchMetrics"]
        for metric in directive["Metrics"]
        for dimensions in directive["Dimensions"]
    }


def watched(alarm: dict[str, Any]) -> list[dict[str, Any]]:
    """The figures of an alarm as CloudWatch gets them."""
    if "Metrics" in alarm:
        return [query["MetricStat"]["Metric"] for query in alarm["Metrics"] if "MetricStat" in query]
    return [alarm]


def test_every_figure_that_is_watched_is_written_by_somebody(stack: Stack) -> None:
    known = of_the_code() | OF_AWS
    for alarm in stack.of_type("AWS::CloudWatch::Alarm").values():
        for figure in watched(alarm):
            names = tuple(sorted(one["Name"] for one in figure["Dimensions"]))
            assert (figure["Namespace"], figure["MetricName"], names) in known
            assert all(one["Value"] for one in figure["Dimensions"])


def test_they_watch_this_stage(stack: Stack, stage: str) -> None:
    for alarm in stack.of_type("AWS::CloudWatch::Alarm").values():
        assert alarm["AlarmName"].startswith(f"spilno-{stage}-")
        for figure in watched(alarm):
            values = {one["Name"]: one["Value"] for one in figure["Dimensions"]}
            if figure["Namespace"] == "Spilno":
                assert values["Stage"] == stage
            if figure["Namespace"] == "AWS/ApiGateway":
                assert values["ApiName"] == stack.properties("RestAPI")["Name"]


def test_a_restored_table_is_watched_instead(template: dict[str, Any]) -> None:
    stack = Stack(template, **GIVEN, TableInUse="spilno-restored")
    assert "spilno-restored" in json.dumps(stack.properties("ThrottlesAlarm"))
    assert "spilno-restored" in stack.properties("Dashboard")["DashboardBody"]


@pytest.mark.parametrize("alarm", ALARMS, ids=lambda alarm: alarm.name)
def test_each_says_what_it_means_and_what_to_do_first(alarm: Alarm, stage: str) -> None:
    description = told(alarm, stage)
    assert len(description) <= 1024, "CloudWatch takes no more."
    assert description.endswith(".")
    runbook = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    for title in re.findall(r'[Rr]unbook,\s+"([^"]+)"', description):
        assert f"\n## {title}\n" in runbook, f"The runbook has no section '{title}'."
    for command in re.findall(r"python -m ops (\S+ \S+ [a-z]+)", description):
        option, name, action = command.split()
        assert (option, name) == ("--stage", stage)
        assert action in main.commands


def test_all_of_them_tell_the_topic_and_a_person_may_be_added(stack: Stack, whole: Stack) -> None:
    for alarm in stack.of_type("AWS::CloudWatch::Alarm").values():
        assert alarm["AlarmActions"] == ["ref-of-AlarmTopic"]
    assert not stack.of_type("AWS::SNS::Subscription")
    (mail,) = whole.of_type("AWS::SNS::Subscription").values()
    assert mail == {"Protocol": "email", "Endpoint": "desk@nadrichchia.example", "TopicArn": "ref-of-AlarmTopic"}


def test_silence_is_an_alarm_where_something_must_happen() -> None:
    silent = {alarm.name for alarm in ALARMS if alarm.missing == "breaching"}
    assert silent == {"quiet-day", "sweep-stopped"}
    assert all(alarm.compares == LESS_THAN for alarm in ALARMS if alarm.name in silent)


def test_what_fails_every_time_is_heard_in_a_small_newsroom_too(stack: Stack) -> None:
    failing = stack.properties("ServerErrorsAlarm")
    a_busy_hour = 5  # checkouts, in a newsroom with some hundred supporters; all of them fail
    assert failing["Period"] == 3600
    assert failing["Threshold"] <= a_busy_hour


def test_the_mails_reputation_is_told_before_aws_looks_at_it() -> None:
    """AWS reviews an account at 5 % of bounces and 0.1 % of complaints."""
    limits = {alarm.name: alarm.threshold for alarm in ALARMS}
    assert limits["mail-bounces"] < 0.05
    assert limits["mail-complaints"] < 0.001


def test_what_they_cost_is_what_is_said(stack: Stack, stage: str) -> None:
    """AWS counts the figures: ten are free, each more is 0.10 USD a month. The other stage is counted in the list."""
    figures = sum(len(watched(alarm)) for alarm in stack.of_type("AWS::CloudWatch::Alarm").values())
    listed = {one: sum(len(alarm.figures) for alarm in ALARMS if one in alarm.stages) for one in ("prod", "dev")}
    assert figures == listed[stage]
    said = re.search(
        r"(\d+) figures are watched on prod: (\d\.\d\d) USD.*?(\d+) on dev", alarm_list.__doc__ or "", re.DOTALL
    )
    assert said
    assert said.groups() == (str(listed["prod"]), f"{(listed['prod'] - 10) / 10:.2f}", str(listed["dev"]))


def test_cloudwatch_looks_back_a_day_at_most() -> None:
    assert all(alarm.seconds * alarm.periods <= DAY for alarm in ALARMS)


def test_the_docs_tell_of_each(stage: str) -> None:
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    for alarm in ALARMS:
        assert f"| `{alarm.name}` | {alarm.means} | {alarm.first} |\n" in page
    assert ("quiet-day" in {alarm.name for alarm in ALARMS if stage in alarm.stages}) is (stage == "prod")


def a_month(name: str) -> float:
    """How often something happens in a month of a newsroom of 10,000 supporters, by the model of docs/cost.md."""
    units = cost_report.units_of(ROOT / "docs" / "units.md")
    happens = [one for one in month(10_000, units) if not (one.cached or one.of_the_site or one.job)]
    if name == "calls":
        return sum(one.count * one.requests for one in happens)
    return next(one.count for one in happens if one.name == name)


@pytest.mark.parametrize(
    ("alarm", "what", "share"),
    [
        ("calls-burst", "calls", 1.0),
        ("checkout-burst", "checkout started (one in two is paid)", 1.0),
        ("sign-in-burst", "sign-in asked", 1.0),
        ("sign-ins-to-strangers", "sign-in asked", 0.05),  # who never gave asks, too, now and then
        ("wrong-codes", "sign-in confirmed", 0.10),  # one in ten mistypes
        ("refusals-burst", "calls", 0.05),
    ],
)
def test_no_ordinary_evening_rings(alarm: str, what: str, share: float) -> None:
    """Thirty times what is usual is a very good evening, and still quiet."""
    (found,) = (one for one in ALARMS if one.name == alarm)
    usual = a_month(what) * share * found.seconds / (30 * DAY)
    assert found.threshold > 30 * usual


def test_they_ring_long_before_anything_is_refused_to_readers() -> None:
    thresholds = {one.name: (one.threshold, one.seconds) for one in ALARMS}
    calls, seconds = thresholds["calls-burst"]
    assert calls <= ALL.rate * seconds / 4, "One route's throttle."
    checkouts, seconds = thresholds["checkout-burst"]
    assert checkouts < Limits().checkouts * seconds / WINDOW, "One address, alone, is heard before it is stopped."
    sign_ins, seconds = thresholds["sign-in-burst"]
    assert sign_ins <= 2 * Limits().sign_ins * seconds / WINDOW, "Two addresses."
    assert thresholds["wrong-codes"][0] <= 5 * 5, "Five codes, each guessed at until it is dead."
    strangers, seconds = thresholds["sign-ins-to-strangers"]
    a_day_of_mail = sum(a_month(name) for name in MAILED) / 30
    assert strangers / seconds * HOUR < 0.1 * a_day_of_mail, "SES stops an account at ten bounces in a hundred."


def test_what_can_lock_somebody_out_rings_at_once() -> None:
    (spent,) = (one for one in ALARMS if one.name == "mail-budget-spent")
    assert spent.threshold == 1
