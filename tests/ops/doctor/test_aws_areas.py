"""AWS's part of doctor, and the clock's: each finding from facts alone, and its absence where nothing is wrong."""

from dataclasses import replace
from typing import Any, ClassVar

import pytest

from chalicelib.settings import LOCAL_PASS_KEYS, LOCAL_SEAL_KEYS, LOCAL_WEBHOOK_SECRET
from ops.doctor.areas import alarms, clock, firewall, functions, logs, rest_api, schedules, secrets, stack
from ops.doctor.areas.alarms import Alarm
from ops.doctor.areas.functions import Deployed, digest
from ops.doctor.areas.schedules import Schedule
from testkit.findings import levels

NOW = 1_795_000_000
SEALS = "ZG9jdG9ycy1vd24tc2VhbC1rZXktb2YtMzItYnl0ZXM_"


@pytest.mark.parametrize(
    ("ahead", "code", "level"),
    [
        ({"Stripe": 0.4, "AWS": -1.0}, "clock", "ok"),
        ({"Stripe": -29.0}, "clock", "ok"),
        ({"Stripe": 0.1, "AWS": 45.0}, "clock_off", "warning"),
        ({"AWS": -301.0}, "clock_wrong", "problem"),
        ({"AWS": 4_000.0}, "clock_wrong", "problem"),
        ({}, "clock_unknown", "warning"),
    ],
)
def test_the_clock(ahead: dict[str, float], code: str, level: str) -> None:
    assert levels(clock.check(clock.Facts(ahead), NOW)) == {code: level}


class TestAccess:
    def test_the_right_account(self) -> None:
        assert levels(stack.check_access(stack.Access("1", "1"), NOW)) == {"aws_access": "ok"}
        assert levels(stack.check_access(stack.Access("1", ""), NOW)) == {"aws_access": "ok"}

    def test_another_one_or_none(self) -> None:
        assert levels(stack.check_access(stack.Access("2", "1"), NOW)) == {"aws_account": "problem"}
        nobody = stack.Access("", "1", "no AWS credentials here", "Sign in.")
        assert levels(stack.check_access(nobody, NOW)) == {"aws_access": "problem"}


class TestStack:
    def facts(self, **told: Any) -> stack.Facts:
        fine = {"StackStatus": "UPDATE_COMPLETE", "EnableTerminationProtection": True}
        return stack.Facts("prod", "spilno-prod", {**fine, **told})

    def test_one_that_is_complete_and_protected(self) -> None:
        assert levels(stack.check(self.facts(), NOW)) == {"stack": "ok"}

    @pytest.mark.parametrize(
        ("status", "code", "level"),
        [
            ("UPDATE_IN_PROGRESS", "stack_busy", "note"),
            ("UPDATE_ROLLBACK_COMPLETE", "stack_rolled_back", "warning"),
            ("ROLLBACK_COMPLETE", "stack_failed", "problem"),
            ("UPDATE_ROLLBACK_FAILED", "stack_failed", "problem"),
            ("CREATE_FAILED", "stack_failed", "problem"),
        ],
    )
    def test_other_states(self, status: str, code: str, level: str) -> None:
        assert levels(stack.check(self.facts(StackStatus=status), NOW)) == {code: level}

    def test_none_changed_by_hand_unprotected(self) -> None:
        assert levels(stack.check(stack.Facts("prod", "spilno-prod", None), NOW)) == {"stack_missing": "problem"}
        drifted = self.facts(DriftInformation={"StackDriftStatus": "DRIFTED"})
        assert levels(stack.check(drifted, NOW)) == {"stack_drift": "warning"}
        bare = self.facts(EnableTerminationProtection=False)
        assert levels(stack.check(bare, NOW)) == {"stack_protection": "note", "stack": "ok"}
        assert levels(stack.check(replace(bare, stage="dev"), NOW)) == {"stack": "ok"}


