"""What doctor gathers from local AWS and the Stripe stand-in: the facts that its checks judge are the real ones."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.inbox import rows as inbox
from chalicelib.kernel.moments import BusinessTime
from chalicelib.rails.stripe.enabled_events import ENABLED_EVENTS
from chalicelib.rails.stripe.port import API_VERSION
from infra.template.operators import FOR_THE_ACCOUNT, policy
from ops import stages
from ops.doctor import report
from ops.doctor.areas import PROBES
from ops.doctor.examine import Examined, examine
from ops.doctor.subject import Subject
from ops.stages import Stage
from testkit.engine import Engine
from testkit.stand_in import StandIn, running
from tests.ops.doctor.deployed import (
    ENVIRONMENT,
    PARAMETERS,
    PASS_KEYS,
    REGION,
    SEAL_KEYS,
    SECRETS,
    STRIPE_KEY,
    Account,
)
from tests.stand_in.sessions import session_params


@pytest.fixture
def account(ministack: Engine) -> Account:
    """An empty one."""
    return Account(ministack)


@pytest.fixture(scope="module")
def stripe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """One Stripe account for the module."""
    with running(tmp_path_factory.mktemp("stripe"), STRIPE_KEY) as made:
        yield made


def asked(subject: Subject, *whats: str) -> dict[str, Examined]:
    """These checks, made; by what they look at."""
    probes = [probe for probe in PROBES if probe.what in whats]
    assert len(probes) == len(whats)
    return {one.what: one for one in examine(probes, subject, now=subject.now(), seconds=60)}


def codes(done: dict[str, Examined]) -> dict[str, list[str]]:
    """The codes of each check's findings; what could not be made says why instead."""
    return {
        what: [one.obstacle.says] if one.obstacle else [f.code for f in one.findings] for what, one in done.items()
    }


AWS = (
    "access to AWS",
    "the stack",
    "the secrets",
    "the functions",
    "the table",
    "the schedules",
    "the alarms",
    "the firewall",
    "the REST API of before",
    "the logs",
)


def test_a_deployed_stage(account: Account) -> None:
    account.deploy()
    topic = account.subject().outputs["AlarmTopicArn"]
    assert codes(asked(account.subject(), *AWS)) == {
        "access to AWS": ["aws_access"],
        "the stack": ["stack"],
        "the secrets": ["secrets"],
        "the functions": ["functions"],
        "the table": ["table_recovery"],  # only a note on dev
        "the schedules": ["schedules"],
        "the alarms": ["alarms_unheard"],
        "the firewall": ["firewall"],
        "the REST API of before": ["rest_api"],
        "the logs": ["logs"],
    }
    account.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:eu-central-1:1:q")
    assert codes(asked(account.subject(), "the alarms")) == {"the alarms": ["alarms"]}


def test_what_was_changed_by_hand(account: Account) -> None:
    account.deploy({**ENVIRONMENT, "SPILNO_PUBLIC_URL": "https://old.example", "STRIPE_SECRET_KEY": "rk_test_x"})
    account.client("ssm").delete_parameter(Name="/spilno/dev/SPILNO_EMAIL_KEY")
    account.client("ssm").put_parameter(
        Name="/spilno/dev/SPILNO_PASS_KEYS",
        Value="k2:3f9c1e7ab2d04856c7e1f0a9b8d2463e",
        Type="SecureString",
        Overwrite=True,
    )
    account.client("events").disable_rule(Name="spilno-dev-sweep")
    account.client("cloudwatch").set_alarm_state(AlarmName="spilno-dev-inbox", StateValue="ALARM", StateReason="old")
    account.client("logs").create_log_group(logGroupName="/aws/lambda/spilno-dev-Sweep")
    off = {"Enabled": False, "AttributeName": "expires"}
    account.client("dynamodb").update_time_to_live(TableName="spilno-dev", TimeToLiveSpecification=off)
    found = codes(asked(account.subject(), *AWS))
    assert found["the secrets"] == ["secrets_missing"]
    assert found["the functions"] == ["functions_settings", "functions_secrets", "pass_keys_differ"]
    assert found["the schedules"] == ["schedule_off"]
    assert set(found["the alarms"]) == {"alarm_ringing", "alarms_unheard"}
    assert found["the logs"] == ["logs_kept"]
    assert "table_ttl" in found["the table"]


