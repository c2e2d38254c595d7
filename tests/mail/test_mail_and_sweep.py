"""Mails are facts in the outbox: written with what they tell, sent once, never lost while the post is on strike."""

import threading
from typing import Any

import pytest

from chalicelib.checkouts.rules.wish import Wish
from chalicelib.inbox import rows as inbox
from chalicelib.kernel import keys
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.failures import MOST_FAULTS
from chalicelib.kernel.table import Delete, TableUnavailable
from chalicelib.mail.rows import outbox
from chalicelib.mail.rules.mails import MailToSend
from testkit.at_once import at_once
from testkit.harness import ADA, BEN, Harness
from testkit.sent import Mail
from testkit.tables import Around, Unguarded
from testkit.webhooks import one


def mails(harness: Harness) -> list[tuple[str, int]]:
    """(status, tries) of every mail in the outbox."""
    return [(row["status"], row["tries"]) for row in harness.kinds("MAIL")]


def test_a_mail_goes_out_with_the_webhook(harness: Harness) -> None:
    harness.tell(harness.gives(1000))
    (mail,) = harness.mails.sent
    assert mail.to == ADA
    assert "10" in mail.text
    assert "\n" not in mail.subject
    assert mails(harness) == [("sent", 1)]
    harness.pass_time(7 * 86_400)
    assert harness.sweeps()["mails"] == 0, "what is sent has left the list of work"


def test_a_mail_waits_while_the_post_is_on_strike_and_the_gift_is_booked_all_the_same(harness: Harness) -> None:
    harness.mails.down = True
    harness.tell(harness.gives(1000))
    assert harness.books.totals == {"eur": (1000, 1)}
    assert mails(harness) == [("unsent", 1)]
    harness.pass_time(3600)
    assert harness.sweeps() == {"events": 0, "applied": 0, "mails": 1, "sent": 0}
    harness.mails.down = False
    assert harness.sweeps()["mails"] == 0, "not before it is due again"
    harness.pass_time(3600)
    assert harness.sweeps() == {"events": 0, "applied": 0, "mails": 1, "sent": 1}
    assert [mail.to for mail in harness.mails.sent] == [ADA]
    assert mails(harness) == [("sent", 3)]


def test_one_letter_that_cannot_be_sent_does_not_hold_up_the_others(harness: Harness) -> None:
    harness.mails.down = True
    harness.tell([*harness.gives(1000), *harness.gives(1000, email=BEN)])
    harness.mails.down = False

    def picky(mail: Mail) -> None:
        if mail.to == ADA:
            raise ValueError("the service does not take this address")

    harness.mails.on_send = picky
    harness.pass_time(3600)
    assert harness.sweeps() == {"events": 0, "applied": 0, "mails": 2, "sent": 1}
    assert [mail.to for mail in harness.mails.sent] == [BEN]


def test_after_many_tries_a_mail_is_given_up_not_tried_for_ever(harness: Harness) -> None:
    harness.mails.down = True
    harness.tell(harness.gives(1000))
    for _ in range(MOST_FAULTS + 5):
        harness.pass_time(7 * 3600)
        harness.sweeps()
    assert [status for status, _ in mails(harness)] == ["undeliverable"]
    harness.mails.down = False
    harness.pass_time(7 * 3600)
    assert harness.sweeps()["mails"] == 0


def test_a_mail_to_somebody_who_is_gone_is_given_up(harness: Harness) -> None:
    harness.mails.down = True
    harness.tell(harness.gives(1000))
    profile = next(row for row in harness.rows() if row["sk"] == "PROFILE")
    harness.table.write(Delete((profile["pk"], profile["sk"])))
    harness.mails.down = False
    harness.pass_time(3600)
    assert harness.sweeps()["sent"] == 0
    assert harness.mails.sent == []
    assert [status for status, _ in mails(harness)] == ["undeliverable"]


