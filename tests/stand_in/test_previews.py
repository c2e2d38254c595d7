"""What the next invoice would be, now or after a change, is the invoice that then comes; and nothing has happened."""

from typing import Any

import pytest
import stripe

from testkit.stand_in import Json, StandIn
from tests.stand_in.gifts import amounts, change, invoice, price_data, start, subscription, third


def preview(stand_in: StandIn, gift: str, amount: int | None = None, /, **details: Any) -> Json:
    """The preview, of another amount if one is given."""
    params: Any = {"subscription": gift}
    if amount is not None:
        rhythm = {name: details.pop(name) for name in ("interval", "count") if name in details}
        item = subscription(stand_in, gift)["items"]["data"][0]["id"]
        details["items"] = [{"id": item, "price_data": price_data(stand_in, gift, amount, **rhythm)}]
    if details:
        params["subscription_details"] = details
    found: Json = stand_in.client.invoices.create_preview(params).to_dict()
    return found


def everything(stand_in: StandIn) -> list[str]:
    """What stands at Stripe, as far as a preview might have left something."""
    lists: list[Any] = [stand_in.client.prices, stand_in.client.invoices, stand_in.client.invoice_items]
    return [one.id for service in lists for one in service.list({"limit": 100}).data]


def test_the_next_invoice_is_shown_and_nothing_has_happened(fresh: StandIn) -> None:
    gift = start(fresh, 1000)["subscription"]
    fresh.receiver.events.clear()
    before, known = subscription(fresh, gift), everything(fresh)
    shown = preview(fresh, gift)
    assert shown["id"].startswith("upcoming_in_")
    assert (shown["billing_reason"], shown["status"], shown["amount_due"]) == ("upcoming", "draft", 1000)
    assert shown["created"] == before["items"]["data"][0]["current_period_end"]
    preview(fresh, gift, 5000, proration_behavior="always_invoice")
    assert (subscription(fresh, gift), everything(fresh)) == (before, known)
    assert fresh.receiver.types() == []


@pytest.mark.parametrize("proration", ["none", "create_prorations", "always_invoice"])
@pytest.mark.parametrize("amount", [500, 3000])
def test_what_was_shown_is_what_then_comes(fresh: StandIn, proration: str, amount: int) -> None:
    gift = start(fresh, 1000)["subscription"]
    at: Any = {} if proration == "none" else {"proration_date": third(fresh, gift)}
    shown = preview(fresh, gift, amount, proration_behavior=proration, **at)
    change(fresh, gift, amount, proration_behavior=proration, **at)
    if proration != "always_invoice":
        fresh.advance(31)
    came = invoice(fresh, gift)
    assert amounts(came) == amounts(shown)
    assert (came["total"], came["amount_due"]) == (shown["total"], shown["amount_due"])


def test_yearly_from_the_end_of_the_month_is_shown_as_the_trial_that_it_is(fresh: StandIn) -> None:
    gift = start(fresh, 1000)["subscription"]
    end = subscription(fresh, gift)["items"]["data"][0]["current_period_end"]
    shown = preview(fresh, gift, 10_000, interval="year", trial_end=end, proration_behavior="none")
    assert (shown["amount_due"], shown["lines"]["data"][0]["period"]["end"]) == (0, end)
    changed = change(fresh, gift, 10_000, interval="year", trial_end=end, proration_behavior="none")
    assert (changed["status"], changed["trial_end"]) == ("trialing", end)
    assert invoice(fresh, gift)["total"] == 0
    shown = preview(fresh, gift)
    assert (shown["amount_due"], shown["created"]) == (10_000, end)
    fresh.advance(31)
    assert invoice(fresh, gift)["amount_paid"] == 10_000
    assert subscription(fresh, gift)["status"] == "active"


def test_credit_is_taken_along(fresh: StandIn) -> None:
    gift = start(fresh, 1000)
    fresh.client.customers.balance_transactions.create(gift["customer"], {"amount": -300, "currency": "eur"})
    shown = preview(fresh, gift["subscription"])
    assert (shown["total"], shown["amount_due"], shown["starting_balance"]) == (1000, 700, -300)
    fresh.advance(31)
    assert invoice(fresh, gift["subscription"])["amount_paid"] == 700


def test_no_invoice_comes_after_the_end(fresh: StandIn) -> None:
    gift = start(fresh, 1000)["subscription"]
    fresh.client.subscriptions.update(gift, {"cancel_at_period_end": True})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        preview(fresh, gift)
    assert (refused.value.http_status, refused.value.code) == (404, "invoice_upcoming_none")


def test_a_moment_without_proration_is_refused(fresh: StandIn) -> None:
    gift = start(fresh, 1000)["subscription"]
    with pytest.raises(stripe.InvalidRequestError, match="proration_date"):
        preview(fresh, gift, 2000, proration_behavior="none", proration_date=third(fresh, gift))


def test_what_a_change_is_refused_for_its_preview_is_too(fresh: StandIn) -> None:
    gift = start(fresh, 1000)["subscription"]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        preview(fresh, gift, 2000, proration_behavior="create_prorations", proration_date=1)
    assert refused.value.param == "proration_date"
