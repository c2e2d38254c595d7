"""`ops setup` from nothing, again, interrupted, and as a dry run."""

import tomllib
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.newsroom.texts import read as read_newsroom
from chalicelib.rails.stripe.enabled_events import ENABLED_EVENTS
from ops.access_keys import complaints
from ops.setup.asking import Asker
from ops.setup.connections import Connections
from ops.setup.journal import Journal
from ops.setup.stripe_access import _check_account
from ops.stages import Stage
from testkit.stand_in import StandIn
from tests.ops.setup.conftest import KEY, Newcomer


def test_from_nothing_to_everything(newcomer: Newcomer) -> None:
    result = newcomer.run(answers=newcomer.answers)
    assert result.exit_code == 0, result.output
    assert result.output.rstrip().endswith(
        "Next: make package STAGE=dev && .venv/bin/python -m ops deploy --stage dev"
    )
    for record in (f"._domainkey.{newcomer.site}.example", "feedback-smtp.eu-central-1.amazonses.com", "v=DMARC1"):
        assert record in result.output
    stage = tomllib.loads(newcomer.stage_file.read_text())
    given = stage["parameters"]
    assert stage["bucket"] == f"spilno-dev-{stage['account']}-eu-central-1"
    assert (given["SiteId"], given["PublicUrl"]) == (newcomer.site, newcomer.url)
    assert (given["SiteOrigins"], given["MailIdentity"]) == (
        f"https://{newcomer.site}.example",
        f"{newcomer.site}.example",
    )
    room = read_newsroom((newcomer.directory / "newsroom.toml").read_bytes())
    assert (room.name["uk"], room.product_name["en"]) == ("Голос міста", "Support for Town Voice")
    assert list(room.currencies) == ["eur", "pln"]
    assert "Надріччя" not in (newcomer.directory / "newsroom.toml").read_text()


def test_every_secret_is_stored_and_none_is_shown(newcomer: Newcomer) -> None:
    result = newcomer.run(answers=newcomer.answers)
    found = newcomer.secrets
    assert set(found) == {
        "STRIPE_SECRET_KEY",
        "STRIPE_WEBHOOK_SECRET",
        "SPILNO_EMAIL_KEY",
        "SPILNO_PASS_KEYS",
        "SPILNO_SEAL_KEYS",
        "SPILNO_PROXY_SECRET",
    }
    assert found["STRIPE_SECRET_KEY"] == KEY
    again = newcomer.silent()
    for text in (result.output, again.output, newcomer.stage_file.read_text()):
        keys = [found[name].partition(":")[2] for name in ("SPILNO_PASS_KEYS", "SPILNO_SEAL_KEYS")]
        for value in (*found.values(), *keys, KEY[10:]):
            assert value not in text
    assert "KEEP A COPY OF SPILNO_EMAIL_KEY" in result.output
    assert "KEEP A COPY" not in again.output


def test_the_keys_that_open_articles_are_such_as_the_app_starts_with(settled: Newcomer) -> None:
    found = settled.secrets
    assert list(complaints(found, "dev")) == []
    assert found["SPILNO_PASS_KEYS"] != found["SPILNO_SEAL_KEYS"]


def test_a_stage_of_before_sealed_articles_gets_a_key_for_them_and_keeps_all_else(settled: Newcomer) -> None:
    before = settled.secrets
    settled.aws("ssm").delete_parameter(Name="/spilno/dev/SPILNO_SEAL_KEYS")
    assert "generate the key that articles are sealed with" in settled.silent().output
    after = settled.secrets
    assert after.pop("SPILNO_SEAL_KEYS") != before.pop("SPILNO_SEAL_KEYS")
    assert after == before


def test_what_stripe_has_afterwards(settled: Newcomer) -> None:
    (endpoint,) = settled.endpoints()
    assert endpoint["url"] == f"{settled.url}/v1/stripe/webhook"
    assert endpoint["api_version"] == "2026-10-28.endive"
    assert set(endpoint["enabled_events"]) == set(ENABLED_EVENTS)
    given = tomllib.loads(settled.stage_file.read_text())["parameters"]
    portal: Any = settled.stripe.client.billing_portal.configurations.retrieve(given["PortalConfiguration"])
    assert not portal.features.subscription_cancel.enabled
    assert not portal.features.subscription_pause.enabled
    assert not portal.features.customer_update.enabled
    assert portal.default_return_url == f"{settled.url}/account"
    assert portal.business_profile.headline == "Підтримка «Голос міста»"
    assert not portal.is_default
    methods: Any = settled.stripe.client.payment_method_configurations.retrieve(given["PaymentMethods"])
    assert methods.sepa_debit.display_preference.value == "on"
    assert methods.klarna.display_preference.value == "off"


