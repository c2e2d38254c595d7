"""What a refund or a dispute changes: entries, what is held of the gift, and a mail that says the truth about it."""

from dataclasses import replace

import pytest

from chalicelib.booking.rules.changes import Changes, Tag
from chalicelib.booking.rules.facts import ReversalFacts
from chalicelib.booking.rules.reversal import reverse
from chalicelib.kernel.ids import SupporterId
from chalicelib.ledger.rules.movements import Booked, Kind, Movement, Period
from chalicelib.supporters.rules.access import DAY, Grant, Standing
from chalicelib.supporters.rules.reversals import Reversal
from testkit.gifts import recurring_gift

START = 1_790_000_000
ONCE = Movement("pi_1", "gift", "pi_1", 1000, "eur", START, livemode=False, rail="stripe")
MONTH = replace(ONCE, invoice="in_1", recurring="sub_1", period=Period(START, START + 30 * DAY))
GRANTED = Standing(grants=(Grant("pi_1", "friend", START, days=30), Grant("pi_2", "friend", START, days=30)))
RECURRING = Standing(recurring=(recurring_gift("sub_1", "friend", START, START + 30 * DAY),))


def moved(amount: int, kind: Kind = "refund", name: str = "re_1", of: Movement = ONCE) -> Movement:
    return replace(of, id=name, kind=kind, amount=amount, occurred_at=START + DAY, period=None)


def refund(
    *movements: Movement, holds: int = 0, status: str = "succeeded", of: Movement = ONCE, by: str = "re_1"
) -> ReversalFacts:
    gift = Booked(of, SupporterId("ada"), "winter", "front")
    return ReversalFacts(by, "refund", gift, holds, movements, status)


def dispute(*movements: Movement, holds: int = 0, status: str = "needs_response") -> ReversalFacts:
    return replace(refund(*movements, holds=holds, status=status, by="dp_1"), kind="dispute")


def changed(taken: ReversalFacts, standing: Standing = GRANTED) -> Changes:
    return reverse(taken, Changes(standing, {}))


def test_a_refund_is_booked_with_the_gifts_campaign_and_held_of_it() -> None:
    changes = changed(refund(moved(-1000), holds=1000))
    (entry,) = changes.entries
    assert (entry.movement, entry.campaign, entry.source, entry.tier) == (moved(-1000), "winter", "front", None)
    assert changes.standing.reversals == (Reversal("pi_1", 1000, {"re_1": 1000}),)
    assert changes.log == (Tag("gift:refund:booked", "re_1"),)
    assert changes.alarms == ()


@pytest.mark.parametrize("standing", [GRANTED, RECURRING, Standing()])
@pytest.mark.parametrize(("back", "full"), [(999, False), (1000, True)])
def test_its_mail_says_what_it_was_of_and_what_becomes_of_it(standing: Standing, back: int, full: bool) -> None:
    of = MONTH if standing.recurring else ONCE
    (mail,) = changed(refund(moved(-back, of=of), holds=back, of=of), standing).mails
    assert (mail.id, mail.kind, mail.about) == ("re_1:told", "refunded", "re_1")
    assert mail.values == {
        "paid_at": moved(-back, of=of).occurred_at,
        "reference": "re_1",
        "amount": back,
        "currency": "eur",
        "gift_amount": 1000,
        "gift_at": START,
        "full": full,
        "opened": standing != Standing(),
        "renews": standing == RECURRING,
    }


def test_of_a_month_its_period_and_its_invoice_are_remembered() -> None:
    (held,) = changed(refund(moved(-1000, of=MONTH), holds=1000, of=MONTH), RECURRING).standing.reversals
    assert (held.recurring, held.period, held.invoice) == ("sub_1", MONTH.period, "in_1")
    part = replace(MONTH, period=None)
    (held,) = changed(refund(moved(-1000, of=part), holds=1000, of=part), RECURRING).standing.reversals
    assert (held.recurring, held.period, held.invoice) == ("sub_1", None, None)


def test_only_the_recurring_gift_that_it_was_of_counts() -> None:
    other = Standing(recurring=(recurring_gift("sub_2", "friend", START, START + 30 * DAY),))
    (mail,) = changed(refund(moved(-1000, of=MONTH), holds=1000, of=MONTH), other).mails
    assert (mail.values["opened"], mail.values["renews"]) == (False, False)


def test_two_parts_make_a_whole_and_the_second_mail_says_so() -> None:
    first = changed(refund(moved(-600), holds=600))
    second = reverse(refund(moved(-400, name="re_2"), holds=400, by="re_2"), first)
    assert [mail.values["full"] for mail in second.mails] == [False, True]
    assert second.standing.reversals[0].refunded == 1000


