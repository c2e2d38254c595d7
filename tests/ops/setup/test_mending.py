"""`ops setup` where something is there already: mended, left alone, or told to a person."""

import tomllib
from typing import Any

import pytest

from chalicelib.rails.stripe.enabled_events import ENABLED_EVENTS
from chalicelib.rails.stripe.signature import secrets_of
from chalicelib.rails.stripe.understand import HANDLED
from tests.ops.setup.conftest import KEY, Newcomer

OLD = "2025-02-24.acacia"


def _older(newcomer: Newcomer) -> Any:
    """An endpoint of ours from before, in another version; with its secret in the store, as setup then put it."""
    params: Any = {
        "url": f"{newcomer.url}/v1/stripe/webhook",
        "enabled_events": ["charge.succeeded"],
        "api_version": OLD,
        "metadata": {"spilno": newcomer.site},
    }
    made = newcomer.stripe.client.webhook_endpoints.create(params)
    newcomer.aws("ssm").put_parameter(
        Name="/spilno/dev/STRIPE_WEBHOOK_SECRET", Value=str(made.secret), Type="SecureString", Description=made.id
    )
    return made


def test_an_endpoint_of_another_version_gets_a_successor_and_both_secrets_are_known(newcomer: Newcomer) -> None:
    old = _older(newcomer)
    result = newcomer.run(answers=[*newcomer.answers[:-2], "y", *newcomer.answers[-2:]])
    assert result.exit_code == 0, result.output
    new, before = newcomer.endpoints()
    assert (new["api_version"], new["status"]) == ("2026-10-28.endive", "enabled")
    assert (before["id"], before["api_version"], before["status"]) == (old.id, OLD, "disabled")
    kept = secrets_of(newcomer.secrets["STRIPE_WEBHOOK_SECRET"])
    assert len(kept) == 2
    assert kept[1] == str(old.secret)
    newcomer.silent()
    assert newcomer.watch.writes == []


def test_a_disabled_or_drifted_endpoint_is_mended_in_place(settled: Newcomer) -> None:
    (endpoint,) = settled.endpoints()
    secret = settled.secrets["STRIPE_WEBHOOK_SECRET"]
    wrong: Any = {
        "url": "https://elsewhere.example/hook",
        "enabled_events": ["charge.succeeded", "product.created"],
        "disabled": True,
    }
    settled.stripe.client.webhook_endpoints.update(endpoint["id"], wrong)
    result = settled.silent()
    (repaired,) = settled.endpoints()
    assert repaired["id"] == endpoint["id"]
    assert (repaired["url"], repaired["status"]) == (endpoint["url"], "enabled")
    assert set(repaired["enabled_events"]) == set(ENABLED_EVENTS)
    assert "drop charge.succeeded, product.created" in result.output
    assert "enable it again" in result.output
    assert settled.secrets["STRIPE_WEBHOOK_SECRET"] == secret
    assert settled.watch.writes == [f"POST /webhook_endpoints/{endpoint['id']}"]


def test_an_endpoint_of_every_type_is_cut_to_those_that_are_asked_for(settled: Newcomer) -> None:
    """As an earlier release made it: another type tells the same, and each event costs."""
    (endpoint,) = settled.endpoints()
    every: Any = {"enabled_events": sorted(HANDLED)}
    settled.stripe.client.webhook_endpoints.update(endpoint["id"], every)
    result = settled.silent()
    (mended,) = settled.endpoints()
    assert set(mended["enabled_events"]) == set(ENABLED_EVENTS)
    assert "drop charge.dispute.updated, charge.refund.updated" in result.output
    assert settled.watch.writes == [f"POST /webhook_endpoints/{endpoint['id']}"]


def test_a_new_public_address_moves_the_endpoint(settled: Newcomer) -> None:
    text = settled.stage_file.read_text().replace(settled.url, f"{settled.url}2")
    settled.stage_file.write_text(text)
    settled.silent()
    (endpoint,) = settled.endpoints()
    assert endpoint["url"] == f"{settled.url}2/v1/stripe/webhook"


def test_endpoints_of_others_are_left_alone(settled: Newcomer) -> None:
    params: Any = {"url": "https://shop.example/hook", "enabled_events": ["*"]}
    other = settled.stripe.client.webhook_endpoints.create(params)
    settled.silent()
    assert settled.watch.writes == []
    assert settled.stripe.client.webhook_endpoints.retrieve(other.id).status == "enabled"
    settled.stripe.client.webhook_endpoints.delete(other.id)


