"""An account that somebody took over for a while: what its owner takes back by the link, and what ends with it."""

import pytest

from chalicelib.account.actions.merge_records import merge_records
from chalicelib.account.actions.plan_merge import plan_merge
from chalicelib.kernel.errors import Conflict
from chalicelib.supporters.rows import erasures, supporters
from chalicelib.upgrade import rows as upgrades
from chalicelib.upgrade.steps import STEPS
from localdev.around import Around
from testkit.erasing import asks, erases, found, is_erased
from testkit.harness import ADA, BEN, EMAIL_KEY, Harness
from testkit.own_address import EVIL, NEW, code_for, moves, supports, undoes
from testkit.rebuilding import found as differences
from testkit.rebuilding import rebuilds
from testkit.visitor import Visitor

DAY = 86_400


@pytest.fixture
def ada(harness: Harness) -> Visitor:
    """Ada supports monthly and has just signed in."""
    upgrades.note(harness.table, STEPS, harness.real_now())
    return supports(harness)


# ---- erased by whoever took it ----


def test_whoever_took_it_cannot_have_it_erased_once_it_is_taken_back(harness: Harness, ada: Visitor) -> None:
    """The mail about the request went to the thief, so its owner never heard of the seven days."""
    link = moves(harness, ada, EVIL)
    assert ada.delete("/v1/me").status == 202
    supporter = harness.state(EVIL).id
    assert undoes(link).json == {"undone": True}
    assert erasures.read(harness.table, supporter) is None
    harness.pass_time(8 * DAY)
    assert erases(harness, supporter) == "erased", "there is nothing to do"
    assert harness.state(ADA).id == supporter
    assert supporters.read_profile(harness.table, supporter)
    harness.sweeps()
    told = next(mail for mail in harness.mails.sent if mail.kind == "erasure_called_off")
    assert told.to == ADA
    assert "Ви повернули попередню адресу" in " ".join(told.text.split())


def test_a_request_that_has_begun_is_over_for_good(harness: Harness, ada: Visitor) -> None:
    link = moves(harness, ada, EVIL)
    is_erased(harness, harness.state(EVIL).id)
    assert undoes(link).json["code"] == "undo_over"
    assert found(harness.items(), [ADA, EVIL]) == []


def test_a_new_record_of_the_owner_that_asked_to_be_erased_does_not_bar_the_way(
    harness: Harness, ada: Visitor
) -> None:
    """They found a stranger's record under their address, gave, and had that erased; then they see the mail."""
    link = moves(harness, ada, EVIL)
    harness.tell(harness.gives(2000))
    again = Visitor(client="192.0.2.77")
    harness.sign_in(again, ADA)
    assert again.delete("/v1/me").status == 202
    anew = harness.state(ADA).id
    assert undoes(link).json == {"undone": True}
    assert harness.state(ADA).id != anew
    assert supporters.who_now(harness.table, anew) == harness.state(ADA).id
    assert not list(erasures.open_ones(harness.table))
    assert len(harness.state(ADA).standing.recurring) == 1
    assert differences(rebuilds(harness)) == []


@pytest.mark.usefixtures("ada")
def test_no_person_merges_what_asked_to_be_erased(harness: Harness) -> None:
    """All gifts of the one would be gone with the other in some days, or a request be forgotten."""
    harness.tell(harness.gives(2000, email=BEN))
    for asked, other in ((ADA, BEN), (BEN, ADA)):
        one = harness.fork()
        with one.installed():
            asks(one, one.state(asked).id)
            for source, into in ((asked, other), (other, asked)):
                with pytest.raises(Conflict, match="asked to be erased"):
                    plan_merge(one.table, source, into, one.newsroom, email_key=EMAIL_KEY, now=one.now())
            with pytest.raises(Conflict) as refused:
                merge_records(
                    one.table, one.state(asked).id, one.state(other).id, email_key=EMAIL_KEY, by="x", now=one.now()
                )
            assert refused.value.code == "merge_refused"


# ---- to the second ----


@pytest.mark.parametrize(("early", "answer"), [(1, {"undone": True}), (0, None), (-1, None)])
def test_the_link_works_to_the_last_second_of_the_72_hours(
    harness: Harness, ada: Visitor, early: int, answer: dict[str, bool] | None
) -> None:
    link = moves(harness, ada, EVIL)
    harness.pass_time(3 * DAY - early)
    reply = undoes(link)
    assert (reply.json if answer else reply.json["code"]) == (answer or "undo_over")
    assert harness.knows(ADA) is (answer is not None)


# ---- at once ----


def test_the_same_code_entered_twice_at_one_moment_is_made_once_and_said_twice(
    harness: Harness, ada: Visitor
) -> None:
    """A double tap: the browser shows the second answer, which must not say that the code was no good."""
    code = code_for(harness, ada)
    answers: list[object] = []
    stored, second = harness.table, Visitor(cookies=dict(ada.cookies))

    def other_tap(call: str, _what: object) -> None:
        if call == "transact" and not answers:
            answers.append(None)
            harness.table = stored
            answers[0] = second.post("/v1/me/email/confirm", {"code": code}).json

    harness.table = Around(stored, other_tap)
    first = ada.post("/v1/me/email/confirm", {"code": code})
    assert answers == [{"email": NEW}]
    assert (first.status, first.json) == (200, {"email": NEW})
    assert [mail.kind for mail in harness.mails.sent].count("address_changed") == 1
    assert ada.get("/v1/me").json["email"] == NEW


@pytest.mark.parametrize("first", ["undo", "confirm"])
def test_an_undo_at_the_moment_of_the_next_change_leaves_the_owner_with_it(
    harness: Harness, ada: Visitor, first: str
) -> None:
    """The thief confirms a second change while the owner presses the link, in either order."""
    link = moves(harness, ada, EVIL)
    code, stored = code_for(harness, ada, BEN), harness.table
    between: list[str] = []

    def other_one(call: str, _what: object) -> None:
        if call == "transact" and not between:
            between.append(first)
            harness.table = stored
            (undoes(link) if first == "undo" else ada.post("/v1/me/email/confirm", {"code": code}))

    harness.table = Around(stored, other_one)
    if first == "undo":
        assert ada.post("/v1/me/email/confirm", {"code": code}).status in (401, 410)
    else:
        assert undoes(link).json == {"undone": True}
    assert between == [first]
    assert harness.knows(ADA)
    assert not harness.knows(BEN)
    assert ada.get("/v1/me").status == 401
