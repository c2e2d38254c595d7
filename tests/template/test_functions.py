"""The functions as they are deployed."""

import re
from typing import Any

import pytest

from chalicelib.settings import SECRETS, from_environment
from infra.template.functions import GATEWAY_SECONDS
from tests.template.resolve import GIVEN, Stack

SCHEDULED = {
    "Sweep": "rate(5 minutes)",
    "ReconcileUndelivered": "rate(10 minutes)",
    "ReconcileEvents": "rate(1 hour)",
    "ReconcileMoney": "rate(1 hour)",
    "CountSupporters": "rate(1 day)",
    "DailyMails": "rate(1 day)",
    "Erase": "rate(1 hour)",
}
SECONDS = {
    "Sweep": 300,
    "ReconcileUndelivered": 600,
    "ReconcileEvents": 3600,
    "ReconcileMoney": 3600,
    "CountSupporters": 86400,
    "DailyMails": 86400,
    "Erase": 3600,
}


def functions(stack: Stack) -> dict[str, Any]:
    """All functions' properties."""
    return stack.of_type("AWS::Serverless::Function")


def test_a_function_starts_with_the_environment_it_gets(stack: Stack, stage: str) -> None:
    for function in functions(stack).values():
        settings = from_environment(function["Environment"]["Variables"])
        assert (settings.stage, settings.site_id) == (stage, GIVEN["SiteId"])
        assert settings.table == settings.mail_set == f"spilno-{stage}"
        assert settings.public_url == GIVEN["PublicUrl"]
        assert settings.aws_endpoint is None
        assert not settings.secrets


def test_of_secrets_only_those_that_open_articles_are_in_the_environment(template: dict[str, Any]) -> None:
    secret = {name for name, told in template["Parameters"].items() if told.get("NoEcho")}
    assert secret == {"PassKeys", "SealKeys", "ProxySecret"}
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            variables = resource["Properties"]["Environment"]["Variables"]
            named = {name for name, value in variables.items() if value in [{"Ref": one} for one in secret]}
            assert named == {"SPILNO_PASS_KEYS", "SPILNO_SEAL_KEYS"}
            assert not set(variables) & set(SECRETS)


SEAL_KEYS = "k2:Zm9yLXRlbXBsYXRlLXRlc3RzLW9ubHktMzItYnl0ZXMh"


def test_without_seal_keys_nothing_is_sealed_and_with_them_it_is(template: dict[str, Any]) -> None:
    """A stage of before has none, and goes on working."""
    for given, kids in (({}, []), ({"SealKeys": SEAL_KEYS}, ["k2"])):
        for function in functions(Stack(template, **GIVEN, **given)).values():
            settings = from_environment(function["Environment"]["Variables"])
            assert [kid for kid, _ in settings.seal_keys] == kids


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        ("", True),
        (SEAL_KEYS, True),
        (f"{SEAL_KEYS}, k1:{'x' * 44}", True),
        (SEAL_KEYS[:-2], False),
        (f"{SEAL_KEYS},", False),
        (f"{'k' * 17}:{'x' * 43}", False),
        (SEAL_KEYS.replace("k2", "k.2"), False),
        (f"{SEAL_KEYS}\n", False),
    ],
)
def test_cloudformation_refuses_seal_keys_with_which_no_function_would_start(
    template: dict[str, Any], value: str, taken: bool
) -> None:
    pattern = template["Parameters"]["SealKeys"]["AllowedPattern"]
    assert bool(re.fullmatch(pattern, value)) is taken
    assert not taken or "ConstraintDescription" in template["Parameters"]["SealKeys"]


def test_they_run_what_was_packaged(stack: Stack) -> None:
    for function in functions(stack).values():
        assert function["CodeUri"] == "./spilno-0123456789ab.zip"
        assert (function["Runtime"], function["Architectures"]) == ("python3.13", ["arm64"])


def test_logs_are_json_and_kept_for_as_long_as_wanted(template: dict[str, Any], stage: str) -> None:
    stack = Stack(template, **GIVEN, LogDays="90")
    for name, function in functions(stack).items():
        config = function["LoggingConfig"]
        assert (config["LogFormat"], config["SystemLogLevel"]) == ("JSON", "WARN")
        log = stack.properties(f"{name}Logs")
        assert log["RetentionInDays"] == "90"
        assert config["LogGroup"] == log["LogGroupName"] == f"/spilno/{stage}/{name}"


def test_nobody_waits_longer_than_the_gateway(stack: Stack) -> None:
    assert functions(stack)["APIHandler"]["Timeout"] <= GATEWAY_SECONDS


def test_nothing_is_reserved_and_nothing_is_traced(stack: Stack) -> None:
    for function in functions(stack).values():
        assert "ReservedConcurrentExecutions" not in function
        assert function.get("Tracing", "PassThrough") == "PassThrough"


@pytest.mark.parametrize("name", sorted(SCHEDULED))
def test_a_schedules_run_never_outlives_the_next(stack: Stack, name: str) -> None:
    function = functions(stack)[name]
    (event,) = function["Events"].values()
    assert event["Properties"]["Schedule"] == SCHEDULED[name]
    assert function["Timeout"] < SECONDS[name]
    kept = function["EventInvokeConfig"]["MaximumEventAgeInSeconds"]
    assert kept < SECONDS[name]
    assert event["Properties"]["RetryPolicy"]["MaximumEventAgeInSeconds"] == kept
    assert function["EventInvokeConfig"]["MaximumRetryAttempts"] == (1 if SECONDS[name] == 86400 else 0)


def test_every_schedule_of_the_code_is_here(stack: Stack) -> None:
    found = {
        name
        for name, function in functions(stack).items()
        for event in function.get("Events", {}).values()
        if event["Type"] == "Schedule"
    }
    assert found == set(SCHEDULED)
