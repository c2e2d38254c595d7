"""What is told of a claimed gift goes with it, and back: to an export and an erasure, whoever's that is."""

import json
from typing import Any

import pytest

from chalicelib.account.actions import moving_gift
from chalicelib.inbox.compression import unpacked
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.table import Put
from chalicelib.privacy.actions.export import export
from chalicelib.rails.stripe.about import events_about
from chalicelib.supporters.rows import supporters
from chalicelib.upgrade import rows as upgrades
from chalicelib.upgrade.steps import STEPS
from testkit.claiming import WRONG, claims, pays
from testkit.erasing import found, is_erased
from testkit.harness import ADA, EMAIL_KEY, Harness
from testkit.merging import merges
from testkit.own_address import undo_link, undoes
from testkit.rebuilding import found as differences
from testkit.rebuilding import rebuilds
from testkit.visitor import Visitor

ALONE = [pytest.param(False, id="alone under the wrong address"), pytest.param(True, id="beside somebody's gift")]


def claimed(harness: Harness, *, beside: bool) -> str:
    """A monthly gift that was claimed; answers its customer at Stripe."""
    upgrades.note(harness.table, STEPS, harness.real_now())
    if beside:
        harness.tell(harness.gives(2000, email=WRONG))
    payer, session = pays(harness, interval="month")
    claims(harness, payer, session)
    return str(harness.stripe.of("customer")[-1]["id"])


def handed_over(harness: Harness, email: str) -> str:
    """Everything that the export of whoever has this address says, as one text."""
    whole = export(harness.table, harness.state(email).id, key=EMAIL_KEY, now=harness.now())
    return json.dumps(whole, ensure_ascii=False, default=str)


def events_of(harness: Harness, customer: str) -> set[str]:
    """The ids of Stripe's events about a customer."""
    theirs = (one for one in harness.stripe.account.store.find("event") if customer in json.dumps(one["data"]))
    stored = {row["pk"].removeprefix("EVT#") for row in harness.kinds("EVT") if "supporter" in row}
    return {one["id"] for one in theirs} & stored


@pytest.mark.parametrize("beside", ALONE)
def test_whoever_claimed_it_has_all_that_is_told_of_it(harness: Harness, *, beside: bool) -> None:
    customer = claimed(harness, beside=beside)
    events, into = events_of(harness, customer), harness.state(ADA).id
    assert len(events) > 5
    assert {*events_about(harness.table, into)} >= events
    assert {row["supporter"] for row in harness.kinds("EVT") if row["pk"].partition("#")[2] in events} == {into}
    payment = harness.stripe.of("payment_intent")[-1]["id"]
    assert {row["supporter"] for row in harness.kinds("MAIL") if payment in row["pk"]} == {into}
    if beside:
        assert customer not in handed_over(harness, WRONG)
        assert not {*events_about(harness.table, harness.state(WRONG).id)} & events
    harness.tell(harness.stripe.renew(harness.stripe.of("subscription")[0]["id"]))
    assert differences(rebuilds(harness)) == []


@pytest.mark.parametrize("beside", ALONE)
def test_its_erasure_leaves_nothing_of_who_paid(harness: Harness, *, beside: bool) -> None:
    customer = claimed(harness, beside=beside)
    words = [customer, ADA]
    assert not [word for word in words if not found(harness.items(), [word])]
    is_erased(harness, harness.state(ADA).id)
    assert found(harness.items(), words) == []
    assert harness.knows(WRONG) is beside


