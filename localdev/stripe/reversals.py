"""Money that goes back: refunds, failed refunds, disputes and how they close."""

from localdev.stripe.account import Account
from localdev.stripe.errors import Json, StripeError
from localdev.stripe.objects import reversals as build
from localdev.stripe.objects.payments import balance_transaction

# What Stripe keeps for a dispute, in minor units; plausible, not its price list.
_DISPUTE_FEE = 2000


def collected(account: Account, intent_id: str) -> Json:
    """The succeeded charge of a payment intent.

    :raises StripeError: 400 when nothing was collected.
    """
    intent = account.get("payment_intent", intent_id)
    charge = account.store.get(intent["latest_charge"] or "", "charge")
    if charge is None or charge["status"] != "succeeded":
        raise StripeError(
            f"This PaymentIntent ({intent_id}) does not have a successful charge to refund.", param="payment_intent"
        )
    return charge


def refund(account: Account, charge: Json, amount: int | None, **given: object) -> Json:
    """Give back `amount` minor units, or all that is left; told as `refund.created` and `charge.refunded`.

    :raises StripeError: 400 `charge_already_refunded`, `charge_disputed` or an amount out of bounds.
    """
    left = charge["amount"] - charge["amount_refunded"]
    if charge["disputed"]:
        raise StripeError("This charge is disputed and cannot be refunded.", code="charge_disputed")
    if left == 0:
        raise StripeError(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    wanted = left if amount is None else amount
    if not 1 <= wanted <= left:
        raise StripeError(
            f"Refund amount ({wanted}) must be positive and at most the unrefunded amount on charge ({left})",
            param="amount",
        )
    made = build.refund(account.now(), charge, wanted, **given)
    entry = account.put(balance_transaction(account.now(), "refund", -wanted, charge["currency"], made["id"]))
    made["balance_transaction"] = entry["id"]
    account.put(made)
    account.emit("refund.created", made)
    refunded = charge["amount_refunded"] + wanted
    account.update("charge.refunded", charge, amount_refunded=refunded, refunded=refunded == charge["amount"])
    return made


def fail_refund(account: Account, made: Json) -> Json:
    """The bank sends a refund back, days later: the money is on the balance again.

    :raises StripeError: 400 when it has failed already.
    """
    if made["status"] == "failed":
        raise StripeError("This refund has failed already.")
    entry = balance_transaction(account.now(), "refund_failure", made["amount"], made["currency"], made["id"])
    account.put(entry)
    made |= {"failure_balance_transaction": entry["id"], "failure_reason": "expired_or_canceled_card"}
    made["status"] = "failed"
    account.put(made)
    account.emit("refund.updated", made)
    account.emit("refund.failed", made)
    charge = account.get("charge", made["charge"])
    refunded = charge["amount_refunded"] - made["amount"]
    account.update("charge.updated", charge, amount_refunded=refunded, refunded=False)
    return made


def dispute(account: Account, charge: Json) -> Json:
    """The payer's bank takes the money back: `charge.dispute.created`, then `charge.dispute.funds_withdrawn`.

    :raises StripeError: 400 when it is disputed already or nothing is left to take.
    """
    left = charge["amount"] - charge["amount_refunded"]
    if charge["disputed"] or left == 0:
        raise StripeError("This charge cannot be disputed: it is disputed already, or refunded in full.")
    made = account.put(build.dispute(account.now(), charge, left))
    account.put(charge | {"disputed": True})
    account.emit("charge.dispute.created", made)
    _move(account, made, -left, _DISPUTE_FEE)
    account.emit("charge.dispute.funds_withdrawn", made)
    return made


def close(account: Account, made: Json, *, won: bool) -> Json:
    """The bank decides. Won: `charge.dispute.funds_reinstated` brings the money back; closing itself moves none.

    :raises StripeError: 400 when it is closed already.
    """
    if made["status"] in ("won", "lost"):
        raise StripeError(f"This dispute is closed already: {made['status']}.")
    made["status"] = "won" if won else "lost"
    account.put(made)
    if won:
        _move(account, made, made["amount"], 0)
        account.emit("charge.dispute.funds_reinstated", made)
    account.emit("charge.dispute.closed", made)
    return made


def _move(account: Account, made: Json, amount: int, fee: int) -> None:
    entry = balance_transaction(account.now(), "adjustment", amount, made["currency"], made["id"], cost=fee)
    if amount > 0:
        entry["reporting_category"] = "dispute_reversal"
    account.put(entry)
    made["balance_transactions"] = [*made["balance_transactions"], entry]
    account.put(made)
