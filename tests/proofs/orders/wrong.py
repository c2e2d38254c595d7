"""Negative controls: the same app with one mechanism taken away, or one thing done as code written from memory does.

The search must come to a wrong end with each of them, or it would prove nothing about the mechanism.
"""

from collections.abc import Sequence

from chalicelib.kernel.table import Item, Key, Table
from chalicelib.rails.stripe.port import Answer, Stripe
from testkit.stripe_calls import AroundStripe, Asked, Work
from testkit.tables import Around, Unguarded
from testkit.webhooks import Json
from tests.proofs.orders.past import Flaw


class FromSnapshot(AroundStripe):
    """`Stripe` that answers with what the event itself says of its object, as if that could not be outdated."""

    _calls = frozenset({"checkout_session", "subscription", "invoice", "refund", "dispute", "payment_intent"})

    def __init__(self, stripe: Stripe, event: Json) -> None:
        super().__init__(stripe)
        self._told = event["data"]["object"]

    def _call(self, name: str, asked: Asked, work: Work) -> Sequence[Answer]:
        real = super()._call(name, asked, work)
        # What only an expanded answer holds is there as before: the flaw is the age of what it says.
        return [{**real[0], **self._told}] if name in self._calls and asked == (self._told["id"],) else real


class AddsUp(AroundStripe):
    """`Stripe` that takes a charge's `amount_refunded`, which is cumulative, for what was refunded just now."""

    def __init__(self, stripe: Stripe, event: Json) -> None:
        super().__init__(stripe)
        self._event = event

    def refunds_of_charge(self, charge_id: str) -> Sequence[Answer]:
        """One refund an event."""
        (*_, oldest) = super().refunds_of_charge(charge_id)
        amount = self._event["data"]["object"]["amount_refunded"]
        return [{**oldest, "id": f"re_{self._event['id']}", "amount": amount}]


class Forgetful(Around):
    """A table that shows nobody's earlier gifts: each event writes what it alone makes true."""

    def get(self, key: Key, *, hurried: bool = False, eventual: bool = False) -> Item | None:
        """See the port."""
        item = super().get(key, hurried=hurried, eventual=eventual)
        if item is None or key[1] != "ACCESS":
            return item
        kept = {name: value for name, value in item.items() if name != "reversals"}
        return {**kept, "grants": [], "recurring": {}}


def _no_guard(table: Table) -> Table:
    """No movement is guarded, and nothing else named after it stands in the way by chance."""
    unguarded = Unguarded(table, "MONEY#", drop=True)
    return Unguarded(Unguarded(unguarded, "SUP#", "MONEY#"), "MAIL#")


FROM_SNAPSHOT = Flaw(stripe=FromSnapshot)
ADDS_UP = Flaw(stripe=AddsUp)
OVERWRITTEN = Flaw(table=Forgetful)
NO_GUARD = Flaw(table=_no_guard)
NO_VERSION = Flaw(table=lambda table: Unguarded(table, "SUP#", "ACCESS"))