def test_a_refund_that_came_back_holds_nothing_and_tells_of_that_only() -> None:
    changes = changed(refund(moved(-1000), moved(1000, name="re_1:failed"), status="failed"))
    (mail,) = changes.mails
    assert (mail.id, mail.kind) == ("re_1:failed:told", "refund_failed")
    assert mail.values == {"amount": 1000, "currency": "eur"}
    assert [tag.tag for tag in changes.log] == ["gift:refund:booked", "gift:refund:failed"]
    assert changes.standing.reversals == (Reversal("pi_1", 1000, {"re_1": 0}),)


def test_of_a_cancelled_refund_nobody_is_told() -> None:
    changes = changed(refund(moved(-1000), moved(1000, name="re_1:failed"), status="canceled"))
    assert (len(changes.entries), changes.mails) == (2, ())


@pytest.mark.parametrize("status", ["pending", "warning_needs_response"])
def test_what_moved_nothing_changes_nothing(status: str) -> None:
    """Not even an empty row about the gift: it would say that something is held of it."""
    changes = changed(dispute(status=status))
    assert replace(changes, alarms=()) == Changes(GRANTED, {})
    assert [alarm.code for alarm in changes.alarms] == (["dispute_inquiry"] if status.startswith("warning") else [])


def test_a_dispute_closes_alarms_once_and_tells_nobody() -> None:
    out, back = moved(-1000, "dispute", "txn_1"), moved(1000, "dispute", "txn_2")
    changes = changed(dispute(out, holds=1000))
    assert changes.standing.reversals == (Reversal("pi_1", 1000, disputes={"dp_1": 1000}),)
    (alarm,) = changes.alarms
    assert (alarm.code, alarm.about, alarm.facts) == (
        "dispute_opened",
        "txn_1",
        {"dispute": "dp_1", "payment": "pi_1"},
    )
    won = changed(dispute(out, back, status="won"))
    assert [alarm.about for alarm in won.alarms] == ["txn_1"]
    assert [tag.tag for tag in won.log] == ["gift:dispute:withdrawn", "gift:dispute:reinstated"]
    assert (changes.mails, won.mails) == ((), ())


def test_a_refund_that_the_bank_sends_back_is_somebodys_business() -> None:
    """The money is with us, and owed: Stripe does not try again, and after a withdrawal the law counts days."""
    there_and_back = refund(moved(-1000), moved(1000, name="re_1:failed"), status="failed")
    (alarm,) = changed(there_and_back).alarms
    facts = {"refund": "re_1", "payment": "pi_1"}
    assert (alarm.code, alarm.about, alarm.facts) == ("refund_failed", "re_1:failed", facts)
    assert changed(refund(moved(-1000), holds=1000)).alarms == ()
    taken_back_by_us = refund(moved(-1000), moved(1000, name="re_1:failed"), status="canceled")
    assert changed(taken_back_by_us).alarms == ()


def test_what_other_facts_changed_stays() -> None:
    before = Changes(GRANTED, {}, log=(Tag("gift:one_off:booked", "pi_1"),))
    changes = reverse(refund(moved(-1000), holds=1000), before)
    assert changes.log == (*before.log, Tag("gift:refund:booked", "re_1"))
    assert reverse(refund(), before) == before


def test_a_single_cent_counts_whichever_way_it_goes() -> None:
    there_and_back = refund(moved(-1), moved(1, name="re_1:failed"), status="failed")
    assert [tag.tag for tag in changed(there_and_back).log] == ["gift:refund:booked", "gift:refund:failed"]
    assert [mail.kind for mail in changed(there_and_back).mails] == ["refund_failed"]
    assert [mail.kind for mail in changed(refund(moved(-1), holds=1)).mails] == ["refunded"]
    assert [alarm.code for alarm in changed(dispute(moved(-1, "dispute"), holds=1)).alarms] == ["dispute_opened"]


def test_what_other_gifts_opened_and_hold_is_their_own() -> None:
    other = Standing(grants=(Grant("pi_2", "friend", START, days=30),), reversals=(Reversal("pi_0", 50, {"re": 50}),))
    changes = changed(refund(moved(-1000), holds=1000), other)
    assert changes.mails[0].values["opened"] is False
    assert changes.mails[0].values["full"] is True
    assert [one.gift for one in changes.standing.reversals] == ["pi_0", "pi_1"]
    mine = Standing(grants=(Grant("pi_1", "friend", START, days=30),))
    assert changed(refund(moved(-1000), holds=1000), mine).mails[0].values["opened"] is True
