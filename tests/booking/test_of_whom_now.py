"""Whatever Stripe tells is booked for who the supporter is now: after a change of address, a claim, a merge."""

import pytest

from chalicelib.account.actions import merge_records
from chalicelib.supporters.rows import supporters
from testkit.claiming import WRONG, claims, pays
from testkit.harness import ADA, Harness
from testkit.merging import OLD, merges
from testkit.own_address import NEW, moves, supports
from testkit.rebuilding import found, rebuilds
from testkit.visitor import Visitor


def begins(harness: Harness, visitor: Visitor, email: str) -> str:
    """Sign in and begin a gift; the id of its checkout, which is not paid yet."""
    harness.sign_in(visitor, email)
    wish = {"amount": 1500, "currency": "usd", "interval": "once", "attempt": "c" * 20}
    return str(visitor.post("/v1/checkouts", wish).json["id"])


def applied_at_once(harness: Harness, session: str, email: str) -> None:
    """Pay; `tell` insists that each event is applied when it comes, and not by the sweep some day."""
    harness.tell(harness.stripe.pay(session, email))


def test_a_gift_begun_before_a_merge_is_the_merged_ones(harness: Harness) -> None:
    """Its session proved the record that is no more; the typed address is nobody's, and must make nobody."""
    harness.tell(harness.gives(500, "month", ADA))
    harness.supporter(OLD)
    session = begins(harness, Visitor(), OLD)
    source, into = harness.state(OLD).id, harness.state(ADA).id
    merges(harness, source, into)
    applied_at_once(harness, session, OLD)
    assert not harness.knows(OLD)
    assert {row["supporter"] for row in harness.books.entries} == {into}
    assert harness.state(ADA).customers.get("usd"), "begun signed in, so the customer is theirs"
    assert harness.mails.last.to == ADA
    assert found(rebuilds(harness)) == []


def test_a_gift_begun_before_its_account_was_joined_is_the_other_ones(harness: Harness) -> None:
    """An account with nothing but a gift under way, whose address somebody with gifts has moved to."""
    visitor = supports(harness)
    session = begins(harness, Visitor(client="192.0.2.44"), NEW)
    moves(harness, visitor, NEW)
    applied_at_once(harness, session, NEW)
    assert {row["supporter"] for row in harness.books.entries} == {harness.state(NEW).id}
    assert found(rebuilds(harness)) == []


def test_what_goes_back_of_a_gift_that_has_not_moved_yet(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the two steps of a merge the gift stands in a ledger that is the other's already."""
    harness.tell(harness.gives(1000, email=OLD))
    payment = harness.stripe.of("payment_intent")[-1]["id"]
    harness.tell(harness.gives(500, "month", ADA))
    source, into = harness.state(OLD).id, harness.state(ADA).id
    with monkeypatch.context() as cut_off:
        cut_off.setattr(merge_records, "_carried", _cut_off)
        with pytest.raises(ConnectionError):
            merges(harness, source, into)
    assert {row["supporter"] for row in harness.books.entries} == {source, into}
    harness.tell(harness.stripe.gives_back(payment))
    refund = next(row for row in harness.books.entries if row["kind"] == "refund")
    assert refund["supporter"] == into
    merges(harness, source, into)
    assert {row["supporter"] for row in harness.books.entries} == {into}
    assert found(rebuilds(harness)) == []


def _cut_off(*_: object) -> None:
    raise ConnectionError


@pytest.mark.parametrize("became", ["another address", "claimed", "merged"])
def test_everything_that_follows_is_for_who_they_are_now(harness: Harness, became: str) -> None:
    if became == "another address":
        moves(harness, supports(harness), NEW)
        email = NEW
    elif became == "claimed":
        harness.tell(harness.gives(2000, email=WRONG))
        payer, session = pays(harness, interval="month")
        claims(harness, payer, session)
        email = ADA
    else:
        harness.tell(harness.gives(500, "month", OLD))
        harness.tell(harness.gives(3000, email=ADA))
        merges(harness, harness.state(OLD).id, harness.state(ADA).id)
        email = ADA
    now = harness.state(email).id
    (subscription,) = (gift.id for gift in harness.state(email).standing.recurring)
    harness.tell(harness.stripe.renew(subscription))
    payment = harness.stripe.of("payment_intent")[-1]["id"]
    harness.tell(harness.stripe.gives_back(payment, 100))
    harness.tell(harness.stripe.bank_disputes(payment))
    harness.tell(harness.stripe.renew(subscription, fails=True))
    harness.tell(harness.stripe.end(subscription))
    about = [row for row in harness.books.entries if row["payment_intent"] == payment]
    assert [row["supporter"] for row in about] == [now] * 3
    assert {mail.to for mail in harness.mails.sent[-2:]} == {email}
    assert supporters.read_state(harness.table, now).standing.recurring[0].status == "canceled"
    assert found(rebuilds(harness)) == []
