"""Whose gift it is: the proven supporter's, then the customer's, then the address's, else somebody new."""

from typing import Any

import pytest

from chalicelib.checkouts.rules.wish import Wish
from chalicelib.giving.actions.start_checkout import CheckoutStarter
from chalicelib.kernel.ids import SupporterId
from chalicelib.supporters.rows import supporters
from testkit.at_once import at_once
from testkit.harness import ADA, BEN, EMAIL_KEY, Harness
from testkit.webhooks import one


def owner(harness: Harness) -> str:
    (entry,) = harness.books.entries
    return str(entry["supporter"])


def people(harness: Harness) -> list[Any]:
    return [row for row in harness.rows() if row["sk"] == "PROFILE"]


def test_a_stranger_becomes_a_supporter_with_the_address_they_typed(harness: Harness) -> None:
    harness.tell(harness.gives(1000, email="  Ada@Reader.Example "))
    (profile,) = people(harness)
    assert (profile["email"], profile["language"]) == (ADA, "uk")
    assert harness.knows(ADA)
    assert owner(harness) == harness.state().id


def test_an_address_we_know_joins_whoever_owns_it(harness: Harness) -> None:
    ada = harness.supporter()
    harness.tell(harness.gives(1000, email=ADA.upper()))
    assert owner(harness) == ada
    assert len(people(harness)) == 1
    assert harness.access().tier == "member"


def test_two_gifts_of_one_address_have_two_customers_and_one_supporter(harness: Harness) -> None:
    harness.tell([*harness.gives(1000), *harness.gives(300, "month")])
    customers = [customer["id"] for customer in harness.stripe.of("customer")]
    assert len(customers) == 2
    assert {supporters.find_by_customer(harness.table, customer, EMAIL_KEY) for customer in customers} == {
        harness.state().id
    }
    assert harness.state().customers == {}, "who typed the address may be a stranger, with their own card"


def test_who_is_signed_in_gives_for_themselves_whatever_address_they_type(harness: Harness) -> None:
    ada, ben = harness.supporter(ADA), harness.supporter(BEN)
    harness.tell(harness.gives(1000, email=BEN, starter=CheckoutStarter("browser", ada)))
    assert owner(harness) == ada
    assert harness.state(BEN).standing.grants == ()
    assert ben


def test_a_supporter_who_is_erased_meanwhile_is_not_brought_back_under_that_name(harness: Harness) -> None:
    harness.tell(harness.gives(1000, starter=CheckoutStarter("browser", SupporterId("gone-for-good-1"))))
    assert owner(harness) != "gone-for-good-1"
    assert harness.knows(ADA)


def test_a_known_customer_wins_over_the_address(harness: Harness) -> None:
    """Somebody renames themselves in Stripe's portal: their gifts stay theirs, the other's account stays closed."""
    harness.tell(harness.gives(300, "month"))
    harness.supporter(BEN)
    (subscription,), (customer,) = harness.stripe.of("subscription"), harness.stripe.of("customer")
    harness.stripe.account.put(customer | {"email": BEN})
    harness.tell(harness.stripe.renew(subscription["id"]))
    assert harness.books.totals == {"eur": (600, 2)}
    assert {entry["supporter"] for entry in harness.books.entries} == {harness.state(ADA).id}
    assert harness.state(BEN).standing.recurring == ()


def test_an_address_changed_at_stripe_moves_nobody_and_renames_nobody(harness: Harness) -> None:
    harness.tell(harness.gives(300, "month"))
    (customer,) = harness.stripe.of("customer")
    before = harness.rows()
    harness.tell([harness.stripe.event("customer.updated", customer | {"email": BEN})])
    assert [row for row in harness.rows() if not row["pk"].startswith("EVT#")] == [
        row for row in before if not row["pk"].startswith("EVT#")
    ]
    assert not harness.knows(BEN)


def test_an_expired_checkout_makes_nobody_a_supporter(harness: Harness) -> None:
    session = harness.starts(Wish(1000, "eur", "once", email=ADA))
    harness.tell(harness.stripe.expire(session))
    assert not harness.knows(ADA)
    assert {row["pk"].partition("#")[0] for row in harness.rows()} == {"CHECKOUT", "EVT"}
    assert harness.comes_back(session).checkout.status == "expired"


def test_an_expired_checkout_of_a_known_address_writes_nothing_about_them(harness: Harness) -> None:
    ada = harness.supporter()
    session = harness.starts(Wish(1000, "eur", "once", email=ADA), CheckoutStarter("browser", ada))
    harness.tell(harness.stripe.expire(session))
    assert [row["sk"] for row in harness.rows() if row["pk"] == f"SUP#{ada}"] == ["PROFILE"]


