"""A gift's amount, quantity and items are changed: what is credited, charged now, or waits for the next invoice."""

from typing import Any

import pytest
import stripe

from testkit.stand_in import StandIn
from tests.stand_in.gifts import amounts, change, invoice, start, subscription, third


def test_a_raise_waits_for_the_next_invoice_by_default(fresh: StandIn) -> None:
    """The numbers that were recorded of Stripe: 10.00 to 20.00 with a third left is -3.34 and +6.66."""
    gift = start(fresh, 1000)["subscription"]
    fresh.receiver.events.clear()
    changed = change(fresh, gift, 2000, proration_date=third(fresh, gift))
    assert changed["items"]["data"][0]["price"]["unit_amount"] == 2000
    assert fresh.receiver.types() == ["invoiceitem.created", "invoiceitem.created", "customer.subscription.updated"]
    assert fresh.books()["eur"]["payments"] == 1
    fresh.advance(31)
    bill = invoice(fresh, gift)
    assert (bill["billing_reason"], amounts(bill)) == ("subscription_cycle", [-334, 666, 2000])
    assert (bill["subtotal"], bill["total"], bill["amount_paid"]) == (2332, 2332, 2332)
    credit, debit, month = bill["lines"]["data"]
    for line in (credit, debit):
        about = line["parent"]["subscription_item_details"]
        assert (about["proration"], about["subscription"], line["discountable"]) == (True, gift, False)
        assert about["invoice_item"].startswith("ii_")
        assert line["pricing"]["unit_amount_decimal"] is None
        assert line["period"]["end"] == month["period"]["start"]
    first = credit["parent"]["subscription_item_details"]["proration_details"]["credited_items"]
    assert first["invoice"] != bill["id"]
    assert fresh.client.prices.retrieve(debit["pricing"]["price_details"]["price"]).unit_amount == 2000
    assert fresh.client.prices.retrieve(credit["pricing"]["price_details"]["price"]).unit_amount == 1000
    assert month["pricing"]["unit_amount_decimal"] == 2000


def test_a_raise_can_be_invoiced_now(fresh: StandIn) -> None:
    gift = start(fresh, 1000)["subscription"]
    before = subscription(fresh, gift)["items"]["data"][0]
    fresh.receiver.events.clear()
    change(fresh, gift, 2000, proration_behavior="always_invoice", proration_date=third(fresh, gift))
    assert fresh.receiver.types()[:5] == [
        "invoiceitem.created",
        "invoiceitem.created",
        "customer.subscription.updated",
        "invoice.created",
        "invoice.finalized",
    ]
    bill = invoice(fresh, gift)
    assert (bill["billing_reason"], bill["status"], amounts(bill)) == ("subscription_update", "paid", [-334, 666])
    assert (bill["total"], bill["amount_paid"], bill["attempt_count"]) == (332, 332, 1)
    after = subscription(fresh, gift)["items"]["data"][0]
    assert after["current_period_end"] == before["current_period_end"]
    fresh.advance(31)
    assert amounts(invoice(fresh, gift)) == [2000]


def test_lowered_and_invoiced_now_is_a_credit_for_the_next_invoice(fresh: StandIn) -> None:
    paid = start(fresh, 2000)
    gift = paid["subscription"]
    change(fresh, gift, 1000, proration_behavior="always_invoice", proration_date=third(fresh, gift))
    bill = invoice(fresh, gift)
    assert (amounts(bill), bill["total"], bill["status"]) == ([-667, 333], -334, "paid")
    assert (bill["amount_due"], bill["amount_paid"], bill["attempted"], bill["attempt_count"]) == (0, 0, True, 0)
    assert (bill["starting_balance"], bill["ending_balance"]) == (0, -334)
    assert fresh.client.customers.retrieve(paid["customer"]).balance == -334
    assert fresh.receiver.of("customer.updated")["balance"] == -334
    fresh.advance(31)
    following = invoice(fresh, gift)
    assert (following["total"], following["amount_due"], following["amount_paid"]) == (1000, 666, 666)
    assert (following["starting_balance"], following["ending_balance"]) == (-334, 0)
    assert fresh.books()["eur"]["paid"] == 2666


def test_lowered_so_far_that_the_next_invoice_is_below_zero(fresh: StandIn) -> None:
    """20 to 5 at once: the next invoice is -15 and 5, paid with nothing; the rest is credit."""
    paid = start(fresh, 2000)
    gift = paid["subscription"]
    change(fresh, gift, 500, proration_date=subscription(fresh, gift)["items"]["data"][0]["current_period_start"])
    fresh.advance(31)
    bill = invoice(fresh, gift)
    assert (amounts(bill), bill["total"], bill["amount_paid"]) == ([-2000, 500, 500], -1000, 0)
    assert fresh.client.customers.retrieve(paid["customer"]).balance == -1000
    fresh.advance(31)
    assert (invoice(fresh, gift)["amount_paid"], invoice(fresh, gift)["ending_balance"]) == (0, -500)


