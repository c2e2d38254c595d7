"""A new card for a recurring gift: straight to Stripe's page, then charged; what is overdue is tried again."""

from typing import Any

import pytest

from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.access import RecurringGift
from localdev.stripe import cards
from localdev.stripe.account import Account
from testkit.calls import API
from testkit.harness import ADA, BEN, EMAIL_KEY, Harness
from testkit.visitor import Visitor
from testkit.webhooks import Json, one

FLOW = {
    "type": "payment_method_update",
    "after_completion": {"type": "redirect", "redirect": {"return_url": f"{API}/account?card=new"}},
}


def gives_monthly(harness: Harness, email: str = ADA) -> Json:
    """A monthly gift; the subscription."""
    harness.tell(harness.gives(500, "month", email))
    return harness.stripe.of("subscription")[-1]


def signed_in(harness: Harness, email: str = ADA) -> Visitor:
    visitor = Visitor()
    harness.sign_in(visitor, email)
    return visitor


def asks(visitor: Visitor, subscription: Json, **more: Any) -> Any:
    return visitor.post(f"/v1/me/recurring/{subscription['id']}/card", more)


def charged(harness: Harness, subscription: Json) -> str:
    """The last digits of what Stripe charges."""
    account = harness.stripe.account
    method = cards.charged(account, account.get("subscription", subscription["id"]))
    assert method
    return str(account.get("payment_method", method)["card"]["last4"])


def gifts(harness: Harness, email: str = ADA) -> dict[str, RecurringGift]:
    return {gift.id: gift for gift in harness.state(email).standing.recurring}


def is_past_due(harness: Harness, subscription: Json) -> None:
    """The next payment fails."""
    harness.tell(harness.stripe.renew(subscription["id"], fails=True))
    harness.pass_time(max(0, harness.stripe.account.seconds - harness.clock.business))
    assert gifts(harness)[subscription["id"]].status == "past_due"


def two_on_one_customer(harness: Harness) -> tuple[Json, Json]:
    """Two monthly gifts of one customer, each with the card that it was begun with."""
    first = gives_monthly(harness)

    def work(account: Account) -> None:
        customer = account.get("customer", first["customer"])
        own = cards.add(account, customer, last4="5556")
        again = account.get("subscription", first["id"]) | {"id": "sub_second", "default_payment_method": own["id"]}
        account.put(again)
        account.emit("customer.subscription.created", again)

    harness.tell(harness.stripe.happens(work))
    return first, harness.stripe.account.get("subscription", "sub_second")


# ---- the way there ----


def test_the_button_leads_straight_to_stripes_page_for_a_new_card(harness: Harness) -> None:
    given = gives_monthly(harness)
    visitor = signed_in(harness)
    reply = asks(visitor, given)
    assert reply.status == 200
    assert reply.json["url"].startswith("https://checkout.stripe.test/p/session/bps_")
    assert harness.stripe.portals[-1] == {
        "customer": given["customer"],
        "return_url": f"{API}/account",
        "locale": "en",
        "flow_data": FLOW,
    }
    form = visitor.submit(f"/v1/me/recurring/{given['id']}/card", {"lang": "uk"})
    assert form.status == 303
    assert form.headers["location"].startswith("https://checkout.stripe.test/p/session/bps_")


def test_of_two_customers_the_one_is_opened_that_the_gift_is_charged_to(harness: Harness) -> None:
    first, second = gives_monthly(harness), gives_monthly(harness)
    assert first["customer"] != second["customer"]
    visitor = signed_in(harness)
    for given in (first, second):
        asks(visitor, given)
        assert harness.stripe.portals[-1]["customer"] == given["customer"]


def test_somebody_elses_gift_is_unknown(harness: Harness) -> None:
    theirs = gives_monthly(harness, BEN)
    gives_monthly(harness)
    reply = asks(signed_in(harness), theirs)
    assert (reply.status, reply.code) == (404, "unknown_gift")
    assert harness.stripe.portals == []


