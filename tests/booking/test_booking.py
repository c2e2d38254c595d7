"""What a fact changes: a pure decision, the same for any order and any repetition of the same facts (promise P1)."""

import tomllib
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Literal

import pytest

import chalicelib
from chalicelib.booking.rules.changes import Changes, Tag
from chalicelib.booking.rules.decide import decide
from chalicelib.booking.rules.facts import CheckoutFacts, Facts, FailedRenewal, PaidInvoice, RecurringFacts
from chalicelib.checkouts.rules.status import CheckoutStatus
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.rhythm import Rhythm
from chalicelib.ledger.rules.movements import Movement, Period
from chalicelib.newsroom import file as newsroom_file
from chalicelib.supporters.rules.access import DAY, RecurringGift, Standing, SubscriptionStatus, entitlement
from chalicelib.supporters.rules.state import State

NEWSROOM = newsroom_file.read(
    tomllib.loads(Path(chalicelib.__file__).with_name("newsroom.toml").read_text(encoding="utf-8"))
)
START = 1_790_000_000
MONTH = 30 * DAY
MONTHLY = Rhythm("month")
UPCOMING = START + 5 * MONTH  # when Stripe says that it takes the next payment
NOBODY = State(SupporterId("ada"))


def paid(name: str = "pi_1", amount: int = 1000, at: int = START, currency: str = "eur") -> Movement:
    return Movement(name, "gift", name, amount, currency, at, livemode=False, rail="stripe")


def one_off(*payments: Movement, status: CheckoutStatus = "paid") -> Facts:
    checkout = CheckoutFacts("cs_1", status, 1000, "eur", "once")
    return Facts(gifts=payments, checkout=checkout, customer="cus_1", currency="eur", campaign="winter", source="s")


def monthly(  # noqa: PLR0913 - one name for each thing that a telling may say
    paid_through: int | None = None,
    paid_amount: int | None = None,
    *,
    name: str = "sub_1",
    amount: int = 300,
    status: SubscriptionStatus = "active",
    ends_at: int | None = None,
    started_at: int = START,
    first: bool = False,
    payments: tuple[Movement, ...] = (),
    failed: FailedRenewal | None = None,
) -> Facts:
    """What one telling of a monthly gift says; with `paid_through` it tells of a paid invoice."""
    counts = amount if paid_amount is None else paid_amount
    invoice, span = f"in_{name}_{paid_through}", Period((paid_through or 0) - MONTH, paid_through or 0)
    bill = PaidInvoice(invoice, span, counts, MONTHLY) if paid_through else None
    told = RecurringFacts(name, status, started_at, ends_at, amount, "eur", MONTHLY, "cus_1", bill, first, UPCOMING)
    return Facts(gifts=payments, recurring=told, customer="cus_1", currency="eur", failed=failed)


def after(*facts: Facts, state: State = NOBODY) -> State:
    """The state after deciding and keeping each in turn."""
    for fact in facts:
        changes = decide(fact, state, NEWSROOM)
        state = replace(
            state, version=state.version + 1, standing=changes.standing, customers=dict(changes.customers)
        )
    return state


def gift(state: State, name: str = "sub_1") -> RecurringGift:
    return next(gift for gift in state.standing.recurring if gift.id == name)


def tier_at(state: State, now: int) -> str | None:
    return entitlement(state.standing, NEWSROOM.tier_names, NEWSROOM.grace_days * DAY, BusinessTime(now)).tier


def mails(changes: Changes) -> list[tuple[str, str]]:
    return [(mail.id, mail.kind) for mail in changes.mails]


# ---- one-off ----


def test_a_one_off_gift_books_opens_thanks_and_writes_history() -> None:
    changes = decide(one_off(paid()), NOBODY, NEWSROOM, proven=True)
    (entry,) = changes.entries
    assert (entry.movement.kind, entry.movement.id, entry.campaign, entry.source) == ("gift", "pi_1", "winter", "s")
    (grant,) = changes.standing.grants
    assert (grant.id, grant.tier, grant.at, grant.days) == ("pi_1", "member", START, 60)
    assert mails(changes) == [("pi_1:thanks", "thanks_once")]
    assert changes.mails[0].about == "pi_1", "dropped together with its entry"
    assert changes.log == (Tag("gift:one_off:booked", "pi_1"),)
    assert changes.customers == {"eur": "cus_1"}


def test_a_small_gift_is_booked_and_thanked_and_opens_nothing() -> None:
    changes = decide(one_off(paid(amount=500)), NOBODY, NEWSROOM)
    assert len(changes.entries) == len(changes.mails) == 1
    assert changes.standing.grants == ()
    assert changes.mails[0].tier is None


