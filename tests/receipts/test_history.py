"""`GET /v1/me/donations`: everything that a supporter gave, a page at a time, with the references of the receipts."""

import base64
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.kernel.moments import rfc3339
from chalicelib.kernel.table import TableUnavailable, Update
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rows import receipts
from chalicelib.ledger.rules import receipt_reference
from chalicelib.ledger.rules.movements import Entry
from chalicelib.receipts.views.answers import GivenPayments
from localdev.around import Around
from testkit.clock import NOW
from testkit.harness import ADA, BEN, EMAIL_KEY, Harness
from testkit.visitor import Visitor
from tests.ledger.numbering import GIFT, wrong
from tests.receipts.giving import YEAR, gave


def listed(visitor: Visitor, after: str | None = None) -> dict[str, Any]:
    reply = visitor.get("/v1/me/donations" + (f"?after={after}" if after else ""))
    assert reply.status == 200, reply.text
    GivenPayments.model_validate(reply.json)
    found: dict[str, Any] = reply.json
    return found


def test_every_payment_is_told_with_its_receipt(harness: Harness) -> None:
    visitor = Visitor()
    harness.tell(harness.gives(1000, campaign="winter", source="https://news.example/a"))
    harness.pass_time(60)
    harness.tell(harness.gives(500, "month"))
    harness.pass_time(60)
    harness.tell(harness.stripe.renew(harness.stripe.of("subscription")[0]["id"]))
    once, first, renewed = harness.stripe.of("payment_intent")
    harness.tell(harness.stripe.gives_back(once["id"], 400))
    harness.sign_in(visitor, ADA)
    found = listed(visitor)
    assert found["next"] is None
    assert [one["id"] for one in found["items"]] == [renewed["id"], first["id"], once["id"]]
    assert found["items"][2] == {
        "id": once["id"],
        "at": rfc3339(once["created"]),
        "amount": 1000,
        "currency": "eur",
        "interval": "once",
        "status": "partly_refunded",
        "refunded": 400,
        "article": "https://news.example/a",
        "campaign": "winter",
        "receipt": found["items"][2]["receipt"],
    }
    assert [one["interval"] for one in found["items"]] == ["month", "month", "once"]
    assert "article" not in found["items"][0]
    numbers = [receipt_reference.read(one["receipt"], EMAIL_KEY) for one in found["items"]]
    assert sorted(filter(None, numbers)) == [f"{YEAR}-{count:06}" for count in (1, 2, 3)]


@pytest.mark.parametrize(("done", "status"), [("back", "refunded"), ("disputed", "disputed")])
def test_what_went_back_is_told(harness: Harness, done: str, status: str) -> None:
    visitor = Visitor()
    harness.tell(harness.gives(1000))
    payment = harness.stripe.of("payment_intent")[0]["id"]
    harness.tell(harness.stripe.gives_back(payment) if done == "back" else harness.stripe.bank_disputes(payment))
    harness.sign_in(visitor, ADA)
    (item,) = listed(visitor)["items"]
    assert (item["status"], item["refunded"]) == (status, 1000 if done == "back" else 0)


def test_there_are_fifty_on_a_page_each_once_and_then_none(harness: Harness) -> None:
    visitor = Visitor()
    supporter = gave(harness, visitor, 121)
    seen: list[str] = []
    after = None
    sizes = []
    for _ in range(3):
        page = listed(visitor, after)
        seen += [one["id"] for one in page["items"]]
        sizes.append(len(page["items"]))
        after = page["next"]
    assert (sizes, after) == ([50, 50, 21], None)
    assert seen == [f"pi_{number}" for number in reversed(range(121))]
    assert len(set(receipts.numbers_of(harness.table, supporter).values())) == 121
    assert wrong(harness.table, YEAR) == []


def test_a_payment_that_came_meanwhile_moves_no_page(harness: Harness) -> None:
    visitor = Visitor()
    supporter = gave(harness, visitor, 60)
    first = listed(visitor)
    moved = replace(GIFT, id="pi_new", gift="pi_new", occurred_at=NOW + 10_000)
    harness.table.transact(ledger.book([Entry(moved)], supporter, harness.newsroom.zone))
    second = listed(visitor, first["next"])
    assert [one["id"] for one in second["items"]] == [f"pi_{number}" for number in reversed(range(10))]


@pytest.mark.parametrize(
    "after",
    [
        "x",
        "%00",
        "pi_1",
        "TU9ORVkj",
        base64.urlsafe_b64encode(b"PROFILE").decode(),
        base64.urlsafe_b64encode(b"MONEY#9999").decode(),
        "A" * 3000,
        "%F0%9F%92%A9",
    ],
)
def test_what_is_no_cursor_is_refused(harness: Harness, after: str) -> None:
    visitor = Visitor()
    gave(harness, visitor, 1)
    reply = visitor.get(f"/v1/me/donations?after={after}")
    assert reply.status == 400
    assert reply.json["code"] in {"bad_cursor", "bad_input"}


def test_anothers_cursor_gives_ones_own(harness: Harness) -> None:
    ada, ben = Visitor(), Visitor()
    gave(harness, ada, 60)
    gave(harness, ben, 3, BEN, first=1000)
    cursor = listed(ada)["next"]
    own = {"pi_1000", "pi_1001", "pi_1002"}
    assert {one["id"] for one in listed(ben, cursor)["items"]} <= own
    assert {one["id"] for one in listed(ben)["items"]} == own


def test_a_session_is_asked_for(harness: Harness) -> None:
    assert harness
    reply = Visitor().get("/v1/me/donations")
    assert (reply.status, reply.json["code"]) == (401, "not_signed_in")
    assert reply.headers["cache-control"] == "private, no-store"


def test_one_that_cannot_be_read_is_named_and_hides_no_other(harness: Harness) -> None:
    visitor = Visitor()
    gave(harness, visitor, 3)
    row = next(one for one in harness.books.entries if one["id"] == "pi_1")
    harness.table.write(Update((row["pk"], row["sk"]), set={"amount": "five"}))
    found = listed(visitor)
    assert [one["id"] for one in found["items"]] == ["pi_2", "pi_0"]
    assert found["unreadable"] == ["pi_1"]


def test_a_list_whose_numbers_cannot_be_given_now_is_shown_without(harness: Harness) -> None:
    visitor = Visitor()
    supporter = gave(harness, visitor, 3)
    whole = harness.table

    def fails(call: str, _what: object) -> None:
        if call == "transact":
            raise TableUnavailable

    harness.table = Around(whole, fails)
    assert [one["receipt"] for one in listed(visitor)["items"]] == [None] * 3
    harness.table = whole
    assert all(one["receipt"] for one in listed(visitor)["items"])
    assert wrong(harness.table, YEAR) == []
    assert receipts.count(harness.table, YEAR) == 3
    assert len(receipts.numbers_of(harness.table, supporter)) == 3
