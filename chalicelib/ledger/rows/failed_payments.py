"""Rows of payments that failed: one for each invoice, in its supporter's partition. Written once, never changed."""

from collections.abc import Iterator
from functools import partial

from chalicelib.kernel import keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import seconds_of
from chalicelib.kernel.table import NEW, Put, Table, every
from chalicelib.ledger.rules.failed_payments import FailedPayment


def put(failed: FailedPayment, supporter: SupporterId) -> Put:
    """The change that notes a failed payment; it fails if it is noted already."""
    pk, sk = keys.failed_payment(supporter, failed.invoice)
    listed = {"gsi1pk": keys.FAILED, "gsi1sk": f"{keys.moment(failed.created)}#{failed.invoice}"}
    return Put({"pk": pk, "sk": sk, **vars(failed), **listed}, NEW)


def is_noted(table: Table, supporter: SupporterId, invoice: str) -> bool:
    """Whether the payment of this invoice failed before, as far as we have heard."""
    return table.get(keys.failed_payment(supporter, invoice)) is not None


def every_one(table: Table) -> Iterator[FailedPayment]:
    """All payments that failed, in the order of their invoices, as the index lists them."""
    for row in every(partial(table.query_index, keys.FAILED)):
        moment, _, invoice = str(row["gsi1sk"]).partition("#")
        yield FailedPayment(invoice, seconds_of(moment) or 0, row["amount"], row["currency"])
