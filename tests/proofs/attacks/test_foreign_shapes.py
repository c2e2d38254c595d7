"""Promise P11, in shapes that our own objects never have: of other products and versions, of no sense at all."""

import random
from collections.abc import Iterator

import pytest

from chalicelib.rails.stripe.events.registry import HANDLERS
from testkit.engine import Engine
from testkit.harness import Harness
from testkit.webhooks import Json, raw
from tests.proofs.attacks.other_products import (
    LIFE,
    NUMBERS,
    SHAPES,
    OtherProduct,
    changes_nothing,
    customer_of_ada,
    in_envelope,
    scenario,
)

VERSIONS: tuple[object, ...] = (
    "2099-01-01.zinnia",
    "2027-09-29.fennel",
    "2020-08-27",
    "2012-02-23",
    "",
    None,
    5,
    [],
    "x" * 5000,
)


def test_a_version_nobody_knows_is_never_a_fault_and_never_books_anything_wrong(busy: Harness) -> None:
    """What counts is fetched in our own version: then the books are either the right ones, or as they were."""
    for number, version in enumerate(VERSIONS):
        gross, payments = busy.totals()["eur"]
        for event in scenario(busy, f"reader{number}"):
            reply = busy.post_raw(raw({**event, "api_version": version}))
            assert (reply.status, reply.json["stored"]) == (200, True), version
        more = busy.totals()["eur"][0] - gross, busy.totals()["eur"][1] - payments
        assert more in ((0, 0), LIFE), version


def test_shapes_of_other_products_change_nothing(busy: Harness) -> None:
    """Stripe knows none of these objects when asked again: what cannot be told apart waits for a person."""
    prefixes = {"checkout.session": "cs", "payment_intent": "pi", "invoice": "in", "customer": "sub", "charge": "ch"}
    for kind, shapes in SHAPES.items():
        prefix = next((short for start, short in prefixes.items() if kind.startswith(start)), "re")
        common = {"id": f"{prefix}_1", "object": "thing", "livemode": False, "created": 1}
        events = [
            {"id": f"evt_{next(NUMBERS)}", "type": kind, "livemode": False, "data": {"object": {**common, **about}}}
            for about in shapes
        ]
        changes_nothing(busy, events, may_wait=True)


@pytest.fixture
def sold(ministack: Engine, table_name: str) -> Iterator[tuple[Harness, list[Json]]]:
    """A harness, and the events of strangers' sales of all kinds."""
    with Harness(ministack.table(table_name)).installed() as harness:
        harness.tell(harness.gives(500, "month"))
        events: list[Json] = []
        for recurring in (True, False):
            stranger = OtherProduct(harness, {}, recurring, customer_of_ada(harness))
            events += stranger.sells()
            for step in ("part", "dispute", "lose"):
                events += stranger.does(step)
        yield harness, [event for event in events if event["type"] in HANDLERS]


ANYTHING: tuple[object, ...] = (None, True, False, 0, -1, 2**63, "", "x", "\ud800", {}, [], {"id": "x"}, [None])


def mangled(about: Json, dice: random.Random) -> Json:
    """An object with some fields left out, null, or of another type."""
    changed = dict(about)
    for name in dice.sample(sorted(changed.keys() - {"id"}), dice.randint(1, 8)):
        if dice.random() < 0.5:
            del changed[name]
        else:
            changed[name] = dice.choice(ANYTHING)
    return changed


def test_a_strangers_object_with_fields_missing_or_other_is_never_a_fault(sold: tuple[Harness, list[Json]]) -> None:
    """A version of tomorrow, or a feature that we do not know. Whatever is hidden, it stays a stranger's."""
    harness, events = sold
    dice = random.Random(11)  # noqa: S311 - the same in each run
    tried = [dice.choice(events) for _ in range(200)]
    mangling = [{"object": mangled(event["data"]["object"], dice)} for event in tried]
    odd = [in_envelope(event, next(NUMBERS), data=data) for event, data in zip(tried, mangling, strict=True)]
    for few in range(0, len(odd), 20):
        changes_nothing(harness, odd[few : few + 20], may_wait=True)
