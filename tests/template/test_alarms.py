"""Alarms watch figures that exist, and tell a person what to do."""

import re
from pathlib import Path
from typing import Any

import pytest

from bench import cost_report
from bench.month import month
from chalicelib.kernel.client_limits import WINDOW
from chalicelib.mail.actions.budget import COMPLAINTS
from chalicelib.newsroom.rules import Limits
from chalicelib.observing import log_context, metrics
from infra.template import alarm_list
from infra.template.alarm import DAY, Alarm
from infra.template.alarm_list import ALARMS
from infra.template.alarms import told
from infra.template.throttles import ALL
from ops.__main__ import main
from tests.template.conftest import finished
from tests.template.resolve import GIVEN, WHOLE, Stack

ROOT = Path(__file__).resolve().parents[2]
UNITS = cost_report.units_of(ROOT / "docs" / "units.md")
TEN = 10  # of each are free in an account
# Published by AWS, with these dimensions.
OF_AWS = {
    ("AWS/ApiGateway", "5xx", ("ApiId",)),
    ("AWS/ApiGateway", "4xx", ("ApiId",)),
    ("AWS/ApiGateway", "Count", ("ApiId",)),
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
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "chalicelib").rglob("*.py"))
    named = {*re.findall(r'metrics\.one\("(\w+)"\)', source), *re.findall(r'also="(\w+)"\)', source)}
    before, log_context.stage = log_context.stage, metrics.COUNTED_ON
    try:
        written = [metrics.gift(500, "eur"), metrics.inbox(0, 0), metrics.gate(1, 1), metrics.alarm()]
        written.append(metrics.days_open(0))
        written += [metrics.abuse("sign_in"), *(metrics.one(name) for name in sorted(named))]
    finally:
        log_context.stage = before
    return {
        (directive["Namespace"], metric["Name"], tuple(sorted(dimensions)))
        for counts in written
        for directive in counts["_aws"]["CloudWatchMetrics"]
        for metric in directive["Metrics"]
        for dimensions in directive["Dimensions"]
    }


@pytest.fixture
def prod() -> Stack:
    """The stage that has alarms."""
    return Stack(finished("prod"), **GIVEN)


def alarms_of(stack: Stack) -> list[dict[str, Any]]:
    """The alarms as CloudWatch gets them."""
    return list(stack.of_type("AWS::CloudWatch::Alarm").values())


def test_every_figure_that_is_watched_is_written_by_somebody(prod: Stack) -> None:
    known = of_the_code() | OF_AWS
    assert alarms_of(prod)
    for alarm in alarms_of(prod):
        names = tuple(sorted(one["Name"] for one in alarm["Dimensions"]))
        assert (alarm["Namespace"], alarm["MetricName"], names) in known
        assert all(one["Value"] for one in alarm["Dimensions"])


def test_they_watch_this_stage(prod: Stack) -> None:
    for alarm in alarms_of(prod):
        assert alarm["AlarmName"].startswith("spilno-prod-")
        values = {one["Name"]: one["Value"] for one in alarm["Dimensions"]}
        if alarm["Namespace"] == "Spilno":
            assert values["Stage"] == "prod"
        if alarm["Namespace"] == "AWS/ApiGateway":
            assert values in (
                {"ApiId": "ref-of-HttpApi"},
                {"ApiName": prod.properties("RestAPI")["Name"], "Stage": "api"},
            )


def test_the_rest_api_is_watched_as_long_as_it_is_there(prod: Stack) -> None:
    """Whoever has not moved yet hears of errors as before; whoever has moved pays for no second figure."""
    moved = Stack(finished("prod"), **GIVEN, Api="http")
    by_http, by_both = (stack.of_type("AWS::CloudWatch::Alarm") for stack in (moved, prod))
    of_apis = {name for name, alarm in by_http.items() if alarm["Namespace"] == "AWS/ApiGateway"}
    assert "ServerErrorsAlarm" in of_apis
    assert set(by_both) - set(by_http) == {name.replace("Alarm", "RestAlarm") for name in of_apis}


