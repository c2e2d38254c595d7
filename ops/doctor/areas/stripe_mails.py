"""Stripe's own mails to supporters: each of ours says the same, so that nobody shall get two.

The API does not say which mails the account sends. It shows only that some were sent: a charge whose receipt was
mailed has a `receipt_number` (https://docs.stripe.com/api/charges/object#charge_object-receipt_number), an invoice
that was mailed made an event `invoice.sent`. The others a person has to look up.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ops.doctor.findings import Finding, note, warning
from ops.doctor.probe import Probe
from ops.doctor.subject import Subject

_DAYS = 30
_BY_HAND = (
    "Stripe dashboard, Settings, Billing, Subscriptions and emails: switch off the mails about upcoming renewals,"
    " about cards that expire and about failed payments. Settings, Customer emails: payments and refunds off."
)


@dataclass(frozen=True)
class Facts:
    """How many of the last charges had a receipt mailed by Stripe, and how many invoices it mailed in a month."""

    receipts: int
    invoices: int


def gather(subject: Subject) -> Facts:
    """Look at the last hundred charges, and at the events of a month."""
    charges = subject.stripe.get("/v1/charges", limit=100)["data"]
    since = {"gte": subject.now() - _DAYS * 86_400}
    sent = subject.stripe.get("/v1/events", limit=100, type="invoice.sent", created=since)["data"]
    return Facts(sum(bool(one.get("receipt_number")) for one in charges), len(sent))


def check(facts: Facts, _now: int) -> Iterable[Finding]:
    """Judge what can be seen, and say what to look at by hand."""
    if facts.receipts:
        says = f"Stripe mailed receipts of its own for {facts.receipts} of the last payments: supporters get two."
        yield warning("stripe_receipts", says, _BY_HAND)
    if facts.invoices:
        says = f"Stripe mailed {facts.invoices} invoices in the last {_DAYS} days, beside our own mails."
        yield warning("stripe_invoices", says, _BY_HAND)
    says = "Whether Stripe itself mails supporters about renewals, expiring cards and failed payments, no API tells."
    yield note("stripe_mails", says, _BY_HAND)


PROBES = (Probe("stripe", "Stripe's own mails", gather, check),)
