"""Whose gift it is: the proven supporter's, then the customer's, then the address's, else somebody new."""

from typing import Any

import pytest

from chalicelib.checkouts.rules.wish import Wish
from chalicelib.giving.actions.start_checkout import CheckoutStarter
from chalicelib.supporters.rows import supporters
from tests.support.till import ADA, BEN, Till, at_once, one


def owner(till: Till) -> str:
    (entry,) = till.books.entries
    return str(entry["supporter"])


def people(till: Till) -> list[Any]:
    return [row for row in till.rows() if row["sk"] == "PROFILE"]


def test_a_stranger_becomes_a_supporter_with_the_address_they_typed(till: Till) -> None:
    till.tell(till.gives(1000, email="  Ada@Reader.Example "))
    (profile,) = people(till)
    assert (profile["email"], profile["language"]) == (ADA, "uk")
    assert till.knows(ADA)
    assert owner(till) == till.state().id


def test_an_address_we_know_joins_whoever_owns_it(till: Till) -> None:
    ada = till.known()
    till.tell(till.gives(1000, email=ADA.upper()))
    assert owner(till) == ada
    assert len(people(till)) == 1
    assert till.access().tier == "member"


def test_two_gifts_of_one_address_have_two_customers_and_one_supporter(till: Till) -> None:
    till.tell([*till.gives(1000), *till.gives(300, "month")])
    customers = [customer["id"] for customer in till.double.of("customer")]
    assert len(customers) == 2
    assert {supporters.find_by_customer(till.table, customer) for customer in customers} == {till.state().id}
    assert till.state().customers == {}, "who typed the address may be a stranger, with their own card"


def test_who_is_signed_in_gives_for_themselves_whatever_address_they_type(till: Till) -> None:
    ada, ben = till.known(ADA), till.known(BEN)
    till.tell(till.gives(1000, email=BEN, starter=CheckoutStarter("browser", ada)))
    assert owner(till) == ada
    assert till.state(BEN).standing.grants == ()
    assert ben


def test_a_supporter_who_is_erased_meanwhile_is_not_brought_back_under_that_name(till: Till) -> None:
    till.tell(till.gives(1000, starter=CheckoutStarter("browser", "gone-for-good-1")))
    assert owner(till) != "gone-for-good-1"
    assert till.knows(ADA)


def test_a_known_customer_wins_over_the_address(till: Till) -> None:
    """Somebody renames themselves in Stripe's portal: their gifts stay theirs, the other's account stays closed."""
    till.tell(till.gives(300, "month"))
    till.known(BEN)
    (subscription,), (customer,) = till.double.of("subscription"), till.double.of("customer")
    till.double.account.put(customer | {"email": BEN})
    till.tell(till.double.renew(subscription["id"]))
    assert till.books.totals == {"eur": (600, 2)}
    assert {entry["supporter"] for entry in till.books.entries} == {till.state(ADA).id}
    assert till.state(BEN).standing.recurring == ()


def test_an_address_changed_at_stripe_moves_nobody_and_renames_nobody(till: Till) -> None:
    till.tell(till.gives(300, "month"))
    (customer,) = till.double.of("customer")
    before = till.rows()
    till.tell([till.double.event("customer.updated", customer | {"email": BEN})])
    assert [row for row in till.rows() if not row["pk"].startswith("EVT#")] == [
        row for row in before if not row["pk"].startswith("EVT#")
    ]
    assert not till.knows(BEN)


def test_an_expired_checkout_makes_nobody_a_supporter(till: Till) -> None:
    session = till.starts(Wish(1000, "eur", "once", email=ADA))
    till.tell(till.double.expire(session))
    assert not till.knows(ADA)
    assert {row["pk"].partition("#")[0] for row in till.rows()} == {"CHECKOUT", "EVT"}
    assert till.comes_back(session).checkout.status == "expired"


def test_an_expired_checkout_of_a_known_address_writes_nothing_about_them(till: Till) -> None:
    ada = till.known()
    session = till.starts(Wish(1000, "eur", "once", email=ADA), CheckoutStarter("browser", ada))
    till.tell(till.double.expire(session))
    assert [row["sk"] for row in till.rows() if row["pk"] == f"SUP#{ada}"] == ["PROFILE"]


