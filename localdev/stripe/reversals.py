"""Refunds: at once, pending first, failing days later; early fraud warnings. Disputes are in `disputes`.

Each movement has a balance transaction of its own: the refund's when it is made, and one back when it fails.
"""

from localdev.stripe import balance
from localdev.stripe.account import Account
from localdev.stripe.currencies import check_amount
from localdev.stripe.disputes import close, dispute, settle_warnings, stands
from localdev.stripe.errors import ApiRefusal, Json
from localdev.stripe.objects import reversals as build
from localdev.stripe.payments import collected

__all__ = [
    "cancel_refund",
    "close",
    "collected",
    "dispute",
    "fail_refund",
    "fraud_warning",
    "refund",
    "succeed_refund",
]


def refund(account: Account, charge: Json, amount: int | None, *, pending: bool = False, **given: object) -> Json:
    """Give back `amount` minor units, or all that is left; told as `refund.created` and `charge.refunded`.

    `pending`: the bank takes its time; `succeed_refund` or `fail_refund` follows. The money has left all the same.

    :raises ApiRefusal: 400 `charge_already_refunded`, `charge_disputed` or an amount out of bounds.
    """
    left = charge["amount"] - charge["amount_refunded"]
    if any(not one["is_charge_refundable"] and stands(one) for one in _disputes(account, charge)):
        raise ApiRefusal("This charge is disputed and cannot be refunded.", code="charge_disputed")
    if charge["status"] != "succeeded":
        raise ApiRefusal(f"This charge was not collected: {charge['status']}.", param="charge")
    if left == 0:
        raise ApiRefusal(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    wanted = left if amount is None else amount
    if not 1 <= wanted <= left:
        raise ApiRefusal(
            f"Refund amount ({wanted}) must be positive and at most the unrefunded amount on charge ({left})",
            param="amount",
        )
    check_amount(wanted, charge["currency"], "amount")
    made = build.refund(account.now(), charge, wanted, **given)
    kind = "refund" if charge["payment_method_details"]["type"] == "card" else "payment_refund"
    made["balance_transaction"] = balance.enter(account, kind, -wanted, charge["currency"], made["id"])["id"]
    if pending:
        made |= {"status": "pending", "pending_reason": "processing"}
    account.put(made)
    _follow(account, charge["id"], made["id"])
    account.emit("refund.created", made)
    refunded = charge["amount_refunded"] + wanted
    account.update("charge.refunded", charge, amount_refunded=refunded, refunded=refunded == charge["amount"])
    if charge["refunded"]:
        settle_warnings(account, charge)
    return made


def succeed_refund(account: Account, made: Json) -> Json:
    """A pending refund has arrived; told as `refund.updated` and `charge.refund.updated`.

    :raises ApiRefusal: 400 when it is not pending.
    """
    if made["status"] != "pending":
        raise ApiRefusal(f"This refund is not pending: {made['status']}.")
    before = dict(made)
    made["status"] = "succeeded"
    made.pop("pending_reason", None)
    _tell(account, made, before)
    return made


def fail_refund(account: Account, made: Json) -> Json:
    """The bank sends a refund back, days later: the money is on the balance again, told as `refund.failed`.

    :raises ApiRefusal: 400 when it has failed already.
    """
    _give_up(account, made, "failed")
    return made


def cancel_refund(account: Account, made: Json) -> Json:
    """A pending refund is called off; the money is on the balance again.

    :raises ApiRefusal: 400 when it is not pending.
    """
    if made["status"] != "pending":
        raise ApiRefusal(f"This refund cannot be canceled: {made['status']}.")
    _give_up(account, made, "canceled")
    return made


def _give_up(account: Account, made: Json, status: str) -> None:
    if made["status"] in ("failed", "canceled"):
        raise ApiRefusal(f"This refund has {made['status']} already.")
    entry = balance.enter(account, "refund_failure", made["amount"], made["currency"], made["id"])
    before = dict(made)
    made.pop("pending_reason", None)
    made |= {"failure_balance_transaction": entry["id"], "status": status}
    made["failure_reason"] = "expired_or_canceled_card" if status == "failed" else "merchant_request"
    _tell(account, made, before)
    if status == "failed":
        account.emit("refund.failed", made)
    charge = account.get("charge", made["charge"])
    refunded = charge["amount_refunded"] - made["amount"]
    account.update("charge.updated", charge, amount_refunded=refunded, refunded=False)


def _tell(account: Account, made: Json, before: Json) -> None:
    """Stripe tells of a changed refund under both its names."""
    account.put(made)
    account.emit("refund.updated", made, before=before)
    account.emit("charge.refund.updated", made, before=before)


def fraud_warning(account: Account, charge: Json, kind: str = "made_with_stolen_card") -> Json:
    """The card's network suspects fraud; no money moves. Told as `radar.early_fraud_warning.created`."""
    made = account.put(build.fraud_warning(account.now(), charge, kind))
    account.emit("radar.early_fraud_warning.created", made)
    return made


def _disputes(account: Account, charge: Json) -> list[Json]:
    return account.store.find("dispute", charge=charge["id"]) if charge["disputed"] else []


def _follow(account: Account, charge_id: str, made_id: str) -> None:
    """What reverses another product's payment is another product's as well."""
    if account.store.note(charge_id).get("foreign"):
        account.store.write_note(made_id, foreign=True)