def test_ten_metrics_and_ten_figures_are_free_and_no_more_are_taken() -> None:
    prod = Stack(finished("prod"), **GIVEN, Api="http")
    assert len(of_the_code()) <= TEN
    assert len(alarms_of(prod)) == len(ALARMS) <= TEN
    assert all("Metrics" not in alarm for alarm in alarms_of(prod)), "a sum is charged for each of its figures"
    said = re.search(r"(\d+) figures are watched, on prod alone", alarm_list.__doc__ or "")
    assert said
    assert int(said[1]) == len(ALARMS)


def test_another_stage_spends_none_of_what_is_free() -> None:
    dev = Stack(finished("dev"), **GIVEN, AlarmEmail="desk@nadrichchia.example")
    assert not alarms_of(dev)
    assert not dev.of_type("AWS::CloudWatch::Dashboard")
    assert not dev.of_type("AWS::Budgets::Budget")
    assert "_aws" not in metrics.one("Alarms"), "nor does a line that it writes"


def test_a_restored_table_is_drawn_instead() -> None:
    stack = Stack(finished("prod"), **GIVEN, TableInUse="spilno-restored")
    assert "spilno-restored" in stack.properties("Dashboard")["DashboardBody"]


@pytest.mark.parametrize("alarm", ALARMS, ids=lambda alarm: alarm.name)
def test_each_says_what_it_means_and_what_to_do_first(alarm: Alarm) -> None:
    description = told(alarm, "prod")
    assert len(description) <= 1024, "CloudWatch takes no more."
    assert description.endswith(".")
    runbook = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    for title in re.findall(r'[Rr]unbook,\s+"([^"]+)"', description):
        assert f"\n## {title}\n" in runbook, f"The runbook has no section '{title}'."
    for command in re.findall(r"python -m ops (\S+ \S+ [a-z]+)", description):
        option, name, action = command.split()
        assert (option, name) == ("--stage", "prod")
        assert action in main.commands


def test_all_of_them_tell_the_topic_and_a_person_may_be_added(stack: Stack, whole: Stack) -> None:
    assert all(alarm["AlarmActions"] == ["ref-of-AlarmTopic"] for alarm in alarms_of(stack))
    assert not stack.of_type("AWS::SNS::Subscription")
    (mail,) = whole.of_type("AWS::SNS::Subscription").values()
    assert mail == {"Protocol": "email", "Endpoint": "desk@nadrichchia.example", "TopicArn": "ref-of-AlarmTopic"}