def test_a_lost_secret_is_pasted_from_the_dashboard(settled: Newcomer) -> None:
    (endpoint,) = settled.endpoints()
    settled.aws("ssm").delete_parameter(Name="/spilno/dev/STRIPE_WEBHOOK_SECRET")
    before = [""] * 6  # the stage's questions and the key, as they are
    result = settled.run(answers=[*before, "not one", "whsec_canaryPasted", "", ""])
    assert result.exit_code == 0, result.output
    assert "shows a secret only once" in result.output
    assert settled.secrets["STRIPE_WEBHOOK_SECRET"] == "whsec_canaryPasted"
    assert "canary" not in result.output
    assert [one["id"] for one in settled.endpoints()] == [endpoint["id"]]
    settled.silent()
    assert settled.watch.writes == []


def test_a_secret_that_nobody_has_gets_a_new_endpoint(settled: Newcomer) -> None:
    (lost,) = settled.endpoints()
    settled.aws("ssm").delete_parameter(Name="/spilno/dev/STRIPE_WEBHOOK_SECRET")
    settled.silent()
    new, before = settled.endpoints()
    assert (before["id"], before["status"], new["status"]) == (lost["id"], "disabled", "enabled")
    assert settled.secrets["STRIPE_WEBHOOK_SECRET"].startswith("whsec_")


def test_a_secret_that_was_rolled_by_hand_is_taken_as_it_is(settled: Newcomer) -> None:
    """As docs/keys.md tells it, with a parameter that then describes nothing."""
    rolled = f"whsec_rolledByHand,{settled.secrets['STRIPE_WEBHOOK_SECRET']}"
    settled.aws("ssm").delete_parameter(Name="/spilno/dev/STRIPE_WEBHOOK_SECRET")
    settled.aws("ssm").put_parameter(Name="/spilno/dev/STRIPE_WEBHOOK_SECRET", Value=rolled, Type="SecureString")
    settled.silent()
    assert settled.watch.writes == []
    assert settled.secrets["STRIPE_WEBHOOK_SECRET"] == rolled


