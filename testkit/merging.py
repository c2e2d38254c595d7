"""Somebody with two records, and their merge, as a test takes it."""

from chalicelib.account.actions.grant import grant_access
from chalicelib.account.actions.merge_records import Merged, merge_records
from chalicelib.kernel.ids import SupporterId
from chalicelib.ledger.actions.number_receipts import ReceiptNumbers
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.stored import StoredEntry
from testkit.harness import ADA, EMAIL_KEY, Harness
from testkit.visitor import Visitor

OLD = "ada@older.example"
DAY = 86_400


def merges(harness: Harness, source: SupporterId, into: SupporterId) -> Merged:
    """Merge the one into the other."""
    return merge_records(harness.table, source, into, email_key=EMAIL_KEY, by="olena", now=harness.now())


def two_records(harness: Harness) -> tuple[SupporterId, SupporterId]:
    """Ada as two: under her older address with all that there is, and under her present one with a monthly gift."""
    harness.tell(harness.gives(1000, email=OLD))
    harness.tell(harness.gives(700, "month", OLD, currency="usd"))
    harness.tell(harness.gives(3000, email=OLD))
    given = harness.stripe.of("payment_intent")
    harness.tell(harness.stripe.gives_back(given[-1]["id"]))
    harness.tell(harness.gives(1500, "year", OLD))
    harness.tell(harness.stripe.bank_disputes(harness.stripe.of("payment_intent")[-1]["id"]))
    grant_access(
        harness.table,
        harness.newsroom,
        OLD,
        tier="member",
        until=harness.clock.business + 900 * DAY,
        reason="helps",
        email_key=EMAIL_KEY,
        now=harness.now(),
    )
    harness.tell(harness.gives(500, "month", ADA))
    old = harness.state(OLD).id
    stored = [one for one in ledger.entries_of(harness.table, old) if isinstance(one, StoredEntry)]
    gifts = [one for one in stored if one.entry.movement.kind == "gift"]
    ReceiptNumbers(harness.table, harness.newsroom).number(gifts[:2], harness.now())
    visitor = Visitor()
    harness.sign_in(visitor, OLD)
    return old, harness.state(ADA).id
