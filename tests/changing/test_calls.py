"""The calls themselves: forms, bad input, what is another's, limits, and many presses at once."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.changing.actions.change_course import stop_gift
from chalicelib.kernel.errors import Problem
from localdev.stripe import collecting
from testkit import plan_changes
from testkit.at_once import at_once
from testkit.harness import ADA, BEN, Harness
from testkit.visitor import Visitor
from tests.changing.scenes import Scene, charged, undo_of

EVERY: tuple[tuple[str, dict[str, Any]], ...] = (
    ("", {"amount": 700}),
    ("pause", {"months": 1}),
    ("resume", {}),
    ("stop", {}),
    ("keep", {}),
)


@pytest.mark.parametrize(("what", "body"), EVERY)
def test_nobody_changes_what_is_not_theirs(harness: Harness, what: str, body: dict[str, Any]) -> None:
    ada = Scene(harness, 500)
    path = f"/v1/me/recurring/{ada.gift}" + (f"/{what}" if what else "")
    assert Visitor().post(path, body).json["code"] == "not_signed_in"
    harness.tell(harness.gives(500, "month", BEN))
    ben = Visitor()
    harness.sign_in(ben, BEN)
    reply = ben.post(path, body)
    assert (reply.status, reply.json["code"]) == (404, "unknown_gift")
    assert ben.post(path.replace(ada.gift, "sub_nobody"), body).json["code"] == "unknown_gift"


@pytest.mark.parametrize(("what", "body"), EVERY)
def test_a_foreign_page_changes_nothing(harness: Harness, what: str, body: dict[str, Any]) -> None:
    ada = Scene(harness, 500)
    path = f"/v1/me/recurring/{ada.gift}" + (f"/{what}" if what else "")
    ada.visitor.origin = "https://evil.example"
    assert ada.visitor.post(path, body).json["code"] == "foreign_origin"


@pytest.mark.parametrize(("what", "body"), EVERY)
def test_what_has_ended_is_not_changed(harness: Harness, what: str, body: dict[str, Any]) -> None:
    ada = Scene(harness, 500)
    harness.tell(harness.stripe.end(ada.gift))
    reply = ada.does(what, **body)
    assert (reply.status, reply.json["code"]) == (409, "gift_ended")
    assert reply.json["gift"] == ada.me(), "a refusal says how the gift is now"


@pytest.mark.parametrize(
    ("code", "what", "body"),
    [
        ("gift_changed", "", {"amount": 700, "if": "no token"}),
        ("gift_ending", "", {"amount": 700}),
        ("gift_ending", "pause", {"months": 1}),
        ("gift_ending", "resume", {}),
        ("gift_paused", "", {"amount": 700}),
        ("gift_paused", "pause", {"months": 2}),
        ("not_monthly", "pause", {"months": 1}),
        ("gift_fixed", "", {"amount": 700}),
    ],
)
def test_every_conflict_says_how_the_gift_is_now(
    harness: Harness, code: str, what: str, body: dict[str, Any]
) -> None:
    ada = Scene(harness, 500)
    match code:
        case "gift_ending":
            ada.does("stop")
        case "gift_paused":
            ada.does("pause", months=1)
        case "not_monthly":
            ada.does(amount=6000, interval="year")
        case "gift_fixed":
            harness.tell(plan_changes.adds_item(harness, 300))
    reply = ada.does(what, **body)
    assert (reply.status, reply.json["code"]) == (409, code)
    assert reply.json["gift"] == ada.me()


def test_so_does_the_card_of_a_gift_that_ended(harness: Harness) -> None:
    ada = Scene(harness, 500)
    harness.tell(harness.stripe.end(ada.gift))
    reply = ada.does("card")
    assert (reply.status, reply.json["code"], reply.json["gift"]) == (409, "gift_ended", ada.me())


def test_an_end_that_we_have_not_heard_of_counts(harness: Harness) -> None:
    ada = Scene(harness, 500)
    harness.stripe.end(ada.gift)
    assert ada.does(amount=700).json["code"] == "gift_ended"
    assert ada.me()["status"] == "canceled"


@pytest.mark.parametrize(
    ("what", "body", "code"),
    [
        ("", {}, "missing_field"),
        ("", {"amount": "700"}, "bad_amount"),
        ("", {"amount": 700.0}, "bad_amount"),
        ("", {"amount": True}, "bad_amount"),
        ("", {"amount": None}, "bad_amount"),
        ("", {"amount": 0}, "amount_too_small"),
        ("", {"amount": -700}, "amount_too_small"),
        ("", {"amount": 10**18}, "amount_too_large"),
        ("", {"amount": 700, "interval": "once"}, "unknown_interval"),
        ("", {"amount": 700, "interval": "week"}, "unknown_interval"),
        ("", {"amount": 700, "charge": "later"}, "bad_input"),
        ("", {"amount": 700, "currency": "usd"}, "unknown_field"),
        ("", {"amount": 700, "if": 1}, "bad_input"),
        ("", {"amount": 700, "if": "x" * 201}, "bad_input"),
        ("", {"amount": 700, "if": "no token"}, "gift_changed"),
        ("pause", {}, "missing_field"),
        ("pause", {"months": 0}, "bad_months"),
        ("pause", {"months": 4}, "bad_months"),
        ("pause", {"months": "1"}, "bad_months"),
        ("pause", {"months": 1.0}, "bad_months"),
        ("stop", {"reason": "none of yours"}, "unknown_reason"),
        ("stop", {"comment": "x" * 501}, "bad_comment"),
        ("stop", {"comment": 1}, "bad_comment"),
        ("keep", {"months": 1}, "unknown_field"),
    ],
)
def test_bad_input_changes_nothing(harness: Harness, what: str, body: dict[str, Any], code: str) -> None:
    ada = Scene(harness, 500)
    before = ada.at_stripe
    reply = ada.does(what, **body)
    assert reply.json["code"] == code, reply.text
    assert 400 <= reply.status < 500
    assert (ada.at_stripe, ada.new_mails()) == (before, [])


def test_a_gift_of_several_things_is_changed_by_a_person(harness: Harness) -> None:
    ada = Scene(harness, 500)
    harness.tell(plan_changes.adds_item(harness, 300))
    assert ada.does(amount=700).json["code"] == "gift_fixed"
    assert ada.does("pause", months=1).status == 200


def test_of_several_pieces_one_of_the_new_price_is_left(harness: Harness) -> None:
    """An imported gift of two times 2 €."""
    ada = Scene(harness, 200)
    item = ada.at_stripe["items"]["data"][0]["id"]
    params = {"items": [{"id": item, "quantity": 2}], "proration_behavior": "none"}
    harness.stripe.update_subscription(ada.gift, params, idempotency_key="import")
    ada.hears()
    assert ada.me()["amount"] == 400
    assert ada.does(amount=700).json["amount"] == 700
    assert ada.at_stripe["items"]["data"][0]["quantity"] == 1


# ---- forms ----


@pytest.mark.parametrize(
    ("what", "fields"),
    [
        ("", {"amount": "700", "charge": "next"}),
        ("pause", {"months": "2"}),
        ("resume", {}),
        ("stop", {"reason": "money", "comment": "Дякую."}),
        ("keep", {}),
    ],
)
def test_forms_go_back_to_the_account(harness: Harness, what: str, fields: dict[str, str]) -> None:
    ada = Scene(harness, 500)
    path = f"/v1/me/recurring/{ada.gift}" + (f"/{what}" if what else "")
    reply = ada.visitor.submit(path, {**fields, "lang": "en"})
    assert (reply.status, reply.headers["location"]) == (303, "http://127.0.0.1:8000/account?lang=en")


def test_a_form_leads_to_the_bank_and_to_a_new_code(harness: Harness) -> None:
    ada = Scene(harness, 500)
    path = f"/v1/me/recurring/{ada.gift}"
    harness.stripe.happens(lambda it: collecting.tell_next(it, ada.gift, "needs_action"))
    reply = ada.visitor.submit(path, {"amount": "700", "charge": "now"})
    assert (reply.status, reply.headers["location"]) == (303, harness.stripe.of("invoice")[-1]["hosted_invoice_url"])
    harness.clock.real += 601
    again = ada.visitor.submit(path, {"amount": "900", "charge": "now"})
    assert again.status == 303
    asked = urlsplit(again.headers["location"])
    assert (asked.path, parse_qs(asked.query)["again"]) == ("/sign-in", ["1"])


def test_a_form_that_is_refused_shows_the_account_with_why(harness: Harness) -> None:
    ada = Scene(harness, 500)
    ada.does("pause", months=1)
    reply = ada.visitor.submit(f"/v1/me/recurring/{ada.gift}/pause", {"months": "2", "lang": "en"})
    assert reply.status == 409
    assert "paused" in reply.text


# ---- limits, and many at once ----


def test_one_supporter_does_not_use_up_what_stripe_answers_all_of_us(harness: Harness) -> None:
    ada = Scene(harness, 500)
    codes = [ada.does(query="?preview=true", amount=600 + number).status for number in range(61)]
    assert codes == [200] * 60 + [429]
    harness.clock.pass_time(1200)
    assert ada.does(amount=700).status == 200


@pytest.mark.engine
@pytest.mark.parametrize("many", [2, 16])
@pytest.mark.parametrize("body", [{"amount": 700}, {"amount": 1500, "charge": "now"}])
def test_many_presses_at_once_change_charge_and_tell_once(harness: Harness, many: int, body: dict[str, Any]) -> None:
    from chalicelib.changing.actions.change_gift import change_gift
    from chalicelib.changing.rules.change import Change
    from chalicelib.supporters.actions.sessions import read_session

    ada = Scene(harness, 500)
    secret = next(value for name, value in ada.visitor.cookies.items() if "session" in name)
    signed_in = read_session(harness.table, secret, harness.real_now())
    assert signed_in
    wish = Change(body["amount"], charge=body.get("charge", "next"))

    def press(_number: int) -> str:
        try:
            change_gift(harness.wiring, signed_in, ada.gift, wish)
        except Problem as problem:
            return problem.code
        return "done"

    assert set(at_once(many, press)) <= {"done", "busy"}
    ada.hears()
    assert ada.price[0] == body["amount"]
    assert len(charged(harness)) == (2 if "charge" in body else 1)
    assert [kind for kind in ada.kinds if kind == "recurring_changed"] == ["recurring_changed"]
    assert harness.state(ADA).standing.recurring[0].asked is None


@pytest.mark.engine
def test_many_stops_at_once_are_one(harness: Harness) -> None:
    ada = Scene(harness, 500)
    supporter = harness.state(ADA).id
    at_once(16, lambda _number: stop_gift(harness.wiring, supporter, ada.gift))
    ada.hears()
    assert ada.kinds.count("recurring_will_end") == 1
    assert ada.me()["can"] == ["keep", "card"]


def test_two_tabs_that_stop_for_two_reasons_leave_the_undo_in_the_mail(harness: Harness) -> None:
    """Stripe refuses the same key with other parameters; that refusal must not take the other tab's note along."""
    ada = Scene(harness, 500)
    other: list[int] = []

    def stops_too(name: str) -> None:
        if name == "update_subscription":
            harness.stripe.on_call = lambda _name: None
            other.append(ada.does("stop", reason="money").status)

    harness.stripe.on_call = stops_too
    assert ada.does("stop", comment="Enough.").status == 200
    assert other == [200]
    assert (ada.new_mails(), bool(undo_of(harness))) == (["recurring_will_end"], True)