def test_a_gift_that_ended_takes_no_card(harness: Harness) -> None:
    given = gives_monthly(harness)
    harness.tell(harness.stripe.end(given["id"]))
    reply = asks(signed_in(harness), given)
    assert (reply.status, reply.code) == (409, "gift_ended")


def test_who_is_not_signed_in_or_not_freshly_goes_no_further(harness: Harness) -> None:
    given = gives_monthly(harness)
    assert asks(Visitor(), given).code == "not_signed_in"
    visitor = signed_in(harness)
    harness.pass_time(599)
    assert asks(visitor, given).status == 200
    harness.pass_time(1)
    reply = asks(visitor, given)
    assert (reply.status, reply.code) == (403, "sign_in_again")
    form = visitor.submit(f"/v1/me/recurring/{given['id']}/card", {"lang": "uk"})
    assert form.status == 303
    assert form.headers["location"].startswith(f"{API}/sign-in?again=1&return_to=")


def test_stripe_down_on_the_way_there_changes_nothing(harness: Harness) -> None:
    given = gives_monthly(harness)
    visitor = signed_in(harness)
    harness.stripe.down = True
    assert asks(visitor, given).code == "stripe_down"
    harness.stripe.down = False
    assert asks(visitor, given).status == 200


def test_a_customer_that_is_gone_at_stripe_is_said(harness: Harness) -> None:
    given = gives_monthly(harness)
    visitor = signed_in(harness)
    harness.stripe.on_answer = lambda _name, answer: answer
    with harness.stripe.account.change():
        harness.stripe.account.store.run("DELETE FROM objects WHERE id = ?", given["customer"])
    assert asks(visitor, given).code == "nothing_to_manage"


# ---- the card that was entered ----


def test_the_new_card_is_set_where_the_old_one_was(harness: Harness) -> None:
    """Stripe's page makes it the customer's default, and goes on charging the subscription's own."""
    given = gives_monthly(harness)
    asks(signed_in(harness), given)
    events = harness.stripe.enters_card(given["customer"])
    assert charged(harness, given) == "4242", "what Stripe does by itself"
    harness.tell(events)
    assert charged(harness, given) == "4444"
    card = gifts(harness)[given["id"]].card
    assert card is not None
    assert (card.last4, card.expires) == ("4444", "2036-03")
    assert signed_in(harness).get("/v1/me").json["recurring"][0]["card"] == {
        "brand": "visa",
        "last4": "4444",
        "expires": "2036-03",
    }


def test_an_overdue_payment_is_tried_with_it_once(harness: Harness) -> None:
    given = gives_monthly(harness)
    is_past_due(harness, given)
    asks(signed_in(harness), given)
    event = one(harness.stripe.enters_card(given["customer"]), "customer.updated")
    before = len(harness.stripe.of("charge"))
    for _ in range(3):
        harness.tell([event])
    assert len(harness.stripe.of("charge")) == before + 1
    harness.tell(harness.stripe.of("event")[-20:])
    assert gifts(harness)[given["id"]].status == "active"
    assert harness.totals() == {"eur": (1000, 2)}


def test_a_new_card_that_is_refused_too_leaves_the_gift_overdue(harness: Harness) -> None:
    given = gives_monthly(harness)
    is_past_due(harness, given)

    def work(account: Account) -> None:
        customer = account.get("customer", given["customer"])
        made = cards.add(account, customer, last4="0341")
        cards.tell(account, made["id"], "fails")
        cards.make_default(account, customer, made["id"])

    harness.tell(harness.stripe.happens(work))
    assert charged(harness, given) == "0341"
    harness.tell(harness.stripe.of("event")[-12:])
    assert gifts(harness)[given["id"]].status == "past_due"
    assert harness.totals() == {"eur": (500, 1)}