def test_a_gift_in_a_currency_no_longer_listed_is_booked_all_the_same() -> None:
    changes = decide(one_off(paid(currency="gbp")), NOBODY, NEWSROOM)
    assert len(changes.entries) == 1
    assert changes.standing.grants == ()


def test_the_same_gift_told_again_adds_nothing_to_the_standing() -> None:
    once = after(one_off(paid()))
    assert after(*[one_off(paid())] * 5).standing == once.standing
    later = one_off(paid(at=START + 1))
    assert after(later, state=once).standing == once.standing, "a second telling may differ by a second"


@pytest.mark.parametrize(
    ("status", "mail"),
    [("processing", [("cs_1:processing", "processing")]), ("failed", [("cs_1:failed", "payment_failed_once")])],
)
def test_a_delayed_payment_is_told_on_its_way_and_when_it_fails(
    status: CheckoutStatus, mail: list[tuple[str, str]]
) -> None:
    changes = decide(one_off(status=status), NOBODY, NEWSROOM)
    assert mails(changes) == mail
    assert changes.entries == ()
    assert changes.standing == Standing()


@pytest.mark.parametrize("status", ["open", "expired"])
def test_a_checkout_without_money_changes_nothing(status: CheckoutStatus) -> None:
    facts = replace(one_off(status=status), customer=None)
    assert decide(facts, NOBODY, NEWSROOM) == Changes(Standing(), {})


# ---- recurring ----

FIRST = monthly(START + MONTH, first=True, payments=(paid("pi_1", 300),))
SECOND = monthly(START + 2 * MONTH, payments=(paid("pi_2", 300, START + MONTH),))
STARTED = monthly()


def test_the_first_payment_thanks_and_later_ones_are_receipts() -> None:
    first = decide(FIRST, NOBODY, NEWSROOM)
    assert mails(first) == [("pi_1:thanks", "thanks_recurring")]
    assert first.mails[0].values["next_payment_at"] == UPCOMING
    assert first.log == (Tag("gift:recurring:booked", "pi_1"), Tag("recurring:gift:started"))
    second = decide(SECOND, after(FIRST), NEWSROOM)
    assert mails(second) == [("pi_2:thanks", "renewed")]
    assert second.log == (Tag("gift:recurring:booked", "pi_2"),)


def test_a_gift_that_is_told_but_not_yet_paid_opens_nothing() -> None:
    state = after(STARTED)
    assert gift(state).tier is None
    assert tier_at(state, START + 1) is None
    assert tier_at(after(FIRST, state=state), START + 1) == "member"


def test_a_renewal_told_before_the_start_opens_as_far_as_it_pays() -> None:
    state = after(SECOND)
    assert gift(state).paid_through == START + 2 * MONTH
    assert tier_at(state, START + MONTH) == "member"
    assert after(SECOND, FIRST, STARTED).standing == after(STARTED, FIRST, SECOND).standing


def test_the_tier_follows_the_payment_that_reaches_furthest() -> None:
    raised = monthly(START + 2 * MONTH, 1500, amount=1500)
    cheap = monthly(START + MONTH, 300, amount=1500)
    assert gift(after(cheap, raised)).tier == gift(after(raised, cheap)).tier == "patron"
    lowered = monthly(START + 3 * MONTH, 300)
    assert gift(after(cheap, raised, lowered)).tier == "member"
    assert gift(after(cheap, raised, monthly(START + 3 * MONTH, 100))).tier is None


def test_stopped_resumed_stopped_and_ended() -> None:
    running = after(FIRST)
    end = START + MONTH
    stopped = decide(monthly(ends_at=end), running, NEWSROOM)
    assert mails(stopped) == [(f"sub_1:ends:{end}", "recurring_will_end")]
    assert stopped.log == (Tag("recurring:gift:stopped"),)
    state = after(monthly(ends_at=end), state=running)
    assert not gift(state).will_renew
    assert tier_at(state, end - 1) == "member"
    assert tier_at(state, end) is None, "no grace for what was stopped on purpose"

    again = decide(monthly(ends_at=end), state, NEWSROOM)
    assert (again.mails, again.log) == ((), ()), "the same news is no news"

    resumed = decide(monthly(), state, NEWSROOM)
    assert mails(resumed) == [(f"sub_1:resumed:{end}", "recurring_resumed")]
    assert resumed.log == (Tag("recurring:gift:resumed"),)
    assert gift(after(monthly(), state=state)).will_renew

    ended = decide(monthly(status="canceled", ends_at=end), state, NEWSROOM)
    assert mails(ended) == [("sub_1:ended", "recurring_ended")]
    assert ended.mails[0].values["access_until"] == end
    over = after(monthly(status="canceled", ends_at=end), state=state)
    assert decide(monthly(status="canceled", ends_at=end), over, NEWSROOM).mails == ()