def test_why_somebody_stopped_is_kept_and_told_to_stripe(harness: Harness) -> None:
    ada = Scene(harness, 500)
    ada.does("stop", reason="topics", comment="Більше про річку.")
    [line] = [row for row in harness.rows() if "recurring:stop:asked" in row.get("tags", ())]
    assert (line["reason"], line["comment"], line["gift"]) == ("topics", "Більше про річку.", ada.gift)
    details = ada.at_stripe["cancellation_details"]
    assert (details["feedback"], details["comment"]) == ("missing_features", "topics: Більше про річку.")


def test_the_newsrooms_own_product_takes_the_place_of_an_old_one_that_refuses(harness: Harness) -> None:
    from localdev.stripe import items

    ada = Scene(harness, 500)
    inline = ada.at_stripe["items"]["data"][0]["price"]["product"]
    own = dict(harness.stripe.of("product")[0]) | {"id": "prod_own", "active": True}
    harness.stripe.happens(lambda it: it.put(own))
    harness.stripe.happens(lambda it: it.put(it.get("product", inline) | {"active": False}))
    harness.stripe.happens(items.refuse_archived)
    harness.wiring.settings = harness.settings._replace(product="prod_own")
    assert ada.does(amount=700).status == 200
    assert ada.at_stripe["items"]["data"][0]["price"]["product"] == "prod_own"
    harness.wiring.settings = harness.settings._replace(product="prod_gone")
    assert ada.does(amount=900).status == 200, "the product of before still works"
