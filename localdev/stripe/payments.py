"""What happens when a payment is tried: the charge, the intent's new state, the balance, and the events of each.

`Step` names how an attempt ends: succeeded, declined (refused at once), pending (a delayed method, settled later) or
needs_action (the bank wants to ask the payer).
"""

from typing import Literal

from localdev.stripe import balance
from localdev.stripe.account import Account
from localdev.stripe.config import ACCOUNT
from localdev.stripe.errors import ApiRefusal, Json
from localdev.stripe.objects import payments as build

Step = Literal["succeeded", "declined", "pending", "needs_action"]
# When a collected charge gets its balance transaction: in a `charge.updated` that follows (Stripe's way since
# asynchronous capture), in `charge.succeeded` itself (as before), or an hour of business time later.
Booking = Literal["after", "at_once", "hour_later"]
_HOUR = 3600
_CHARGE_STATUS = {"succeeded": "succeeded", "declined": "failed", "pending": "pending", "needs_action": "failed"}


def create_intent(account: Account, amount: int, currency: str, *, tell: bool = True, **given: object) -> Json:
    """A payment intent, told as `payment_intent.created` now (`tell`) or by the caller. `amount` in minor units."""
    intent = account.put(build.payment_intent(account.now(), amount, currency, **given))
    if tell:
        account.emit("payment_intent.created", intent)
    return intent


def attempt(
    account: Account,
    intent: Json,
    method: Json,
    step: Step,
    *,
    recurring: bool = False,
    refusal: build.Refusal = build.DECLINED,
) -> Json:
    """Try to collect an intent with a payment method; answers the charge.

    The event order was seen at Stripe: a one-off charge tells before its intent, a recurring one after.
    """
    account.put(method)
    why = build.UNAUTHENTICATED if step == "needs_action" else refusal
    charge = build.charge(account.now(), intent, method, _CHARGE_STATUS[step], recurring=recurring, refusal=why)
    intent |= {"latest_charge": charge["id"], "next_action": None}
    if step == "declined":
        return _decline(account, intent, method, charge, why)
    intent |= {"payment_method": method["id"], "last_payment_error": None}
    if step == "needs_action":
        return _ask(account, intent, charge, why)
    account.put(charge)
    if step == "pending":
        intent["status"] = "processing"
        account.put(intent)
        account.emit("charge.pending", charge)
        account.emit("payment_intent.processing", intent)
        return charge
    return _succeed(account, intent, charge, recurring=recurring)


def settle(account: Account, intent: Json, *, succeeds: bool, recurring: bool = False) -> Json:
    """End a delayed payment; answers the charge."""
    charge = account.get("charge", intent["latest_charge"])
    method = account.get("payment_method", charge["payment_method"])
    if succeeds:
        charge |= {"paid": True, "status": "succeeded"}
        return _succeed(account, intent, charge, recurring=recurring)
    charge |= {"captured": False, "amount_captured": 0, "paid": False, "status": "failed"}
    return _decline(account, intent, method, charge)


def _succeed(account: Account, intent: Json, charge: Json, *, recurring: bool = False) -> Json:
    intent |= {"amount_received": intent["amount"], "status": "succeeded"}
    if booking(account) == "at_once":
        charge["balance_transaction"] = _entry(account, charge)["id"]
    account.put(charge)
    account.put(intent)
    told = [("charge.succeeded", charge), ("payment_intent.succeeded", intent)]
    for kind, value in reversed(told) if recurring else told:
        account.emit(kind, value)
    return charge


def _ask(account: Account, intent: Json, charge: Json, why: build.Refusal) -> Json:
    """The bank wants to ask the payer, who is not there: the charge has failed, the intent waits (recorded so)."""
    charge |= {"failure_code": why.code, "failure_message": why.message}
    intent |= {"next_action": build.next_action(ACCOUNT), "status": "requires_action"}
    account.put(charge)
    account.put(intent)
    account.emit("charge.failed", charge)
    account.emit("payment_intent.requires_action", intent)
    return charge


def _decline(account: Account, intent: Json, method: Json, charge: Json, why: build.Refusal = build.DECLINED) -> Json:
    error = build.decline(method, charge["id"], why)
    charge |= {"failure_code": why.code, "failure_message": error["message"]}
    intent |= {"last_payment_error": error, "payment_method": None, "status": "requires_payment_method"}
    account.put(charge)
    account.put(intent)
    account.emit("charge.failed", charge)
    account.emit("payment_intent.payment_failed", intent)
    return charge


def booking(account: Account) -> Booking:
    """When charges get their balance transaction; `after` unless told otherwise."""
    found: Booking = account.store.note("booking").get("mode", "after")
    return found


def set_booking(account: Account, mode: Booking) -> None:
    """Say when charges to come get their balance transaction."""
    account.store.write_note("booking", mode=mode)


def book(account: Account, charge: Json) -> Json:
    """Put a collected charge on the balance and tell `charge.updated`, which comes after all else (async capture)."""
    if charge["balance_transaction"] is not None:
        return charge
    if booking(account) == "hour_later":
        account.store.schedule("book", charge["id"], account.now() + _HOUR)
        return charge
    return account.update("charge.updated", charge, balance_transaction=_entry(account, charge)["id"])


def book_due(account: Account, charge_id: str) -> None:
    """The hour is over: the charge is on the balance."""
    charge = account.get("charge", charge_id)
    if charge["balance_transaction"] is None:
        account.update("charge.updated", charge, balance_transaction=_entry(account, charge)["id"])


def _entry(account: Account, charge: Json) -> Json:
    amount = charge["amount"]
    kind = "charge" if charge["payment_method_details"]["type"] == "card" else "payment"
    return balance.enter(account, kind, amount, charge["currency"], charge["id"], cost=build.fee(amount))


def collected(account: Account, intent_id: str) -> Json:
    """The succeeded charge of a payment intent.

    :raises ApiRefusal: 400 when nothing was collected.
    """
    intent = account.get("payment_intent", intent_id)
    charge = account.store.get(intent["latest_charge"] or "", "charge")
    if charge is None or charge["status"] != "succeeded":
        raise ApiRefusal(
            f"This PaymentIntent ({intent_id}) does not have a successful charge to refund.", param="payment_intent"
        )
    return charge
