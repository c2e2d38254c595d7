"""The one product of all recurring gifts at Stripe, so that a gift's amount can be changed to any other.

A gift begun with a product of its own (`product_data`) has one that Stripe archives at once, and which may refuse new
prices. One product also makes one line of the newsroom's support in Stripe's reports.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import stripe

from ops.setup.connections import Connections
from ops.setup.webhook import MARK

_NAME = 250  # characters, Stripe's limit


def mend_product(connections: Connections, names: Iterable[str]) -> str:
    """Create the product, or correct it; answers its id, "" in a dry run that would create it.

    :param names: what it is called, in each of the newsroom's languages: Checkout and receipts show one name to all.
    """
    journal, products = connections.journal, connections.stripe.products
    journal.heading("The product of all recurring gifts at Stripe")
    name = " · ".join(dict.fromkeys(names))[:_NAME]
    known = _found(connections)
    if known is None:
        wanted: Any = {"name": name, "metadata": {MARK: connections.stage.site_id, "kind": "recurring gifts"}}
        made = journal.change(f"create the product '{name}'", lambda: str(products.create(wanted).id))
        return made or ""
    if not known["active"]:
        journal.change(
            f"make the product {known['id']} active again: Stripe refuses gifts of an archived one",
            lambda: products.update(known["id"], {"active": True}),
        )
    else:
        journal.right(f"recurring gifts have one product ({known['id']}, '{known['name']}')")
    return str(known["id"])


def _found(connections: Connections) -> Mapping[str, Any] | None:
    """The product that the stage file names, else the oldest active one with our mark."""
    kept = connections.stage.parameters.get("Product")
    if kept:
        try:
            found: dict[str, Any] = connections.stripe.products.retrieve(kept).to_dict()
        except stripe.InvalidRequestError as error:
            if error.code != "resource_missing":
                raise
            connections.journal.say(f"Stripe does not know the product {kept} any more.")
        else:
            return None if found.get("deleted") else found
    # Products of single gifts are archived, and there may be thousands: only active ones are listed.
    pages = connections.stripe.products.list({"limit": 100, "active": True}).auto_paging_iter()
    ours = [
        one.to_dict() for one in pages if (one.to_dict().get("metadata") or {}).get(MARK) == connections.stage.site_id
    ]
    return min(ours, key=lambda one: (one["created"], one["id"]), default=None)
