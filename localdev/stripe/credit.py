"""What a customer has to their credit (a negative balance) or still owes (a positive one), in minor units.

The next invoice takes all of it along: https://docs.stripe.com/billing/customer/balance.
"""

from localdev.stripe.account import Account
from localdev.stripe.currencies import least
from localdev.stripe.errors import ApiRefusal, Json
from localdev.stripe.objects import invoice_items as build


def move(account: Account, customer: Json, amount: int, currency: str, **given: object) -> Json:
    """Change the balance (negative: a credit); told as `customer.updated`. `given` is kept on the movement.

    :raises ApiRefusal: 400 when the customer is charged in another currency.
    """
    if customer["currency"] not in (None, currency):
        raise ApiRefusal(
            f"The customer's currency is {customer['currency']}: a balance in {currency} cannot be added to it.",
            param="currency",
        )
    ending = customer["balance"] + amount
    made = account.put(build.balance_movement(account.now(), customer["id"], amount, currency, ending, **given))
    account.update("customer.updated", customer, balance=ending, currency=currency)
    return made


def settle(account: Account, invoice: Json) -> Json:
    """What is due of a draft once the balance is taken along, as `{amount_due, starting_balance, ending_balance}`.

    An invoice below zero leaves a credit. One below the least charge is never charged: it is owed with the next.
    """
    customer = account.get("customer", invoice["customer"])
    total, starting, currency = invoice["total"], customer["balance"], invoice["currency"]
    moved = total if total < 0 else min(-starting, total)
    due = max(0, total) + (0 if total < 0 else -moved)
    if moved:
        move(account, customer, moved, currency, invoice=invoice["id"], type="applied_to_invoice")
    if 0 < due < least(currency):
        move(account, customer, due, currency, invoice=invoice["id"], type="invoice_too_small")
        due = 0
    return {
        "amount_due": due,
        "amount_remaining": due,
        "ending_balance": customer["balance"],
        "starting_balance": starting,
    }