def test_looking_at_a_checkout_that_is_still_open_writes_nothing(till: Till) -> None:
    """The page that asks every two seconds how it stands must not fill the table."""
    for wish in (Wish(1000, "eur", "once"), Wish(1000, "eur", "once", email=ADA), Wish(300, "eur", "month")):
        session = till.starts(wish)
        before = till.rows()
        for _ in range(3):
            assert till.comes_back(session).checkout.status == "open"
        assert till.rows() == before


def test_looking_at_an_open_checkout_of_a_supporter_writes_nothing(till: Till) -> None:
    till.tell(till.gives(1000, starter=CheckoutStarter("b", till.known(ADA))))
    state = till.state()
    session = till.starts(Wish(1000, "eur", "once"), CheckoutStarter("browser", state.id, state.customers["eur"]))
    before = till.rows()
    assert till.comes_back(session).checkout.status == "open"
    assert till.rows() == before


def test_sixteen_gifts_of_one_new_address_at_once_make_one_supporter(till: Till) -> None:
    gifts = [one(till.gives(1000), "checkout.session.completed") for _ in range(16)]
    results = at_once(16, lambda number: till.take_in(gifts[number])["stored"])
    assert results == [True] * 16
    till.pass_time(3600)
    till.sweeps()
    assert len(people(till)) == 1
    assert till.books.totals == {"eur": (16_000, 16)}
    assert {entry["supporter"] for entry in till.books.entries} == {till.state().id}


def test_the_address_stands_in_the_profile_alone(till: Till) -> None:
    till.tell([*till.gives(1000), *till.gives(300, "month")])
    holding = [row for row in till.rows() if ADA in repr(row) or ADA.upper() in repr(row)]
    assert [row["sk"] for row in holding] == ["PROFILE"]


def test_the_newsroom_notes_where_a_gift_came_from(till: Till) -> None:
    source = "http://127.0.0.1:8080/a"
    till.tell([*till.gives(1000, campaign="winter", source=source), *till.gives(300, "month", campaign="winter")])
    assert {(row["amount"], row.get("campaign"), row.get("source")) for row in till.books.entries} == {
        (1000, "winter", source),
        (300, "winter", None),
    }
    sums = till.kinds("CAMPAIGN")
    assert sum(row["gross"] for row in sums) == 1300
    assert sum(row["payments"] for row in sums) == 2


@pytest.mark.parametrize("first", ["customer.subscription.created", "invoice.paid", "payment_intent.succeeded"])
@pytest.mark.parametrize("interval", ["once", "month"])
def test_a_customer_renamed_before_we_heard_of_them_is_who_typed_at_checkout(
    till: Till, first: str, interval: str
) -> None:
    """Otherwise whoever renames themselves in the portal could put a gift and a card on another's account."""
    events = till.gives(1000, interval, ADA)
    for customer in till.double.of("customer"):
        till.double.account.put(customer | {"email": BEN})
    for invoice in till.double.of("invoice"):
        till.double.account.put(invoice | {"customer_email": BEN})
    told = [event for event in events if event["type"] == first]
    if interval == "month" and first == "invoice.paid":
        told[0]["data"]["object"]["customer_email"] = BEN
    till.tell([*told, *events])
    assert till.knows(ADA)
    assert not till.knows(BEN)
    assert till.books.totals == {"eur": (1000, 1)}


def test_whoever_has_the_gift_in_their_ledger_is_who_reads(till: Till) -> None:
    """The payment is told before its session knows who paid, and the card is billed to another address."""
    events = till.gives(1000)
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

    till.double.on_answer = early
    till.tell([paid])
    till.double.on_answer = lambda _name, answer: answer
    till.tell(events)
    assert owner(till) == till.state(BEN).id
    assert [grant.id for grant in till.state(BEN).standing.grants] == [paid["data"]["object"]["id"]]
    assert not till.knows(ADA), "one gift opens to one supporter"
