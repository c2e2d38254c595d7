"""The former address is told of a change, and can take it back for three days, whoever has the new one."""

import pytest

from testkit.correcting import asks, corrects
from testkit.harness import ADA, BEN, Harness
from testkit.own_address import EVIL, EVIL_TOO, NEW, Failing, code_for, moves, supports, undo_link, undoes
from testkit.rebuilding import found, rebuilds
from testkit.visitor import Visitor

DAY = 86_400


@pytest.fixture
def ada(harness: Harness) -> Visitor:
    """Ada, who gives monthly and has just signed in."""
    return supports(harness)


# ---- undo ----


def test_the_former_address_takes_it_back_and_everybody_is_out(harness: Harness, ada: Visitor) -> None:
    supporter, standing = harness.state().id, harness.state().standing
    link = moves(harness, ada, EVIL)
    assert undoes(link).json == {"undone": True}
    assert harness.state(ADA).id == supporter
    assert harness.state(ADA).standing == standing
    assert not harness.knows(EVIL)
    assert ada.get("/v1/me").status == 401
    told = harness.mails.last
    assert (told.kind, told.to) == ("address_restored", EVIL)
    again = Visitor()
    harness.sign_in(again, ADA)
    assert again.get("/v1/me").json["email"] == ADA
    assert undoes(link).json["code"] == "undo_over"
    assert found(rebuilds(harness)) == []


def test_it_can_be_undone_for_72_hours(harness: Harness, ada: Visitor) -> None:
    link = moves(harness, ada)
    harness.pass_time(3 * DAY)
    assert undoes(link).json["code"] == "undo_over"
    assert harness.knows(NEW)
    harness.sign_in(ada, NEW)
    link = moves(harness, ada, BEN)
    harness.pass_time(3 * DAY - 1)
    assert undoes(link).json == {"undone": True}


def test_whoever_changed_it_twice_cannot_undo_the_undo(harness: Harness, ada: Visitor) -> None:
    """Ada's address becomes Mallory's, then another one of Mallory's; each change mails a link to the one before."""
    first = moves(harness, ada, EVIL)
    second = moves(harness, ada, EVIL_TOO)
    assert undoes(first).json == {"undone": True}
    assert harness.knows(ADA)
    late = undoes(second)
    assert (late.status, late.json["code"]) == (410, "undo_over")
    assert harness.knows(ADA)
    assert not harness.knows(EVIL)
    assert not harness.knows(EVIL_TOO)


def test_of_two_own_changes_the_last_is_undone_first(harness: Harness, ada: Visitor) -> None:
    first = moves(harness, ada, BEN)
    second = moves(harness, ada, NEW)
    undoes(second)
    assert harness.knows(BEN)
    assert undoes(first).json == {"undone": True}
    assert harness.knows(ADA)


def test_a_code_that_waits_ends_with_the_undo(harness: Harness, ada: Visitor) -> None:
    link = moves(harness, ada, EVIL)
    code = code_for(harness, ada, EVIL_TOO)
    undoes(link)
    assert ada.post("/v1/me/email/confirm", {"code": code}).status == 401
    again = Visitor()
    harness.sign_in(again, ADA)
    assert again.post("/v1/me/email/confirm", {"code": code}).json["code"] == "code_expired"


def test_the_old_address_works_again_though_its_reader_signed_in_anew(harness: Harness, ada: Visitor) -> None:
    supporter = harness.state().id
    link = moves(harness, ada, EVIL)
    victim = Visitor(client="192.0.2.80")
    harness.sign_in(victim, ADA)
    assert victim.get("/v1/me").json["recurring"] == [], "an empty new account"
    assert undoes(link).json == {"undone": True}
    assert harness.state(ADA).id == supporter
    harness.sign_in(victim, ADA)
    assert len(victim.get("/v1/me").json["recurring"]) == 1
    assert found(rebuilds(harness)) == []


def test_the_old_address_works_again_though_its_reader_gave_anew(harness: Harness, ada: Visitor) -> None:
    supporter, totals = harness.state().id, harness.totals()
    link = moves(harness, ada, EVIL)
    harness.tell(harness.gives(1500, email=ADA))
    meanwhile = harness.state(ADA).id
    assert meanwhile != supporter
    assert undoes(link).json == {"undone": True}
    assert harness.state(ADA).id == supporter
    assert {row["supporter"] for row in harness.books.entries} == {supporter}
    assert harness.totals()["eur"] == (totals["eur"][0] + 1500, totals["eur"][1] + 1)
    assert found(rebuilds(harness)) == []
    told = [mail for mail in harness.mails.sent if mail.kind == "records_merged"]
    assert told == [], "whoever has the other address learns nothing of it"


def test_what_was_taken_from_somebody_else_is_not_merged(harness: Harness, ada: Visitor) -> None:
    """Mallory moves her own account away from an address, and a stolen one to it: both can be given back."""
    mallory = Visitor(client="192.0.2.81")
    harness.tell(harness.gives(1000, email=EVIL))
    harness.sign_in(mallory, EVIL)
    own = moves(harness, mallory, EVIL_TOO)
    stolen = moves(harness, ada, EVIL)
    refused = undoes(own)
    assert (refused.status, refused.json["code"]) == (409, "address_in_use")
    assert undoes(stolen).json == {"undone": True}
    assert harness.access(ADA).tier == "member"
    assert undoes(own).json == {"undone": True}, "the link works on"
    assert found(rebuilds(harness)) == []


@pytest.mark.parametrize("lost", [False, True], ids=["before", "after"])
def test_an_undo_that_is_cut_off_anywhere_is_pressed_again(harness: Harness, ada: Visitor, *, lost: bool) -> None:
    moves(harness, ada, EVIL)
    harness.tell(harness.gives(1500, email=ADA))
    link = undo_link(harness)
    for number in range(200):
        one = harness.fork()
        one.table = failing = Failing(one.table, number, lost=lost)
        with one.installed():
            first = undoes(link)
            if not failing.failed:
                assert number > 10
                return
            assert first.status in (200, 503), first.text
            last = undoes(link)
        assert last.status in (200, 410), last.text
        assert one.knows(ADA)
        assert not one.knows(EVIL)
        assert {row["supporter"] for row in one.books.entries} == {one.state(ADA).id}
        assert found(rebuilds(one)) == []


# ---- the newsroom's correction is the same mechanism ----


@pytest.mark.usefixtures("ada")
def test_a_correction_of_an_address_that_was_proven_tells_it(harness: Harness) -> None:
    """Whoever misled the newsroom on the phone would have taken an account: its owner can take it back."""
    done = corrects(harness, asks(harness, ADA, EVIL), ADA, EVIL)
    harness.mail_sender.deliver(done.mails, harness.now())
    assert (harness.mails.last.kind, harness.mails.last.to) == ("address_changed", ADA)
    assert undoes(undo_link(harness)).json == {"undone": True}
    assert harness.knows(ADA)


def test_a_correction_of_an_address_nobody_ever_proved_tells_nobody(harness: Harness) -> None:
    harness.tell(harness.gives(500, "month"))
    assert corrects(harness, asks(harness, ADA, NEW), ADA, NEW).mails == ()
