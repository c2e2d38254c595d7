"""The codec of a supporter's state, which is one item: everything that their access follows from.

Names in the table are older than those in the code: in a reversal, `payment` is the gift and `subscription` the
recurring gift.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.table import Item
from chalicelib.ledger.rules.movements import Period
from chalicelib.supporters.rules.access import Grant, RecurringGift, Standing
from chalicelib.supporters.rules.asked import Asked
from chalicelib.supporters.rules.card import Card
from chalicelib.supporters.rules.paid_time import PaidPeriod
from chalicelib.supporters.rules.reversals import Reversal
from chalicelib.supporters.rules.state import State

LEFT_OUT = ("moved_to", "erased", "reversals")  # attributes of a state that are not there where they say nothing
ATTRIBUTES = ("version", "epoch", "grants", "recurring", "customers", "moved_to", "erased", "reversals")


def write_state(state: State) -> dict[str, Any]:
    """The attributes of a state, with the next version's number."""
    standing = state.standing
    values: dict[str, Any] = {
        "version": state.version + 1,
        "epoch": state.epoch,
        "grants": [vars(grant) for grant in standing.grants],
        "recurring": {gift.id: _write_recurring(gift) for gift in standing.recurring},
        "customers": dict(state.customers),
    }
    if state.moved_to:
        values["moved_to"] = state.moved_to
    if state.erased is not None:
        values["erased"] = state.erased
    if standing.reversals:
        values["reversals"] = [_write_reversal(reversal) for reversal in standing.reversals]
    return values


def read_state(supporter: SupporterId, item: Item) -> State:
    """Read the state from an access item.

    :raises KeyError, TypeError, ValueError, AttributeError: the item is damaged: not as it was written.
    """
    grants = tuple(Grant(**grant) for grant in item.get("grants", []))
    recurring = tuple(_read_recurring(row) for row in _values(item.get("recurring", {})))
    reversals = tuple(_read_reversal(row) for row in item.get("reversals", []))
    standing = Standing(grants, recurring, reversals)
    customers = dict(item.get("customers", {}))
    return State(
        supporter, item["version"], item["epoch"], standing, customers, item.get("moved_to"), item.get("erased")
    )


def _write_recurring(gift: RecurringGift) -> dict[str, Any]:
    # A list for each period, to be short: every renewal writes all of them.
    periods = [[one.start, one.end, one.tier, one.invoice, *([True] if one.free else [])] for one in gift.periods]
    card = vars(gift.card) if gift.card else None
    asked = _short(vars(gift.asked)) if gift.asked else None
    row = {**vars(gift), "periods": periods, "card": card, "asked": asked}
    return _short(row)


def _short(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None and value is not False}


def _read_recurring(row: Mapping[str, Any]) -> RecurringGift:
    values = dict(row)
    # Rows of an earlier release hold all periods as one: until when it is paid, and the last one's tier.
    tier, paid_through = values.pop("tier", None), values.pop("paid_through", None)
    periods = tuple(PaidPeriod(*parts) for parts in values.pop("periods", ()))
    if paid_through is not None and paid_through > row["started_at"]:
        periods = (PaidPeriod(row["started_at"], paid_through, tier),)
        if row["status"] in ("active", "trialing") and values.get("ends_at") is None:
            values["next_payment_at"] = paid_through
    card, asked = values.pop("card", None), values.pop("asked", None)
    return RecurringGift(
        **values,
        periods=periods,
        card=Card(**card) if card else None,
        asked=Asked(**asked) if asked else None,
    )


def _write_reversal(reversal: Reversal) -> dict[str, Any]:
    return {
        "payment": reversal.gift,
        "amount": reversal.amount,
        "refunds": reversal.refunds,
        "disputes": reversal.disputes,
        "subscription": reversal.recurring,
        "period": vars(reversal.period) if reversal.period else None,
        "invoice": reversal.invoice,
    }


def _read_reversal(row: Mapping[str, Any]) -> Reversal:
    values = dict(row)
    period = Period(**row["period"]) if row.get("period") else None
    values |= {"gift": values.pop("payment"), "recurring": values.pop("subscription", None), "period": period}
    return Reversal(**values)


def _values(mapping: Mapping[str, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [mapping[name] for name in sorted(mapping)]
