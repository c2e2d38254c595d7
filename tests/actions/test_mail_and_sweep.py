"""Mails are facts in the outbox: written with what they tell, sent once, never lost while the post is on strike."""

import threading
from typing import Any

import pytest

from chalicelib.checkouts.rules.wish import Wish
from chalicelib.inbox import rows as inbox
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.failures import MOST_FAULTS
from chalicelib.kernel.table import Delete, TableUnavailable
from chalicelib.mail.rows import outbox
from chalicelib.mail.rules.mails import MailToSend
from tests.support.sent import Mail
from tests.support.tables import Around, Unguarded
from tests.support.till import ADA, BEN, Till, at_once, one


def mails(till: Till) -> list[tuple[str, int]]:
    """(status, tries) of every mail in the outbox."""
    return [(row["status"], row["tries"]) for row in till.kinds("MAIL")]


def test_a_mail_goes_out_with_the_webhook(till: Till) -> None:
    till.tell(till.gives(1000))
    (mail,) = till.post.sent
    assert mail.to == ADA
    assert "10" in mail.text
    assert "\n" not in mail.subject
    assert mails(till) == [("sent", 1)]
    till.pass_time(7 * 86_400)
    assert till.sweeps()["mails"] == 0, "what is sent has left the list of work"


def test_a_mail_waits_while_the_post_is_on_strike_and_the_gift_is_booked_all_the_same(till: Till) -> None:
    till.post.down = True
    till.tell(till.gives(1000))
    assert till.books.totals == {"eur": (1000, 1)}
    assert mails(till) == [("unsent", 1)]
    till.pass_time(3600)
    assert till.sweeps() == {"events": 0, "applied": 0, "mails": 1, "sent": 0}
    till.post.down = False
    assert till.sweeps()["mails"] == 0, "not before it is due again"
    till.pass_time(3600)
    assert till.sweeps() == {"events": 0, "applied": 0, "mails": 1, "sent": 1}
    assert [mail.to for mail in till.post.sent] == [ADA]
    assert mails(till) == [("sent", 3)]


def test_one_letter_that_cannot_be_sent_does_not_hold_up_the_others(till: Till) -> None:
    till.post.down = True
    till.tell([*till.gives(1000), *till.gives(1000, email=BEN)])
    till.post.down = False

    def picky(mail: Mail) -> None:
        if mail.to == ADA:
            raise ValueError("the service does not take this address")

    till.post.on_send = picky
    till.pass_time(3600)
    assert till.sweeps() == {"events": 0, "applied": 0, "mails": 2, "sent": 1}
    assert [mail.to for mail in till.post.sent] == [BEN]


def test_after_many_tries_a_mail_is_given_up_not_tried_for_ever(till: Till) -> None:
    till.post.down = True
    till.tell(till.gives(1000))
    for _ in range(MOST_FAULTS + 5):
        till.pass_time(7 * 3600)
        till.sweeps()
    assert [status for status, _ in mails(till)] == ["undeliverable"]
    till.post.down = False
    till.pass_time(7 * 3600)
    assert till.sweeps()["mails"] == 0


def test_a_mail_to_somebody_who_is_gone_is_given_up(till: Till) -> None:
    till.post.down = True
    till.tell(till.gives(1000))
    profile = next(row for row in till.rows() if row["sk"] == "PROFILE")
    till.table.write(Delete((profile["pk"], profile["sk"])))
    till.post.down = False
    till.pass_time(3600)
    assert till.sweeps()["sent"] == 0
    assert till.post.sent == []
    assert [status for status, _ in mails(till)] == ["undeliverable"]


def test_sixteen_postmen_at_once_send_one_letter(till: Till) -> None:
    till.post.down = True
    till.tell(till.gives(1000))
    till.post.down = False
    till.pass_time(3600)
    (mail,) = till.books.mails
    results = at_once(16, lambda _: till.mail_sender.try_send(mail, till.business))
    assert results.count(True) == 1
    assert len(till.post.sent) == 1


def test_without_the_lease_some_would_send_it_twice(till: Till) -> None:
    """The negative control: everybody who read the mail as unsent sends it."""
    till.post.down = True
    till.tell(till.gives(1000))
    till.post.down = False
    till.pass_time(3600)
    (mail,) = till.books.mails
    all_have_read = threading.Barrier(4)

    def together(call: str, _what: Any) -> None:
        if call == "write":
            all_have_read.wait(30)

    real = till.table
    till.table = Around(Unguarded(real, "MAIL#"), together)
    # Only the first write, the lease, is taken together.
    sent = at_once(4, lambda _: outbox.take(till.table, mail, till.business) is not None)
    assert sent == [True] * 4
    till.pass_time(3600)
    till.table = Around(real, together)
    assert at_once(4, lambda _: outbox.take(till.table, mail, till.business) is not None).count(True) == 1


def test_a_worker_that_dies_after_sending_may_send_again_under_the_same_name(till: Till) -> None:
    """At least once, and recognisable: the Message-ID follows from the mail's own name."""
    real = till.table

    def die(call: str, what: Any) -> None:
        if call == "write" and getattr(what, "set", {}).get("status") == "sent":
            raise TableUnavailable("injected")

    till.table = Around(real, die)
    till.tell(till.gives(1000))
    till.table = real
    till.pass_time(3600)
    till.sweeps()
    ids = [mail.message_id for mail in till.post.sent]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert ids[0].startswith("pi_")


