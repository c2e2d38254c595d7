"""A Stripe customer becomes a supporter's own by a session at the start, or by signing in where they paid."""

from typing import Any

from testkit.harness import ADA, Harness
from testkit.visitor import Visitor

GIFT = {"amount": 1000, "currency": "eur", "interval": "once"}


def gives(harness: Harness, visitor: Visitor, attempt: str) -> str:
    """A gift from this browser, with Ada's address typed at Stripe; answers the session's id."""
    session = str(visitor.post("/v1/checkouts", {**GIFT, "attempt": attempt}).json["id"])
    harness.tell(harness.stripe.pay(session, ADA))
    visitor.get(f"/v1/checkouts/return?session_id={session}")
    return session


def signs_in(harness: Harness, visitor: Visitor) -> None:
    visitor.post("/v1/sign-in", {"email": ADA})
    assert visitor.post("/v1/sign-in/confirm", {"code": harness.mails.last.code}).status == 200


def asked_of_stripe(harness: Harness) -> dict[str, Any]:
    params, _ = harness.stripe.created_with[-1]
    return dict(params)


def test_who_paid_here_and_signs_in_here_gives_as_the_same_customer(harness: Harness) -> None:
    ada = Visitor()
    gives(harness, ada, "a" * 20)
    assert harness.state().customers == {}
    signs_in(harness, ada)
    (customer,) = (customer["id"] for customer in harness.stripe.of("customer"))
    assert harness.state().customers == {"eur": customer}
    ada.post("/v1/checkouts", {**GIFT, "attempt": "b" * 20})
    assert asked_of_stripe(harness)["customer"] == customer


def test_a_stranger_who_typed_the_address_leaves_no_card_of_theirs_behind(harness: Harness) -> None:
    """The stranger paid in another browser, so the owner of the address never meets that customer."""
    gives(harness, Visitor(client="203.0.113.5"), "a" * 20)
    ada = Visitor()
    signs_in(harness, ada)
    assert harness.state().customers == {}
    ada.post("/v1/checkouts", {**GIFT, "attempt": "b" * 20})
    params = asked_of_stripe(harness)
    assert "customer" not in params
    assert params["customer_email"] == ADA
    assert params["metadata"]["supporter"] == harness.state().id


def test_signing_out_everywhere_closes_the_browser_that_paid_too(harness: Harness) -> None:
    paid_here, elsewhere = Visitor(), Visitor(client="192.0.2.8")
    gives(harness, paid_here, "a" * 20)
    assert paid_here.get("/v1/session").json["tier"] == "member"
    signs_in(harness, elsewhere)
    elsewhere.delete("/v1/session?everywhere=true")
    paid_here.cookies = {name: value for name, value in paid_here.cookies.items() if "pass" not in name}
    assert paid_here.get("/v1/session").json == {"signed_in": False}


def test_a_page_that_asks_again_and_again_does_not_use_up_stripes_limit(harness: Harness) -> None:
    visitor = Visitor()
    session = visitor.post("/v1/checkouts", {**GIFT, "attempt": "a" * 20}).json["id"]
    asked = 0

    def count(name: str) -> None:
        nonlocal asked
        asked += name == "checkout_session"

    harness.stripe.on_call = count
    answers = [visitor.get(f"/v1/checkouts/{session}") for _ in range(40)]
    assert [reply.json for reply in answers[:30]] == [{"status": "open"}] * 30
    assert {reply.code for reply in answers[30:]} == {"too_many_looks"}, "it may be paid by now"
    assert asked == 30, "each look asks once"
