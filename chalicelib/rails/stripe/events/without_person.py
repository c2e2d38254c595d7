"""What is left of a stored event once its person is forgotten: the facts of a voucher, and nothing about the person.

Only what is named here stays: money, times, statuses, and Stripe's ids of payments, refunds, disputes and invoices.
So whatever Stripe adds to its objects goes, too. `rebuild` reads the same movements from it as from the whole event.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

_KEPT = frozenset(
    """
    amount amount_paid amount_received amount_refunded amount_total amount_due amount_remaining
    balance_transaction balance_transactions billing_reason captured charge created currency currency_conversion data
    disputed end exchange_rate failure_balance_transaction fee id interval interval_count invoice latest_charge
    livemode mode net object paid payment payment_intent payment_status period reason refunded refunds start status
    subscription type
    """.split()
)
# Ids and Stripe's own words. A customer's id leads to a person, and so may an account's or a method's of payment.
_WORD = re.compile(r"[A-Za-z0-9_.:-]{1,200}")
_LEADS_TO_A_PERSON = ("cus_", "pm_", "src_", "card_", "ba_", "acct_", "cs_")


def without_person(event_id: str, event_type: str, about: Mapping[str, Any]) -> bytes:
    """An event's body, as it is stored from then on.

    :param about: the object that it is about.
    """
    kept = _kept(about)
    # A checkout's own id leads to its row, which is gone; every reader of an event asks for an id.
    left = {"id": "gone", "object": about.get("object")} | kept
    event = {"id": event_id, "object": "event", "type": event_type, "livemode": bool(about.get("livemode"))}
    return json.dumps({**event, "data": {"object": left}}, separators=(",", ":")).encode()


def _kept(value: Any) -> Any:
    if isinstance(value, Mapping):
        parts = {name: _kept(part) for name, part in value.items() if name in _KEPT}
        return {name: part for name, part in parts.items() if part is not None}
    if isinstance(value, list):
        return [part for part in map(_kept, value) if part is not None]
    if isinstance(value, str):
        return value if _WORD.fullmatch(value) and not value.startswith(_LEADS_TO_A_PERSON) else None
    return value
