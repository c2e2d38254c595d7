"""The rehearsal's own reckoning of access and the app's agree: they were written separately, from the same rules."""

from pathlib import Path
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.kernel.moments import BusinessTime
from chalicelib.ledger.rules.movements import Period
from chalicelib.supporters.rules.access import DAY, Grant, RecurringGift, Standing, SubscriptionStatus, entitlement
from chalicelib.supporters.rules.reversals import Reversal
from ops.rehearsal.stand_in import Json, StandIn
from ops.rehearsal.truth import Moved, Truth
from testkit.gifts import recurring_gift

NOW = BusinessTime(1_800_000_000)
GRACE_DAYS = 7
TIERS = ["member", "patron"]
MONTH = 30 * DAY
NEWSROOM = {
    "grace_days": GRACE_DAYS,
    "tiers": [{"name": name} for name in TIERS],
    "currencies": {
        "eur": {
            "earns": {
                "once": [{"from": 10, "tier": "member", "days": 60}, {"from": 100, "tier": "patron", "days": 90}],
                "month": [{"from": 10, "tier": "member"}, {"from": 100, "tier": "patron"}],
            }
        }
    },
}
AMOUNTS = st.sampled_from([5, 10, 100])
TAKEN = st.sampled_from([None, None, None, "refund", "part", "failed", "dispute", "won"])
GIFT = st.tuples(st.integers(-200, 0), AMOUNTS, TAKEN)  # days ago, amount, what was taken back
RECURRING = st.tuples(
    st.integers(-130, 0),  # since so many days
    AMOUNTS,
    st.lists(TAKEN, max_size=4),  # each payment
    st.sampled_from(["active", "past_due", "canceled", "paused", "let off"]),
    st.booleans(),  # whether it is to end
)


class ScriptedStandIn(StandIn):
    """`StandIn` that runs nowhere and knows what a test tells it."""

    def __init__(self) -> None:
        super().__init__("", Path())
        self.objects: dict[str, list[Json]] = {}

    def add(self, kind: str, **value: Any) -> Json:
        self.objects.setdefault(kind, []).append(value)
        return value

    def all(self, kind: str) -> list[Json]:
        return self.objects.get(kind, [])

    def foreign(self) -> set[str]:
        return set()

    def payment(self, name: str, at: int, amount: int, taken: str | None) -> None:
        """A payment that arrived, and what became of it."""
        self.add("payment_intent", id=name, created=at)
        about = {"payment_intent": name, "currency": "eur"}
        self.add("charge", id=f"ch_{name}", status="succeeded", amount=amount, **about)
        if taken in ("refund", "part", "failed"):
            back = amount - 1 if taken == "part" else amount
            status, returned = ("failed", "txn_back") if taken == "failed" else ("succeeded", None)
            refund = {"amount": back, "status": status, "failure_balance_transaction": returned}
            self.add("refund", id=f"re_{name}", **refund, **about)
        elif taken:
            moved = [{"id": f"txn_{name}", "amount": -amount, "currency": "eur"}]
            moved += [{"id": f"txn_{name}_back", "amount": amount, "currency": "eur"}] if taken == "won" else []
            self.add("dispute", id=f"dp_{name}", balance_transactions=moved, **about)


def truth(told: ScriptedStandIn) -> Truth:
    return Truth(told, NEWSROOM)


def tier(amount: int) -> str | None:
    return {5: None, 10: "member", 100: "patron"}[amount]


def reversal(name: str, amount: int, taken: str | None, **more: Any) -> list[Reversal]:
    refunds = {"refund": amount, "part": amount - 1, "failed": 0}
    if taken in refunds:
        return [Reversal(name, amount, refunds={"re": refunds[taken]}, **more)]
    return [Reversal(name, amount, disputes={"dp": amount if taken == "dispute" else 0}, **more)] if taken else []


@settings(max_examples=500, deadline=None)
@given(st.lists(GIFT, max_size=4), st.lists(RECURRING, max_size=2))
def test_they_agree(once: list[Any], recurring: list[Any]) -> None:
    told, sessions = ScriptedStandIn(), []
    grants: list[Grant] = []
    subscriptions: list[RecurringGift] = []
    reversals: list[Reversal] = []
    for number, (ago, amount, taken) in enumerate(once):
        name, at = f"pi_{number}", NOW + ago * DAY
        told.payment(name, at, amount, taken)
        told.add("checkout.session", id=f"cs_{number}", subscription=None, payment_intent=name)
        sessions.append(f"cs_{number}")
        if amount >= 10:
            grants.append(Grant(name, str(tier(amount)), at, days=60 if amount == 10 else 90))
        reversals += reversal(name, amount, taken)
    for number, (ago, amount, payments, status, ends) in enumerate(recurring):
        name, start = f"sub_{number}", NOW + ago * DAY
        price = {"currency": "eur", "unit_amount": amount, "recurring": {"interval": "month"}}
        cancel_at = NOW + DAY if ends else None
        # Who is let off counts as one whose gift rests: nothing more is taken for now.
        let_off = {"behavior": "void"} if status == "let off" else None
        word = "active" if let_off else status
        ours: SubscriptionStatus = "paused" if let_off else cast("SubscriptionStatus", status)
        about = {"status": word, "start_date": start, "cancel_at": cancel_at, "pause_collection": let_off}
        told.add("subscription", id=name, **about, items={"data": [{"price": price}]})
        told.add("checkout.session", id=f"cs_{name}", subscription=name, payment_intent=None)
        sessions.append(f"cs_{name}")
        for at, taken in enumerate(payments):
            paid, period = f"pi_{name}_{at}", Period(start + at * MONTH, start + (at + 1) * MONTH)
            told.payment(paid, period.start, amount, taken)
            line = {"period": {"start": period.start, "end": period.end}}
            parent = {"subscription_details": {"subscription": name}}
            told.add("invoice", id=f"in_{paid}", status="paid", parent=parent, lines={"data": [line]})
            told.add("invoice_payment", invoice=f"in_{paid}", payment={"payment_intent": paid})
            reversals += reversal(paid, amount, taken, recurring=name, period=period)
        through = start + len(payments) * MONTH
        earned = tier(amount) if payments else None
        subscriptions.append(recurring_gift(name, earned, start, through, ours, amount, ends_at=cancel_at))
    standing = Standing(tuple(grants), tuple(subscriptions), tuple(reversals))
    held = entitlement(standing, TIERS, GRACE_DAYS * DAY, NOW)
    assert truth(told).access(sessions, NOW) == (held.tier, held.until)


def test_every_movement_has_the_name_that_the_ledger_gives_it() -> None:
    told = ScriptedStandIn()
    told.payment("pi_kept", NOW, 100, None)
    told.payment("pi_back", NOW, 100, "failed")
    told.payment("pi_won", NOW, 100, "won")
    told.add("charge", id="ch_declined", status="failed", amount=5, payment_intent="pi_declined", currency="eur")
    assert truth(told).movements() == {
        "pi_kept": Moved(100, "eur", gift=True),
        "pi_back": Moved(100, "eur", gift=True),
        "pi_won": Moved(100, "eur", gift=True),
        "re_pi_back": Moved(-100, "eur"),
        "re_pi_back:failed": Moved(100, "eur"),
        "txn_pi_won": Moved(-100, "eur"),
        "txn_pi_won_back": Moved(100, "eur"),
    }
