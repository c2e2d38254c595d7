"""Invoice items (what waits for the next invoice) and the movements of a customer's balance."""

from localdev.stripe import ids
from localdev.stripe.errors import Json


def invoice_item(now: int, customer: str, amount: int, currency: str, **given: object) -> Json:
    """Something that waits for the customer's next invoice. `amount` in minor units, negative for a credit.

    `given`: parent, period, pricing, quantity, description, metadata, discountable, proration, proration_details.
    """
    quantity = given.get("quantity", 1)
    return {
        "id": ids.new("ii"),
        "object": "invoiceitem",
        "amount": amount,
        "currency": currency,
        "customer": customer,
        "customer_account": None,
        "date": now,
        "description": None,
        "discountable": True,
        "discounts": [],
        "invoice": None,
        "livemode": False,
        "metadata": {},
        "parent": None,
        "period": {"end": now, "start": now},
        "pricing": None,
        "proration": False,
        "quantity": 1,
        "quantity_decimal": str(quantity),
        "tax_rates": [],
        "test_clock": None,
    } | {key: value for key, value in given.items() if value is not None}


def balance_movement(now: int, customer: str, amount: int, currency: str, ending: int, **given: object) -> Json:
    """A change of what the customer has to their credit (negative) or still owes (positive)."""
    return {
        "id": ids.new("cbtxn"),
        "object": "customer_balance_transaction",
        "amount": amount,
        "checkout_session": None,
        "created": now,
        "credit_note": None,
        "currency": currency,
        "customer": customer,
        "customer_account": None,
        "description": None,
        "ending_balance": ending,
        "invoice": None,
        "livemode": False,
        "metadata": {},
        "type": "adjustment",
    } | {key: value for key, value in given.items() if value is not None}