@pytest.mark.engine
def test_sixteen_postmen_at_once_send_one_letter(harness: Harness) -> None:
    harness.mails.down = True
    harness.tell(harness.gives(1000))
    harness.mails.down = False
    harness.pass_time(3600)
    (mail,) = harness.books.mails
    results = at_once(16, lambda _: harness.mail_sender.try_send(mail, harness.now()))
    assert results.count(True) == 1
    assert len(harness.mails.sent) == 1


@pytest.mark.engine
def test_without_the_lease_some_would_send_it_twice(harness: Harness) -> None:
    """The negative control: everybody who read the mail as unsent sends it."""
    harness.mails.down = True
    harness.tell(harness.gives(1000))
    harness.mails.down = False
    harness.pass_time(3600)
    (mail,) = harness.books.mails
    all_have_read = threading.Barrier(4)

    def together(call: str, _what: Any) -> None:
        if call == "write":
            all_have_read.wait(30)

    real = harness.table
    harness.table = Around(Unguarded(real, "MAIL#"), together)
    # Only the first write, the lease, is taken together.
    sent = at_once(4, lambda _: outbox.take(harness.table, mail, harness.now()) is not None)
    assert sent == [True] * 4
    harness.pass_time(3600)
    harness.table = Around(real, together)
    assert at_once(4, lambda _: outbox.take(harness.table, mail, harness.now()) is not None).count(True) == 1


def test_a_worker_that_dies_after_sending_may_send_again_under_the_same_name(harness: Harness) -> None:
    """At least once, and recognisable: the Message-ID follows from the mail's own name."""
    real = harness.table

    def die(call: str, what: Any) -> None:
        if call == "write" and getattr(what, "set", {}).get("status") == "sent":
            raise TableUnavailable("injected")

    harness.table = Around(real, die)
    harness.tell(harness.gives(1000))
    harness.table = real
    harness.pass_time(3600)
    harness.sweeps()
    ids = [mail.message_id for mail in harness.mails.sent]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert ids[0].startswith("pi_")


@pytest.mark.parametrize("interval", ["once", "month", "year"])
@pytest.mark.parametrize("amount", [300, 1000, 15_000])
def test_every_thanks_can_be_written(harness: Harness, interval: str, amount: int) -> None:
    harness.tell(harness.gives(amount, interval))
    (mail,) = harness.mails.sent
    assert mail.html.startswith("<!doctype html>") or "<html" in mail.html
    assert ("/account" in mail.text) or interval == "once", "change or stop, in every mail about a recurring gift"


@pytest.mark.engine
def test_two_sweeps_at_once_apply_an_event_once(harness: Harness) -> None:
    events = [one(harness.gives(1000, email=f"{n}@reader.example"), "checkout.session.completed") for n in range(4)]
    harness.stripe.down = True
    for event in events:
        harness.take_in(event)
    harness.stripe.down = False
    harness.pass_time(600)
    at_once(4, lambda _: harness.sweeps())
    assert harness.books.totals == {"eur": (4000, 4)}
    assert len(harness.mails.sent) == 4


def test_of_two_sweeps_that_list_the_same_event_one_takes_it_up(harness: Harness) -> None:
    event = one(harness.gives(1000), "checkout.session.completed")
    harness.stripe.down = True
    harness.take_in(event)
    harness.pass_time(600)
    ((event_id, due),) = inbox.pending_events(harness.table, harness.now())
    assert [inbox.lease(harness.table, event_id, due, harness.now()) for _ in range(3)] == [True, False, False]


def test_an_empty_sweep_asks_each_list_once_and_writes_nothing(harness: Harness) -> None:
    asked: list[str] = []
    harness.table = Around(harness.table, lambda call, _what: asked.append(call))
    assert harness.sweeps() == {"events": 0, "applied": 0, "mails": 0, "sent": 0}
    lists = [*keys.all_inbox_work(), keys.DUE_WORK]
    assert asked == ["query_index"] * len(lists), "events, and everything else that is due"


