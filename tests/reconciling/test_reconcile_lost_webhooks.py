"""Promise P6: all webhooks lost for 29 days, and some events never made; one reconcile, and all is as if told.

The same 29 days are lived before the same Stripe by a newsroom that heard of everything and by one that heard of
nothing. Then Stripe's list of events gets a hole: each event in turn, and each turn of the story with all its events.
"""

import pytest

from chalicelib.inbox import rows as inbox
from testkit.harness import ADA, BEN
from testkit.lost_webhooks import CLEO, DORA, Known, Outage, known, outage, untold
from testkit.reconciling import reconciles

TURNS = (
    "gift", "monthly gift", "another gift", "refund", "dispute", "failed refund", "dispute lost",
    "renewal", "stop", "end",
)  # fmt: skip
# All turns of one supporter's gifts: what a later event would tell of an earlier one is missing with it.
WHOSE = {
    ADA: ("gift", "refund", "failed refund"),
    BEN: ("monthly gift", "end"),
    CLEO: ("renewal", "stop"),
    DORA: ("another gift", "dispute", "dispute lost"),
}
EVENTS_ONLY = ("undelivered", "events")


@pytest.fixture(scope="module")
def played() -> Outage:
    """The 29 days; each test forks its own newsroom from them."""
    return outage()


@pytest.fixture(scope="module")
def truth(played: Outage) -> Known:
    """What the newsroom knows that heard of everything."""
    return known(played.told)


def test_the_story_is_worth_losing(played: Outage, truth: Known) -> None:
    """What must come out, said in numbers, so that two empty books would not pass for equal ones."""
    assert tuple(played.steps) == TURNS
    euro = truth.totals["eur"]
    assert (euro.gross, euro.refunded, euro.dispute_lost, euro.payments) == (
        300 + 1000 + 500 + 2000 + 300,
        0,
        2000,
        5,
    )
    assert len(truth.entries) == 8
    assert {email: entitled.tier for email, entitled in truth.access.items()} == {
        ADA: "member",
        BEN: "member",
        CLEO: "member",
        DORA: None,
    }
    assert known(played.missing()) != truth
    assert played.told.clock.business - played.deaf.clock.business == 29 * 86_400


def test_after_29_days_without_a_webhook_one_reconcile_knows_everything(played: Outage, truth: Known) -> None:
    harness = played.missing()
    done = reconciles(harness)
    assert known(harness) == truth
    assert (done.failed, done.differs, inbox.waiting(harness.table)) == ({}, False, [])
    assert untold(harness, played.told) == set()
    again = reconciles(harness)
    assert all(part.applied == 0 for part in again.parts.values()), "nothing is left for a second one"
    assert known(harness) == truth


def test_an_event_that_was_never_made_is_not_missed(played: Outage, truth: Known) -> None:
    for event in played.events:
        harness = played.missing(event)
        done = reconciles(harness)
        assert known(harness) == truth, event["type"]
        assert (done.failed, done.differs, untold(harness, played.told)) == ({}, False, set())
    assert len(played.events) > 25


@pytest.mark.parametrize("turn", TURNS)
def test_a_turn_of_which_no_event_was_made_is_not_missed(played: Outage, truth: Known, turn: str) -> None:
    """Neither by who heard of nothing, nor by who heard of everything before."""
    for heard_until in (None, turn):
        harness = played.missing(*played.of(turn), heard_until=heard_until)
        reconciles(harness)
        assert known(harness) == truth
        assert untold(harness, played.told) == set()


@pytest.mark.parametrize("whose", WHOSE)
def test_a_supporter_of_whom_no_event_was_made_is_not_missed(played: Outage, truth: Known, whose: str) -> None:
    harness = played.missing(*played.of(*WHOSE[whose]))
    reconciles(harness)
    assert known(harness) == truth


def test_without_a_single_event_the_money_tells_everything(played: Outage, truth: Known) -> None:
    harness = played.missing(*played.events)
    done = reconciles(harness)
    assert done.parts["events"].applied == 0
    assert known(harness) == truth


def test_webhooks_that_come_after_all_change_nothing_more(played: Outage, truth: Known) -> None:
    harness = played.missing()
    reconciles(harness)
    for event in (*played.events, *played.events[::-1]):
        assert harness.take_in(event)["applied"]
    assert known(harness) == truth


def test_the_schedules_get_there_too(played: Outage, truth: Known) -> None:
    """Ring by ring, as deployed; ring 2 has no cursor yet and looks back as far as it can."""
    harness = played.missing(*played.of("refund"))
    for ring in ("undelivered", "events", "money"):
        assert reconciles(harness, [ring], by_hand=False).failed == {}
    assert known(harness) == truth


# ---- negative controls ----


@pytest.mark.parametrize("whose", WHOSE)
def test_without_the_ring_of_money_a_supporter_of_whom_no_event_was_made_is_missed(
    played: Outage, truth: Known, whose: str
) -> None:
    harness = played.missing(*played.of(*WHOSE[whose]))
    reconciles(harness, EVENTS_ONLY)
    assert known(harness) != truth


@pytest.mark.parametrize("turn", ["failed refund", "dispute", "renewal", "stop", "end"])
def test_without_the_ring_of_money_the_last_turn_is_missed_by_who_heard_all_before(
    played: Outage, truth: Known, turn: str
) -> None:
    later = [other for other in TURNS[TURNS.index(turn) :] if turn == "dispute" and other == "dispute lost"]
    harness = played.missing(*played.of(turn, *later), heard_until=turn)
    reconciles(harness, EVENTS_ONLY)
    assert known(harness) != truth


@pytest.mark.parametrize("turn", ["stop", "end"])
def test_without_the_look_at_subscriptions_what_moves_no_money_is_missed(
    played: Outage, truth: Known, turn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.rails.stripe.reconcile.rings.recurring", lambda _run, _tally: None)
    harness = played.missing(*played.of(turn), heard_until=turn)
    reconciles(harness)
    assert known(harness) != truth


def test_with_a_narrower_window_old_money_is_missed(played: Outage, truth: Known) -> None:
    harness = played.missing(*played.of(*WHOSE[ADA]))
    reconciles(harness, days=10)
    assert known(harness) != truth
    reconciles(harness, days=30)
    assert known(harness) == truth