@pytest.mark.parametrize("asked", [0, 1])
def test_of_two_gifts_the_one_takes_it_that_it_was_asked_for(harness: Harness, asked: int) -> None:
    both = two_on_one_customer(harness)
    asks(signed_in(harness), both[asked])
    harness.tell(harness.stripe.enters_card(both[0]["customer"]))
    other = both[1 - asked]
    assert charged(harness, both[asked]) == "4444"
    assert charged(harness, other) == ("5556" if asked == 0 else "4242")
    assert {name: gift.card and gift.card.last4 for name, gift in gifts(harness).items()} == {
        both[asked]["id"]: "4444",
        other["id"]: charged(harness, other),
    }


def test_the_last_gift_that_it_was_asked_for_counts(harness: Harness) -> None:
    first, second = two_on_one_customer(harness)
    visitor = signed_in(harness)
    asks(visitor, first)
    asks(visitor, second)
    harness.tell(harness.stripe.enters_card(first["customer"]))
    assert (charged(harness, first), charged(harness, second)) == ("4242", "4444")


def test_a_wish_of_more_than_a_day_ago_counts_no_more(harness: Harness) -> None:
    first, second = two_on_one_customer(harness)
    asks(signed_in(harness), first)
    harness.pass_time(86_400)
    harness.tell(harness.stripe.enters_card(first["customer"]))
    assert (charged(harness, first), charged(harness, second)) == ("4242", "5556")


def test_a_gift_of_another_customer_is_left_alone(harness: Harness) -> None:
    first, second = gives_monthly(harness), gives_monthly(harness)
    harness.tell(harness.stripe.enters_card(first["customer"]))
    assert (charged(harness, first), charged(harness, second)) == ("4444", "4242")


def test_an_event_that_comes_late_changes_nothing_back(harness: Harness) -> None:
    given = gives_monthly(harness)
    first = harness.stripe.enters_card(given["customer"], last4="1111")
    second = harness.stripe.enters_card(given["customer"], last4="2222")
    harness.tell(second)
    harness.tell(first)
    assert charged(harness, given) == "2222"


def test_another_change_of_the_customer_moves_no_card(harness: Harness) -> None:
    """The customer's default may be older than the card that a gift was begun with."""
    given = gives_monthly(harness)

    def work(account: Account) -> None:
        customer = account.get("customer", given["customer"])
        settings = customer["invoice_settings"] | {"default_payment_method": cards.add(account, customer)["id"]}
        account.put(customer | {"invoice_settings": settings})
        account.update("customer.updated", customer | {"invoice_settings": settings}, name="Ada Reader-Smith")

    harness.tell(harness.stripe.happens(work))
    own = harness.stripe.account.get("subscription", given["id"])["default_payment_method"]
    assert own == given["default_payment_method"]


def test_a_stopped_gift_is_not_charged_for_what_is_overdue(harness: Harness) -> None:
    given = gives_monthly(harness)
    is_past_due(harness, given)
    harness.tell(harness.stripe.stop(given["id"]))
    before = len(harness.stripe.of("charge"))
    harness.tell(harness.stripe.enters_card(given["customer"]))
    assert charged(harness, given) == "4444"
    assert len(harness.stripe.of("charge")) == before


def test_a_card_that_the_network_changed_is_read_anew(harness: Harness) -> None:
    given = gives_monthly(harness)

    def work(account: Account) -> None:
        method = account.get("payment_method", given["default_payment_method"])
        cards.changes_by_itself(account, method, expires=(2038, 1), last4="9999")

    harness.tell(harness.stripe.happens(work))
    card = gifts(harness)[given["id"]].card
    assert card is not None
    assert (card.last4, card.expires) == ("9999", "2038-01")


def test_a_stranger_to_us_is_ignored(harness: Harness) -> None:
    harness.stripe.knows_customers("cus_of_a_shop")
    events = harness.stripe.enters_card("cus_of_a_shop")
    harness.tell(events)
    updated = one(events, "customer.updated")
    assert harness.status(updated["id"]) == "ignored"
    assert not supporters.find_by_customer(harness.table, "cus_of_a_shop", EMAIL_KEY)