class TestSecrets:
    good: ClassVar[dict[str, Any]] = {
        "STRIPE_SECRET_KEY": "rk_live_" + "x" * 30,
        "STRIPE_WEBHOOK_SECRET": "whsec_" + "x" * 30,
        "SPILNO_EMAIL_KEY": "e" * 40,
        "SPILNO_PASS_KEYS": "k1:3f9c1e7ab2d04856c7e1f0a9b8d2463e",
        "SPILNO_SEAL_KEYS": f"s1:{SEALS}",
        "SPILNO_PROXY_SECRET": "q" * 40,
    }

    def judged(self, **changes: str) -> list[str]:
        return list(secrets.judged({**self.good, **changes}, "prod"))

    def test_good_ones(self) -> None:
        assert self.judged() == []
        assert levels(secrets.check(secrets.Facts("prod", (), (), ()), NOW)) == {"secrets": "ok"}

    @pytest.mark.parametrize(
        ("name", "value", "says"),
        [
            ("STRIPE_SECRET_KEY", "sk_test_x", "is a test key on stage 'prod'"),
            ("STRIPE_SECRET_KEY", "rk_live_xxx\n", "ends with a blank or a line break"),
            ("STRIPE_WEBHOOK_SECRET", LOCAL_WEBHOOK_SECRET, "public value"),
            ("STRIPE_WEBHOOK_SECRET", "whsec_good,we_1abc", "no signing secret"),
            ("SPILNO_EMAIL_KEY", "tiny", "shorter than 32"),
            ("SPILNO_PASS_KEYS", LOCAL_PASS_KEYS, "public value"),
            ("SPILNO_PASS_KEYS", "k1:tiny", "at least 32 characters"),
            ("SPILNO_PASS_KEYS", f"k1:{SEALS}", "holds a key of SPILNO_PASS_KEYS"),
            ("SPILNO_EMAIL_KEY", SEALS, "SPILNO_EMAIL_KEY and SPILNO_SEAL_KEYS hold the same value"),
            ("SPILNO_PROXY_SECRET", "e" * 40, "SPILNO_EMAIL_KEY and SPILNO_PROXY_SECRET hold the same value"),
            ("SPILNO_SEAL_KEYS", LOCAL_SEAL_KEYS, "public value"),
            ("SPILNO_SEAL_KEYS", "s1:tiny", "43 characters"),
            ("SPILNO_SEAL_KEYS", f"s1:{'abcd' * 11}", "not random"),
            ("SPILNO_SEAL_KEYS", f"s1:{SEALS},s1:{SEALS[::-1]}", "the same kid"),
        ],
    )
    def test_wrong_ones_are_told_without_their_value(self, name: str, value: str, says: str) -> None:
        (sentence,) = self.judged(**{name: value})
        assert says in sentence
        assert value.strip() not in sentence
        assert levels(secrets.check(secrets.Facts("prod", (), (), (sentence,)), NOW)) == {"secrets_wrong": "problem"}

    def test_a_wrong_pass_key_does_not_hide_a_wrong_seal_key(self) -> None:
        told = self.judged(SPILNO_PASS_KEYS="k1:tiny", SPILNO_SEAL_KEYS="s1:tiny")
        assert [sentence.split()[0] for sentence in told] == ["SPILNO_PASS_KEYS", "SPILNO_SEAL_KEYS"]

    @pytest.mark.parametrize(
        ("change", "code", "level"),
        [
            ({"seals": False}, "seal_keys_none", "note"),
            ({"several": ("SPILNO_SEAL_KEYS",)}, "keys_several", "note"),
            ({"shared": (("dev", "SPILNO_SEAL_KEYS"),)}, "keys_shared", "problem"),
        ],
    )
    def test_of_the_keys_that_open_articles(self, change: dict[str, Any], code: str, level: str) -> None:
        (found,) = secrets.check(replace(secrets.Facts("prod", (), (), ()), **change), NOW)
        assert (found.code, found.level) == (code, level)
        assert "keys --stage prod" in found.mend or "deploy --stage prod" in found.mend

    def test_missing_and_readable_ones(self) -> None:
        facts = secrets.Facts("prod", ("SPILNO_EMAIL_KEY",), ("SPILNO_PASS_KEYS",), ())
        assert levels(secrets.check(facts, NOW)) == {"secrets_missing": "problem", "secrets_plain": "warning"}