def test_looking_at_a_checkout_that_is_still_open_writes_nothing(harness: Harness) -> None:
    """The page that asks every two seconds how it stands must not fill the table."""
    for wish in (Wish(1000, "eur", "once"), Wish(1000, "eur", "once", email=ADA), Wish(300, "eur", "month")):
        session = harness.starts(wish)
        before = harness.rows()
        for _ in range(3):
            assert harness.comes_back(session).checkout.status == "open"
        assert harness.rows() == before


def test_looking_at_an_open_checkout_of_a_supporter_writes_nothing(harness: Harness) -> None:
    harness.tell(harness.gives(1000, starter=CheckoutStarter("b", harness.supporter(ADA))))
    state = harness.state()
    session = harness.starts(Wish(1000, "eur", "once"), CheckoutStarter("browser", state.id, state.customers["eur"]))
    before = harness.rows()
    assert harness.comes_back(session).checkout.status == "open"
    assert harness.rows() == before


@pytest.mark.engine
def test_sixteen_gifts_of_one_new_address_at_once_make_one_supporter(harness: Harness) -> None:
    gifts = [one(harness.gives(1000), "checkout.session.completed") for _ in range(16)]
    results = at_once(16, lambda number: harness.take_in(gifts[number])["stored"])
    assert results == [True] * 16
    harness.pass_time(3600)
    harness.sweeps()
    assert len(people(harness)) == 1
    assert harness.books.totals == {"eur": (16_000, 16)}
    assert {entry["supporter"] for entry in harness.books.entries} == {harness.state().id}


def test_the_address_stands_in_the_profile_alone(harness: Harness) -> None:
    harness.tell([*harness.gives(1000), *harness.gives(300, "month")])
    holding = [row for row in harness.rows() if ADA in repr(row) or ADA.upper() in repr(row)]
    assert [row["sk"] for row in holding] == ["PROFILE"]


def test_the_newsroom_notes_where_a_gift_came_from(harness: Harness) -> None:
    source = "http://127.0.0.1:8080/a"
    harness.tell(
        [*harness.gives(1000, campaign="winter", source=source), *harness.gives(300, "month", campaign="winter")]
    )
    assert {(row["amount"], row.get("campaign"), row.get("source")) for row in harness.books.entries} == {
        (1000, "winter", source),
        (300, "winter", None),
    }
    sums = harness.kinds("CAMPAIGN")
    assert sum(row["gross"] for row in sums) == 1300
    assert sum(row["payments"] for row in sums) == 2


@pytest.mark.parametrize("first", ["customer.subscription.created", "invoice.paid", "payment_intent.succeeded"])
@pytest.mark.parametrize("interval", ["once", "month"])
def test_a_customer_renamed_before_we_heard_of_them_is_who_typed_at_checkout(
    harness: Harness, first: str, interval: str
) -> None:
    """Otherwise whoever renames themselves in the portal could put a gift and a card on another's account."""
    events = harness.gives(1000, interval, ADA)
    for customer in harness.stripe.of("customer"):
        harness.stripe.account.put(customer | {"email": BEN})
    for invoice in harness.stripe.of("invoice"):
        harness.stripe.account.put(invoice | {"customer_email": BEN})
    told = [event for event in events if event["type"] == first]
    if interval == "month" and first == "invoice.paid":
        told[0]["data"]["object"]["customer_email"] = BEN
    harness.tell([*told, *events])
    assert harness.knows(ADA)
    assert not harness.knows(BEN)
    assert harness.books.totals == {"eur": (1000, 1)}


def test_whoever_has_the_gift_in_their_ledger_is_who_reads(harness: Harness) -> None:
    """The payment is told before its session knows who paid, and the card is billed to another address."""
    events = harness.gives(1000)
    paid = one(events, "payment_intent.succeeded")
    paid["data"]["object"] |= {"customer": None}

    def early(name: str, answer: Any) -> Any:
        if name == "checkout.sessions":
            unknown = {"status": "open", "customer": None, "customer_details": None, "customer_email": None}
            return {"data": [session | unknown for session in answer["data"]]}
        if name == "payment_intent":
            charge = answer["latest_charge"]
            billed = {**charge["billing_details"], "email": BEN}
            return answer | {"customer": None, "latest_charge": charge | {"billing_details": billed}}
        return answer

    harness.stripe.on_answer = early
    harness.tell([paid])
    harness.stripe.on_answer = lambda _name, answer: answer
    harness.tell(events)
    assert owner(harness) == harness.state(BEN).id
    assert [grant.id for grant in harness.state(BEN).standing.grants] == [paid["data"]["object"]["id"]]
    assert not harness.knows(ADA), "one gift opens to one supporter"