def test_ended_in_the_middle_of_a_month_opens_to_the_end_of_what_is_paid() -> None:
    state = after(FIRST, monthly(status="canceled", ends_at=START + DAY))
    assert tier_at(state, START + MONTH - 1) == "member"
    assert tier_at(state, START + MONTH) is None


@pytest.mark.parametrize(
    ("next_attempt_at", "needs", "leads_there"),
    [(START + MONTH, None, False), (START + MONTH, "card", True), (None, None, True), (None, "confirm", True)],
)
def test_a_payment_is_made_by_hand_only_where_no_try_to_come_can_succeed(
    next_attempt_at: int | None, needs: Literal["confirm", "card"] | None, leads_there: bool
) -> None:
    """Else somebody would pay by hand what is then charged once more."""
    refused = FailedRenewal("in_2:1", next_attempt_at, needs=needs, pay_at="https://pay.example/in_2")
    (mail,) = decide(monthly(status="past_due", failed=refused), after(FIRST), NEWSROOM).mails
    assert (mail.values["pay_at"] is not None) is leads_there


def test_a_failed_renewal_is_told_once_and_grace_runs() -> None:
    failed = monthly(status="past_due", failed=FailedRenewal("in_2:1", START + MONTH + 3 * DAY))
    state = after(FIRST)
    changes = decide(failed, state, NEWSROOM)
    assert mails(changes) == [("in_2:1:failed", "payment_failed")]
    assert changes.mails[0].values["access_until"] == START + MONTH + NEWSROOM.grace_days * DAY
    assert changes.entries == ()
    late = after(failed, state=state)
    held = entitlement(
        late.standing, NEWSROOM.tier_names, NEWSROOM.grace_days * DAY, BusinessTime(START + MONTH + DAY)
    )
    assert (held.tier, held.payment_failed) == ("member", True)
    assert tier_at(late, START + MONTH + 8 * DAY) is None
    assert tier_at(after(SECOND, state=late), START + MONTH + 8 * DAY) == "member"


def test_the_end_of_an_old_gift_does_not_end_the_new_ones_access() -> None:
    old = (FIRST, monthly(status="canceled", ends_at=START + DAY))
    new = monthly(
        START + DAY + MONTH,
        name="sub_2",
        started_at=START + DAY,
        first=True,
        payments=(paid("pi_9", 300, START + DAY),),
    )
    for order in permutations((*old, new)):
        state = after(*order)
        assert tier_at(state, START + DAY + MONTH - 1) == "member", [fact.recurring for fact in order]


# A short life: started, paid twice, a renewal that failed and then went through, and a one-off gift beside it.
# Every telling is fetched anew, so each says how the subscription stands by now: active, not ending.
LIFE = (
    STARTED,
    FIRST,
    SECOND,
    monthly(failed=FailedRenewal("in_2:1", None)),
    monthly(START + 3 * MONTH, payments=(paid("pi_3", 300, START + 2 * MONTH),)),
    one_off(paid("pi_4", 3000, START + 5)),
)


def test_every_order_of_a_short_life_gives_the_same_standing_and_the_same_entries() -> None:
    orders = list(permutations(LIFE))
    assert len(orders) == 720
    straight = after(*LIFE)
    for order in orders:
        assert after(*order).standing == straight.standing
    assert {entry.movement.id for fact in LIFE for entry in decide(fact, NOBODY, NEWSROOM).entries} == {
        *("pi_1", "pi_2", "pi_3", "pi_4")
    }


def test_every_repetition_of_a_short_life_gives_the_same_standing() -> None:
    straight = after(*LIFE)
    for again in LIFE:
        assert after(*LIFE, again).standing == straight.standing
        assert after(again, *LIFE).standing == straight.standing


def forgetful(*facts: Facts) -> Standing:
    """The negative control: whatever was told last is how it stands."""
    state = NOBODY
    for fact in facts:
        told = fact.recurring
        kept = replace(state, standing=replace(state.standing, recurring=())) if told else state
        state = replace(state, standing=decide(fact, kept, NEWSROOM).standing)
    return state.standing


def test_taking_over_what_was_told_last_would_depend_on_the_order() -> None:
    assert len({forgetful(*order) for order in permutations(LIFE)}) > 1


def test_only_a_proven_gift_makes_its_stripe_customer_theirs() -> None:
    facts = Facts(customer="cus_1", currency="eur")
    assert decide(facts, NOBODY, NEWSROOM).customers == {}, "whoever typed the address may be a stranger"
    proven = decide(facts, NOBODY, NEWSROOM, proven=True)
    assert proven.customers == {"eur": "cus_1"}
    state = replace(NOBODY, customers={"eur": "cus_deleted"})
    assert decide(facts, state, NEWSROOM, proven=True).customers == {"eur": "cus_1"}, "the latest one works"
