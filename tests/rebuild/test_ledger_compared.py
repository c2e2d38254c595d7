"""What rebuild finds by the rows alone: entries that cannot be, events that say otherwise, what is held of gifts."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.booking.rail import Moved
from chalicelib.kernel.ids import SupporterId
from chalicelib.ledger.rules.movements import Entry, Movement, Period
from chalicelib.ledger.rules.stored import StoredEntry
from chalicelib.rails.stripe.rail import StripeRail
from chalicelib.rebuild.rules.access import compare_recurring, compare_reversals, derived_standing
from chalicelib.rebuild.rules.differences import (
    Difference,
    EntryInMonth,
    Repair,
    ScannedRows,
    StoredAccess,
    Uncertainty,
    compare_events,
    judged,
)
from chalicelib.rebuild.rules.entries import compare_entries
from chalicelib.supporters.rules.access import DAY, Standing
from chalicelib.supporters.rules.paid_time import PaidPeriod
from chalicelib.supporters.rules.reversals import Reversal
from chalicelib.supporters.rules.state import State
from testkit.gifts import recurring_gift

ADA = SupporterId("ada")
START = 1_790_000_000
GIFT = Movement("pi_1", "gift", "pi_1", 1000, "eur", START, livemode=False, rail="stripe")
REFUND = replace(GIFT, id="re_1", kind="refund", amount=-400)
BACK = replace(REFUND, id="re_1:failed", amount=400)
TAKEN = replace(GIFT, id="txn_1", kind="dispute", amount=-1000)


def rows(*moved: Movement, standing: Standing | None = None, **more: Any) -> ScannedRows:
    """All of these in Ada's ledger, each with its guard."""
    entries = [EntryInMonth(StoredEntry(ADA, f"ENTRY#{one.id}", Entry(one)), "2026-09") for one in moved]
    access = {} if standing is None else {ADA: StoredAccess(State(ADA, standing=standing), listed=False)}
    values = {"guards": {one.id: one.row for one in entries}, "access": access, **more}
    return ScannedRows({"stripe": StripeRail()}, entries=entries, **values)


def found(*moved: Movement, **more: Any) -> list[tuple[str, str]]:
    return [one.key for one in compare_entries(rows(*moved, **more))]


def test_what_is_possible_is_left_alone() -> None:
    month = replace(GIFT, recurring="sub_1", invoice="in_1", period=Period(START, START + DAY))
    assert found(month, REFUND, BACK, TAKEN, replace(TAKEN, id="txn_2", amount=1000)) == []
    assert found(replace(GIFT, period=Period(START, START))) == [], "a time of no length is possible"


@pytest.mark.parametrize(
    ("moved", "part"),
    [
        (replace(GIFT, currency="xyz"), "currency"),
        (replace(GIFT, rail="village"), "rail"),
        (replace(GIFT, id="re_9"), "kind"),
        (replace(GIFT, amount=0), "sign"),
        (replace(GIFT, amount=-1), "sign"),
        (replace(TAKEN, amount=0), "sign"),
        (replace(REFUND, amount=1), "sign"),
        (replace(BACK, amount=-400), "sign"),
        (replace(GIFT, period=Period(START, START - 1)), "period"),
    ],
)
def test_what_cannot_be_is_named_by_its_part(moved: Movement, part: str) -> None:
    others = [GIFT] if moved.gift != moved.id and moved.kind != "gift" else []
    assert found(*others, moved) == [(f"entry_{part}", moved.id)]


def test_a_refund_comes_back_as_it_went() -> None:
    for wrong in (replace(BACK, amount=399), replace(BACK, currency="usd")):
        assert found(GIFT, REFUND, wrong) == [("entry_comes_back_otherwise", "re_1:failed")]
    assert found(GIFT, BACK) == [("entry_comes_back_otherwise", "re_1:failed")], "it never went"
    gone = (ADA, "ENTRY#re_1")
    assert found(GIFT, BACK, guards={"re_1": gone}) == [], "its guard without an entry is a difference of its own"
    assert found(GIFT, replace(REFUND, currency="usd")) == [("entry_currency", "re_1")]