def test_a_key_that_another_stage_has_as_well(
    account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under whatever name, and only in this account: another one's parameters are not asked for."""
    account.keep()
    monkeypatch.setenv("SPILNO_STAGES", str(tmp_path))
    ssm = account.client("ssm")
    copied = f"other:{SEAL_KEYS.partition(':')[2]}"
    ssm.put_parameter(Name="/spilno/prod/SPILNO_SEAL_KEYS", Value=f"new:{'x' * 43},{copied}", Type="SecureString")
    assert codes(asked(account.subject(), "the secrets")) == {"the secrets": ["secrets"]}, "no stage file of it"
    stages.write(Stage("prod", REGION, "spilno-prod", "b", account.id))
    assert codes(asked(account.subject(), "the secrets")) == {"the secrets": ["keys_shared"]}
    stages.write(Stage("prod", REGION, "spilno-prod", "b", "111122223333"))
    assert codes(asked(account.subject(), "the secrets")) == {"the secrets": ["secrets"]}
    stages.write(Stage("prod", REGION, "spilno-prod", "b", account.id))
    ssm.put_parameter(
        Name="/spilno/prod/SPILNO_SEAL_KEYS", Value=f"s1:{'x' * 43}", Type="SecureString", Overwrite=True
    )
    assert codes(asked(account.subject(), "the secrets")) == {"the secrets": ["secrets"]}, "a name is no key"
    (tmp_path / "prod.toml").write_text("region = 5")
    assert codes(asked(account.subject(), "the secrets")) == {"the secrets": ["secrets"]}


def test_doctor_only_reads_and_only_what_the_operators_policy_lets_it(account: Account) -> None:
    account.deploy()
    called: set[str] = set()

    def note(model: Any, **_: Any) -> None:
        service = {"monitoring": "cloudwatch"}.get(model.service_model.signing_name, model.service_model.signing_name)
        called.add(f"{service}:{model.name}")

    account.session.events.register("before-call", note)
    subject = account.subject("http://127.0.0.1:9")
    examine(
        [probe for probe in PROBES if probe.area not in ("site", "dns", "clock")],
        subject,
        now=subject.now(),
        seconds=60,
    )
    stated = policy("dev", ["Sweep"])["OperatorPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    allowed = {action for statement in stated for action in statement["Action"]} | set(FOR_THE_ACCOUNT)
    assert len(called) > 15
    # Whoever may sign in may ask who they are: AWS asks no permission for that.
    assert called - allowed == {"sts:GetCallerIdentity"}
    assert {
        one for one in called if not one.partition(":")[2].startswith(("Get", "List", "Describe", "Query"))
    } == set()


def test_no_secret_is_printed(account: Account) -> None:
    account.deploy({**ENVIRONMENT, "STRIPE_SECRET_KEY": STRIPE_KEY})
    client = account.client("ssm")
    secrets_probe = {name: f"{value.partition('x')[0]}CANARY-{name}\n" for name, value in SECRETS.items()}
    for name, value in secrets_probe.items():
        client.put_parameter(Name=f"/spilno/dev/{name}", Value=value, Type="String", Overwrite=True)
    subject = account.subject("http://127.0.0.1:9")
    done = examine([one for one in PROBES if one.area in ("aws", "stripe")], subject, now=subject.now(), seconds=60)
    printed = "\n".join([*report.lines(done, subject, everything=True), json.dumps(report.as_json(done, subject))])
    assert "secrets_wrong" in printed
    assert "secrets_plain" in printed
    assert "CANARY" not in printed + repr(subject)
    assert PASS_KEYS not in printed
    assert SEAL_KEYS not in printed


def test_a_restored_table_that_the_stage_file_names_and_the_functions_do_not_use_yet(account: Account) -> None:
    """Else the operator's commands would read one table, and the functions write another, with all well."""
    account.deploy()
    subject = account.subject()
    subject.table_name = "spilno-dev-2"
    found = codes(asked(subject, "the functions", "the table"))
    assert found == {"the functions": ["functions_settings"], "the table": ["table_missing"]}


def test_before_anything_is_deployed_each_check_says_what_it_lacks(account: Account) -> None:
    found = codes(asked(account.subject(), *AWS, "Amazon SES", "the Stripe key"))
    assert found["the stack"] == ["stack_missing"]
    assert found["the secrets"] == ["secrets_missing", "seal_keys_none"]
    assert found["the Stripe key"] == ["there is no STRIPE_SECRET_KEY in the parameter store"]
    assert "mail_identity_missing" in found["Amazon SES"]
    for what in ("the functions", "the schedules", "the alarms", "the logs", "the table"):
        assert found[what][0].startswith("AWS does not know it"), what


def test_a_mail_identity_that_nobody_verified(account: Account) -> None:
    ses = account.client("sesv2")
    ses.create_email_identity(EmailIdentity=PARAMETERS["MailIdentity"])
    found = codes(asked(account.subject(), "Amazon SES"))["Amazon SES"]
    assert "mail_identity_missing" not in found
    assert "mail_sender" in found  # the demo newsroom sends for another domain
    assert "mail_set_missing" in found


class TestStripe:
    what = (
        "the Stripe key",
        "the webhook endpoint",
        "the customer portal",
        "ways to pay",
        "the product of recurring gifts",
        "Stripe's own mails",
    )

    def test_an_endpoint_as_it_should_be_and_everything_that_can_happen_to_it(
        self, account: Account, stripe: StandIn
    ) -> None:
        account.keep()
        subject = account.subject(stripe.url)
        assert codes(asked(subject, *self.what)) == {
            "the Stripe key": ["stripe_key"],
            "the webhook endpoint": ["webhook_missing"],
            "the customer portal": [
                "portal_cancel",
                "portal_pause",
            ],  # the account's default: setup has not made ours yet
            "ways to pay": ["methods"],
            "the product of recurring gifts": ["product_none"],
            "Stripe's own mails": ["stripe_mails"],
        }
        events: list[str] = sorted(ENABLED_EVENTS)
        endpoints = stripe.client.webhook_endpoints
        url, mark = f"{subject.public_url}/v1/stripe/webhook", {"spilno": "herald"}
        made = endpoints.create(
            {"url": url, "enabled_events": events, "api_version": API_VERSION, "metadata": mark}  # type: ignore[typeddict-item] # plain texts
        )
        steps: list[tuple[dict[str, object], str]] = [
            ({}, "webhook"),
            ({"enabled_events": events[1:]}, "webhook_events_missing"),
            ({"enabled_events": events, "disabled": True}, "webhook_disabled"),
            ({"disabled": False, "url": "https://old.example/v1/stripe/webhook"}, "webhook_elsewhere"),
        ]
        for change, code in steps:
            endpoints.update(made.id, change)  # type: ignore[arg-type] # plain texts again
            assert codes(asked(subject, "the webhook endpoint")) == {"the webhook endpoint": [code]}
        endpoints.delete(made.id)
        endpoints.create({"url": url, "enabled_events": ["*"], "api_version": "2025-08-27.basil"})
        found = codes(asked(subject, "the webhook endpoint"))
        assert found == {"the webhook endpoint": ["webhook_version", "webhook_every_event"]}

    def test_events_that_never_came(self, account: Account, stripe: StandIn) -> None:
        account.keep()
        subject = account.subject(stripe.url)
        stripe.receiver.refuse_with = 500
        paid = stripe.client.checkout.sessions.create(session_params())
        stripe.pay(paid.id)
        assert codes(asked(subject, "deliveries")) == {"deliveries": ["deliveries"]}  # they may still be coming
        later = subject.now() + 86_400
        (probe,) = [probe for probe in PROBES if probe.what == "deliveries"]
        assert [one.code for one in probe.findings(subject, BusinessTime(later))] == ["events_missing"]
        for event in stripe.client.events.list({"limit": 100}).data:
            inbox.store(subject.table, event.id, event.type, b"{}", subject.now(), "pending")
        assert [one.code for one in probe.findings(subject, BusinessTime(later))] == ["deliveries_failing"]
        stripe.receiver.refuse_with = None
        (waiting,) = [probe for probe in PROBES if probe.what == "the inbox and the outbox"]
        assert [one.code for one in waiting.findings(subject, BusinessTime(later))] == ["inbox_old"]

    def test_a_key_that_was_rolled(self, account: Account, stripe: StandIn) -> None:
        account.keep()
        account.client("ssm").put_parameter(
            Name="/spilno/dev/STRIPE_SECRET_KEY", Value="rk_test_old", Type="SecureString", Overwrite=True
        )
        found = codes(asked(account.subject(stripe.url), "the Stripe key", "the webhook endpoint"))
        assert found["the Stripe key"] == ["stripe_key_refused"]
        assert found["the webhook endpoint"] == ["Stripe does not take the key"]

    def test_an_event_destination_that_sends_thin_events_to_us(self, account: Account, stripe: StandIn) -> None:
        account.keep()
        subject = account.subject(stripe.url)
        assert "webhook_thin" not in codes(asked(subject, "the webhook endpoint"))["the webhook endpoint"]
        stripe.control("event_destinations", url=f"{subject.public_url}/v1/stripe/webhook")
        assert "webhook_thin" in codes(asked(subject, "the webhook endpoint"))["the webhook endpoint"]
