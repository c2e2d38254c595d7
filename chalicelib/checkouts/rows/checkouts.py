"""Checkouts: an attempt claims its wish, and the Stripe session that came of it has a row of its own.

Both expire: the attempt after two days, the session's row after forty (a delayed payment may take two weeks).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.checkouts.rules.status import CheckoutStatus
from chalicelib.kernel import keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import EXISTING, NEW, Change, Condition, ConditionFailed, Item, Put, Table, Update

_ATTEMPT_KEPT = 2 * 86_400
_SESSION_KEPT = 40 * 86_400


@dataclass(frozen=True)
class Attempt:
    """A claimed attempt. `browser` is the fingerprint of the browser's secret; `session` is set once Stripe answered.

    `supporter`, `customer` and `email` (the supporter's own) are kept so that a repeated call sends Stripe the very
    same parameters. `spent` counts the idempotency keys under which Stripe keeps a failure.
    """

    id: str
    wish: str
    browser: str
    language: str
    supporter: SupporterId | None = None
    customer: str | None = None
    email: str | None = None
    spent: int = 0
    session: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Checkout:
    """A Checkout Session of ours. `movement` or `subscription` is what it paid for.

    `customer` is the Stripe customer who paid, whoever that was; `epoch` the supporter's when it was paid, so that
    signing out everywhere closes the browsers that paid, too.
    """

    id: str
    browser: str
    status: CheckoutStatus
    language: str
    return_to: str | None = None
    amount: int = 0
    currency: str = ""
    interval: str = ""
    supporter: SupporterId | None = None
    movement: str | None = None
    subscription: str | None = None
    customer: str | None = None
    epoch: int = 0
    paid_at: RealTime | None = None
    url: str = ""
    greeted: bool = False


def claim(table: Table, attempt: Attempt, now: RealTime) -> Attempt:
    """Claim an attempt; answers it, or the one that was claimed before under the same name."""
    pk, sk = keys.checkout(attempt.id)
    item = {"pk": pk, "sk": sk, "expires": now + _ATTEMPT_KEPT, **_stored(vars(attempt))}
    try:
        table.write(Put(item, NEW))
    except ConditionFailed as failed:
        if failed.item is None:
            raise
        return _attempt(failed.item)
    return attempt


def key_spent(table: Table, attempt: Attempt) -> None:
    """Stripe will repeat its failure for this key: the next call of this attempt takes another one."""
    table.write(Update(keys.checkout(attempt.id), set={"spent": attempt.spent + 1}, only_if=EXISTING))


def without_customer(table: Table, attempt: Attempt) -> Attempt:
    """The attempt without a customer that is gone at Stripe. Other parameters want another idempotency key."""
    spent = attempt.spent + 1
    change = Update(keys.checkout(attempt.id), set={"spent": spent}, remove=("customer",), only_if=EXISTING)
    table.write(change)
    return replace(attempt, customer=None, spent=spent)


def opened(attempt: Attempt, checkout: Checkout, now: RealTime) -> list[Change]:
    """The session's row, and the attempt that now leads to it."""
    pk, sk = keys.checkout(checkout.id)
    return [
        Put({"pk": pk, "sk": sk, "expires": now + _SESSION_KEPT, **_stored(vars(checkout))}, NEW),
        Update(keys.checkout(attempt.id), set={"session": checkout.id, "url": checkout.url}, only_if=EXISTING),
    ]


def read(table: Table, checkout_id: str) -> Checkout | None:
    """The row of a session (`cs_…`)."""
    item = table.get(keys.checkout(checkout_id)) if checkout_id.startswith("cs_") else None
    # An attempt may be called `cs_…` too; it has no status.
    return _checkout(item) if item and "status" in item else None


def moved_on(
    row: Checkout, status: CheckoutStatus, earned: Mapping[str, str | int | None], real_now: RealTime
) -> Change:
    """The session's new status, with whom and what it paid for; fails when the row changed meanwhile."""
    values: dict[str, Any] = {"status": status, **_stored(earned)}
    if status == "paid":
        values["paid_at"] = real_now
    return Update(keys.checkout(row.id), set=values, only_if=(Condition("status", "=", row.status),))


def greet_once(table: Table, row: Checkout) -> bool:
    """True for the one caller who may send the sign-in mail for this checkout."""
    change = Update(
        keys.checkout(row.id), set={"greeted": True}, only_if=(*EXISTING, Condition("greeted", "<>", True))
    )
    try:
        table.write(change)
    except ConditionFailed:
        return False
    return True


def greet_again(table: Table, row: Checkout) -> None:
    """The mail did not go out after all: the next look may send it."""
    table.write(Update(keys.checkout(row.id), set={"greeted": False}, only_if=EXISTING))


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _attempt(item: Item) -> Attempt:
    return Attempt(**{name: value for name, value in item.items() if name in Attempt.__dataclass_fields__})


def _checkout(item: Item) -> Checkout:
    return Checkout(**{name: value for name, value in item.items() if name in Checkout.__dataclass_fields__})