def test_a_refund_is_of_a_gift_that_is_booked_somewhere() -> None:
    assert found(REFUND) == [("gift_not_booked", "pi_1")]
    assert found(REFUND, guards={"pi_1": (SupporterId("bob"), "ENTRY#pi_1")}) == []
    assert found(GIFT, REFUND, guards={}) == []


def says(claim: Moved, moved: Movement = GIFT) -> list[tuple[str, str]]:
    return [one.key for one in compare_events(rows(moved, claims=[claim]))]


MONTH = replace(GIFT, recurring="sub_1")


@pytest.mark.parametrize(
    ("claim", "moved", "agree"),
    [
        (Moved("pi_1", 1000, "eur"), GIFT, True),
        (Moved("pi_1", 1001, "eur"), GIFT, False),
        (Moved("pi_1", 1000, "usd"), GIFT, False),
        (Moved("pi_1", 1001, "eur", authorized=True), GIFT, True),
        (Moved("pi_1", 999, "eur", authorized=True), GIFT, False),
        (Moved("pi_1", 1001, "eur", at_most=True), GIFT, False),
        (Moved("pi_1", 1001, "eur", at_most=True), MONTH, True),
        (Moved("pi_1", 1000, "eur", at_most=True), MONTH, True),
        (Moved("pi_1", 999, "eur", at_most=True), MONTH, False),
        (Moved("pi_1", 5, "eur", authorized=True), replace(GIFT, amount=1), True),
        (Moved("pi_1", 5, "eur", authorized=True), replace(GIFT, amount=-1), False),
    ],
)
def test_an_event_may_say_more_only_where_a_part_was_taken(claim: Moved, moved: Movement, agree: bool) -> None:
    assert says(claim, moved) == ([] if agree else [("told_otherwise", "pi_1")])


def test_what_an_event_tells_and_nobody_booked_is_uncertain_where_it_belongs() -> None:
    (one,) = compare_events(rows(GIFT, claims=[Moved("re_9", -10, "eur", at=START, payment="pi_1")]))
    assert (one.key, one.derived) == (("told_but_not_booked", "re_9"), "-10 eur")
    assert one.uncertain == Uncertainty("re_9", ADA, "2026-09")
    (one,) = compare_events(rows(claims=[Moved("pi_9", 10, "eur", at=2**70)]))
    assert one.uncertain == Uncertainty("pi_9")


def test_each_consequence_of_an_uncertain_row_is_counted_and_left_alone() -> None:
    row = Difference("entry_sign", "pi_1", uncertain=Uncertainty("pi_1", ADA, "2026-09", ""))
    same = Difference("reversal_without_money", "ada pi_2", uncertain=Uncertainty("pi_2", ADA), supporter=ADA)
    of_ada = Difference("grant", "ada pi_1", repair=Repair("access", (ADA,)), supporter=ADA)
    month = Difference("total", "month", repair=Repair("sums", ("month", "2026-09", "eur")))
    other = Difference("total", "month", repair=Repair("sums", ("month", "2026-08", "eur")))
    told, left_alone = judged(rows(), {"all": lambda _: [row, same, of_ada, month, other]})
    assert (told, left_alone) == ([row, other], 3)


def reversals(*moved: Movement, stored: Reversal | None = None, **more: Any) -> list[tuple[str, Any, Any]]:
    standing = Standing(reversals=(stored,) if stored else ())
    return [(one.what, one.stored, one.derived) for one in compare_reversals(rows(*moved, standing=standing, **more))]


HELD = Reversal("pi_1", 1000, refunds={"re_1": 400})


def test_what_is_held_follows_from_the_entries() -> None:
    assert reversals(GIFT, REFUND, stored=HELD) == []
    assert reversals(GIFT, REFUND) == [("reversal", None, "400 refunded, 0 disputed of 1000")]
    less = replace(HELD, refunds={"re_1": 300})
    assert reversals(GIFT, REFUND, stored=less) == [
        ("reversal", "300 refunded, 0 disputed of 1000", "400 refunded, 0 disputed of 1000")
    ]
    assert reversals(GIFT, REFUND, BACK, stored=replace(HELD, refunds={"re_1": 0})) == []


