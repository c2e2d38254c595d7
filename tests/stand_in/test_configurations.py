"""The account, its portal configurations and its payment methods; every answer is held against Stripe's own types."""

from typing import Any

import pytest
import stripe

from testkit.stand_in import StandIn
from tests.stand_in.sessions import session_params

FEATURES: Any = {
    "customer_update": {"enabled": False},
    "invoice_history": {"enabled": True},
    "payment_method_update": {"enabled": True},
    "subscription_cancel": {
        "enabled": True,
        "mode": "at_period_end",
        "cancellation_reason": {"enabled": True, "options": ["too_expensive", "other"]},
    },
    "subscription_pause": {
        "enabled": True,
        "duration": {"type": "interval_options", "interval_options": [{"interval": "month", "interval_count": 2}]},
    },
    "subscription_update": {"enabled": False},
}


def test_the_account_may_take_money(shared: StandIn) -> None:
    account = shared.client.accounts.retrieve_current()
    assert (account.id, account.charges_enabled, account.country) == ("acct_1SpilnoStandIn", True, "PL")


def test_a_portal_configuration_stands_beside_the_default(shared: StandIn) -> None:
    made = shared.client.billing_portal.configurations.create(
        {"features": FEATURES, "metadata": {"spilno": "demo"}, "default_return_url": "https://news.example/account"}
    )
    assert (made.is_default, made.active) == (False, True)
    assert made.features.subscription_cancel.cancellation_reason.options == ["too_expensive", "other"]
    found = shared.client.billing_portal.configurations.list({"is_default": True}).data
    assert [one.id for one in found] == ["bpc_1SpilnoStandIn"]
    customer = shared.client.customers.create({"email": "ada@example.org"})
    sessions = shared.client.billing_portal.sessions
    assert sessions.create({"customer": customer.id}).configuration == "bpc_1SpilnoStandIn"
    assert sessions.create({"customer": customer.id, "configuration": made.id}).configuration == made.id
    changed = shared.client.billing_portal.configurations.update(
        made.id, {"active": False, "features": {"invoice_history": {"enabled": False}}}
    )
    assert not changed.features.invoice_history.enabled
    assert changed.features.subscription_cancel.enabled, "what is not named stays"
    for wrong in (made.id, "bpc_nobody"):
        with pytest.raises(stripe.InvalidRequestError):
            sessions.create({"customer": customer.id, "configuration": wrong})


@pytest.mark.parametrize(
    "wrong",
    [
        {"default_return_url": "nowhere", "features": FEATURES},
        {"business_profile": {"headline": "x" * 61}, "features": FEATURES},
        {"business_profile": {"privacy_policy_url": "nowhere"}, "features": FEATURES},
        {"features": {"customer_update": {"enabled": True}}},
        {"features": {"subscription_cancel": {"enabled": True, "mode": "tomorrow"}}},
        {"features": {"colour": {"enabled": True}}},
        {},
    ],
)
def test_a_wrong_portal_configuration_is_refused(shared: StandIn, wrong: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        shared.client.billing_portal.configurations.create(wrong)


def test_payment_methods_are_preferred_and_available_when_the_account_may(shared: StandIn) -> None:
    on: Any = {"display_preference": {"preference": "on"}}
    configurations = shared.client.payment_method_configurations
    made = configurations.create({"name": "Spilno demo", "card": on, "klarna": on, "sepa_debit": on})
    assert made.card
    assert made.klarna
    assert made.sepa_debit
    assert (made.card.available, made.sepa_debit.available, made.klarna.available) == (True, True, False)
    changed = configurations.update(made.id, {"sepa_debit": {"display_preference": {"preference": "off"}}})
    assert changed.sepa_debit
    assert changed.sepa_debit.display_preference.value == "off"
    assert {one.is_default for one in configurations.list().data} == {True, False}
    session = shared.client.checkout.sessions.create(session_params(payment_method_configuration=made.id))
    assert session.payment_method_configuration_details
    assert session.payment_method_configuration_details.id == made.id
    with pytest.raises(stripe.InvalidRequestError):
        shared.client.checkout.sessions.create(session_params(payment_method_configuration="pmc_nobody"))
    configurations.update(made.id, {"active": False})
    with pytest.raises(stripe.InvalidRequestError):
        shared.client.checkout.sessions.create(session_params(payment_method_configuration=made.id))
