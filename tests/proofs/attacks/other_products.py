"""What others do on the same Stripe account, made for real in the stand-in: a shop, another newsroom, a clinic.

They sell to anybody, our own supporters among them, and their events come to our webhook like ours.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from localdev.stripe import checkout, disputes, reversals
from localdev.stripe.account import Account
from localdev.stripe.errors import ApiRefusal
from testkit.harness import ADA, Harness
from testkit.webhooks import Json, one, raw

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
# An event's id is used once: the inbox keeps the first body it saw under a name. Drawn, it would repeat in shrinking.
NUMBERS = itertools.count(1000)
STEPS = ("renew", "renew fails", "stop", "resume", "end", "refund", "part", "refund fails", "dispute", "win", "lose")


@dataclass
class OtherProduct:
    """One sale of somebody else's, and what becomes of it. Every step answers the events that Stripe sends."""

    harness: Harness
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
        events = self.harness.stripe.happens(lambda it: self._keep(checkout.create(it, params)))
        return events + self.harness.stripe.pay(self.session["id"], ADA, delayed=delayed)

    def _keep(self, session: Json) -> None:
        self.session = session

    @property
    def _sub(self) -> str:
        return str(self.harness.stripe.account.get("checkout.session", self.session["id"])["subscription"])

    @property
    def _charge(self) -> Json:
        return [one for one in self.harness.stripe.of("charge") if one["status"] == "succeeded"][-1]

    def does(self, step: str) -> list[Json]:
        """One of STEPS; nothing where it makes no sense."""
        hand = self.harness.stripe
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
        except (ApiRefusal, IndexError):
            return []  # refused there too: nothing left to refund, ended already
        return [event for event in hand.of("event") if event["id"] not in known]


def _last(account: Account, kind: str) -> Json:
    return account.store.find(kind)[0]


def everything_but_the_inbox(harness: Harness) -> tuple[Any, ...]:
    """What a stranger's event must leave as it was: all other rows, the sums, the mails sent, what we asked to do."""
    rows = [row for row in harness.rows() if not row["pk"].startswith("EVT#")]
    wishes = {name: times for name, times in harness.stripe.calls.items() if name.startswith(("create_", "expire_"))}
    return rows, harness.totals(), [(mail.to, mail.subject) for mail in harness.mails.sent], wishes


def in_envelope(event: Json, number: int, **more: Any) -> Json:
    """The same event under a name of its own, with something changed on the outside."""
    return {**event, "id": f"{event['id']}x{number}", **more}


def of_types(events: Sequence[Json]) -> set[str]:
    """Which types there are."""
    return {str(event["type"]) for event in events}


def customer_of_ada(harness: Harness) -> str:
    """The Stripe customer of Ada's monthly gift."""
    return str(harness.stripe.of("subscription")[0]["customer"])


def changes_nothing(harness: Harness, events: list[Json], *, may_wait: bool = False) -> None:
    """Deliver them all; each is answered 200, and only the inbox has grown.

    `may_wait`: what Stripe does not know when asked again, or is unreadable, waits there for a person.
    """
    done = {"ignored", "foreign", "unhandled"}
    before = everything_but_the_inbox(harness)
    for event in events:
        reply = harness.post_raw(raw(event))
        status = harness.status(event["id"])
        assert (reply.status, reply.json.get("stored")) == (200, True), (event["type"], reply.text)
        assert status in done | ({"pending"} if may_wait else set()), (event["type"], status)
        assert reply.json["applied"] == (status in done)
    assert everything_but_the_inbox(harness) == before


def scenario(harness: Harness, name: str) -> list[Json]:
    """Events of a life of our own, none of them delivered: 700 once, a part of it refunded, and twice 900 monthly."""
    events = harness.gives(700, email=f"{name}@reader.example")
    payment = one(events, "payment_intent.succeeded")["data"]["object"]["id"]
    monthly = harness.gives(900, "month", email=f"{name}-monthly@reader.example")
    subscription = one(monthly, "customer.subscription.created")["data"]["object"]["id"]
    events += monthly + harness.stripe.renew(subscription) + harness.stripe.stop(subscription)
    return events + harness.stripe.gives_back(payment, 200)


LIFE = (700 + 900 + 900, 3)  # gross and payments of it


