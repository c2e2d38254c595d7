"""The card of a recurring gift: read at Stripe at every booking, kept in the state, gone with the gift."""

from dataclasses import replace
from typing import Any

from chalicelib.rails.stripe.events.billing_shapes import Subscription
from chalicelib.rails.stripe.events.subscriptions import subscription_facts
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rows.codec import read_state, write_state
from chalicelib.supporters.rules.card import Card
from localdev.stripe.account import Account
from testkit.harness import Harness
from testkit.reconciling import reconciles
from testkit.webhooks import Json

VISA = Card("visa", "4242", 12, 2034)


def gives_monthly(harness: Harness) -> str:
    """Ada gives monthly; the subscription's id."""
    harness.tell(harness.gives(500, "month"))
    return str(harness.stripe.of("subscription")[-1]["id"])


def changes(harness: Harness, subscription: str, **fields: Any) -> list[Json]:
    """The subscription is changed at Stripe."""

    def work(account: Account) -> None:
        account.update("customer.subscription.updated", account.get("subscription", subscription), **fields)

    return harness.stripe.happens(work)


def card(harness: Harness) -> Card | None:
    return harness.state().standing.recurring[0].card


def test_the_card_that_paid_first_is_kept_with_the_gift(harness: Harness) -> None:
    gives_monthly(harness)
    assert card(harness) == VISA
    assert VISA.expires == "2034-12"


def test_without_a_method_of_its_own_the_customers_is_charged(harness: Harness) -> None:
    subscription = gives_monthly(harness)
    method = harness.stripe.of("payment_method")[-1]

    def work(account: Account) -> None:
        customer = account.get("customer", method["customer"])
        account.put(
            customer | {"invoice_settings": customer["invoice_settings"] | {"default_payment_method": method["id"]}}
        )
        other = method["card"] | {"brand": "mastercard", "last4": "4444"}
        account.put(method | {"card": other})

    harness.stripe.happens(work)
    harness.tell(changes(harness, subscription, default_payment_method=None))
    assert card(harness) == replace(VISA, brand="mastercard", last4="4444")


def test_where_nothing_can_be_charged_there_is_no_card(harness: Harness) -> None:
    subscription = gives_monthly(harness)
    harness.tell(changes(harness, subscription, default_payment_method=None))
    assert card(harness) is None


def test_an_older_source_stands_before_the_customers_method(harness: Harness) -> None:
    """Stripe charges it; what it is we do not read, and say nothing rather than another card."""
    subscription = gives_monthly(harness)
    harness.tell(changes(harness, subscription, default_payment_method=None, default_source="src_1"))
    assert card(harness) is None


def test_a_gift_that_ended_keeps_no_card(harness: Harness) -> None:
    subscription = gives_monthly(harness)
    harness.tell(harness.stripe.end(subscription))
    assert card(harness) is None


def test_a_mandate_is_no_card(harness: Harness) -> None:
    subscription = gives_monthly(harness)
    method = harness.stripe.of("payment_method")[-1]
    debit = {key: value for key, value in method.items() if key != "card"}
    debit |= {"type": "sepa_debit", "sepa_debit": {"last4": "3000"}}
    facts = subscription_facts(
        Subscription.model_validate({**harness.stripe.subscription(subscription), "default_payment_method": debit})
    )
    assert (facts.card, facts.card_known) == (None, True)


def test_an_answer_that_could_not_be_expanded_leaves_the_known_card(harness: Harness) -> None:
    """A key without the right to read payment methods: gifts are booked all the same."""
    subscription = gives_monthly(harness)
    bare = harness.stripe.of("subscription")[-1]
    harness.stripe.on_answer = lambda name, answer: bare if name == "subscription" else answer
    harness.tell(changes(harness, subscription, description="changed"))
    assert card(harness) == VISA
    harness.tell(harness.stripe.renew(subscription))
    assert card(harness) == VISA


def test_a_row_of_before_has_no_card_and_the_daily_look_fills_it_in(harness: Harness) -> None:
    gives_monthly(harness)
    state = harness.state()
    (gift,) = state.standing.recurring
    before = replace(state, standing=replace(state.standing, recurring=(replace(gift, card=None),)))
    row = write_state(before)
    assert "card" not in row["recurring"][gift.id], "as rows of before are"
    assert read_state(state.id, row).standing == before.standing
    harness.table.transact([supporters.save_state(before)])
    assert card(harness) is None
    reconciles(harness, ["money"])
    assert card(harness) == VISA


def test_a_card_is_read_back_as_it_was_written(harness: Harness) -> None:
    gives_monthly(harness)
    state = harness.state()
    assert read_state(state.id, write_state(state)).standing == state.standing