class TestFunctions:
    settings: ClassVar[dict[str, Any]] = {"SPILNO_PUBLIC_URL": "https://news.example/support"}
    one = Deployed("api", "Active", settings, (), digest("k1:abc"), digest("s1:abc"))
    fine = functions.Facts("prod", (one,), settings, digest("k1:abc\n"), digest("s1:abc\n"))

    def test_as_deployed(self) -> None:
        assert levels(functions.check(self.fine, NOW)) == {"functions": "ok"}
        unsealed = replace(self.fine, functions=(replace(self.one, seal_keys=""),), seal_keys="")
        assert levels(functions.check(unsealed, NOW)) == {"functions": "ok"}
        asleep = replace(self.fine, functions=(replace(self.one, state="Inactive"),))
        assert levels(functions.check(asleep, NOW)) == {"functions": "ok"}

    @pytest.mark.parametrize(
        ("change", "code", "level"),
        [
            ({"state": "Failed"}, "functions_state", "problem"),
            ({"settings": {"SPILNO_PUBLIC_URL": "https://old.example"}}, "functions_settings", "problem"),
            ({"settings": {}}, "functions_settings", "problem"),
            ({"secrets": ("STRIPE_SECRET_KEY",)}, "functions_secrets", "warning"),
            ({"pass_keys": ""}, "pass_keys_missing", "problem"),
            ({"pass_keys": digest("k0:old")}, "pass_keys_differ", "warning"),
            ({"seal_keys": ""}, "seal_keys_differ", "warning"),
            ({"seal_keys": digest("s0:old")}, "seal_keys_differ", "warning"),
        ],
    )
    def test_one_thing_wrong(self, change: dict[str, Any], code: str, level: str) -> None:
        facts = replace(self.fine, functions=(replace(self.one, **change),))
        assert levels(functions.check(facts, NOW)) == {code: level}

    def test_none(self) -> None:
        assert levels(functions.check(replace(self.fine, functions=()), NOW)) == {"functions_missing": "problem"}

    @pytest.mark.parametrize(
        ("free", "found"),
        [(1000, {"concurrency": "ok"}), (50, {"concurrency_some": "note"}), (10, {"concurrency": "warning"})],
    )
    def test_room(self, free: int, found: dict[str, str]) -> None:
        assert levels(functions.check_room(functions.Room(free, "eu-central-1"), NOW)) == found


class TestFirewall:
    bare = firewall.Facts("prod", wanted=False, there=False, fronts=())

    def test_a_server_of_ones_own_counts_by_itself(self) -> None:
        assert levels(firewall.check(self.bare, NOW)) == {"firewall": "ok"}

    def test_where_nothing_counts_it_is_offered_with_its_price(self) -> None:
        (offered,) = firewall.check(replace(self.bare, fronts=("CloudFront",)), NOW)
        assert (offered.code, offered.level) == ("firewall_off", "note")
        assert 'Firewall = "on" in stages/prod.toml' in offered.mend
        assert "7 USD" in offered.mend

    def test_there_or_only_wanted(self) -> None:
        on = replace(self.bare, wanted=True, fronts=("CloudFront",))
        assert levels(firewall.check(replace(on, there=True), NOW)) == {"firewall": "ok"}
        assert levels(firewall.check(on, NOW)) == {"firewall_missing": "warning"}