def test_the_key_of_addresses_is_never_replaced(settled: Newcomer) -> None:
    """Not by a new run, and not where the table is in use and the key has gone."""
    before = settled.secrets["SPILNO_EMAIL_KEY"]
    settled.silent()
    assert settled.secrets["SPILNO_EMAIL_KEY"] == before
    settled.aws("ssm").delete_parameter(Name="/spilno/dev/SPILNO_EMAIL_KEY")
    settled.aws("dynamodb").create_table(
        TableName="spilno-dev",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    result = settled.silent()
    assert "SPILNO_EMAIL_KEY is missing, and the table is in use" in result.output
    assert "SPILNO_EMAIL_KEY" not in settled.secrets
    again = settled.run(answers=[*[""] * 5, before, *[""] * 5])
    assert again.exit_code == 0, again.output
    assert before not in again.output
    assert settled.secrets["SPILNO_EMAIL_KEY"] == before


def test_a_new_stripe_key_replaces_the_old_one(settled: Newcomer) -> None:
    other = "sk_test_spilno_local"
    assert settled.run("--yes", STRIPE_SECRET_KEY=other).exit_code == 2
    assert settled.secrets["STRIPE_SECRET_KEY"] == KEY
    settled.aws("ssm").put_parameter(
        Name="/spilno/dev/STRIPE_SECRET_KEY", Value="rk_test_anOlderOne", Type="SecureString", Overwrite=True
    )
    settled.run("--yes", STRIPE_SECRET_KEY=KEY)
    assert settled.secrets["STRIPE_SECRET_KEY"] == KEY
    assert settled.watch.writes == ["ssm PutParameter"]


def test_a_setup_key_is_used_and_stored_nowhere(settled: Newcomer) -> None:
    result = settled.run("--yes", STRIPE_SETUP_KEY="rk_test_canaryUnknownSetupKey")
    assert result.exit_code == 1, "the stand-in knows one key, so this one is refused where it is used"
    assert "Stripe does not know this key" in result.output
    assert "canary" not in result.output
    assert "canaryUnknownSetupKey" not in str(settled.secrets)


def test_the_portal_is_mended_where_the_app_relies_on_it_and_else_left_to_its_owner(settled: Newcomer) -> None:
    given = tomllib.loads(settled.stage_file.read_text())["parameters"]
    theirs: Any = {
        "business_profile": {"headline": "Our own words"},
        "features": {
            "subscription_pause": {"enabled": True},
            "customer_update": {"enabled": True, "allowed_updates": ["email"]},
            "subscription_cancel": {"enabled": True, "mode": "immediately"},
        },
    }
    settled.stripe.client.billing_portal.configurations.update(given["PortalConfiguration"], theirs)
    settled.silent()
    portal: Any = settled.stripe.client.billing_portal.configurations.retrieve(given["PortalConfiguration"])
    assert not portal.features.customer_update.enabled
    assert not portal.features.subscription_cancel.enabled
    assert not portal.features.subscription_pause.enabled
    assert portal.business_profile.headline == "Our own words"
    assert settled.watch.writes == [f"POST /billing_portal/configurations/{portal.id}"]


def test_of_the_payment_methods_only_credit_is_turned_off_again(settled: Newcomer) -> None:
    given = tomllib.loads(settled.stage_file.read_text())["parameters"]
    configurations = settled.stripe.client.payment_method_configurations
    theirs: Any = {
        name: {"display_preference": {"preference": on}} for name, on in (("klarna", "on"), ("p24", "off"))
    }
    configurations.update(given["PaymentMethods"], theirs)
    result = settled.silent()
    found: Any = configurations.retrieve(given["PaymentMethods"])
    assert found.klarna.display_preference.value == "off"
    assert found.p24.display_preference.value == "off"
    assert "klarna off" in result.output


def test_configurations_are_found_again_when_the_stage_file_was_lost(settled: Newcomer) -> None:
    before = tomllib.loads(settled.stage_file.read_text())["parameters"]
    text = settled.stage_file.read_text().splitlines(keepends=True)
    settled.stage_file.write_text("".join(line for line in text if not line.startswith("P") or "PublicUrl" in line))
    settled.silent()
    assert tomllib.loads(settled.stage_file.read_text())["parameters"] == before
    assert settled.watch.writes == []


def test_the_bucket_is_mended(settled: Newcomer) -> None:
    s3, name = settled.aws("s3"), tomllib.loads(settled.stage_file.read_text())["bucket"]
    s3.delete_public_access_block(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Suspended"})
    settled.silent()
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
    assert settled.watch.writes == ["s3 PutPublicAccessBlock", "s3 PutBucketVersioning"]


def test_an_address_as_sender_the_sandbox_and_a_sender_outside_the_identity(newcomer: Newcomer) -> None:
    newcomer.aws("sesv2").put_account_details(
        MailType="TRANSACTIONAL",
        WebsiteURL="https://x.example",
        UseCaseDescription="receipts",
        ProductionAccessEnabled=False,
    )
    answers = newcomer.answers
    answers[answers.index(newcomer.url) + 2] = f"other@{newcomer.site}.example"
    result = newcomer.run(answers=answers)
    assert result.exit_code == 0, result.output
    assert "SES is in its sandbox" in result.output
    assert "does not cover" in result.output


@pytest.mark.parametrize("words", ["languages = []", 'languages = ["uk"'])
def test_a_newsrooms_file_with_a_mistake_is_told_and_left_as_it_is(newcomer: Newcomer, words: str) -> None:
    path = newcomer.directory / "newsroom.toml"
    path.write_text(words)
    result = newcomer.run(answers=["eu-central-1"])
    assert result.exit_code == 1
    assert "newsroom.toml" in result.output
    assert path.read_text() == words
    assert newcomer.watch.writes == []


def test_another_account_than_the_stages_is_refused(settled: Newcomer) -> None:
    text = settled.stage_file.read_text().replace('account = "', 'account = "9')
    settled.stage_file.write_text(text)
    result = settled.run("--yes")
    assert result.exit_code == 1
    assert "belongs to 9" in result.output
    assert settled.watch.writes == []


def test_the_product_is_made_once_found_again_and_made_active_again(settled: Newcomer) -> None:
    given = tomllib.loads(settled.stage_file.read_text())["parameters"]
    products: Any = settled.stripe.client.products
    made = products.retrieve(given["Product"])
    assert (made.active, made.metadata["spilno"]) == (True, given["SiteId"])
    assert made.name == "Підтримка «Голос міста» · Support for Town Voice"
    settled.silent()
    assert settled.watch.writes == []
    products.update(made.id, {"active": False})
    assert "active again" in settled.silent().output
    assert products.retrieve(made.id).active
    assert (
        len(
            [
                one
                for one in products.list({"active": True}).data
                if one.metadata.to_dict().get("spilno") == given["SiteId"]
            ]
        )
        == 1
    )


def test_a_product_that_stripe_does_not_know_any_more_is_made_anew(settled: Newcomer) -> None:
    text = settled.stage_file.read_text()
    given = tomllib.loads(text)["parameters"]
    settled.stripe.client.products.update(given["Product"], {"metadata": {"spilno": ""}})
    settled.stage_file.write_text(text.replace(given["Product"], "prod_gone"))
    settled.silent()
    again = tomllib.loads(settled.stage_file.read_text())["parameters"]["Product"]
    assert again not in (given["Product"], "prod_gone")
