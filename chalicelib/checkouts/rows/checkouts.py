"""The rows of started gifts: one for the attempt with its wish, one for the Checkout Session made from it.

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
    """A claimed attempt: one press on the button. `browser`: the fingerprint of the browser's secret.

    `wish`: the wish's fingerprint. `session` and `url` are set once Stripe answered. `supporter`, `customer` and
    `email` (the supporter's own) are stored so that a repeated call sends Stripe the very same parameters. `spent`
    counts the idempotency keys for which Stripe will repeat a failure.
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
    """A Checkout Session of ours, as it is stored. `amount`: minor units; `movement`, `subscription`: what it paid.

    `amount` to `source` and `return_to` are the wish, so that who starts again loses nothing of it. `attempt`: the id
    of the one that it was made from.
    `customer`: the Stripe customer who paid, whoever that was. `epoch`: the supporter's when it was paid, so that
    signing out everywhere also closes the browsers that paid. `greeted`: see `greet_once`. `claimed`: the keyed hash
    of the code with which its gift was moved to another address. `reminder`: the month (`2027-03`) for which its
    browser asked to be reminded.
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
    campaign: str | None = None
    source: str | None = None
    claimed: str | None = None
    attempt: str | None = None
    reminder: str | None = None


def claim(table: Table, attempt: Attempt, now: RealTime) -> Attempt:
    """Claim an attempt; answers it, or the one that was claimed before under the same id."""
    pk, sk = keys.checkout(attempt.id)
    item = {"pk": pk, "sk": sk, "expires": now + _ATTEMPT_KEPT, **_stored(vars(attempt))}
    if attempt.supporter:  # it holds their address, before anything else leads to it
        item |= keys.listed(keys.about(attempt.supporter), (pk, sk))
    try:
        table.write(Put(item, NEW))
    except ConditionFailed as failed:
        if failed.item is None:
            raise
        return _attempt(failed.item)
    return attempt


def key_spent(table: Table, attempt: Attempt) -> None:
    """Count an idempotency key for which Stripe will repeat a failure; the attempt's next call takes another one."""
    table.write(Update(keys.checkout(attempt.id), set={"spent": attempt.spent + 1}, only_if=EXISTING))


def without_customer(table: Table, attempt: Attempt) -> Attempt:
    """Remove a customer that is gone at Stripe from the attempt. Other parameters need another idempotency key."""
    spent = attempt.spent + 1
    change = Update(keys.checkout(attempt.id), set={"spent": spent}, remove=("customer",), only_if=EXISTING)
    table.write(change)
    return replace(attempt, customer=None, spent=spent)


def opened(attempt: Attempt, checkout: Checkout, now: RealTime) -> list[Change]:
    """The changes that write the session's row, and link the attempt to it."""
    pk, sk = keys.checkout(checkout.id)
    return [
        Put({"pk": pk, "sk": sk, "expires": now + _SESSION_KEPT, **_stored(vars(checkout))}, NEW),
        Update(keys.checkout(attempt.id), set={"session": checkout.id, "url": checkout.url}, only_if=EXISTING),
    ]


def read(table: Table, checkout_id: str) -> Checkout | None:
    """Read the row of a session (`cs_…`); None if there is none."""
    item = table.get(keys.checkout(checkout_id)) if checkout_id.startswith("cs_") else None
    # An attempt may be called `cs_…` too; it has no status.
    return _checkout(item) if item and "status" in item else None


def moved_on(
    row: Checkout, status: CheckoutStatus, earned: Mapping[str, str | int | None], real_now: RealTime
) -> Change:
    """The change that writes the session's new status, and who paid for what; it fails if the status has changed."""
    values: dict[str, Any] = {"status": status, **_stored(earned)}
    if status == "paid":
        values["paid_at"] = real_now
    return Update(keys.checkout(row.id), set=values, only_if=(Condition("status", "=", row.status),))


def claimed(row: Checkout, supporter: SupporterId, epoch: int, mark: str) -> Update:
    """The change that makes a paid checkout another supporter's, once; they get the sign-in mail of who just paid."""
    unclaimed = (Condition("supporter", "=", row.supporter), Condition("claimed", "absent"))
    values = {"supporter": supporter, "epoch": epoch, "claimed": mark, "greeted": False}
    return Update(
        keys.checkout(row.id), set=values, only_if=(*EXISTING, Condition("status", "=", "paid"), *unclaimed)
    )


def given_back(row: Checkout, supporter: SupporterId, epoch: int) -> Update:
    """The change that makes a claimed checkout the former supporter's again; it cannot be claimed a second time."""
    theirs = Condition("supporter", "=", row.supporter)
    return Update(keys.checkout(row.id), set={"supporter": supporter, "epoch": epoch}, only_if=(*EXISTING, theirs))


def greet_once(table: Table, row: Checkout) -> bool:
    """Claim the sign-in mail for this checkout: True for the one caller who may send it."""
    change = Update(
        keys.checkout(row.id), set={"greeted": True}, only_if=(*EXISTING, Condition("greeted", "<>", True))
    )
    try:
        table.write(change)
    except ConditionFailed:
        return False
    return True


def greet_again(table: Table, row: Checkout) -> None:
    """Release the claim of `greet_once`, as the mail was not sent: a later caller may send it."""
    table.write(Update(keys.checkout(row.id), set={"greeted": False}, only_if=EXISTING))


def reminded(row: Checkout, month: str | None) -> Update:
    """The change that notes for which month this checkout's browser asked to be reminded; None: for none any more."""
    key = keys.checkout(row.id)
    if month is None:
        return Update(key, remove=("reminder",), only_if=EXISTING)
    return Update(key, set={"reminder": month}, only_if=EXISTING)


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _attempt(item: Item) -> Attempt:
    return Attempt(**{name: value for name, value in item.items() if name in Attempt.__dataclass_fields__})


def _checkout(item: Item) -> Checkout:
    return Checkout(**{name: value for name, value in item.items() if name in Checkout.__dataclass_fields__})
