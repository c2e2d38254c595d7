"""Currencies wherever an amount is taken: whole krónur, dinars that end in 0, and capital letters."""

from typing import Any

import pytest
import stripe

from testkit.stand_in import StandIn
from tests.stand_in import gifts
from tests.stand_in.sessions import session_params

# Below its last two digits (one, in dinars) a currency has nothing to charge.
WRONG = [("isk", 55_050, "evenly divisible by 100"), ("ugx", 1_000_050, "evenly divisible by 100")] + [
    (currency, 5001, "evenly divisible by 10") for currency in ("bhd", "jod", "kwd", "omr", "tnd")
]


def _product(shared: StandIn) -> str:
    return shared.client.products.create({"name": "Gift"}).id


def _customer(shared: StandIn) -> str:
    return shared.client.customers.create({"email": "ada@example.org"}).id


def _calls(shared: StandIn, currency: str, amount: int) -> dict[str, Any]:
    """Every call that takes an amount by itself, by the parameter that it takes it in."""
    client: Any = shared.client
    money = {"currency": currency}
    data: Any = {**money, "product": _product(shared), "unit_amount": amount}
    customer = _customer(shared)
    return {
        "line_items[0][price_data][unit_amount]": lambda: client.checkout.sessions.create(
            session_params(amount=amount, currency=currency)
        ),
        "unit_amount": lambda: client.prices.create(data),
        "price_data[unit_amount]": lambda: client.invoice_items.create({"customer": customer, "price_data": data}),
        "amount": lambda: client.invoice_items.create({"customer": customer, "amount": amount, **money}),
        "amount ": lambda: client.customers.balance_transactions.create(customer, {"amount": amount, **money}),
        "amount_off": lambda: client.coupons.create({"amount_off": amount, **money}),
    }


@pytest.mark.parametrize(("currency", "amount", "words"), WRONG)
def test_a_part_that_a_currency_does_not_have_is_refused_everywhere(
    shared: StandIn, currency: str, amount: int, words: str
) -> None:
    for param, call in _calls(shared, currency, amount).items():
        with pytest.raises(stripe.InvalidRequestError, match=words) as refused:
            call()
        assert (refused.value.http_status, refused.value.param) == (400, param.strip())


@pytest.mark.parametrize(("currency", "amount", "wrong"), [("isk", 55_000, 55_050), ("kwd", 5010, 5005)])
def test_in_a_change_a_refund_and_a_dispute_too(shared: StandIn, currency: str, amount: int, wrong: int) -> None:
    paid = gifts.start(shared, amount, currency=currency)
    with pytest.raises(stripe.InvalidRequestError, match="evenly divisible") as refused:
        gifts.change(shared, paid["subscription"], wrong)
    assert refused.value.param == "items[0][price_data][unit_amount]"
    with pytest.raises(stripe.InvalidRequestError, match="evenly divisible"):
        shared.client.refunds.create({"payment_intent": paid["payment_intent"], "amount": 5})
    answer = shared.control(f"payments/{paid['payment_intent']}/dispute", 400, amount=5)
    assert "evenly divisible" in answer["error"]["message"]
    assert (
        "evenly divisible"
        in shared.control(f"customers/{paid['customer']}/credit", 400, amount=5)["error"]["message"]
    )


def test_capital_letters_are_taken_and_answered_small(shared: StandIn) -> None:
    session = shared.client.checkout.sessions.create(session_params("subscription", currency="EUR"))
    assert session.currency == "eur"
    paid = shared.pay(session.id)
    running = shared.client.subscriptions.retrieve(paid["subscription"])
    assert (running.currency, running["items"].data[0].price.currency) == ("eur", "eur")
    price = shared.client.prices.create({"currency": "Usd", "unit_amount": 500, "product": _product(shared)})
    assert price.currency == "usd"
    assert price.id in {one.id for one in shared.client.prices.list({"currency": "USD"}).data}
    assert shared.client.coupons.create({"amount_off": 100, "currency": "EUR"}).currency == "eur"
    moved: Any = {"amount": -100, "currency": "EUR"}
    assert shared.client.customers.balance_transactions.create(_customer(shared), moved).currency == "eur"


def test_capital_letters_in_metadata_stay(shared: StandIn) -> None:
    made = shared.client.customers.create({"metadata": {"currency": "EUR"}})
    assert made.metadata is not None
    assert made.metadata["currency"] == "EUR"
