"""Negative controls: the same app with one mechanism taken away, or one thing done as code written from memory does.

The search must come to a wrong end with each of them, or it would prove nothing about the mechanism.
"""

from typing import Any

from chalicelib.kernel.table import Item, Key
from tests.orders.past import Flaw
from tests.support.tables import Around, Unguarded
from tests.support.till import Json


class FromSnapshot:
    """`ports.Stripe` that answers with what the event itself says of its object, as if that could not be outdated."""

    _calls = frozenset({"checkout_session", "subscription", "invoice", "refund", "dispute", "payment_intent"})

    def __init__(self, stripe: Any, event: Json) -> None:
        self._stripe, self._told = stripe, event["data"]["object"]

    def __getattr__(self, name: str) -> Any:
        def answer(identifier: str) -> Any:
            real = getattr(self._stripe, name)(identifier)
            # What only an expanded answer holds is there as before: the flaw is the age of what it says.
            return {**real, **self._told} if identifier == self._told["id"] else real

        return answer if name in self._calls else getattr(self._stripe, name)


class AddsUp:
    """`ports.Stripe` that takes a charge's `amount_refunded`, which is cumulative, for what was refunded just now."""

    def __init__(self, stripe: Any, event: Json) -> None:
        self._stripe, self._event = stripe, event

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stripe, name)

    def refunds_of_charge(self, charge_id: str) -> list[Json]:
        """One refund an event."""
        (*_, oldest) = self._stripe.refunds_of_charge(charge_id)
        amount = self._event["data"]["object"]["amount_refunded"]
        return [{**oldest, "id": f"re_{self._event['id']}", "amount": amount}]


class Forgetful(Around):
    """A table that shows nobody's earlier gifts: each event writes what it alone makes true."""

    def get(self, key: Key) -> Item | None:
        """See the port."""
        item = super().get(key)
        if item is None or key[1] != "ACCESS":
            return item
        kept = {name: value for name, value in item.items() if name != "reversals"}
        return {**kept, "grants": [], "recurring": {}}


def _no_guard(table: Any) -> Any:
    """No movement is guarded, and nothing else named after it stands in the way by chance."""
    unguarded = Unguarded(table, "MONEY#", drop=True)
    return Unguarded(Unguarded(unguarded, "SUP#", "MONEY#"), "MAIL#")


FROM_SNAPSHOT = Flaw(stripe=FromSnapshot)
ADDS_UP = Flaw(stripe=AddsUp)
OVERWRITTEN = Flaw(table=Forgetful)
NO_GUARD = Flaw(table=_no_guard)
NO_VERSION = Flaw(table=lambda table: Unguarded(table, "SUP#", "ACCESS"))