def test_the_bucket_is_private_encrypted_and_versioned(settled: Newcomer) -> None:
    s3, name = settled.aws("s3"), tomllib.loads(settled.stage_file.read_text())["bucket"]
    assert all(s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"].values())
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
    assert s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
    assert "SecureTransport" in s3.get_bucket_policy(Bucket=name)["Policy"]


def test_a_second_run_writes_nothing(settled: Newcomer) -> None:
    before = settled.stage_file.read_bytes(), settled.secrets
    result = settled.silent()
    assert settled.watch.writes == []
    assert (settled.stage_file.read_bytes(), settled.secrets) == before
    assert "\nChanged:" not in result.output
    assert "  + " not in result.output
    # By hand, with Enter at every question, it is the same.
    again = settled.run(answers=[""] * 20)
    assert again.exit_code == 0, again.output
    assert settled.watch.writes == []


def test_a_dry_run_writes_nothing_and_says_everything(newcomer: Newcomer) -> None:
    result = newcomer.run("--dry-run", answers=newcomer.answers)
    assert result.exit_code == 0, result.output
    assert newcomer.watch.writes == []
    assert not newcomer.stage_file.exists()
    assert list(newcomer.directory.iterdir()) == []
    would = {line.strip() for line in result.output.splitlines() if line.startswith("  would ")}
    real = newcomer.run(answers=newcomer.answers)
    done = {line.strip() for line in real.output.splitlines() if line.startswith("  + ")}
    assert {line.removeprefix("would ") for line in would} == {line.removeprefix("+ ") for line in done}
    assert KEY not in result.output


def test_interrupted_after_each_change_and_taken_up_again(newcomer: Newcomer) -> None:
    """Ctrl-C when AWS or Stripe have done it and we have not heard: the next run goes on from there."""
    newcomer.watch.die_once_at_each = True
    result, runs = newcomer.run(answers=newcomer.answers), 1
    while result.exit_code and runs < 40:
        assert result.exit_code == 130, result.output
        assert "run the same command again" in result.output
        result = newcomer.run("--yes", STRIPE_SECRET_KEY=KEY)
        runs += 1
    assert result.exit_code == 0, result.output
    assert len(newcomer.watch.died_at) >= 12
    newcomer.watch.die_once_at_each = False
    newcomer.silent()
    assert newcomer.watch.writes == []
    enabled = [one for one in newcomer.endpoints() if one["status"] == "enabled"]
    assert len(enabled) == 1
    assert len(newcomer.secrets) == 6
    portals = [
        one.to_dict() for one in newcomer.stripe.client.billing_portal.configurations.list({"limit": 100}).data
    ]
    assert len([one for one in portals if one["metadata"].get("spilno") == newcomer.site]) == 1


@pytest.mark.parametrize(
    ("stage", "key", "word"),
    [
        ("dev", "sk_live_canary12345678", "live key"),
        ("dev", "rk_live_canary12345678", "live key"),
        ("prod", "sk_test_canary12345678", "test key"),
        ("dev", "pk_test_canary12345678", "no secret key"),
        ("dev", "canary12345678", "no secret key"),
        ("dev", "sk_test_spilno_local", "local stack"),
    ],
)
def test_a_key_of_the_wrong_kind_or_mode_is_refused_and_not_shown(
    newcomer: Newcomer, stage: str, key: str, word: str
) -> None:
    answers = newcomer.answers_of_prod if stage == "prod" else newcomer.answers
    result = newcomer.run("--stage", stage, answers=answers[:-3], STRIPE_SECRET_KEY=key)
    assert result.exit_code == 2, result.output
    assert word in result.output
    assert "canary" not in result.output
    assert not [write for write in newcomer.watch.writes if write.startswith("POST")]
    store = newcomer.aws("ssm").get_parameters(Names=[f"/spilno/{stage}/STRIPE_SECRET_KEY"])["Parameters"]
    assert store == []


def test_only_the_stage_that_has_alarms_asks_who_gets_them(newcomer: Newcomer) -> None:
    of_dev = newcomer.run("--dry-run", answers=newcomer.answers).output
    of_prod = newcomer.run("--stage", "prod", "--dry-run", answers=newcomer.answers_of_prod[:-3]).output
    assert ("Alarms go to" in of_dev, "Alarms go to" in of_prod) == (False, True)
    assert f"desk@{newcomer.site}.example" in of_prod


def test_a_wrong_key_typed_is_asked_again(newcomer: Newcomer) -> None:
    answers = [*newcomer.answers[:-3], "sk_live_canary12345678", *newcomer.answers[-3:]]
    result = newcomer.run(answers=answers)
    assert result.exit_code == 0, result.output
    assert "live key" in result.output
    assert newcomer.secrets["STRIPE_SECRET_KEY"] == KEY


def test_without_a_stripe_key_the_rest_is_done(newcomer: Newcomer) -> None:
    result = newcomer.run(answers=[*newcomer.answers[:-3], ""])
    assert result.exit_code == 0, result.output
    assert "There is no Stripe key yet" in result.output
    assert "STRIPE_SECRET_KEY" not in newcomer.secrets
    assert newcomer.endpoints() == []


def test_a_key_that_stripe_does_not_know_is_told_and_not_stored(newcomer: Newcomer) -> None:
    result = newcomer.run(answers=[*newcomer.answers[:-3], "rk_test_nobodyKnowsThisKey"])
    assert result.exit_code == 0, result.output
    assert "Stripe does not know this key" in result.output
    assert "STRIPE_SECRET_KEY" not in newcomer.secrets


def test_wrong_answers_are_asked_again_with_a_sentence(newcomer: Newcomer) -> None:
    answers = newcomer.answers
    answers[0:1] = ["Frankfurt", "eu-central-1"]
    at = answers.index(newcomer.site)
    answers[at : at + 2] = ["demo", "a b", newcomer.site, "http://x.example", "nowhere", newcomer.url]
    result = newcomer.run(answers=answers)
    assert result.exit_code == 0, result.output
    for word in ("eu-central-1.", "not 'demo'", "https://", "SPILNO_PUBLIC_URL is 'nowhere'"):
        assert word in result.output


def test_the_end_of_the_input_is_no_stack_trace(newcomer: Newcomer) -> None:
    result = newcomer.run(answers=newcomer.answers[:9])
    assert result.exit_code == 130
    assert "What was done stays done" in result.output
    assert "Traceback" not in result.output


def test_a_permission_that_is_missing_stops_nothing_else(newcomer: Newcomer, stand_in: StandIn) -> None:
    stand_in.control("faults", path="/v1/billing_portal/configurations", status=403, times=1)
    stand_in.control("faults", path="/v1/account", status=403, times=1)
    stand_in.control("faults", path="/v1/disputes", status=403, times=1)
    result = newcomer.run(answers=newcomer.answers)
    assert result.exit_code == 0, result.output
    assert "The portal: the key lacks a permission" in result.output
    assert "disputes: the key lacks a permission" in result.output
    assert "PaymentMethods" in newcomer.stage_file.read_text()
    assert "PortalConfiguration" not in newcomer.stage_file.read_text()
    newcomer.silent()
    assert newcomer.watch.writes == ["POST /billing_portal/configurations"]


def test_a_distribution_needs_the_public_address_below_its_own_domain(newcomer: Newcomer) -> None:
    answers = newcomer.answers
    at = answers.index("n")
    site = f"{newcomer.site}.example"
    certificate = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b"
    answers[at : at + 1] = ["y", "other.example", site, site, "not a name", "origin.example", "mine", certificate]
    answers[answers.index("n") + 1 : answers.index("n") + 1] = ["y"]
    result = newcomer.run("--dry-run", answers=answers)
    assert result.exit_code == 0, result.output
    assert "Put AWS's firewall before the API?" in result.output
    for word in ("would ask itself for ever", "as in origin.news.example", "as in arn:aws:acm:"):
        assert word in result.output
    assert "it has to be https://other.example/<one word> then" in result.output


def test_a_firewall_is_offered_where_nothing_else_counts_by_address(newcomer: Newcomer) -> None:
    answers, certificate = newcomer.answers, "arn:aws:acm:eu-central-1:111122223333:certificate/0a1b"
    own_domain = [*answers[:11], "n", "y", f"support.{newcomer.site}.example", certificate, "y", *answers[13:]]
    result = newcomer.run(answers=own_domain)
    assert result.exit_code == 0, result.output
    assert tomllib.loads(newcomer.stage_file.read_text())["parameters"]["Firewall"] == "on"
    assert "firewall" not in newcomer.silent().output, "Asked once; what was chosen stays."
    assert tomllib.loads(newcomer.stage_file.read_text())["parameters"]["Firewall"] == "on"


def test_a_firewall_is_not_spoken_of_where_a_server_of_ones_own_counts(newcomer: Newcomer) -> None:
    result = newcomer.run(answers=newcomer.answers)
    assert "firewall" not in result.output
    assert "Firewall" not in tomllib.loads(newcomer.stage_file.read_text())["parameters"]


def test_an_account_that_may_not_take_money_is_told(newcomer: Newcomer) -> None:
    """Played by a double: the stand-in's account is always in order."""
    connections = Connections(Journal(), Asker(), newcomer.outside, Stage("dev", "eu-central-1", "s", "b"))
    for account, word in (
        ({"id": "acct_1", "charges_enabled": False, "requirements": {"currently_due": ["tos"]}}, "waits for: tos"),
        ({"id": "acct_1", "charges_enabled": True, "capabilities": {"card_payments": "pending"}}, "cards (pending)"),
    ):
        answer = SimpleNamespace(to_dict=lambda account=account: account)
        connections.stripe = SimpleNamespace(accounts=SimpleNamespace(retrieve_current=lambda answer=answer: answer))
        _check_account(connections)
        assert word in connections.journal.remaining[-1]


def test_a_long_name_is_cut_where_stripe_would_refuse_it(newcomer: Newcomer) -> None:
    long = "Голос міста над річкою, що тече з гір до самого моря, і всіх його сіл"
    answers = [long if answer == "Голос міста" else answer for answer in newcomer.answers]
    result = newcomer.run(answers=answers)
    assert result.exit_code == 0, result.output
    given = tomllib.loads(newcomer.stage_file.read_text())["parameters"]
    portal: Any = newcomer.stripe.client.billing_portal.configurations.retrieve(given["PortalConfiguration"])
    assert portal.business_profile.headline == f"Підтримка «{long}»"[:60]
