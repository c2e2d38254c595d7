"""A mistyped address is corrected once the owner of the right one has told the code they were mailed."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.account.actions.change_address import Corrected
from chalicelib.account.actions.find_supporter import find_supporter
from chalicelib.checkouts.rules.wish import Wish
from chalicelib.kernel.errors import BadInput, Conflict, NotFound, Problem, TooMany, Unavailable
from chalicelib.kernel.table import Update
from chalicelib.mail.port import MailRefused
from chalicelib.mail.rows import suppressed
from chalicelib.mail.rules.feedback import Suppression
from chalicelib.supporters.rows import supporters
from testkit.correcting import WRONG, ask, asks, corrects, refusal, rows_of
from testkit.harness import ADA, BEN, EMAIL_KEY, Harness
from testkit.rebuilding import found, rebuilds
from testkit.visitor import Visitor

DAY = 86_400


def test_what_stood_under_the_wrong_address_stands_under_the_right_one(harness: Harness) -> None:
    harness.tell(harness.gives(500, "month", WRONG))
    before = harness.state(WRONG)
    asked = ask(harness)
    assert (asked.supporter, asked.email, asked.expires) == (before.id, ADA, harness.clock.real + 3 * DAY)
    assert harness.knows(WRONG), "nothing has changed yet"
    mail = harness.mails.last
    assert mail.to == ADA
    assert WRONG not in mail.text + mail.html, "its reader may be a stranger"
    done = corrects(harness, mail.code)
    assert done == Corrected(before.id, ADA)
    assert not harness.knows(WRONG)
    assert harness.state().id == before.id
    assert harness.state().standing == before.standing
    assert harness.state().epoch == before.epoch + 1
    account = find_supporter(harness.table, ADA, harness.newsroom, email_key=EMAIL_KEY, now=harness.now())
    assert account.profile.email == ADA
    assert found(rebuilds(harness)) == []
    # Later money of theirs, of the old customer and with the right address, is theirs.
    (subscription,) = harness.stripe.of("subscription")
    harness.tell(harness.stripe.renew(subscription["id"]))
    harness.tell(harness.gives(1000, email=ADA))
    assert {entry["supporter"] for entry in harness.books.entries} == {before.id}
    assert harness.mails.last.to == ADA
    # With the wrong one it is somebody new.
    harness.tell(harness.gives(1000, email=WRONG))
    assert harness.state(WRONG).id != before.id


def test_it_is_on_record_without_any_address(harness: Harness) -> None:
    harness.tell(harness.gives(1000, email=WRONG))
    supporter = harness.state(WRONG).id
    corrects(harness, asks(harness))
    lines = [row for sk, row in rows_of(harness, supporter).items() if sk.startswith("LOG#")]
    (line,) = [row for row in lines if row["tags"] == ["supporter:address:corrected"]]
    assert line["by"] == "olena"
    assert line["was"] == supporters.email_hash(WRONG, EMAIL_KEY)  # type: ignore[arg-type] # as it was stored
    assert line["is"] == supporters.email_hash(ADA, EMAIL_KEY)
    stored = [row for row in harness.rows() if not row["pk"].startswith("EVT#")]
    assert [row["sk"] for row in stored if ADA in repr(row)] == ["PROFILE"]
    assert WRONG not in repr(stored)


def test_a_code_stands_nowhere_and_waits_in_one_row(harness: Harness) -> None:
    harness.supporter(WRONG)
    code = asks(harness)
    stored = repr(harness.rows())
    assert code not in stored
    assert code.replace("-", "") not in stored
    assert ADA not in stored


def test_whoever_signed_in_with_the_wrong_address_is_out(harness: Harness) -> None:
    harness.tell(harness.gives(1000, email=WRONG))
    stranger = Visitor()
    assert stranger.post("/v1/sign-in", {"email": WRONG}).status == 202
    assert stranger.post("/v1/sign-in/confirm", {"code": harness.mails.last.code}).status == 200
    assert stranger.get("/v1/me").status == 200
    corrects(harness, asks(harness))
    assert stranger.get("/v1/me").status == 401
    owner = Visitor()
    owner.post("/v1/sign-in", {"email": ADA})
    owner.post("/v1/sign-in/confirm", {"code": harness.mails.last.code})
    assert owner.get("/v1/me").json["one_off"][0]["amount"] == 1000


# ---- the code ----


def test_a_wrong_code_is_refused_five_times_and_then_none_is_right(harness: Harness) -> None:
    harness.supporter(WRONG)
    code = asks(harness)
    for typed in ("", "what", "7K2M"):
        assert refusal(lambda typed=typed: corrects(harness, typed)) == "wrong_code"  # type: ignore[misc]
    for _ in range(5):
        assert refusal(lambda: corrects(harness, "0000-0000")) == "wrong_code"
    assert refusal(lambda: corrects(harness, code)) == "code_expired"
    assert harness.knows(WRONG)


def test_a_code_works_once_and_for_three_days(harness: Harness) -> None:
    harness.supporter(WRONG)
    code = asks(harness)
    harness.pass_time(3 * DAY)
    assert refusal(lambda: corrects(harness, code)) == "code_expired"
    code = asks(harness)
    harness.pass_time(3 * DAY - 1)
    supporter = corrects(harness, code.lower().replace("-", " ")).supporter
    assert refusal(lambda: corrects(harness, code, supporter)) == "code_expired"
    assert refusal(lambda: corrects(harness, code)) == "unknown_supporter"


def test_a_used_code_does_not_work_again_after_the_address_was_changed_back(harness: Harness) -> None:
    harness.supporter(WRONG)
    code = asks(harness)
    corrects(harness, code)
    corrects(harness, asks(harness, ADA, WRONG), ADA, WRONG)
    assert refusal(lambda: corrects(harness, code)) == "code_expired"
    assert harness.knows(WRONG)


def test_a_code_is_for_these_two_only(harness: Harness) -> None:
    harness.supporter(WRONG)
    other = harness.supporter("third@reader.example")
    code = asks(harness)
    assert refusal(lambda: corrects(harness, code, WRONG, BEN)) == "code_expired"
    assert refusal(lambda: corrects(harness, code, other, ADA)) == "code_expired"
    assert corrects(harness, code).email == ADA


def test_a_newer_code_ends_the_older_one(harness: Harness) -> None:
    harness.supporter(WRONG)
    first, second = asks(harness), asks(harness)
    assert refusal(lambda: corrects(harness, first)) == "wrong_code"
    assert corrects(harness, second).email == ADA


def test_a_code_asked_for_before_another_correction_is_over(harness: Harness) -> None:
    supporter = harness.supporter(WRONG)
    for_ada, for_ben = asks(harness, supporter, ADA), asks(harness, supporter, BEN)
    corrects(harness, for_ada, supporter, ADA)
    assert refusal(lambda: corrects(harness, for_ben, supporter, BEN)) == "code_expired"


def test_an_address_gets_three_such_mails_a_day(harness: Harness) -> None:
    harness.supporter(WRONG)
    harness.supporter(BEN)
    for old in (WRONG, WRONG, BEN):
        ask(harness, old)
    with pytest.raises(TooMany):
        ask(harness)
    assert len(harness.mails.sent) == 3
    harness.pass_time(DAY + 8640)
    ask(harness)


# ---- what is refused ----


def test_what_is_refused_before_any_mail(harness: Harness) -> None:
    harness.supporter(WRONG)
    harness.tell(harness.gives(1000, email=BEN))
    sent = len(harness.mails.sent)
    cases: list[tuple[Callable[[], object], type[Problem], str]] = [
        (lambda: ask(harness, "nobody@reader.example"), NotFound, "unknown_supporter"),
        (lambda: ask(harness, "no-such-identifier"), NotFound, "unknown_supporter"),
        (lambda: ask(harness, WRONG, "a,b@x.example"), BadInput, "bad_email"),
        (lambda: ask(harness, "x@a..b"), BadInput, "bad_email"),
        (lambda: ask(harness, WRONG, WRONG.upper()), Conflict, "address_in_use"),
        (lambda: ask(harness, WRONG, BEN), Conflict, "address_in_use"),
    ]
    for work, error, code in cases:
        with pytest.raises(error) as refused:
            work()
        assert refused.value.code == code
    suppressed.suppress(
        harness.table,
        supporters.email_hash(ADA, EMAIL_KEY),
        Suppression("complaint", "abuse", harness.clock.real, harness.clock.real),
    )
    assert refusal(lambda: ask(harness)) == "suppressed"
    assert len(harness.mails.sent) == sent


def test_a_mail_service_that_does_not_answer_or_refuses_is_said(harness: Harness) -> None:
    harness.supporter(WRONG)
    harness.mails.down = True
    with pytest.raises(Unavailable) as down:
        ask(harness)
    assert down.value.code == "mail_down"
    harness.mails.down = False

    def refuse(**_mail: Any) -> None:
        raise MailRefused("MessageRejected")

    harness.mails.send = refuse  # type: ignore[method-assign] # a test's own
    assert refusal(lambda: ask(harness)) == "bad_email"


# ---- who has no address, or an old one ----


def test_who_was_booked_without_an_address_gets_one(harness: Harness) -> None:
    harness.tell(harness.gives(500, "month", "a,b@x.example"))
    (entry,) = harness.books.entries
    supporter = entry["supporter"]
    corrects(harness, asks(harness, supporter), supporter)
    assert harness.state().id == supporter
    assert found(rebuilds(harness)) == []
    (subscription,) = harness.stripe.of("subscription")
    harness.tell(harness.stripe.renew(subscription["id"]))
    assert {row["supporter"] for row in harness.books.entries} == {supporter}
    assert harness.mails.last.to == ADA, "from now on they hear from us"


@pytest.mark.parametrize("kept", ["ada@reader.example.", "olena@bücher.de", ".ada@reader.example"])
def test_an_address_as_it_was_kept_before_can_be_named_and_corrected(harness: Harness, kept: str) -> None:
    supporter = harness.supporter(BEN)
    changed = supporters.email_hash(kept, EMAIL_KEY)  # type: ignore[arg-type] # as it was stored
    harness.table.write(Update((f"SUP#{supporter}", "PROFILE"), set={"email": kept}))
    harness.table.write(Update((f"EMAIL#{changed}", "EMAIL"), set={"supporter": supporter}))
    assert (
        find_supporter(harness.table, kept, harness.newsroom, email_key=EMAIL_KEY, now=harness.now()).id == supporter
    )
    new = "olena@xn--bcher-kva.de" if "bücher" in kept else ADA
    corrects(harness, asks(harness, kept, new), kept, new)
    assert harness.state(new).id == supporter
    assert f"EMAIL#{changed}" not in {row["pk"] for row in harness.rows()}


# ---- an account without anything has the new address ----


def test_an_empty_account_is_joined(harness: Harness) -> None:
    harness.tell(harness.gives(1000, email=WRONG))
    giver = harness.state(WRONG).id
    reader = Visitor()
    reader.post("/v1/sign-in", {"email": ADA})  # with the right address, and found nothing
    reader.post("/v1/sign-in/confirm", {"code": harness.mails.last.code})
    empty = harness.state().id
    done = corrects(harness, asks(harness))
    assert done == Corrected(giver, ADA, joined=empty)
    assert harness.state().id == giver
    assert "PROFILE" not in rows_of(harness, empty)
    assert reader.get("/v1/me").status == 401, "they sign in again, and find their gift"
    assert found(rebuilds(harness)) == []


def test_an_account_with_a_grant_is_not(harness: Harness) -> None:
    from chalicelib.account.actions.grant import grant_access

    harness.supporter(WRONG)
    code = asks(harness)
    grant_access(
        harness.table,
        harness.newsroom,
        ADA,
        tier="member",
        until=harness.clock.business + 9,
        reason="r",
        email_key=EMAIL_KEY,
        now=harness.now(),
    )
    assert refusal(lambda: corrects(harness, code)) == "address_in_use"
    assert harness.knows(WRONG)


def test_money_on_its_way_to_a_joined_account_arrives_at_the_one_it_was_joined_to(harness: Harness) -> None:
    """A delayed payment began under the right address: its Stripe customer leads to the account that is joined."""
    giver = harness.supporter(WRONG)
    session = harness.starts(Wish(1000, "eur", "once"))
    harness.tell(harness.stripe.pay(session, ADA, delayed=True))
    empty = harness.state().id
    corrects(harness, asks(harness))
    harness.tell(harness.stripe.settle(session))
    assert {row["supporter"] for row in harness.books.entries} == {giver}
    assert rows_of(harness, empty)["ACCESS"]["moved_to"] == giver
    assert harness.state().id == giver
    assert [grant.tier for grant in harness.state().standing.grants] == ["member"]
    assert found(rebuilds(harness)) == []
