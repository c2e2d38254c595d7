"""Refunds and disputes: what goes back is booked once, whatever is told first, and closes what it had opened."""

from itertools import permutations
from typing import Any

import pytest

from testkit.harness import ADA, Harness
from testkit.webhooks import Json, one

DAY = 86_400


def payment_of(harness: Harness) -> str:
    """The newest payment at Stripe."""
    return str(harness.stripe.of("payment_intent")[-1]["id"])


def sums(harness: Harness) -> tuple[int, int, int]:
    """(gross, refunded, lost) in euro."""
    from chalicelib.ledger.rows import sums as ledger_sums

    found = ledger_sums.totals(harness.table)["eur"]
    return found.gross, found.refunded, found.dispute_lost


def amounts(harness: Harness) -> list[tuple[str, int]]:
    return sorted((str(entry["kind"]), int(entry["amount"])) for entry in harness.books.entries)


@pytest.mark.parametrize("interval", ["once", "month"])
def test_a_partial_refund_is_booked_and_closes_nothing(harness: Harness, interval: str) -> None:
    harness.tell(harness.gives(1000, interval))
    harness.tell(harness.stripe.gives_back(payment_of(harness), 400))
    assert amounts(harness) == [("gift", 1000), ("refund", -400)]
    assert sums(harness) == (1000, 400, 0)
    assert harness.access().tier == "member"
    assert [mail.to for mail in harness.mails.sent] == [ADA, ADA], "thanks, and that something went back"


@pytest.mark.parametrize("interval", ["once", "month"])
def test_a_full_refund_in_parts_ends_what_the_payment_earned(harness: Harness, interval: str) -> None:
    harness.tell(harness.gives(1000, interval))
    harness.tell(harness.stripe.gives_back(payment_of(harness), 400))
    harness.tell(harness.stripe.gives_back(payment_of(harness)))
    assert sums(harness) == (1000, 1000, 0)
    assert harness.access().tier is None


@pytest.mark.parametrize("interval", ["once", "month"])
def test_a_refund_that_fails_opens_it_again(harness: Harness, interval: str) -> None:
    harness.tell(harness.gives(1000, interval))
    harness.tell(harness.stripe.gives_back(payment_of(harness)))
    refund = harness.stripe.of("refund")[0]["id"]
    assert harness.access().tier is None
    harness.pass_time(DAY)
    harness.tell(harness.stripe.bank_returns(refund))
    assert amounts(harness) == [("gift", 1000), ("refund", -1000), ("refund", 1000)]
    assert {entry["id"] for entry in harness.books.entries} >= {refund, f"{refund}:failed"}
    assert sums(harness) == (1000, 0, 0)
    assert harness.access().tier == "member"


@pytest.mark.parametrize("interval", ["once", "month"])
@pytest.mark.parametrize("won", [True, False])
def test_a_dispute_suspends_until_it_is_won(harness: Harness, interval: str, won: bool) -> None:
    harness.tell(harness.gives(1000, interval))
    harness.tell(harness.stripe.bank_disputes(payment_of(harness)))
    assert sums(harness) == (1000, 0, 1000)
    assert harness.access().tier is None
    dispute = harness.stripe.of("dispute")[0]
    harness.tell(harness.stripe.bank_decides(dispute["id"], won=won))
    assert sums(harness) == (1000, 0, 0 if won else 1000)
    assert harness.access().tier == ("member" if won else None)
    moved = [entry for entry in harness.books.entries if entry["kind"] == "dispute"]
    assert all(str(entry["id"]).startswith("txn_") for entry in moved)
    assert len(moved) == 1 + won


def test_an_inquiry_moves_no_money(harness: Harness) -> None:
    harness.tell(harness.gives(1000))
    harness.tell(harness.stripe.bank_disputes(payment_of(harness), inquiry=True))
    assert amounts(harness) == [("gift", 1000)]
    assert harness.access().tier == "member"


@pytest.mark.parametrize("interval", ["once", "month"])
def test_told_in_any_order_it_is_the_same(harness: Harness, interval: str) -> None:
    """The refund may be told before the gift: then both are booked at once, for the same supporter."""
    wanted = ("checkout.session.completed", "payment_intent.succeeded", "refund.created", "charge.refunded")
    seen: list[Any] = []
    for order in permutations(range(len(wanted))):
        email = f"{len(seen)}@reader.example"
        scenario: list[Json] = harness.gives(1000, interval, email)
        scenario += harness.stripe.gives_back(payment_of(harness))
        harness.tell([one(scenario, wanted[at]) for at in order])
        harness.tell(scenario)
        rows = [entry for entry in harness.books.entries if entry["supporter"] == harness.state(email).id]
        seen.append((sorted((row["kind"], row["amount"]) for row in rows), harness.access(email).tier))
    assert seen == [([("gift", 1000), ("refund", -1000)], None)] * 24
    assert sums(harness) == (24_000, 24_000, 0)


def test_only_the_refunded_month_closes(harness: Harness) -> None:
    harness.tell(harness.gives(300, "month"))
    first = payment_of(harness)
    subscription = harness.stripe.of("subscription")[0]["id"]
    harness.tell(harness.stripe.renew(subscription))
    harness.pass_time(harness.stripe.account.seconds - harness.clock.business)
    harness.tell(harness.stripe.gives_back(first))
    assert harness.access().tier == "member", "the second month is paid"
    harness.tell(harness.stripe.gives_back(payment_of(harness)))
    assert harness.access().tier is None, "nothing is paid for, so nothing is late"
    harness.tell(harness.stripe.renew(subscription))
    harness.pass_time(harness.stripe.account.seconds - harness.clock.business)
    assert harness.access().tier == "member", "the next one pays again"


def test_a_refunded_renewal_leaves_the_month_before_its_grace(harness: Harness) -> None:
    harness.tell(harness.gives(300, "month"))
    harness.tell(harness.stripe.renew(harness.stripe.of("subscription")[0]["id"]))
    harness.pass_time(harness.stripe.account.seconds - harness.clock.business + DAY)
    harness.tell(harness.stripe.gives_back(payment_of(harness)))
    assert harness.access().tier == "member", "as if the renewal had not come yet"
    harness.pass_time(7 * DAY)
    assert harness.access().tier is None


def test_the_rest_stays(harness: Harness) -> None:
    harness.tell(harness.gives(1000))
    first = payment_of(harness)
    harness.tell(harness.gives(1000))
    both = harness.access().until
    harness.tell(harness.stripe.gives_back(first))
    assert harness.access().tier == "member"
    assert both is not None
    assert harness.access().until == both - 60 * DAY


@pytest.mark.parametrize("interval", ["once", "month"])
def test_what_a_booked_gift_earned_is_not_changed_by_later_rules(harness: Harness, interval: str) -> None:
    """A newsroom may raise its tiers; what readers gave before stays what it was, however often it is told again."""
    from dataclasses import replace

    events = harness.gives(1000, interval)
    harness.tell(events)
    rules = harness.newsroom.currencies["eur"]
    dearer = {name: tuple(replace(rule, tier="patron") for rule in earns) for name, earns in rules.earns.items()}
    harness.wiring.newsroom = replace(
        harness.newsroom, currencies={**harness.newsroom.currencies, "eur": replace(rules, earns=dearer)}
    )
    harness.tell(event | {"id": f"{event['id']}again"} for event in events)
    assert harness.access().tier == "member"
    harness.tell(harness.gives(1000, interval, "new@reader.example"))
    assert harness.access("new@reader.example").tier == "patron"