class TestTheRestApi:
    gone = rest_api.Facts("prod", there=False, for_a_firewall=False)

    def test_gone_or_kept_for_a_firewall(self) -> None:
        assert levels(rest_api.check(self.gone, NOW)) == {"rest_api": "ok"}
        assert levels(rest_api.check(replace(self.gone, there=True, for_a_firewall=True), NOW)) == {"rest_api": "ok"}

    def test_left_behind(self) -> None:
        (kept,) = rest_api.check(replace(self.gone, there=True), NOW)
        assert (kept.code, kept.level) == ("rest_api_kept", "note")
        assert 'Api = "http" in stages/prod.toml' in kept.mend


class TestAlarms:
    fine = alarms.Facts("prod", ("inbox",), (Alarm("inbox", "OK", switched_on=True),), confirmed=1, waiting=0)

    def test_quiet_and_heard(self) -> None:
        assert levels(alarms.check(self.fine, NOW)) == {"alarms": "ok"}
        new = replace(self.fine, alarms=(Alarm("inbox", "INSUFFICIENT_DATA", switched_on=True),))
        assert levels(alarms.check(new, NOW)) == {"alarms": "ok"}

    def test_another_stage_has_none_of_its_own(self) -> None:
        assert levels(alarms.check(replace(self.fine, stage="dev", expected=()), NOW)) == {"alarms_elsewhere": "note"}

    @pytest.mark.parametrize(
        ("change", "code", "level"),
        [
            ({"expected": ()}, "alarms_none", "problem"),
            ({"alarms": (Alarm("inbox", "ALARM", switched_on=True),)}, "alarm_ringing", "problem"),
            ({"alarms": (Alarm("inbox", "OK", switched_on=False),)}, "alarms_off", "warning"),
            ({"alarms": ()}, "alarms_missing", "problem"),
            ({"confirmed": 0, "waiting": 1}, "alarms_unconfirmed", "problem"),
            ({"confirmed": 0}, "alarms_unheard", "problem"),
        ],
    )
    def test_one_thing_wrong(self, change: dict[str, Any], code: str, level: str) -> None:
        assert levels(alarms.check(replace(self.fine, **change), NOW)) == {code: level}


class TestSchedules:
    one = Schedule("Sweep", 300, enabled=True, looked=1800, runs=6, errors=0, rule="spilno-prod-sweep")

    def check(self, deployed: int = NOW - 86_400, **changes: Any) -> dict[str, str]:
        return levels(schedules.check(schedules.Facts("prod", (replace(self.one, **changes),), deployed), NOW))

    def test_on_and_running(self) -> None:
        assert self.check() == {"schedules": "ok"}

    def test_one_switched_off_is_switched_on_by_name_as_no_deployment_does_it(self) -> None:
        assert self.check(enabled=False) == {"schedule_off": "problem"}
        (found,) = schedules.check(schedules.Facts("prod", (replace(self.one, enabled=False),), NOW), NOW)
        assert found.mend == "aws events enable-rule --name spilno-prod-sweep"

    def test_still_or_failing(self) -> None:
        assert self.check(runs=0) == {"schedule_still": "problem"}
        assert self.check(errors=6) == {"schedule_failing": "problem"}
        assert self.check(errors=1) == {"schedule_errors": "warning"}

    def test_one_that_was_just_deployed_had_no_time_to_run(self) -> None:
        assert self.check(runs=0, deployed=NOW - 600) == {"schedules": "ok"}

    def test_none(self) -> None:
        assert levels(schedules.check(schedules.Facts("prod", (), NOW), NOW)) == {"schedules_none": "problem"}


@pytest.mark.parametrize(
    ("kept", "found"),
    [
        ({"/spilno/prod/Sweep": 30}, {"logs": "ok"}),
        ({"/spilno/prod/Sweep": 30, "/aws/lambda/spilno-prod-Sweep": None}, {"logs_kept": "warning"}),
        ({"/spilno/prod/Sweep": 365}, {"logs_kept": "warning"}),
        ({}, {"logs_none": "warning"}),
    ],
)
def test_logs(kept: dict[str, int | None], found: dict[str, str]) -> None:
    assert levels(logs.check(logs.Facts("prod", kept, 30), NOW)) == found
