"""Our own payment-method configuration at Stripe, so that the account's other products keep theirs.

It is found by its name (these objects carry no metadata). What the newsroom turns on or off in the dashboard later
stays so; setup corrects only what must never be on for gifts.
"""

from typing import Any

import stripe

from ops.setup.connections import Connections

# Checkout shows each where currency, country and rhythm fit. Debits settle late, which the app is built for.
_ON = ("card", "apple_pay", "google_pay", "link", "sepa_debit", "bancontact", "blik", "eps", "ideal", "p24")
# Credit for a gift: the providers' terms exclude donations. Bank transfers would need invoices of our own.
_NEVER = (
    "affirm",
    "afterpay_clearpay",
    "alma",
    "billie",
    "customer_balance",
    "klarna",
    "scalapay",
    "sequra",
    "sunbit",
    "zip",
)


def mend_methods(connections: Connections) -> str:
    """Create the configuration, or correct it; answers its id, "" in a dry run that would create it."""
    journal = connections.journal
    journal.heading("Payment methods at Stripe")
    name = f"Spilno {connections.stage.site_id}"
    known = _found(connections, name)
    if known is None:
        words = ", ".join(one.replace("_", " ") for one in _ON)
        journal.say(f"Checkout offers what fits the reader of: {words}.")
        journal.say("Turn on or off what you like in the dashboard (Settings, Payment methods, " + name + ").")
        wanted = {**_preferring(_ON, "on"), **_preferring(_NEVER, "off")}
        made = journal.change(
            f"create the payment-method configuration '{name}'", lambda: _created(connections, name, wanted)
        )
        return made or ""
    wrong = [one for one in _NEVER if _value(known, one) == "on"]
    changes = _preferring(wrong, "off") | ({} if known["active"] else {"active": True})
    if changes:
        words = ", ".join([*(f"{one} off" for one in wrong), *(() if known["active"] else ("active again",))])
        configurations = connections.stripe.payment_method_configurations
        journal.change(f"mend {known['id']}: {words}", lambda: configurations.update(known["id"], changes))
    else:
        on = [one for one, value in known.items() if isinstance(value, dict) and value.get("available")]
        journal.right(f"the payment methods are set up ({known['id']}), available: {', '.join(on) or 'none yet'}")
    return str(known["id"])


def _found(connections: Connections, name: str) -> dict[str, Any] | None:
    pages = connections.stripe.payment_method_configurations.list({"limit": 100}).auto_paging_iter()
    ours: list[dict[str, Any]] = [one.to_dict() for one in pages if one.name == name and not one.application]
    kept = connections.stage.parameters.get("PaymentMethods")
    # The one that the stage file names, else the oldest: two runs of setup at once may have made two.
    return min(ours, key=lambda one: one["id"] != kept, default=None)


def _created(connections: Connections, name: str, wanted: dict[str, Any]) -> str:
    """Create it; answers its id. A method that Stripe refuses, as the account's country lacks it, is left out."""
    while True:
        try:
            return str(connections.stripe.payment_method_configurations.create({"name": name, **wanted}).id)
        except stripe.InvalidRequestError as error:
            refused = str(error.param or "").partition("[")[0]
            if refused not in wanted:
                raise
            del wanted[refused]
            connections.journal.say(f"Stripe does not know {refused.replace('_', ' ')} for this account: left out.")


def _preferring(names: Any, preference: str) -> dict[str, Any]:
    return {name: {"display_preference": {"preference": preference}} for name in names}


def _value(configuration: dict[str, Any], name: str) -> str:
    method = configuration.get(name) or {}
    return str((method.get("display_preference") or {}).get("value", "off"))
