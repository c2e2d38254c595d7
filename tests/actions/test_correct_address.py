"""A mistyped address is corrected once the owner of the right one has told the code they were mailed."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.account.actions.correct_address import Corrected
from chalicelib.account.actions.find_supporter import find_supporter
from chalicelib.checkouts.rules.wish import Wish
from chalicelib.kernel.errors import BadInput, Conflict, NotFound, Problem, TooMany, Unavailable
from chalicelib.kernel.table import Update
from chalicelib.mail.port import MailRefused
from chalicelib.mail.rows import suppressed
from chalicelib.mail.rules.feedback import Suppression
from chalicelib.supporters.rows import supporters
from tests.support.calls import Visitor
from tests.support.correcting import WRONG, ask, asks, corrects, refusal, rows_of
from tests.support.memory_till import MemoryTill
from tests.support.rebuilding import found, rebuilds
from tests.support.till import ADA, BEN
from tests.support.world import EMAIL_KEY

DAY = 86_400


def test_what_stood_under_the_wrong_address_stands_under_the_right_one(memory: MemoryTill) -> None:
    till = memory
    till.tell(till.gives(500, "month", WRONG))
    before = till.state(WRONG)
    asked = ask(till)
    assert (asked.supporter, asked.email, asked.expires) == (before.id, ADA, till.real + 3 * DAY)
    assert till.knows(WRONG), "nothing has changed yet"
    mail = till.post.last
    assert mail.to == ADA
    assert WRONG not in mail.text + mail.html, "its reader may be a stranger"
    done = corrects(till, mail.code)
    assert done == Corrected(before.id, ADA)
    assert not till.knows(WRONG)
    assert till.state().id == before.id
    assert till.state().standing == before.standing
    assert till.state().epoch == before.epoch + 1
    account = find_supporter(till.table, ADA, till.newsroom, email_key=EMAIL_KEY, now=till.business)
    assert account.profile.email == ADA
    assert found(rebuilds(till)) == []
    # Later money of theirs, of the old customer and with the right address, is theirs.
    (subscription,) = till.double.of("subscription")
    till.tell(till.double.renew(subscription["id"]))
    till.tell(till.gives(1000, email=ADA))
    assert {entry["supporter"] for entry in till.books.entries} == {before.id}
    assert till.post.last.to == ADA
    # With the wrong one it is somebody new.
    till.tell(till.gives(1000, email=WRONG))
    assert till.state(WRONG).id != before.id


def test_it_is_on_record_without_any_address(memory: MemoryTill) -> None:
    till = memory
    till.tell(till.gives(1000, email=WRONG))
    supporter = till.state(WRONG).id
    corrects(till, asks(till))
    lines = [row for sk, row in rows_of(till, supporter).items() if sk.startswith("LOG#")]
    (line,) = [row for row in lines if row["tags"] == ["supporter:address:corrected"]]
    assert line["by"] == "olena"
    assert line["was"] == supporters.email_hash(WRONG, EMAIL_KEY)  # type: ignore[arg-type] # as it was stored
    assert line["is"] == supporters.email_hash(ADA, EMAIL_KEY)
    stored = [row for row in till.rows() if not row["pk"].startswith("EVT#")]
    assert [row["sk"] for row in stored if ADA in repr(row)] == ["PROFILE"]
    assert WRONG not in repr(stored)


def test_a_code_stands_nowhere_and_waits_in_one_row(memory: MemoryTill) -> None:
    till = memory
    till.known(WRONG)
    code = asks(till)
    stored = repr(till.rows())
    assert code not in stored
    assert code.replace("-", "") not in stored
    assert ADA not in stored


def test_whoever_signed_in_with_the_wrong_address_is_out(memory: MemoryTill) -> None:
    till = memory
    till.tell(till.gives(1000, email=WRONG))
    stranger = Visitor()
    assert stranger.post("/v1/sign-in", {"email": WRONG}).status == 202
    assert stranger.post("/v1/sign-in/confirm", {"code": till.post.last.code}).status == 200
    assert stranger.get("/v1/me").status == 200
    corrects(till, asks(till))
    assert stranger.get("/v1/me").status == 401
    owner = Visitor()
    owner.post("/v1/sign-in", {"email": ADA})
    owner.post("/v1/sign-in/confirm", {"code": till.post.last.code})
    assert owner.get("/v1/me").json["one_off"][0]["amount"] == 1000


# ---- the code ----


def test_a_wrong_code_is_refused_five_times_and_then_none_is_right(memory: MemoryTill) -> None:
    till = memory
    till.known(WRONG)
    code = asks(till)
    for typed in ("", "what", "7K2M"):
        assert refusal(lambda typed=typed: corrects(till, typed)) == "wrong_code"  # type: ignore[misc]
    for _ in range(5):
        assert refusal(lambda: corrects(till, "0000-0000")) == "wrong_code"
    assert refusal(lambda: corrects(till, code)) == "code_expired"
    assert till.knows(WRONG)


def test_a_code_works_once_and_for_three_days(memory: MemoryTill) -> None:
    till = memory
    till.known(WRONG)
    code = asks(till)
    till.pass_time(3 * DAY)
    assert refusal(lambda: corrects(till, code)) == "code_expired"
    code = asks(till)
    till.pass_time(3 * DAY - 1)
    supporter = corrects(till, code.lower().replace("-", " ")).supporter
    assert refusal(lambda: corrects(till, code, supporter)) == "code_expired"
    assert refusal(lambda: corrects(till, code)) == "unknown_supporter"


def test_a_used_code_does_not_work_again_after_the_address_was_changed_back(memory: MemoryTill) -> None:
    till = memory
    till.known(WRONG)
    code = asks(till)
    corrects(till, code)
    corrects(till, asks(till, ADA, WRONG), ADA, WRONG)
    assert refusal(lambda: corrects(till, code)) == "code_expired"
    assert till.knows(WRONG)


def test_a_code_is_for_these_two_only(memory: MemoryTill) -> None:
    till = memory
    till.known(WRONG)
    other = till.known("third@reader.example")
    code = asks(till)
    assert refusal(lambda: corrects(till, code, WRONG, BEN)) == "code_expired"
    assert refusal(lambda: corrects(till, code, other, ADA)) == "code_expired"
    assert corrects(till, code).email == ADA


def test_a_newer_code_ends_the_older_one(memory: MemoryTill) -> None:
    till = memory
    till.known(WRONG)
    first, second = asks(till), asks(till)
    assert refusal(lambda: corrects(till, first)) == "wrong_code"
    assert corrects(till, second).email == ADA


def test_a_code_asked_for_before_another_correction_is_over(memory: MemoryTill) -> None:
    till = memory
    supporter = till.known(WRONG)
    for_ada, for_ben = asks(till, supporter, ADA), asks(till, supporter, BEN)
    corrects(till, for_ada, supporter, ADA)
    assert refusal(lambda: corrects(till, for_ben, supporter, BEN)) == "code_expired"


def test_an_address_gets_three_such_mails_a_day(memory: MemoryTill) -> None:
    till = memory
    till.known(WRONG)
    till.known(BEN)
    for old in (WRONG, WRONG, BEN):
        ask(till, old)
    with pytest.raises(TooMany):
        ask(till)
    assert len(till.post.sent) == 3
    till.pass_time(DAY + 8640)
    ask(till)


# ---- what is refused ----


def test_what_is_refused_before_any_mail(memory: MemoryTill) -> None:
    till = memory
    till.known(WRONG)
    till.tell(till.gives(1000, email=BEN))
    sent = len(till.post.sent)
    cases: list[tuple[Callable[[], object], type[Problem], str]] = [
        (lambda: ask(till, "nobody@reader.example"), NotFound, "unknown_supporter"),
        (lambda: ask(till, "no-such-identifier"), NotFound, "unknown_supporter"),
        (lambda: ask(till, WRONG, "a,b@x.example"), BadInput, "bad_email"),
        (lambda: ask(till, "x@a..b"), BadInput, "bad_email"),
        (lambda: ask(till, WRONG, WRONG.upper()), Conflict, "address_in_use"),
        (lambda: ask(till, WRONG, BEN), Conflict, "address_in_use"),
    ]
    for work, error, code in cases:
        with pytest.raises(error) as refused:
            work()
        assert refused.value.code == code
    suppressed.suppress(
        till.table, supporters.email_hash(ADA, EMAIL_KEY), Suppression("complaint", "abuse", till.real, till.real)
    )
    assert refusal(lambda: ask(till)) == "suppressed"
    assert len(till.post.sent) == sent


def test_a_mail_service_that_does_not_answer_or_refuses_is_said(memory: MemoryTill) -> None:
    till = memory
    till.known(WRONG)
    till.post.down = True
    with pytest.raises(Unavailable) as down:
        ask(till)
    assert down.value.code == "mail_down"
    till.post.down = False

    def refuse(**_mail: Any) -> None:
        raise MailRefused("MessageRejected")

    till.post.send = refuse  # type: ignore[method-assign] # a test's own
    assert refusal(lambda: ask(till)) == "bad_email"


# ---- who has no address, or an old one ----


def test_who_was_booked_without_an_address_gets_one(memory: MemoryTill) -> None:
    till = memory
    till.tell(till.gives(500, "month", "a,b@x.example"))
    (entry,) = till.books.entries
    supporter = entry["supporter"]
    corrects(till, asks(till, supporter), supporter)
    assert till.state().id == supporter
    assert found(rebuilds(till)) == []
    (subscription,) = till.double.of("subscription")
    till.tell(till.double.renew(subscription["id"]))
    assert {row["supporter"] for row in till.books.entries} == {supporter}
    assert till.post.last.to == ADA, "from now on they hear from us"


@pytest.mark.parametrize("kept", ["ada@reader.example.", "olena@bücher.de", ".ada@reader.example"])
def test_an_address_as_it_was_kept_before_can_be_named_and_corrected(memory: MemoryTill, kept: str) -> None:
    till = memory
    supporter = till.known(BEN)
    changed = supporters.email_hash(kept, EMAIL_KEY)  # type: ignore[arg-type] # as it was stored
    till.table.write(Update((f"SUP#{supporter}", "PROFILE"), set={"email": kept}))
    till.table.write(Update((f"EMAIL#{changed}", "EMAIL"), set={"supporter": supporter}))
    assert find_supporter(till.table, kept, till.newsroom, email_key=EMAIL_KEY, now=till.business).id == supporter
    new = "olena@xn--bcher-kva.de" if "bücher" in kept else ADA
    corrects(till, asks(till, kept, new), kept, new)
    assert till.state(new).id == supporter
    assert f"EMAIL#{changed}" not in {row["pk"] for row in till.rows()}


# ---- an account without anything has the new address ----


def test_an_empty_account_is_joined(memory: MemoryTill) -> None:
    till = memory
    till.tell(till.gives(1000, email=WRONG))
    giver = till.state(WRONG).id
    reader = Visitor()
    reader.post("/v1/sign-in", {"email": ADA})  # with the right address, and found nothing
    reader.post("/v1/sign-in/confirm", {"code": till.post.last.code})
    empty = till.state().id
    done = corrects(till, asks(till))
    assert done == Corrected(giver, ADA, joined=empty)
    assert till.state().id == giver
    assert "PROFILE" not in rows_of(till, empty)
    assert reader.get("/v1/me").status == 401, "they sign in again, and find their gift"
    assert found(rebuilds(till)) == []


def test_an_account_with_a_grant_is_not(memory: MemoryTill) -> None:
    from chalicelib.account.actions.grant import grant_access

    till = memory
    till.known(WRONG)
    code = asks(till)
    grant_access(
        till.table,
        till.newsroom,
        ADA,
        tier="member",
        until=till.business + 9,
        reason="r",
        email_key=EMAIL_KEY,
        now=till.business,
    )
    assert refusal(lambda: corrects(till, code)) == "address_in_use"
    assert till.knows(WRONG)


def test_money_on_its_way_to_a_joined_account_arrives_at_the_one_it_was_joined_to(memory: MemoryTill) -> None:
    """A delayed payment began under the right address: its Stripe customer leads to the account that is joined."""
    till = memory
    giver = till.known(WRONG)
    session = till.starts(Wish(1000, "eur", "once"))
    till.tell(till.double.pay(session, ADA, delayed=True))
    empty = till.state().id
    corrects(till, asks(till))
    till.tell(till.double.settle(session))
    assert {row["supporter"] for row in till.books.entries} == {giver}
    assert rows_of(till, empty)["ACCESS"]["moved_to"] == giver
    assert till.state().id == giver
    assert [grant.tier for grant in till.state().standing.grants] == ["member"]
    assert found(rebuilds(till)) == []
