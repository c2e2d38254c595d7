"""What a recurring gift's facts change beside its payments: pauses, stops, and what was there before."""

from dataclasses import replace

import pytest

from chalicelib.booking.rules.changes import Changes
from chalicelib.booking.rules.decide import decide
from chalicelib.booking.rules.facts import Facts
from chalicelib.ledger.rules.movements import Booked
from chalicelib.supporters.rules.access import DAY, RecurringGift, SubscriptionStatus
from chalicelib.supporters.rules.state import State
from tests.booking.test_booking import (
    FIRST,
    MONTH,
    NEWSROOM,
    NOBODY,
    START,
    UPCOMING,
    after,
    gift,
    mails,
    monthly,
    paid,
)


def told(facts: Facts, state: State) -> Changes:
    return decide(facts, state, NEWSROOM)


def looking(facts: Facts, **more: object) -> Facts:
    """The same facts with other words of the provider's."""
    assert facts.recurring
    return replace(facts, recurring=replace(facts.recurring, **more))  # type: ignore[arg-type]


def test_a_pause_and_its_end_are_each_told_once() -> None:
    state = after(FIRST)
    pause = looking(monthly(status="paused"), resumes_at=START + 2 * MONTH)
    changes = told(pause, state)
    assert mails(changes) == [(f"sub_1:paused:{START + MONTH}", "recurring_paused")]
    assert (changes.mails[0].values["access_until"], changes.mails[0].values["resumes_at"]) == (
        START + MONTH,
        START + 2 * MONTH,
    )
    paused = after(pause, state=state)
    assert gift(paused).resumes_at == START + 2 * MONTH
    assert mails(told(pause, paused)) == []
    again = looking(monthly(), resumes_at=START + 2 * MONTH)
    changes = told(again, paused)
    assert mails(changes) == [(f"sub_1:unpaused:{START + MONTH}", "recurring_resumed")]
    assert changes.mails[0].values["next_payment_at"] == UPCOMING
    assert gift(after(again, state=paused)).resumes_at is None, "only of one that is paused"
    assert mails(told(monthly(status="unpaid"), paused)) == [], "it does not go on"


@pytest.mark.parametrize(("status", "next_payment"), [("active", UPCOMING), ("past_due", None)])
def test_who_thinks_better_of_it_hears_of_the_next_payment_unless_one_is_late(
    status: SubscriptionStatus, next_payment: int | None
) -> None:
    stopped = after(FIRST, monthly(ends_at=START + MONTH))
    (mail,) = told(monthly(status=status), stopped).mails
    assert (mail.kind, mail.values["next_payment_at"]) == ("recurring_resumed", next_payment)


@pytest.mark.parametrize(
    ("ends_at", "next_payment_at", "open_until"),
    [
        (START + MONTH, None, START + MONTH),
        (START + 3 * MONTH, START + MONTH, START + 3 * MONTH),
        (START + 3 * MONTH, None, START + MONTH),
        (START + DAY, None, START + DAY),
    ],
)
def test_a_stop_says_until_when_it_stays_open(ends_at: int, next_payment_at: int | None, open_until: int) -> None:
    """To its end if it is paid for by then, or will be; else to the end of what is paid."""
    stop = looking(monthly(ends_at=ends_at), next_payment_at=next_payment_at)
    (mail,) = told(stop, after(FIRST)).mails
    assert mail.kind == "recurring_will_end"
    values = mail.values
    assert (values["ends_at"], values["access_until"], values["next_payment_at"]) == (
        ends_at,
        open_until,
        next_payment_at,
    )


def test_a_stop_of_what_opens_nothing_promises_nothing() -> None:
    stop = looking(monthly(ends_at=START + 3 * MONTH), next_payment_at=START + MONTH)
    (mail,) = told(stop, after(monthly())).mails
    assert mail.values["access_until"] is None


def test_of_two_recurring_gifts_each_follows_its_own_facts() -> None:
    both = after(FIRST, monthly(name="sub_2", amount=500, started_at=START + DAY))
    changed = after(monthly(status="past_due", name="sub_2", amount=500, started_at=START + DAY), state=both)
    assert [one.id for one in changed.standing.recurring] == ["sub_1", "sub_2"]
    assert gift(changed) == gift(both)
    assert (gift(changed, "sub_2").status, gift(changed, "sub_2").periods) == ("past_due", ())


def test_in_a_currency_that_is_no_longer_listed_a_payment_earns_nothing_and_is_booked() -> None:
    facts = looking(replace(FIRST, gifts=(paid("pi_1", 300, currency="isk"),)), currency="isk")
    changes = told(facts, NOBODY)
    assert [entry.tier for entry in changes.entries] == [None]
    kept: tuple[RecurringGift, ...] = changes.standing.recurring
    assert [period.tier for one in kept for period in one.periods] == [None]


def test_a_payment_that_is_booked_keeps_the_tier_that_it_earned_then() -> None:
    (entry,) = FIRST.gifts
    was = Booked(entry, NOBODY.id, tier="patron")
    changes = decide(FIRST, NOBODY, NEWSROOM, booked={entry.id: was})
    assert [one.tier for one in changes.entries] == ["patron"]
    assert [period.tier for one in changes.standing.recurring for period in one.periods] == ["patron"]
