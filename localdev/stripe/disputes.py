"""Disputes: inquiries that move no money, chargebacks that do, decisions, appeals.

`charge.dispute.funds_withdrawn` and `…funds_reinstated` are the only events that go with money.
"""

import copy

from localdev.stripe import balance
from localdev.stripe.account import Account
from localdev.stripe.currencies import check_step
from localdev.stripe.errors import ApiRefusal, Json
from localdev.stripe.objects import reversals as build

# What Stripe keeps for a dispute, in minor units; plausible, not its price list.
_DISPUTE_FEE = 2000
_INQUIRY = ("warning_needs_response", "warning_under_review")
OPEN = ("needs_response", "under_review", *_INQUIRY)
# Over without money: a chargeback may still follow.
_WITHOUT_MONEY = ("warning_closed", "prevented")


def stands(made: Json) -> bool:
    """Whether the payer's bank holds the money, or may still take it."""
    return made["status"] not in ("won", "warning_closed", "prevented")


def dispute(
    account: Account,
    charge: Json,
    *,
    amount: int | None = None,
    inquiry: bool = False,
    prevented: bool = False,
    withdrawn: tuple[int, str] | None = None,
) -> Json:
    """The payer's bank takes `amount` (minor units; all that is left) back: created, then funds_withdrawn.

    `inquiry`: the bank only asks; no money moves until `escalate`. `prevented`: resolved before it became one.
    `withdrawn`: minor units and currency of what leaves the balance, where that is not the charge's own.

    :raises ApiRefusal: 400 when it is disputed already, nothing is left to take, or the amount is out of bounds.
    """
    left = charge["amount"] - charge["amount_refunded"]
    earlier = account.store.find("dispute", charge=charge["id"])
    if left == 0 or any(one["status"] not in _WITHOUT_MONEY for one in earlier):
        raise ApiRefusal("This charge cannot be disputed: it is disputed already, or refunded in full.")
    wanted = left if amount is None else amount
    if not 1 <= wanted <= left:
        raise ApiRefusal(f"A dispute's amount is at least 1 and at most what is left ({left}).", param="amount")
    check_step(wanted, charge["currency"], "amount")
    made = build.dispute(account.now(), charge, wanted)
    if inquiry or prevented:
        made |= {"is_charge_refundable": True, "status": "prevented" if prevented else "warning_needs_response"}
        _say_case(made, "resolution" if prevented else "inquiry")
    account.put(made)
    if account.store.note(charge["id"]).get("foreign"):
        account.store.write_note(made["id"], foreign=True)
    if withdrawn is not None:
        account.store.write_note(made["id"], withdrawn=list(withdrawn))
    charge["disputed"] = True
    account.put(charge)
    account.emit("charge.dispute.created", made)
    settle_warnings(account, charge)
    if not (inquiry or prevented):
        _withdraw(account, made)
    return made


def settle_warnings(account: Account, charge: Json) -> None:
    """A charge that is disputed, or was given back in full: its early fraud warnings ask for nothing any more."""
    for warning in account.store.find("radar.early_fraud_warning", charge=charge["id"]):
        if warning["actionable"]:
            account.update("radar.early_fraud_warning.updated", warning, actionable=False)


def escalate(account: Account, made: Json) -> Json:
    """An inquiry becomes a chargeback: `charge.dispute.updated`, then `charge.dispute.funds_withdrawn`.

    :raises ApiRefusal: 400 when it is no open inquiry, or the charge was refunded meanwhile.
    """
    if made["status"] not in _INQUIRY:
        raise ApiRefusal(f"Only an open inquiry can be escalated. This dispute is {made['status']}.")
    charge = account.get("charge", made["charge"])
    if charge["amount"] - charge["amount_refunded"] < made["amount"]:
        raise ApiRefusal("This charge was refunded: the inquiry can only be closed.")
    before = copy.deepcopy(made)
    made |= {"is_charge_refundable": False, "status": "needs_response"}
    _say_case(made, "chargeback")
    account.put(made)
    account.emit("charge.dispute.updated", made, before=before)
    _withdraw(account, made)
    return made