def test_what_is_held_without_any_money_that_moved_makes_the_ledger_uncertain() -> None:
    seen = rows(GIFT, standing=Standing(reversals=(HELD,)))
    (one,) = compare_reversals(seen)
    assert (one.what, one.stored) == ("reversal_without_money", "400 refunded, 0 disputed of 1000")
    assert one.uncertain == Uncertainty("pi_1", ADA)


LOST = replace(HELD, refunds={}, disputes={"dp_1": 1000})
TWO = replace(LOST, disputes={"dp_1": 1000, "dp_2": 0})


@pytest.mark.parametrize(
    ("stored", "named", "what"),
    [
        (LOST, {}, []),
        (TWO, {}, []),
        (replace(LOST, disputes={"dp_1": 400}), {}, ["reversal"]),
        (replace(TWO, disputes={"dp_1": 400, "dp_2": 0}), {}, ["reversal_unnamed"]),
        (None, {}, ["reversal_unnamed"]),
        (None, {"txn_1": "dp_1"}, ["reversal"]),
        (replace(TWO, disputes={"dp_1": 400, "dp_2": 0}), {"txn_1": "dp_1"}, ["reversal"]),
    ],
)
def test_which_dispute_holds_it_is_clear_if_it_is_named_or_the_only_one(
    stored: Reversal | None, named: dict[str, str], what: list[str]
) -> None:
    assert [name for name, _, _ in reversals(GIFT, TAKEN, stored=stored, disputes=named)] == what
    standing = Standing(reversals=(stored,) if stored else ())
    entries = rows(GIFT, TAKEN).entries
    derived = {one.gift: one for one in derived_standing(standing, entries, named).reversals}
    if what == ["reversal_unnamed"]:
        assert derived == ({"pi_1": stored} if stored else {}), "what is not clear stays as it is stored"
    else:
        assert sum(derived["pi_1"].disputes.values()) == 1000
        assert set(derived["pi_1"].disputes) <= {"dp_1", "dp_2"}


def test_a_dispute_that_was_won_leaves_nothing_held_whichever_it_was() -> None:
    won = replace(TAKEN, id="txn_2", amount=1000)
    assert reversals(GIFT, TAKEN, won, stored=TWO) == [
        ("reversal", "0 refunded, 1000 disputed of 1000", "0 refunded, 0 disputed of 1000")
    ]


def paid(name: str, start: int, end: int) -> Movement:
    span = Period(START + start * DAY, START + end * DAY)
    return replace(GIFT, id=name, gift=name, recurring="sub_1", invoice=f"in_{name}", period=span)


def test_a_period_without_invoice_keeps_what_the_ledger_does_not_cover() -> None:
    """It stands for several payments; of it the parts before and after all booked ones stay."""
    merged = PaidPeriod(START - 90 * DAY, START + 120 * DAY, "member")
    free = PaidPeriod(START + 120 * DAY, START + 150 * DAY, "member", "in_free", free=True)
    gift = recurring_gift("sub_1", None, START, START, periods=(merged, free))
    entries = rows(paid("pi_1", 0, 30), paid("pi_2", 30, 60)).entries
    (derived,) = derived_standing(Standing(recurring=(gift,)), entries, {}).recurring
    spans = [((one.start - START) // DAY, (one.end - START) // DAY, one.invoice) for one in derived.periods]
    assert spans == [(-90, 0, None), (0, 30, "in_pi_1"), (30, 60, "in_pi_2"), (60, 120, None), (120, 150, "in_free")]


def test_other_periods_are_said_as_days_and_tiers() -> None:
    kept = PaidPeriod(START, START + 30 * DAY, "member", "in_pi_1")
    gift = recurring_gift("sub_1", None, START, START, periods=(kept, replace(kept, end=START + DAY, invoice="in_x")))
    (one,) = compare_recurring(rows(paid("pi_1", 0, 30), standing=Standing(recurring=(gift,))))
    assert one.what == "tier"
    untold = replace(
        gift, periods=(replace(kept, tier=None, invoice="in_y", end=START + 29 * DAY), replace(kept, tier=None))
    )
    moved = replace(paid("pi_1", 0, 30), period=Period(START + DAY, START + 30 * DAY))
    (one,) = compare_recurring(rows(moved, standing=Standing(recurring=(untold,))))
    assert one.what == "paid_periods"
    assert one.stored.count("no tier") == 2
