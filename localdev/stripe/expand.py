"""`expand[]`: ids replaced by objects, and the lists that are only there when asked for."""

from collections.abc import Callable
from typing import Any

from localdev.stripe.account import Account
from localdev.stripe.errors import ApiRefusal, Json
from localdev.stripe.fidelity import fields_of
from localdev.stripe.objects.invoices import payments_of
from localdev.stripe.objects.prices import listed

_DEEPEST = 4


def _line_items(account: Account, session: Json) -> Json:
    return listed(account.store.note(session["id"])["lines"], f"/v1/checkout/sessions/{session['id']}/line_items")


def _invoice_payments(account: Account, invoice: Json) -> Json:
    return payments_of(account.store.find("invoice_payment", invoice=invoice["id"]), invoice["id"])


def _paid_off_stripe(_account: Account, _invoice: Json) -> int:
    """What was paid outside Stripe: nobody pays the stand-in in cash."""
    return 0


def _refunds(account: Account, charge: Json) -> Json:
    return listed(account.store.find("refund", charge=charge["id"]), f"/v1/charges/{charge['id']}/refunds")


def _subscriptions(account: Account, customer: Json) -> Json:
    running = [
        one for one in account.store.find("subscription", customer=customer["id"]) if one["status"] != "canceled"
    ]
    return listed(running, f"/v1/customers/{customer['id']}/subscriptions")


# What Stripe never sends unasked, webhooks included.
_ONLY_WHEN_ASKED: dict[tuple[str, str], Callable[[Account, Json], Json | int]] = {
    ("checkout.session", "line_items"): _line_items,
    ("invoice", "payments"): _invoice_payments,
    ("invoice", "amount_paid_off_stripe"): _paid_off_stripe,
    ("charge", "refunds"): _refunds,
    ("customer", "subscriptions"): _subscriptions,
}


def expanded(account: Account, answer: Json, paths: list[str]) -> Json:
    """`answer` with each dotted path expanded.

    :raises ApiRefusal: 400 for what cannot be expanded.
    """
    for path in paths:
        steps = path.split(".")
        if len(steps) > _DEEPEST + (answer.get("object") == "list"):
            raise ApiRefusal(f"You cannot expand more than {_DEEPEST} levels of a property. Property: {path}")
        _expand(account, answer, steps, path)
    return answer


def _expand(account: Account, node: Any, steps: list[str], path: str) -> None:
    if isinstance(node, list):
        for element in node:
            _expand(account, element, steps, path)
        return
    if node is None or not steps:
        return
    step, *rest = steps
    only_when_asked = _ONLY_WHEN_ASKED.get((node.get("object", ""), step))
    if only_when_asked and step not in node:
        node[step] = only_when_asked(account, node)
    elif step not in node:
        if step not in fields_of(node):
            raise _refused(path)
        return  # a field that this object could have and does not
    elif isinstance(node[step], str):
        node[step] = _found(account, node[step], path)
    elif isinstance(node[step], list) and all(isinstance(one, str) for one in node[step]):
        node[step] = [_found(account, one, path) for one in node[step]]
    elif not rest and not isinstance(node[step], dict | None):
        raise _refused(path)
    _expand(account, node[step], rest, path)


def _found(account: Account, identifier: str, path: str) -> Json:
    found = account.store.get(identifier)
    if found is None:
        raise _refused(path)
    return found


def _refused(path: str) -> ApiRefusal:
    return ApiRefusal(f"This property cannot be expanded ({path}).", param="expand[]")