# What other products' objects look like where ours never do, by the type of event that tells of them.
SHAPES: dict[str, list[Json]] = {
    "checkout.session.completed": [
        {"mode": "setup", "payment_status": "no_payment_required", "status": "complete", "setup_intent": "seti_1"},
        {"mode": "setup", "payment_status": "no_payment_required", "metadata": None, "currency": None},
        {"mode": "payment", "payment_status": "no_payment_required", "amount_total": 0, "payment_intent": None},
        {"mode": "payment", "payment_status": "paid", "payment_link": "plink_1", "metadata": None, "customer": None},
        {"mode": "subscription", "payment_status": "paid", "subscription": None, "metadata": {}},
        {"mode": "tomorrow", "payment_status": "perhaps", "metadata": {"spilno": "herald"}},
    ],
    "checkout.session.async_payment_succeeded": [{"mode": "payment", "payment_status": "paid", "metadata": None}],
    "checkout.session.async_payment_failed": [{"mode": "payment", "payment_status": "unpaid", "metadata": {}}],
    "checkout.session.expired": [
        {"mode": "setup", "payment_status": "unpaid", "status": "expired", "metadata": None}
    ],
    "payment_intent.succeeded": [
        {"customer": None, "metadata": {}, "amount_received": 500, "currency": "eur", "status": "succeeded"},
        {"customer": None, "metadata": None, "amount_received": 500, "currency": "eur", "status": "succeeded"},
        {"customer": "cus_1", "metadata": {"spilno": "herald"}, "amount_received": 0, "currency": "xxx"},
    ],
    "invoice.paid": [
        {"parent": None, "amount_paid": 500, "currency": "eur", "status": "paid", "metadata": {}},
        {"parent": None, "amount_paid": 0, "currency": "eur", "status": "paid", "metadata": None, "customer": None},
        {"parent": {"type": "quote_details", "quote_details": {"quote": "qt_1"}, "subscription_details": None}},
        {
            "parent": {
                "type": "subscription_details",
                "subscription_details": {"subscription": "sub_1", "metadata": None},
            }
        },
        {"parent": {"type": "subscription_details", "subscription_details": None}, "lines": {"data": []}},
        {"subscription": "sub_1", "subscription_details": {"metadata": {"spilno": "herald"}}},
    ],
    "invoice.payment_succeeded": [{"parent": None, "amount_paid": 500, "currency": "eur", "metadata": None}],
    "invoice.payment_failed": [{"parent": None, "attempt_count": 4, "next_payment_attempt": None, "metadata": None}],
    "invoice_payment.paid": [
        {"invoice": "in_1", "payment": {"type": "charge", "charge": "ch_1"}, "status": "paid", "amount_paid": 500},
        {"invoice": None, "payment": {"type": "out_of_band_payment"}, "status": "paid", "amount_paid": None},
    ],
    "customer.subscription.created": [{"metadata": None, "status": "trialing", "customer": "cus_1", "items": None}],
    "customer.subscription.updated": [
        {"metadata": {}, "status": "unpaid", "customer": "cus_1", "items": {"data": []}}
    ],
    "customer.subscription.deleted": [{"metadata": {"spilno": "herald"}, "status": "canceled", "customer": None}],
    "customer.subscription.paused": [{"metadata": {}, "status": "paused"}],
    "customer.subscription.resumed": [{"metadata": {}, "status": "active"}],
    "refund.created": [
        {"payment_intent": None, "charge": None, "amount": 5, "currency": "eur", "status": "succeeded"},
        {"payment_intent": "pi_1", "charge": None, "metadata": None},
    ],
    "refund.updated": [{"payment_intent": None, "charge": "ch_1", "status": "requires_action"}],
    "refund.failed": [{"payment_intent": None, "charge": None, "status": "failed"}],
    "charge.refund.updated": [{"payment_intent": None, "charge": None, "status": "succeeded", "metadata": {}}],
    "charge.refunded": [
        {"payment_intent": None, "amount_refunded": 500, "metadata": None, "customer": None},
        {"payment_intent": "pi_1", "amount_refunded": 500, "metadata": {}},
    ],
    "charge.dispute.created": [{"payment_intent": None, "charge": None, "status": "warning_needs_response"}],
    "charge.dispute.updated": [{"payment_intent": "pi_1", "charge": "ch_1", "status": "under_review"}],
    "charge.dispute.funds_withdrawn": [{"payment_intent": None, "charge": "ch_1", "balance_transactions": []}],
    "charge.dispute.funds_reinstated": [{"payment_intent": None, "charge": None, "balance_transactions": None}],
    "charge.dispute.closed": [{"payment_intent": None, "charge": None, "status": "prevented"}],
}
