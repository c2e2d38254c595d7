"""The product of all recurring gifts at Stripe, which `ops setup` makes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import stripe

from ops.doctor.findings import Finding, ok, problem, warning
from ops.doctor.probe import Probe
from ops.doctor.subject import Subject


@dataclass(frozen=True)
class Facts:
    """The product of all recurring gifts; `ours` is its id in the stage file, `product` what Stripe knows of it."""

    stage: str
    ours: str
    product: Mapping[str, Any] | None


def gather(subject: Subject) -> Facts:
    """By the id in the stage file."""
    ours = subject.parameters.get("Product", "")
    if not ours:
        return Facts(subject.stage, ours, None)
    try:
        found = subject.stripe.get(f"/v1/products/{ours}")
    except stripe.InvalidRequestError as error:
        if error.code != "resource_missing":
            raise
        return Facts(subject.stage, ours, None)
    return Facts(subject.stage, ours, None if found.get("deleted") else found)


def check(facts: Facts, _now: int) -> Iterable[Finding]:
    """Judge it: without one, an amount can be changed only as long as Stripe takes an archived product."""
    setup = f"python -m ops setup --stage {facts.stage} makes it."
    if not facts.ours:
        says = "Recurring gifts have no product of their own at Stripe: a new amount may be refused."
        yield warning("product_none", says, setup)
    elif facts.product is None:
        says = (
            f"Stripe does not know the product {facts.ours}: each recurring gift is refused once, then tried again."
        )
        yield problem("product_missing", says, setup)
    elif not facts.product["active"]:
        says = f"The product {facts.ours} is archived: Stripe refuses gifts and changes of amount with it."
        yield problem("product_archived", says, setup)
    else:
        yield ok("product", f"Recurring gifts have one product at Stripe ('{facts.product['name']}').")


PROBES = (Probe("stripe", "the product of recurring gifts", gather, check),)