def test_the_sweep_leaves_alone_what_a_worker_has_just_taken_in(harness: Harness) -> None:
    """The lease: whoever stored the event is applying it this very moment."""
    event = one(harness.gives(1000), "checkout.session.completed")
    harness.stripe.down = True
    harness.take_in(event)
    harness.pass_time(30)
    assert harness.sweeps()["events"] == 0


# ---- coming back ----


def test_a_reader_who_comes_back_before_the_webhook_is_booked_at_once(harness: Harness) -> None:
    session = harness.starts(Wish(1000, "eur", "once"))
    events = harness.stripe.pay(session, ADA)
    looked = harness.comes_back(session)
    assert (looked.asked, looked.checkout.status) == (True, "paid")
    assert harness.books.totals == {"eur": (1000, 1)}
    assert len(harness.mails.sent) == 1
    harness.tell(events)
    assert harness.books.totals == {"eur": (1000, 1)}
    assert len(harness.mails.sent) == 1


def test_coming_back_while_stripe_is_away_says_so_and_changes_nothing(harness: Harness) -> None:
    session = harness.starts(Wish(1000, "eur", "once"))
    harness.stripe.pay(session, ADA)
    harness.stripe.down = True
    before = harness.rows()
    looked = harness.comes_back(session)
    assert (looked.asked, looked.checkout.status) == (False, "open")
    assert harness.rows() == before
    harness.stripe.down = False
    assert harness.comes_back(session).checkout.status == "paid"


def test_a_session_that_we_did_not_start_is_refused_without_asking_stripe(harness: Harness) -> None:
    calls = harness.stripe.calls.total()
    for unknown in ("cs_test_unknown", "cs_", "pi_1", "", "attempt-0123456789", "../x"):
        with pytest.raises(NotFound) as refused:
            harness.comes_back(unknown)
        assert refused.value.code == "unknown_checkout"
    assert harness.stripe.calls.total() == calls


def test_an_attempts_name_is_not_a_session(harness: Harness) -> None:
    harness.starts(Wish(1000, "eur", "once"), attempt="cs_0123456789abcdef")
    with pytest.raises(NotFound):
        harness.comes_back("cs_0123456789abcdef")


def test_a_mail_about_a_currency_that_we_do_not_list_goes_out_with_raw_minor_units(harness: Harness) -> None:
    harness.tell(harness.gives(1000))
    values = {"amount": 12_345, "currency": "xyz", "paid_at": harness.clock.business}
    recurring = {"amount": 12_345, "currency": "xyz", "interval": "month", "interval_count": 6}
    waiting = [
        MailToSend("pi_x:thanks", "thanks_once", values),
        MailToSend("sub_x:ended", "recurring_ended", recurring),
    ]
    harness.table.transact([outbox.put(mail, harness.state().id, harness.now()) for mail in waiting])
    assert all(harness.mail_sender.try_send(mail.id, harness.now()) for mail in waiting)
    for mail in harness.mails.sent[-2:]:
        assert "12345 XYZ (у найдрібніших одиницях)" in " ".join(mail.text.split())
    assert "кожні 6 місяців" in " ".join(harness.mails.sent[-1].text.split())


@pytest.mark.parametrize("amount", [None, "a lot", []])
def test_nobody_is_thanked_for_nobody_knows_how_much_and_the_others_are(harness: Harness, amount: object) -> None:
    harness.tell(harness.gives(1000))
    values = {"amount": amount, "currency": "eur", "paid_at": harness.clock.business}
    whole = {**values, "amount": 700}
    waiting = [MailToSend("pi_x:thanks", "thanks_once", values), MailToSend("pi_y:thanks", "thanks_once", whole)]
    harness.table.transact([outbox.put(mail, harness.state().id, harness.now()) for mail in waiting])
    assert [harness.mail_sender.try_send(mail.id, harness.now()) for mail in waiting] == [False, True]
    assert "7 €" in harness.mails.sent[-1].text.replace("\N{NO-BREAK SPACE}", " ")
