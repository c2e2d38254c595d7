"""Giving as a website calls it: what is answered, what is refused, and what is left behind by a refusal (nothing)."""

from typing import Any

import pytest

from chalicelib.kernel import keys
from chalicelib.kernel.table import Update
from testkit.at_once import at_once
from testkit.calls import Reply
from testkit.harness import ADA, Harness
from testkit.visitor import Visitor

ATTEMPT = "attempt-0123456789"
GIFT = {"amount": 500, "currency": "eur", "interval": "month", "attempt": ATTEMPT}


def start(visitor: Visitor, **changes: Any) -> Reply:
    body = {name: value for name, value in {**GIFT, **changes}.items() if value is not ...}
    return visitor.post("/v1/checkouts", body)


def money_rows(harness: Harness) -> list[Any]:
    return [row for row in harness.rows() if not row["pk"].startswith("RATE#")]


def test_from_the_button_to_thanks(harness: Harness) -> None:
    visitor = Visitor()
    reply = start(visitor, email=ADA, locale="uk", campaign="winter", return_to="/about")
    assert reply.status == 201
    session, url = reply.json["id"], reply.json["url"]
    assert session.startswith("cs_")
    assert session in url
    assert visitor.get(f"/v1/checkouts/{session}").json == {"status": "open"}
    harness.stripe.pay(session)
    back = visitor.get(f"/v1/checkouts/return?session_id={session}")
    assert back.status == 303
    assert back.headers["location"] == f"{harness.settings.public_url}/thanks/{session}"
    assert visitor.get(f"/v1/checkouts/{session}").json == {"status": "paid"}
    assert harness.books.totals == {"eur": (500, 1)}


def test_stripe_is_handed_the_one_form_of_an_address_and_the_gift_is_its_owners(harness: Harness) -> None:
    olena = harness.supporter("olena@xn--bcher-kva.de")
    visitor = Visitor()
    first = start(visitor, email="mailto:Olena@bücher.de,")
    again = start(visitor, email="olena@xn--bcher-kva.de")
    assert (first.status, again.json) == (201, first.json), "the same wish, however it is written"
    (session,) = harness.stripe.of("checkout.session")
    assert session["customer_email"] == "olena@xn--bcher-kva.de"
    harness.tell(harness.stripe.pay(first.json["id"]))
    assert {entry["supporter"] for entry in harness.books.entries} == {olena}


def test_who_is_kept_under_a_domain_in_unicode_gives_signed_in(harness: Harness) -> None:
    """Stripe refuses such a letter: whoever was kept so before must not be kept from giving."""
    harness.supporter("olena@xn--bcher-kva.de")
    visitor = Visitor()
    visitor.post("/v1/sign-in", {"email": "olena@bücher.de"})
    visitor.post("/v1/sign-in/confirm", {"code": harness.mails.last.code})
    olena = harness.state("olena@bücher.de").id
    harness.table.write(Update(keys.profile(olena), set={"email": "olena@bücher.de"}))
    assert start(visitor).status == 201
    assert harness.stripe.of("checkout.session")[0]["customer_email"] == "olena@xn--bcher-kva.de"


def test_the_same_attempt_gets_the_same_page_and_keeps_its_browser(harness: Harness) -> None:
    visitor = Visitor()
    first = start(visitor)
    again = start(visitor)
    assert (again.status, again.json) == (201, first.json)
    assert start(visitor, amount=600).code == "attempt_changed"
    assert start(Visitor()).code == "attempt_elsewhere"
    assert Visitor().get(f"/v1/checkouts/{first.json['id']}").code == "unknown_checkout"
    harness.stripe.pay(first.json["id"])
    assert start(visitor).code == "attempt_finished"
    assert len(harness.stripe.of("checkout.session")) == 1


def test_while_stripe_is_away_the_attempt_waits(harness: Harness) -> None:
    visitor = Visitor()
    visitor.navigate("/donate")  # gives the browser its cookie
    harness.stripe.down = True
    for _ in range(2):
        reply = start(visitor)
        assert (reply.status, reply.code) == (503, "stripe_down")
    harness.stripe.down = False
    assert start(visitor).status == 201
    assert len(harness.stripe.of("checkout.session")) == 1


@pytest.mark.parametrize("locale", ["uk", "en", "de", "uk-UA", ...])
def test_stripes_page_is_told_its_language_and_never_guesses(harness: Harness, locale: Any) -> None:
    assert start(Visitor(), locale=locale).status == 201
    params, key = harness.stripe.created_with[0]
    assert params["locale"] == "en"
    assert key == f"checkout:{ATTEMPT}"