def respond(account: Account, made: Json) -> Json:
    """The newsroom has sent its evidence; told as `charge.dispute.updated`.

    :raises ApiRefusal: 400 when no answer is awaited.
    """
    following = {"needs_response": "under_review", "warning_needs_response": "warning_under_review"}
    if made["status"] not in following:
        raise ApiRefusal(f"This dispute awaits no answer: {made['status']}.")
    evidence = {**made["evidence_details"], "has_evidence": True, "submission_count": 1}
    return account.update("charge.dispute.updated", made, evidence_details=evidence, status=following[made["status"]])


def close(account: Account, made: Json, *, won: bool, reinstated: int | None = None) -> Json:
    """The bank decides. Won: `charge.dispute.funds_reinstated` brings the money back; closing itself moves none.

    An inquiry ends as `warning_closed`, whoever was right. `reinstated`: only so much comes back, in minor units of
    the currency that was withdrawn.

    :raises ApiRefusal: 400 when it is closed already.
    """
    if made["status"] not in OPEN:
        raise ApiRefusal(f"This dispute is closed already: {made['status']}.")
    _decide(account, made, won=won, reinstated=reinstated)
    return made


def appeal(account: Account, made: Json, *, won: bool, reinstated: int | None = None) -> Json:
    """A lost dispute is fought once more: `charge.dispute.updated`, then won (money back) or lost again.

    :raises ApiRefusal: 400 when it is not lost.
    """
    if made["status"] != "lost":
        raise ApiRefusal(f"Only a lost dispute can be appealed. This one is {made['status']}.")
    account.update("charge.dispute.updated", made, status="appeal_under_review")
    _decide(account, made, won=won, reinstated=reinstated)
    return made


def _decide(account: Account, made: Json, *, won: bool, reinstated: int | None) -> None:
    before = dict(made)
    if made["status"] in _INQUIRY:
        made["status"] = "warning_closed"
    else:
        made["status"] = "won" if won else "lost"
    account.put(made)
    if made["status"] == "won":
        _reinstate(account, made, reinstated)
        account.emit("charge.dispute.funds_reinstated", made)
    account.emit("charge.dispute.closed", made, before=before)


def _say_case(made: Json, case: str) -> None:
    details = made.get("payment_method_details")
    if details:  # only a card's dispute has them
        details["card"]["case_type"] = case


def _withdraw(account: Account, made: Json) -> None:
    withdrawn = account.store.note(made["id"]).get("withdrawn")
    settled = (-withdrawn[0], withdrawn[1]) if withdrawn else None
    _move(account, made, -made["amount"], _DISPUTE_FEE, settled)
    account.emit("charge.dispute.funds_withdrawn", made)


def _reinstate(account: Account, made: Json, part: int | None) -> None:
    """All that was withdrawn comes back, or a part of it: the dispute's amount then counts in proportion."""
    taken = made["balance_transactions"][0]
    whole = -taken["amount"]
    if part is not None and not 1 <= part <= whole:
        raise ApiRefusal(f"At least 1 and at most what was withdrawn ({whole}) comes back.", param="reinstated")
    back = whole if part is None else part
    amount = (2 * made["amount"] * back + whole) // (2 * whole)  # rounded half up
    settled = (back, taken["currency"]) if taken["exchange_rate"] is not None else None
    _move(account, made, amount, 0, settled)


def _move(account: Account, made: Json, amount: int, fee: int, settled: tuple[int, str] | None) -> None:
    entry = balance.enter(account, "adjustment", amount, made["currency"], made["id"], cost=fee, settled=settled)
    made["balance_transactions"] = [*made["balance_transactions"], entry]
    account.put(made)
