"""Lives with odd invoices: what happens, the tier that is open at the end, and what was really received.

In the newsroom of the tests 3 EUR a month opens `member` and 15 EUR `patron`; a year the tenfold.
"""

from collections.abc import Sequence
from functools import partial

from testkit import plan_changes as plan
from testkit.harness import Harness
from testkit.plan_changes import Step
from testkit.webhooks import Json


def gives(amount: int, interval: str = "month") -> Step:
    """A gift begins; `amount` in minor units."""
    return lambda harness: harness.gives(amount, interval)


def after(days: int) -> Step:
    """So many days later."""

    def step(harness: Harness) -> list[Json]:
        plan.later(harness, days)
        return []

    return step


def changed(amount: int, **more: object) -> Step:
    """The gift becomes another one from now on."""
    return partial(plan.changes, amount=amount, **more)  # type: ignore[arg-type] # handed on


def gives_back_last(harness: Harness) -> list[Json]:
    """The newest payment goes back."""
    return harness.stripe.gives_back(str(harness.stripe.of("payment_intent")[-1]["id"]))


def gives_back_first(harness: Harness) -> list[Json]:
    """The oldest payment goes back."""
    return harness.stripe.gives_back(str(harness.stripe.of("payment_intent")[0]["id"]))


RENEWS: Step = plan.renews
# What happens; then, at its end: the tier that is open, and what was really received.
LIVES: dict[str, tuple[Sequence[Step], str | None, list[int]]] = {
    "lowered with proration": (
        (gives(2000), after(15), changed(500), RENEWS),
        "member",
        [2000],  # the credit pays for the next month, and more
    ),
    "raised with proration": ((gives(500), after(15), changed(1000), RENEWS), "member", [500, 1254]),
    "raised with proration, to patron": ((gives(500), after(15), changed(1500), RENEWS), "patron", [500, 2008]),
    "raised without proration": (
        (gives(500), after(15), changed(1500, proration="none"), after(1)),
        "member",
        [500],
    ),
    "raised without proration, renewed": (
        (gives(500), after(15), changed(1500, proration="none"), RENEWS),
        "patron",
        [500, 1500],
    ),
    "raised and charged at once": (
        (gives(500), after(15), changed(1500, proration="always_invoice")),
        "patron",
        [500, 508],
    ),
    "raised at once, the difference given back": (
        (gives(500), after(15), changed(1500, proration="always_invoice"), after(1), gives_back_last),
        "member",
        [500, 508],
    ),
    "raised at once, the month given back": (
        (gives(500), after(15), changed(1500, proration="always_invoice"), after(1), gives_back_first),
        "patron",
        [500, 508],
    ),
    "lowered at once": (
        (gives(2000), after(15), changed(500, proration="always_invoice")),
        "member",
        [2000],
    ),
    "half off": ((gives(500), partial(plan.coupon, percent=50), RENEWS), "member", [500, 250]),
    "nearly all off": ((gives(500), partial(plan.coupon, percent=99), RENEWS), "member", [500]),
    "all off": ((gives(500), partial(plan.coupon, percent=100), RENEWS), "member", [500]),
    "all off, patron": ((gives(1500), partial(plan.coupon, percent=100), RENEWS), "patron", [1500]),
    "a part paid by credit": ((gives(500), partial(plan.has_credit, amount=250), RENEWS), "member", [500, 250]),
    "all paid by credit": ((gives(500), partial(plan.has_credit, amount=900), RENEWS), "member", [500]),
    "a book beside it": ((gives(500), partial(plan.buys, amount=2000), RENEWS), "member", [500, 2500]),
    "tax on top": ((gives(1200), partial(plan.taxed, percent=27), RENEWS), "member", [1200, 1524]),
    "a second item": (
        (gives(1000), partial(plan.adds_item, amount=500), RENEWS),
        "patron",
        [1000, 2000],
    ),
    "a second item, charged at once": (
        (gives(1000), partial(plan.adds_item, amount=500, proration="always_invoice")),
        "patron",
        [1000, 500],
    ),
    "every three months": (
        (gives(500), after(1), changed(1500, count=3, proration="none")),
        "member",
        [500, 1500],
    ),
    "every six months": ((gives(500), after(1), changed(1500, count=6, proration="none")), None, [500, 1500]),
    "every twelve months": ((gives(500), after(1), changed(3600, count=12, proration="none")), "member", [500, 3600]),
    "every week": ((gives(500), after(1), changed(350, interval="week", proration="none")), "patron", [500, 350]),
    "a year, then months": (
        (gives(15000, "year"), after(100), changed(500), after(1)),
        "member",
        [15000],
    ),
    "months, then a year": ((gives(500), after(10), changed(15000, interval="year")), "patron", [500, 14667]),
}


def lived(harness: Harness, steps: Sequence[Step]) -> list[Json]:
    """All of it, one after the other; the events of it."""
    return [event for step in steps for event in step(harness)]