def test_less_than_the_least_charge_is_owed_with_the_next(fresh: StandIn) -> None:
    gift = start(fresh, 1000)["subscription"]
    change(fresh, gift, 1050, proration_behavior="always_invoice", proration_date=third(fresh, gift))
    bill = invoice(fresh, gift)
    assert (bill["total"], bill["amount_due"], bill["status"], bill["ending_balance"]) == (16, 0, "paid", 16)
    fresh.advance(31)
    assert (invoice(fresh, gift)["starting_balance"], invoice(fresh, gift)["amount_paid"]) == (16, 1066)


def test_without_proration_only_the_next_period_costs_else(fresh: StandIn) -> None:
    gift = start(fresh, 1000)["subscription"]
    change(fresh, gift, 2000, proration_behavior="none")
    fresh.advance(31)
    assert amounts(invoice(fresh, gift)) == [2000]
    change(fresh, gift, 500, proration_behavior="always_invoice", proration_date=third(fresh, gift))
    assert amounts(invoice(fresh, gift)) == [-667, 166]


def test_a_credit_takes_back_what_was_billed_not_what_it_costs_now(fresh: StandIn) -> None:
    gift = start(fresh, 1000)["subscription"]
    change(fresh, gift, 3000, proration_behavior="none")
    change(fresh, gift, 2000, proration_behavior="always_invoice", proration_date=third(fresh, gift))
    assert amounts(invoice(fresh, gift)) == [-334, 666]


def test_two_raises_in_one_month_credit_the_first_ones_rest(fresh: StandIn) -> None:
    gift = start(fresh, 1200)["subscription"]
    begun = subscription(fresh, gift)["items"]["data"][0]["current_period_start"]
    change(fresh, gift, 2400, proration_date=begun)
    change(fresh, gift, 3600, proration_behavior="always_invoice", proration_date=begun)
    assert amounts(invoice(fresh, gift)) == [-2400, 3600, -1200, 2400]
    assert invoice(fresh, gift)["amount_paid"] == 2400


def test_quantity_counts(fresh: StandIn) -> None:
    gift = start(fresh, 500)["subscription"]
    item = subscription(fresh, gift)["items"]["data"][0]["id"]
    changes: Any = {"items": [{"id": item, "quantity": 3}], "proration_behavior": "none"}
    fresh.client.subscriptions.update(gift, changes)
    fresh.advance(31)
    line = invoice(fresh, gift)["lines"]["data"][0]
    assert (line["amount"], line["quantity"], line["pricing"]["unit_amount_decimal"]) == (1500, 3, 500)


def test_a_second_item_is_renewed_with_the_first(fresh: StandIn) -> None:
    gift = start(fresh, 500)["subscription"]
    product = fresh.client.products.create({"name": "Книжка"})
    price = fresh.client.prices.create(
        {"product": product.id, "currency": "eur", "unit_amount": 700, "recurring": {"interval": "month"}}
    )
    changed = fresh.client.subscriptions.update(gift, {"items": [{"price": price.id}], "proration_behavior": "none"})
    items = changed.to_dict()["items"]["data"]
    assert [one["price"]["unit_amount"] for one in items] == [500, 700]
    fresh.advance(31)
    assert amounts(invoice(fresh, gift)) == [700, 500]
    assert fresh.books()["eur"]["paid"] == 500 + 1200
    gone: Any = {"items": [{"id": items[0]["id"], "deleted": True}], "proration_behavior": "none"}
    fresh.client.subscriptions.update(gift, gone)
    fresh.advance(31)
    assert amounts(invoice(fresh, gift)) == [700]
    last: Any = {"items": [{"id": items[1]["id"], "deleted": True}]}
    with pytest.raises(stripe.InvalidRequestError, match="at least one"):
        fresh.client.subscriptions.update(gift, last)


def test_an_invoice_shows_ten_lines_and_lists_all(fresh: StandIn) -> None:
    gift = start(fresh, 1000)["subscription"]
    for number in range(6):
        change(fresh, gift, 1100 + number)
    fresh.advance(31)
    bill = invoice(fresh, gift)
    assert (len(bill["lines"]["data"]), bill["lines"]["has_more"]) == (10, True)
    lines = fresh.client.invoices.line_items.list(bill["id"], {"limit": 5})
    everything = list(lines.auto_paging_iter())
    assert len(everything) == 13
    assert sum(line.amount for line in everything) == bill["subtotal"]
    assert [line.id for line in everything][:10] == [line["id"] for line in bill["lines"]["data"]]
    back = fresh.client.invoices.line_items.list(bill["id"], {"limit": 2, "ending_before": everything[5].id})
    assert ([line.id for line in back.data], back.has_more) == ([everything[3].id, everything[4].id], True)
