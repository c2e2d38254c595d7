"""What others do on the same Stripe account, made for real in the stand-in: a shop, another newsroom, a clinic.

They sell to anybody, our own supporters among them, and their events come to our webhook like ours.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from localdev.stripe import checkout, disputes, reversals
from localdev.stripe.account import Account
from localdev.stripe.errors import StripeError
from tests.support.till import ADA, Json, Till

SHOP = "https://shop.example/done"
# What may stand in the metadata of somebody else's objects. The site of these tests is `test`.
MARKS: dict[str, Mapping[str, str]] = {
    "none": {},
    "something of their own": {"order": "A-1001", "interval": "month", "campaign": "winter"},
    "another newsroom's": {"spilno": "herald"},
    "ours in capitals": {"spilno": "TEST"},
    "ours with a capital": {"spilno": "Test"},
    "ours with room": {"spilno": " test "},
    "ours and more": {"spilno": "test2"},
    "ours, cut short": {"spilno": "tes"},
    "empty": {"spilno": ""},
    "our name in capitals": {"SPILNO": "test"},
    "our name with room": {"spilno ": "test"},
    "ours under another name": {"site": "test", "spilno_site": "test"},
    "ours in other letters": {"spilno": "tеst"},  # a Cyrillic е
    "a list of ours and others": {"spilno": "herald,test"},
}
STEPS = ("renew", "renew fails", "stop", "resume", "end", "refund", "part", "refund fails", "dispute", "win", "lose")


@dataclass
class Stranger:
    """One sale of somebody else's, and what becomes of it. Every step answers the events that Stripe sends."""

    till: Till
    metadata: Mapping[str, str]
    recurring: bool
    customer: str | None = None

    def sells(self, amount: int = 2500, *, delayed: bool = False) -> list[Json]:
        """A checkout session of their own, paid; by a customer that they share with us if one is given."""
        price: Json = {"currency": "eur", "unit_amount": amount, "product_data": {"name": "A mug"}}
        line = {"quantity": 1, "price_data": price | ({"recurring": {"interval": "month"}} if self.recurring else {})}
        data = "subscription_data" if self.recurring else "payment_intent_data"
        params: Json = {
            "mode": "subscription" if self.recurring else "payment",
            "success_url": SHOP,
            "line_items": [line],
            "metadata": dict(self.metadata),
            data: {"metadata": dict(self.metadata)},
        }
        if self.customer:
            params["customer"] = self.customer
        events = self.till.double.happens(lambda it: self._keep(checkout.create(it, params)))
        return events + self.till.double.pay(self.session["id"], ADA, delayed=delayed)

    def _keep(self, session: Json) -> None:
        self.session = session

    @property
    def _sub(self) -> str:
        return str(self.till.double.account.get("checkout.session", self.session["id"])["subscription"])

    @property
    def _charge(self) -> Json:
        return [one for one in self.till.double.of("charge") if one["status"] == "succeeded"][-1]

    def does(self, step: str) -> list[Json]:
        """One of STEPS; nothing where it makes no sense."""
        hand = self.till.double
        works: dict[str, Callable[[], list[Json]]] = {
            "renew": lambda: hand.renew(self._sub),
            "renew fails": lambda: hand.renew(self._sub, fails=True),
            "stop": lambda: hand.stop(self._sub),
            "resume": lambda: hand.resume(self._sub),
            "end": lambda: hand.end(self._sub),
            "refund": lambda: hand.happens(lambda it: reversals.refund(it, self._charge, None)),
            "part": lambda: hand.happens(lambda it: reversals.refund(it, self._charge, 700)),
            "refund fails": lambda: hand.happens(lambda it: reversals.fail_refund(it, _last(it, "refund"))),
            "dispute": lambda: hand.happens(lambda it: disputes.dispute(it, self._charge)),
            "win": lambda: hand.happens(lambda it: disputes.close(it, _last(it, "dispute"), won=True)),
            "lose": lambda: hand.happens(lambda it: disputes.close(it, _last(it, "dispute"), won=False)),
        }
        if step in STEPS[:5] and not self.recurring:
            return []
        known = {event["id"] for event in hand.of("event")}
        try:
            works[step]()
        except (StripeError, IndexError):
            return []  # refused there too: nothing left to refund, ended already
        return [event for event in hand.of("event") if event["id"] not in known]


def _last(account: Account, kind: str) -> Json:
    return account.store.find(kind)[0]


def everything_but_the_inbox(till: Till) -> tuple[Any, ...]:
    """What a stranger's event must leave as it was: all other rows, the sums, the mails sent, what we asked to do."""
    rows = [row for row in till.rows() if not row["pk"].startswith("EVT#")]
    wishes = {name: times for name, times in till.double.calls.items() if name.startswith(("create_", "expire_"))}
    return rows, till.totals(), [(mail.to, mail.subject) for mail in till.post.sent], wishes


def in_envelope(event: Json, number: int, **more: Any) -> Json:
    """The same event under a name of its own, with something changed on the outside."""
    return {**event, "id": f"{event['id']}x{number}", **more}


def of_types(events: Sequence[Json]) -> set[str]:
    """Which types there are."""
    return {str(event["type"]) for event in events}