def test_without_the_move_it_would_be_left_behind(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of both."""
    from chalicelib.account.actions import claim_gift

    monkeypatch.setattr(claim_gift, "moved_traces", lambda *_: [])
    customer = claimed(harness, beside=True)
    assert {*events_about(harness.table, harness.state(ADA).id)} == set()
    is_erased(harness, harness.state(ADA).id)
    assert found(harness.items(), [customer]) != []


@pytest.mark.parametrize("beside", ALONE)
def test_the_owner_of_the_wrong_address_is_erased_too(harness: Harness, *, beside: bool) -> None:
    """Also from the gift's events, and from the row of what could be undone, both of which are another's by then."""
    claimed(harness, beside=beside)
    link = undo_link(harness, "gift_claimed")
    if not beside:
        harness.sign_in(Visitor(client="192.0.2.41"), WRONG)
    is_erased(harness, harness.state(WRONG).id)
    assert found(harness.items(), [WRONG]) == []
    assert undoes(link).json["code"] == "undo_over"
    assert not harness.knows(WRONG)
    assert harness.access(ADA).tier == "member", "the gift stays whose it is"


def test_an_undo_never_brings_back_who_was_erased(harness: Harness) -> None:
    """Also while the index does not list the undo's row under the address yet."""
    claimed(harness, beside=True)
    link, row = undo_link(harness, "gift_claimed"), _undo_row(harness)
    is_erased(harness, harness.state(WRONG).id)
    harness.table.write(Put(row))
    assert undoes(link).json["code"] == "undo_over"
    assert not harness.knows(WRONG)


def _undo_row(harness: Harness) -> dict[str, Any]:
    (row,) = [one for one in harness.kinds("SUP") if one["sk"].startswith("UNDO#")]
    return dict(row)


@pytest.mark.parametrize("beside", ALONE)
def test_an_undone_claim_leaves_nothing_of_the_other_to_take_along(harness: Harness, *, beside: bool) -> None:
    """Whoever claimed what was not theirs gets no export of the record, and does not erase it with their own."""
    customer = claimed(harness, beside=beside)
    events = events_of(harness, customer)
    assert undoes(undo_link(harness, "gift_claimed")).json == {"undone": True}
    thief, owner = harness.state(ADA).id, harness.state(WRONG).id
    told = handed_over(harness, ADA)
    assert owner not in told.replace('"joined"', "")[: told.find('"history"')]
    assert "SUP#" not in told
    assert '"gift"' not in told.partition('"not_in_it"')[0], "not one payment"
    assert len({*events_about(harness.table, owner)} & events) > 3, "what is told of it is theirs again"
    assert not {*events_about(harness.table, thief)} & {*events_about(harness.table, owner)}
    before = [row for row in harness.rows() if row["pk"] == f"SUP#{owner}"]
    is_erased(harness, thief)
    assert [row for row in harness.rows() if row["pk"] == f"SUP#{owner}"] == before
    assert harness.access(WRONG).tier == "member"
    assert differences(rebuilds(harness)) == []


def test_the_gift_goes_back_to_whoever_the_record_was_merged_into(harness: Harness) -> None:
    """The owner of the wrong address had two records, which the newsroom merged within the three days."""
    claimed(harness, beside=True)
    link, other = undo_link(harness, "gift_claimed"), "wrong@reader.example"
    harness.tell(harness.gives(3000, email=other))
    source, into = harness.state(WRONG).id, harness.state(other).id
    merges(harness, source, into)
    assert undoes(link).json == {"undone": True}
    assert supporters.who_now(harness.table, source) == into
    assert not harness.knows(WRONG), "one record stays one"
    assert len(harness.state(other).standing.recurring) == 1
    assert {row["supporter"] for row in harness.books.entries} == {into}
    assert differences(rebuilds(harness)) == []


def test_more_than_a_transaction_takes_goes_back_in_parts(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    customer = claimed(harness, beside=True)
    monkeypatch.setattr(moving_gift, "_ROOM", 30)
    assert undoes(undo_link(harness, "gift_claimed")).json == {"undone": True}
    owner, events = harness.state(WRONG).id, events_of(harness, customer)
    assert len({*events_about(harness.table, owner)} & events) > 3
    assert {row["supporter"] for row in harness.books.entries} == {owner}


def test_so_much_is_told_of_no_gift_of_a_day(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving_gift, "_ROOM", 30)
    payer, session = pays(harness, interval="month")
    payer.post(f"/v1/checkouts/{session}/claim", {"email": ADA})
    reply = payer.post(f"/v1/checkouts/{session}/claim/confirm", {"code": harness.mails.last.code})
    assert (reply.status, reply.json["code"]) == (409, "claim_refused")
    assert not harness.knows(ADA)


def test_of_its_events_only_the_voucher_is_left(harness: Harness) -> None:
    """They held the payer's name beside a stranger's address."""
    customer = claimed(harness, beside=False)
    into: SupporterId = harness.state(ADA).id
    bodies = [unpacked(row) for row in harness.kinds("EVT") if row.get("supporter") == into]
    assert bodies
    assert not [body for body in bodies if WRONG.encode() in body or customer.encode() in body]
    assert any(b'"amount"' in body for body in bodies)