def test_the_budget_tells_the_same_person_before_the_month_is_over() -> None:
    whole = Stack(finished("prod"), **WHOLE, MonthlyBudget="35")
    (budget,) = whole.of_type("AWS::Budgets::Budget").values()
    assert budget["Budget"]["BudgetLimit"] == {"Amount": "35", "Unit": "USD"}
    told_when = [
        (one["Notification"]["NotificationType"], one["Notification"]["Threshold"])
        for one in budget["NotificationsWithSubscribers"]
    ]
    assert told_when == [("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100)]
    for one in budget["NotificationsWithSubscribers"]:
        assert one["Subscribers"] == [{"SubscriptionType": "EMAIL", "Address": WHOLE["AlarmEmail"]}]
    assert not Stack(finished("prod"), **GIVEN).of_type("AWS::Budgets::Budget"), "there is nobody to tell"


def test_silence_is_an_alarm_where_something_must_happen() -> None:
    silent = {alarm.name for alarm in ALARMS if alarm.missing == "breaching"}
    assert silent == {"quiet-day", "inbox-age", "days-open"}


def test_what_fails_every_time_is_heard_in_a_small_newsroom_too(prod: Stack) -> None:
    failing = prod.properties("ServerErrorsAlarm")
    a_busy_hour = 5  # checkouts, in a newsroom with some hundred supporters; all of them fail
    assert failing["Period"] == 3600
    assert failing["Threshold"] <= a_busy_hour


def test_the_mails_reputation_is_told_before_aws_looks_at_it() -> None:
    """AWS reviews an account at 5 % of bounces, and at 1 complaint in 1,000 mails."""
    limits = {alarm.name: alarm.threshold for alarm in ALARMS}
    assert limits["mail-bounces"] < 0.05
    a_week_of_mail = sum(one.mails * one.count for one in month(10_000, UNITS)) * 7 / 30
    assert a_week_of_mail / 1000 * 1.5 > COMPLAINTS


def test_cloudwatch_looks_back_a_day_at_most() -> None:
    assert all(alarm.seconds * alarm.periods <= DAY for alarm in ALARMS)


def test_the_docs_tell_of_each() -> None:
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    for alarm in ALARMS:
        assert f"| `{alarm.name}` | {alarm.means} | {alarm.first} |\n" in page


def a_month(name: str) -> float:
    """How often something happens in a month of a newsroom of 10,000 supporters, by the model of docs/cost.md."""
    happens = [one for one in month(10_000, UNITS) if not (one.cached or one.of_the_site or one.job)]
    if name == "calls":
        return sum(one.count * one.requests for one in happens)
    return next(one.count for one in happens if one.name == name)


def the(name: str) -> Alarm:
    """An alarm of the list."""
    return next(alarm for alarm in ALARMS if alarm.name == name)


def test_no_ordinary_evening_rings() -> None:
    """Thirty times what is usual is a very good evening, and still quiet, though all of it is added up."""
    often = {
        "checkout": a_month("checkout started (one in two is paid)"),
        "sign_in": a_month("sign-in asked"),
        "sign_in_to_stranger": a_month("sign-in asked") * 0.05,  # who never gave asks, too, now and then
        "wrong_code": a_month("sign-in confirmed") * 0.10,  # one in ten mistypes
    }
    score = the("many-attempts")
    usual = sum(metrics.ABUSE_POINTS[kind] * times for kind, times in often.items()) * score.seconds / (30 * DAY)
    assert score.threshold > 30 * usual
    calls = the("calls-burst")
    assert calls.threshold > 30 * a_month("calls") * calls.seconds / (30 * DAY)


@pytest.mark.parametrize(
    ("kinds", "times"),
    [
        (("checkout",), 50),
        (("sign_in",), 60),
        (("sign_in", "sign_in_to_stranger"), 10),
        (("wrong_code",), 25),
        (("too_many",), 20),
        (("cookie_twice",), 5),
        (("signature",), 5),
        (("mails_used_up",), 1),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, tuple) else str(value),
)
def test_each_kind_of_attempt_rings_by_itself_at_its_number(kinds: tuple[str, ...], times: int) -> None:
    each = int(metrics.abuse(*kinds)["AbuseScore"])
    threshold = the("many-attempts").threshold
    assert (times - 1) * each < threshold <= times * each
    page = (ROOT / "docs" / "observing.md").read_text(encoding="utf-8").partition("### What counts as an attempt")[2]
    points = metrics.ABUSE_POINTS[kinds[-1]]
    assert re.search(rf"\| {points}( more)? \| {times} \|", page)


def test_they_ring_long_before_anything_is_refused_to_readers() -> None:
    calls, score = the("calls-burst"), the("many-attempts")
    assert calls.threshold <= ALL.rate * calls.seconds / 4, "One route's throttle."
    number = {kind: score.threshold / points for kind, points in metrics.ABUSE_POINTS.items()}
    assert number["checkout"] < Limits().checkouts * score.seconds / WINDOW, (
        "One address is heard before it is stopped."
    )
    assert number["sign_in"] <= 2 * Limits().sign_ins * score.seconds / WINDOW, "Two addresses."
    assert number["wrong_code"] <= 5 * 5, "Five codes, each guessed at until it is dead."


def test_what_can_lock_somebody_out_rings_at_once() -> None:
    assert metrics.ABUSE_POINTS["mails_used_up"] >= the("many-attempts").threshold