@pytest.mark.parametrize("interval", ["once", "month", "year"])
@pytest.mark.parametrize("amount", [300, 1000, 15_000])
def test_every_thanks_can_be_written(till: Till, interval: str, amount: int) -> None:
    till.tell(till.gives(amount, interval))
    (mail,) = till.post.sent
    assert mail.html.startswith("<!doctype html>") or "<html" in mail.html
    assert ("/account" in mail.text) or interval == "once", "change or stop, in every mail about a recurring gift"


def test_two_sweeps_at_once_apply_an_event_once(till: Till) -> None:
    events = [one(till.gives(1000, email=f"{n}@reader.example"), "checkout.session.completed") for n in range(4)]
    till.double.down = True
    for event in events:
        till.take_in(event)
    till.double.down = False
    till.pass_time(600)
    at_once(4, lambda _: till.sweeps())
    assert till.books.totals == {"eur": (4000, 4)}
    assert len(till.post.sent) == 4


def test_of_two_sweeps_that_list_the_same_event_one_takes_it_up(till: Till) -> None:
    event = one(till.gives(1000), "checkout.session.completed")
    till.double.down = True
    till.take_in(event)
    till.pass_time(600)
    ((event_id, due),) = inbox.pending_events(till.table, till.business)
    assert [inbox.lease(till.table, event_id, due, till.business) for _ in range(3)] == [True, False, False]


def test_an_empty_sweep_asks_two_questions_and_writes_nothing(till: Till) -> None:
    asked: list[str] = []
    till.table = Around(till.table, lambda call, _what: asked.append(call))
    assert till.sweeps() == {"events": 0, "applied": 0, "mails": 0, "sent": 0}
    assert asked == ["query_index", "query_index"]


def test_the_sweep_leaves_alone_what_a_worker_has_just_taken_in(till: Till) -> None:
    """The lease: whoever stored the event is applying it this very moment."""
    event = one(till.gives(1000), "checkout.session.completed")
    till.double.down = True
    till.take_in(event)
    till.pass_time(30)
    assert till.sweeps()["events"] == 0


# ---- coming back ----


def test_a_reader_who_comes_back_before_the_webhook_is_booked_at_once(till: Till) -> None:
    session = till.starts(Wish(1000, "eur", "once"))
    events = till.double.pay(session, ADA)
    looked = till.comes_back(session)
    assert (looked.asked, looked.checkout.status) == (True, "paid")
    assert till.books.totals == {"eur": (1000, 1)}
    assert len(till.post.sent) == 1
    till.tell(events)
    assert till.books.totals == {"eur": (1000, 1)}
    assert len(till.post.sent) == 1


def test_coming_back_while_stripe_is_away_says_so_and_changes_nothing(till: Till) -> None:
    session = till.starts(Wish(1000, "eur", "once"))
    till.double.pay(session, ADA)
    till.double.down = True
    before = till.rows()
    looked = till.comes_back(session)
    assert (looked.asked, looked.checkout.status) == (False, "open")
    assert till.rows() == before
    till.double.down = False
    assert till.comes_back(session).checkout.status == "paid"


def test_a_session_that_we_did_not_start_is_refused_without_asking_stripe(till: Till) -> None:
    calls = till.double.calls.total()
    for unknown in ("cs_test_unknown", "cs_", "pi_1", "", "attempt-0123456789", "../x"):
        with pytest.raises(NotFound) as refused:
            till.comes_back(unknown)
        assert refused.value.code == "unknown_checkout"
    assert till.double.calls.total() == calls


def test_an_attempts_name_is_not_a_session(till: Till) -> None:
    till.starts(Wish(1000, "eur", "once"), attempt="cs_0123456789abcdef")
    with pytest.raises(NotFound):
        till.comes_back("cs_0123456789abcdef")


def test_a_mail_about_a_currency_that_we_do_not_list_goes_out_with_raw_minor_units(till: Till) -> None:
    till.tell(till.gives(1000))
    values = {"amount": 12_345, "currency": "xyz", "paid_at": till.business}
    recurring = {"amount": 12_345, "currency": "xyz", "interval": "month", "interval_count": 6}
    waiting = [
        MailToSend("pi_x:thanks", "thanks_once", values),
        MailToSend("sub_x:ended", "recurring_ended", recurring),
    ]
    till.table.transact([outbox.put(mail, till.state().id, till.business) for mail in waiting])
    assert all(till.mail_sender.try_send(mail.id, till.business) for mail in waiting)
    for mail in till.post.sent[-2:]:
        assert "12345 XYZ (у найдрібніших одиницях)" in mail.text
    assert "кожні 6 місяців" in till.post.sent[-1].text


@pytest.mark.parametrize("amount", [None, "a lot", []])
def test_nobody_is_thanked_for_nobody_knows_how_much_and_the_others_are(till: Till, amount: object) -> None:
    till.tell(till.gives(1000))
    values = {"amount": amount, "currency": "eur", "paid_at": till.business}
    whole = {**values, "amount": 700}
    waiting = [MailToSend("pi_x:thanks", "thanks_once", values), MailToSend("pi_y:thanks", "thanks_once", whole)]
    till.table.transact([outbox.put(mail, till.state().id, till.business) for mail in waiting])
    assert [till.mail_sender.try_send(mail.id, till.business) for mail in waiting] == [False, True]
    assert "7 €" in till.post.sent[-1].text.replace("\N{NO-BREAK SPACE}", " ")
