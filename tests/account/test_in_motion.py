"""An address that changes while something about it is under way: mails that wait, codes that were sent, two taps."""

import pytest

from chalicelib.upgrade import rows as upgrades
from chalicelib.upgrade.steps import STEPS
from localdev.around import Around
from testkit.claiming import WRONG, code_for, pays
from testkit.erasing import found, is_erased
from testkit.harness import ADA, BEN, Harness
from testkit.merging import OLD, merges
from testkit.own_address import NEW, moves, supports, undo_link, undoes
from testkit.own_address import code_for as code_to_change
from testkit.rebuilding import found as differences
from testkit.rebuilding import rebuilds
from testkit.visitor import Visitor


def between(harness: Harness, work: object) -> list[object]:
    """Do this just before the next transaction, once; answers a list that then holds what it came to."""
    stored, done = harness.table, list[object]()

    def once(call: str, _what: object) -> None:
        if call == "transact" and not done:
            done.append(None)
            harness.table = stored
            done[0] = work() if callable(work) else None

    harness.table = Around(stored, once)
    return done


# ---- mails ----


def test_a_receipt_that_waits_goes_to_the_address_of_the_moment(harness: Harness) -> None:
    """To the new one after a change, to the former one after its undo; each notice to whom it was for."""
    ada = supports(harness)
    harness.mails.down = True
    harness.tell(harness.stripe.renew(harness.stripe.of("subscription")[0]["id"]))
    harness.mails.down = False
    link = moves(harness, ada)
    harness.mails.down = True
    payment = harness.stripe.of("payment_intent")[-1]["id"]
    harness.tell(harness.stripe.gives_back(payment, 100))
    harness.mails.down = False
    assert undoes(link).status == 200
    harness.pass_time(3600)
    harness.sweeps()
    late = {mail.kind: mail.to for mail in harness.mails.sent if mail.kind in ("renewed", "refunded")}
    assert late == {"renewed": ADA, "refunded": ADA}
    assert {mail.to for mail in harness.mails.sent if mail.kind == "address_changed"} == {ADA}
    assert {mail.to for mail in harness.mails.sent if mail.kind == "address_restored"} == {NEW}


@pytest.mark.parametrize("beside", [False, True], ids=["alone under the wrong address", "beside somebody's gift"])
def test_every_mail_about_a_claimed_gift_that_waits_goes_with_it(harness: Harness, *, beside: bool) -> None:
    """Not the receipt alone: what follows in the same hour is nobody else's business either."""
    if beside:
        harness.tell(harness.gives(2000, email=WRONG))
    payer, session = pays(harness, interval="month")
    harness.mails.down = True
    payment = harness.stripe.of("payment_intent")[-1]["id"]
    harness.tell(harness.stripe.gives_back(payment, 100))
    harness.mails.down = False
    code = code_for(harness, payer, session)
    assert payer.post(f"/v1/checkouts/{session}/claim/confirm", {"code": code}).status == 200
    harness.pass_time(3600)
    harness.sweeps()
    assert [mail.to for mail in harness.mails.sent if mail.kind == "refunded"] == [ADA]


# ---- codes ----


def test_a_code_to_sign_in_that_went_to_the_former_address_opens_nothing_of_it(harness: Harness) -> None:
    ada = supports(harness)
    reader = Visitor(client="192.0.2.51")
    reader.post("/v1/sign-in", {"email": ADA})
    code = harness.mails.last.code
    moves(harness, ada)
    signed_in = reader.post("/v1/sign-in/confirm", {"code": code})
    assert signed_in.status == 200, "the mailbox is theirs; what was the account of it is another's"
    assert reader.get("/v1/me").json["recurring"] == []
    assert reader.get("/v1/me").json["sub"] != ada.get("/v1/me").json["sub"]


def test_of_two_addresses_that_were_asked_for_the_first_entered_counts(harness: Harness) -> None:
    ada = supports(harness)
    first, second = code_to_change(harness, ada, NEW), code_to_change(harness, ada, BEN)
    done = between(harness, lambda: ada.post("/v1/me/email/confirm", {"code": second}).json)
    late = ada.post("/v1/me/email/confirm", {"code": first})
    assert done == [{"email": BEN}]
    assert late.status in (401, 410)
    assert ada.get("/v1/me").json["email"] == BEN
    assert not harness.knows(NEW)


def test_a_newer_code_at_that_moment_ends_the_older_one(harness: Harness) -> None:
    ada = supports(harness)
    code = code_to_change(harness, ada)
    between(harness, lambda: code_to_change(harness, ada))
    late = ada.post("/v1/me/email/confirm", {"code": code})
    assert (late.status, late.json["code"]) == (410, "code_expired")
    assert ada.post("/v1/me/email/confirm", {"code": harness.mails.last.code}).json == {"email": NEW}


