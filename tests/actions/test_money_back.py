"""Refunds and disputes: what goes back is booked once, whatever is told first, and closes what it had opened."""

from itertools import permutations
from typing import Any

import pytest

from tests.support.till import ADA, Json, Till, one

DAY = 86_400


def payment_of(till: Till) -> str:
    """The newest payment at Stripe."""
    return str(till.double.of("payment_intent")[-1]["id"])


def sums(till: Till) -> tuple[int, int, int]:
    """(gross, refunded, lost) in euro."""
    from chalicelib.ledger.rows import sums as ledger_sums

    found = ledger_sums.totals(till.table)["eur"]
    return found.gross, found.refunded, found.dispute_lost


def amounts(till: Till) -> list[tuple[str, int]]:
    return sorted((str(entry["kind"]), int(entry["amount"])) for entry in till.books.entries)


@pytest.mark.parametrize("interval", ["once", "month"])
def test_a_partial_refund_is_booked_and_closes_nothing(till: Till, interval: str) -> None:
    till.tell(till.gives(1000, interval))
    till.tell(till.double.gives_back(payment_of(till), 400))
    assert amounts(till) == [("gift", 1000), ("refund", -400)]
    assert sums(till) == (1000, 400, 0)
    assert till.access().tier == "member"
    assert [mail.to for mail in till.post.sent] == [ADA, ADA], "thanks, and that something went back"


@pytest.mark.parametrize("interval", ["once", "month"])
def test_a_full_refund_in_parts_ends_what_the_payment_earned(till: Till, interval: str) -> None:
    till.tell(till.gives(1000, interval))
    till.tell(till.double.gives_back(payment_of(till), 400))
    till.tell(till.double.gives_back(payment_of(till)))
    assert sums(till) == (1000, 1000, 0)
    assert till.access().tier is None


@pytest.mark.parametrize("interval", ["once", "month"])
def test_a_refund_that_fails_opens_it_again(till: Till, interval: str) -> None:
    till.tell(till.gives(1000, interval))
    till.tell(till.double.gives_back(payment_of(till)))
    refund = till.double.of("refund")[0]["id"]
    assert till.access().tier is None
    till.pass_time(DAY)
    till.tell(till.double.bank_returns(refund))
    assert amounts(till) == [("gift", 1000), ("refund", -1000), ("refund", 1000)]
    assert {entry["id"] for entry in till.books.entries} >= {refund, f"{refund}:failed"}
    assert sums(till) == (1000, 0, 0)
    assert till.access().tier == "member"


@pytest.mark.parametrize("interval", ["once", "month"])
@pytest.mark.parametrize("won", [True, False])
def test_a_dispute_suspends_until_it_is_won(till: Till, interval: str, won: bool) -> None:
    till.tell(till.gives(1000, interval))
    till.tell(till.double.bank_disputes(payment_of(till)))
    assert sums(till) == (1000, 0, 1000)
    assert till.access().tier is None
    dispute = till.double.of("dispute")[0]
    till.tell(till.double.bank_decides(dispute["id"], won=won))
    assert sums(till) == (1000, 0, 0 if won else 1000)
    assert till.access().tier == ("member" if won else None)
    moved = [entry for entry in till.books.entries if entry["kind"] == "dispute"]
    assert all(str(entry["id"]).startswith("txn_") for entry in moved)
    assert len(moved) == 1 + won


def test_an_inquiry_moves_no_money(till: Till) -> None:
    till.tell(till.gives(1000))
    till.tell(till.double.bank_disputes(payment_of(till), inquiry=True))
    assert amounts(till) == [("gift", 1000)]
    assert till.access().tier == "member"


@pytest.mark.parametrize("interval", ["once", "month"])
def test_told_in_any_order_it_is_the_same(till: Till, interval: str) -> None:
    """The refund may be told before the gift: then both are booked at once, for the same supporter."""
    wanted = ("checkout.session.completed", "payment_intent.succeeded", "refund.created", "charge.refunded")
    seen: list[Any] = []
    for order in permutations(range(len(wanted))):
        email = f"{len(seen)}@reader.example"
        life: list[Json] = till.gives(1000, interval, email)
        life += till.double.gives_back(payment_of(till))
        till.tell([one(life, wanted[at]) for at in order])
        till.tell(life)
        rows = [entry for entry in till.books.entries if entry["supporter"] == till.state(email).id]
        seen.append((sorted((row["kind"], row["amount"]) for row in rows), till.access(email).tier))
    assert seen == [([("gift", 1000), ("refund", -1000)], None)] * 24
    assert sums(till) == (24_000, 24_000, 0)


def test_only_the_refunded_month_closes(till: Till) -> None:
    till.tell(till.gives(300, "month"))
    first = payment_of(till)
    subscription = till.double.of("subscription")[0]["id"]
    till.tell(till.double.renew(subscription))
    till.pass_time(till.double.account.seconds - till.business)
    till.tell(till.double.gives_back(first))
    assert till.access().tier == "member", "the second month is paid"
    till.tell(till.double.gives_back(payment_of(till)))
    assert till.access().tier is None, "nothing is paid for, so nothing is late"
    till.tell(till.double.renew(subscription))
    till.pass_time(till.double.account.seconds - till.business)
    assert till.access().tier == "member", "the next one pays again"


def test_a_refunded_renewal_leaves_the_month_before_its_grace(till: Till) -> None:
    till.tell(till.gives(300, "month"))
    till.tell(till.double.renew(till.double.of("subscription")[0]["id"]))
    till.pass_time(till.double.account.seconds - till.business + DAY)
    till.tell(till.double.gives_back(payment_of(till)))
    assert till.access().tier == "member", "as if the renewal had not come yet"
    till.pass_time(7 * DAY)
    assert till.access().tier is None


def test_the_rest_stays(till: Till) -> None:
    till.tell(till.gives(1000))
    first = payment_of(till)
    till.tell(till.gives(1000))
    both = till.access().until
    till.tell(till.double.gives_back(first))
    assert till.access().tier == "member"
    assert both is not None
    assert till.access().until == both - 60 * DAY


@pytest.mark.parametrize("interval", ["once", "month"])
def test_what_a_booked_gift_earned_is_not_changed_by_later_rules(till: Till, interval: str) -> None:
    """A newsroom may raise its tiers; what readers gave before stays what it was, however often it is told again."""
    from dataclasses import replace

    events = till.gives(1000, interval)
    till.tell(events)
    rules = till.newsroom.currencies["eur"]
    dearer = {name: tuple(replace(rule, tier="patron") for rule in earns) for name, earns in rules.earns.items()}
    till.newsroom = replace(
        till.newsroom, currencies={**till.newsroom.currencies, "eur": replace(rules, earns=dearer)}
    )
    till.tell(event | {"id": f"{event['id']}again"} for event in events)
    assert till.access().tier == "member"
    till.tell(till.gives(1000, interval, "new@reader.example"))
    assert till.access("new@reader.example").tier == "patron"