REFUSED: list[tuple[dict[str, Any], str | None]] = [
    ({"amount": 0}, "amount_too_small"),
    ({"amount": -500}, "amount_too_small"),
    ({"amount": 99}, "amount_too_small"),
    ({"amount": 500_001}, "amount_too_large"),
    ({"amount": 10**18}, "amount_too_large"),
    ({"amount": 10**400}, None),
    ({"amount": 5.5}, "bad_amount"),
    ({"amount": 500.0}, "bad_amount"),
    ({"amount": "500"}, "bad_amount"),
    ({"amount": True}, "bad_amount"),
    ({"amount": None}, "bad_amount"),
    ({"amount": [500]}, "bad_amount"),
    ({"amount": float("nan")}, None),
    ({"amount": float("inf")}, None),
    ({"amount": ...}, "missing_field"),
    ({"currency": "xxx"}, "unknown_currency"),
    ({"currency": "EUR"}, "unknown_currency"),
    ({"currency": "ugx"}, "unknown_currency"),
    ({"currency": 978}, "unknown_currency"),
    ({"interval": "week"}, "unknown_interval"),
    ({"interval": "Month"}, "unknown_interval"),
    ({"attempt": "short"}, "bad_attempt"),
    ({"attempt": "a" * 65}, "bad_attempt"),
    ({"attempt": "attempt/0123456789"}, "bad_attempt"),
    ({"attempt": "attempt-012345678\n"}, "bad_attempt"),
    ({"campaign": "summer"}, "unknown_campaign"),
    ({"email": "ada"}, "bad_email"),
    ({"email": "ada@reader.example\r\nBcc: x@evil.example"}, "bad_email"),
    ({"source": "https://evil.example/"}, "bad_source"),
    ({"return_to": "https://evil.example/"}, "bad_return_to"),
    ({"return_to": "//evil.example"}, "bad_return_to"),
    ({"return_to": "/a\r\nb"}, "bad_return_to"),
    ({"colour": "red"}, "unknown_field"),
    ({"locale": "uk\r\n"}, None),
]


def test_every_refusal_is_a_sentence_and_leaves_nothing_behind(harness: Harness) -> None:
    visitor = Visitor()
    for change, code in REFUSED:
        reply = start(visitor, **change)
        assert reply.status == 400, (change, reply.text)
        if code:
            assert reply.code == code, (change, reply.text)
        assert reply.json["title"].endswith((".", "?"))
        assert "evil" not in reply.text
    assert money_rows(harness) == []
    assert harness.stripe.calls.total() == 0
    assert start(visitor).status == 201, "the same attempt is still good"


@pytest.mark.usefixtures("harness")
def test_bounds_stand_in_the_refusal() -> None:
    problem = start(Visitor(), amount=1).json
    assert (problem["field"], problem["minimum"], problem["maximum"]) == ("amount", 100, 500_000)


@pytest.mark.usefixtures("harness")
def test_a_hundred_checkouts_from_one_address_meet_a_limit_and_others_do_not() -> None:
    statuses = [start(Visitor(), attempt=f"attempt-{number:010}").status for number in range(62)]
    assert statuses == [201] * 60 + [429] * 2
    assert int(start(Visitor(), attempt="attempt-one-more-00").headers["retry-after"]) > 0
    assert start(Visitor(client="192.0.2.77"), attempt="attempt-elsewhere-0").status == 201


@pytest.mark.engine
def test_sixteen_looks_at_once_at_a_paid_checkout_book_it_once(harness: Harness) -> None:
    session = start(Visitor()).json["id"]
    harness.stripe.pay(session)
    results = at_once(16, lambda _: harness.comes_back(session).checkout.status)
    assert set(results) <= {"paid", "open"}, results
    assert harness.books.totals == {"eur": (500, 1)}
    assert len(harness.mails.sent) == 1


def test_a_browser_whose_first_call_met_a_silent_stripe_may_repeat_its_attempt(harness: Harness) -> None:
    """The attempt was claimed for it; without the cookie of the refusal it would be a stranger to its own attempt."""
    visitor = Visitor()
    harness.stripe.down = True
    assert start(visitor).code == "stripe_down"
    harness.stripe.down = False
    forgetful = Visitor()
    assert start(forgetful).code == "attempt_elsewhere", "the negative control: who lost the cookie"
    assert start(visitor).status == 201


def test_strangers_behind_one_address_do_not_close_the_till_to_a_supporter(harness: Harness) -> None:
    supporter, stranger = Visitor(), Visitor(origin=None)
    harness.supporter(ADA)
    harness.sign_in(supporter, ADA)
    while start(stranger, attempt=f"attempt-{len(harness.rows()):016}").status == 201:
        pass
    assert start(Visitor(), attempt="attempt-of-a-neighbour").code == "too_many_checkouts", "the control"
    assert start(supporter, attempt="attempt-of-the-supporter").status == 201