def test_a_browser_that_is_signed_out_at_that_moment_changes_nothing(harness: Harness) -> None:
    """By its own list of devices, from elsewhere: they saw that somebody else sits there."""
    ada = supports(harness)
    code = code_to_change(harness, ada)
    (device,) = (one["id"] for one in ada.get("/v1/me/devices").json)
    elsewhere = Visitor(client="192.0.2.52")
    harness.sign_in(elsewhere, ADA)
    done = between(harness, lambda: elsewhere.delete(f"/v1/me/devices/{device}").status)
    late = ada.post("/v1/me/email/confirm", {"code": code})
    assert done == [204]
    assert (late.status, late.json["code"]) == (401, "not_signed_in")
    assert harness.knows(ADA)
    assert not harness.knows(NEW)


@pytest.mark.parametrize(
    "typed", ["ADA@reader.example", "Ada@READER.EXAMPLE", " ada@reader.example ", "ada@reader\uff0eexample"]
)
def test_the_same_address_in_other_letters_is_the_same(harness: Harness, typed: str) -> None:
    ada = supports(harness)
    sent = len(harness.mails.sent)
    assert ada.post("/v1/me/email", {"email": typed}).json["code"] == "same_address"
    assert len(harness.mails.sent) == sent


def test_an_address_with_a_plus_is_another_one_and_leads_back(harness: Harness) -> None:
    ada = supports(harness)
    link = moves(harness, ada, "ada+news@reader.example")
    assert not harness.knows(ADA)
    assert undoes(link).json == {"undone": True}
    assert harness.knows(ADA)
    assert not harness.knows("ada+news@reader.example")


# ---- two taps at one moment ----


def test_a_claim_that_is_confirmed_twice_at_one_moment_is_made_once_and_said_twice(harness: Harness) -> None:
    payer, session = pays(harness, interval="month")
    code, path = code_for(harness, payer, session), f"/v1/checkouts/{session}/claim/confirm"
    tapped = Visitor(cookies=dict(payer.cookies))
    done = between(harness, lambda: tapped.post(path, {"code": code}).json)
    first = payer.post(path, {"code": code})
    assert done == [{"claimed": True}]
    assert (first.status, first.json) == (200, {"claimed": True})
    assert [mail.kind for mail in harness.mails.sent].count("gift_claimed") == 1
    assert {row["supporter"] for row in harness.books.entries} == {harness.state(ADA).id}
    assert differences(rebuilds(harness)) == []


def test_of_two_claims_to_two_addresses_at_one_moment_one_is_made(harness: Harness) -> None:
    payer, session = pays(harness)
    path = f"/v1/checkouts/{session}/claim/confirm"
    codes = [code_for(harness, payer, session, email) for email in (ADA, BEN)]
    done = between(harness, lambda: payer.post(path, {"code": codes[1]}).json)
    late = payer.post(path, {"code": codes[0]})
    assert done == [{"claimed": True}]
    assert late.status in (409, 410)
    assert harness.knows(BEN)
    assert not harness.knows(ADA)
    assert not harness.knows(WRONG)


def test_an_undo_of_a_claim_pressed_twice_at_one_moment_gives_back_once(harness: Harness) -> None:
    payer, session = pays(harness, interval="month")
    code = code_for(harness, payer, session)
    payer.post(f"/v1/checkouts/{session}/claim/confirm", {"code": code})
    link = undo_link(harness, "gift_claimed")
    done = between(harness, lambda: undoes(link).json)
    assert undoes(link).json in ({"undone": True}, done[0])
    assert done == [{"undone": True}]
    assert [mail.kind for mail in harness.mails.sent].count("gift_unclaimed") == 1
    assert len(harness.state(WRONG).standing.recurring) == 1
    assert differences(rebuilds(harness)) == []


# ---- a gift that was begun ----


def test_a_gift_that_was_begun_before_a_merge_is_found_with_the_record_that_stays(harness: Harness) -> None:
    """Its row holds the former address, and is not paid: no history names it."""
    upgrades.note(harness.table, STEPS, harness.real_now())
    harness.tell(harness.gives(500, "month", ADA))
    harness.tell(harness.gives(500, email=OLD))
    begun = Visitor()
    harness.sign_in(begun, OLD)
    wish = {"amount": 900, "currency": "eur", "interval": "once", "attempt": "attempt-of-the-former-record"}
    assert begun.post("/v1/checkouts", wish).status == 201
    into = harness.state(ADA).id
    merges(harness, harness.state(OLD).id, into)
    (attempt,) = [row for row in harness.kinds("CHECKOUT") if "wish" in row and row.get("email") == OLD]
    assert (attempt["supporter"], attempt["gsi1pk"]) == (into, f"ABOUT#{into}")
    assert begun.post("/v1/checkouts", wish).status in (201, 409), "the same press again says what it said"
    is_erased(harness, into)
    assert found(harness.items(), [OLD, ADA, "attempt-of-the-former-record"]) == []
