"""Promise P11: what is not this newsroom's, or not of its mode or account, is recorded and changes nothing.

Every one of these is rightly signed: it comes from Stripe. 200 each, one row in the inbox, and not a byte elsewhere.
"""

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from chalicelib import wiring
from chalicelib.rails.stripe.events.registry import HANDLERS
from chalicelib.supporters.rows import supporters
from localdev.stripe import foreign
from testkit.harness import ADA, EMAIL_KEY, Harness
from testkit.webhooks import Json
from tests.proofs.attacks.other_products import (
    LIFE,
    MARKS,
    NUMBERS,
    SHAPES,
    STEPS,
    OtherProduct,
    changes_nothing,
    customer_of_ada,
    everything_but_the_inbox,
    in_envelope,
    of_types,
    scenario,
)

# The fixture is shared by all examples on purpose: nothing may change, so each finds it as the one before. Once
# something did, they no longer do: a smaller example is not looked for.
bounded = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

# ---- other products on the same account ----


@bounded
@given(
    mark=st.sampled_from(sorted(MARKS)),
    recurring=st.booleans(),
    shared=st.booleans(),
    names_ada=st.booleans(),
    steps=st.lists(st.sampled_from(STEPS), max_size=4),
    seed=st.integers(0, 999),
)
def test_whatever_a_stranger_sells_changes_nothing(
    busy: Harness,
    mark: str,
    recurring: bool,
    shared: bool,
    names_ada: bool,
    steps: list[str],
    seed: int,
) -> None:
    """Even to a customer whom they share with us, even with our supporter's id in their metadata, in any order."""
    dice = random.Random(seed)  # noqa: S311 - which of them are delayed, and the order of delivery
    metadata = dict(MARKS[mark])
    if names_ada:
        metadata["supporter"] = str(supporters.find_by_email(busy.table, ADA, EMAIL_KEY))
    stranger = OtherProduct(busy, metadata, recurring, customer_of_ada(busy) if shared else None)
    events = stranger.sells(delayed=dice.random() < 0.2)
    for step in steps:
        events += stranger.does(step)
    dice.shuffle(events)
    changes_nothing(busy, events)


def test_those_sales_would_change_much_if_they_were_ours(busy: Harness) -> None:
    """The negative control: the same sale and the same steps, told to whose mark it bears."""
    stranger = OtherProduct(busy, MARKS["another newsroom's"], recurring=True)
    events = stranger.sells()
    for step in ("renew", "part", "stop"):
        events += stranger.does(step)
    changes_nothing(busy, events)
    environ = {"SPILNO_SITE_ID": MARKS["another newsroom's"]["spilno"]}
    herald = Harness(busy.stored, environ, busy.stripe)
    wiring.install(herald.wiring)
    before = everything_but_the_inbox(herald)
    herald.tell([in_envelope(event, 1) for event in events])
    after = everything_but_the_inbox(herald)
    assert len(after[0]) > len(before[0])
    assert after[1] != before[1]


def test_the_strangers_events_are_of_every_type_that_is_handled(busy: Harness) -> None:
    """A type that gets a handler later must be tried here too."""
    events: list[Json] = []
    for recurring in (True, False):
        for scenarios in (("renew", "renew fails", "stop", "end"), ("part", "refund fails"), ("dispute", "win")):
            stranger = OtherProduct(busy, {}, recurring)
            events += stranger.sells()
            for step in scenarios:
                events += stranger.does(step)
    for succeeds in (True, False):
        stranger = OtherProduct(busy, {}, recurring=False)
        events += stranger.sells(delayed=True)
        events += busy.stripe.settle(stranger.session["id"], succeeds=succeeds)
    (refused,) = [event for event in events if event["type"] == "invoice.payment_failed"][:1]
    events.append({**refused, "id": "evt_needs_action", "type": "invoice.payment_action_required"})
    tried = of_types(events) | set(SHAPES)
    assert set(HANDLERS) - tried == set()
    changes_nothing(busy, events)


def test_what_the_stand_in_knows_to_be_foreign(busy: Harness) -> None:
    """Those about unknown types and versions bear our mark, and name a payment that Stripe does not know."""
    account = busy.stripe.account
    for kind in foreign.KINDS:
        with account.change() as made:
            foreign.make(account, kind, amount=900, currency="eur", metadata={"spilno": "test"})
        assert made
        changes_nothing(busy, [account.get("event", name) for name in made], may_wait=kind == "unknown_version")


# ---- other modes, other accounts, types and versions of tomorrow: about our own gifts ----


@pytest.fixture
def ours(busy: Harness) -> list[Json]:
    """One such life."""
    return scenario(busy, "new")


ENVELOPES: dict[str, dict[str, Any]] = {
    "live": {"livemode": True},
    "of a connected account": {"account": "acct_1Connected"},
    "of an account without a name": {"account": ""},
    "live, and of a connected account": {"livemode": True, "account": "acct_1Connected"},
}
TOMORROWS_TYPES = (
    "checkout.session.reconsidered",
    "Checkout.Session.Completed",
    "checkout.session.completed ",
    "checkout.session.completed.v2",
    "v2.checkout.session.completed",
    "invoice.pai",
    "charge.succeeded",
    "payment_intent.created",
    "customer.created",
    "account.updated",
    "payout.paid",
    "*",
    "",
    "підписка.оновлена",
)


@bounded
@given(data=st.data())
def test_our_own_gifts_told_in_another_mode_or_account_change_nothing(
    busy: Harness, ours: list[Json], data: st.DataObject
) -> None:
    places = data.draw(st.lists(st.integers(0, len(ours) - 1), min_size=1, max_size=6, unique=True))
    events = [ours[place] for place in places]
    envelope = ENVELOPES[data.draw(st.sampled_from(sorted(ENVELOPES)))]
    changes_nothing(busy, [in_envelope(event, next(NUMBERS), **envelope) for event in events])


@bounded
@given(data=st.data())
def test_types_that_nobody_handles_change_nothing(busy: Harness, ours: list[Json], data: st.DataObject) -> None:
    event = data.draw(st.sampled_from(ours))
    kind = data.draw(st.sampled_from(TOMORROWS_TYPES))
    changes_nothing(busy, [in_envelope(event, next(NUMBERS), type=kind)])


def test_the_same_gifts_in_their_own_envelope_are_booked(busy: Harness, ours: list[Json]) -> None:
    """The negative control of the three above, and: being told foreignly first does not spoil it."""
    for number, envelope in enumerate(ENVELOPES.values()):
        changes_nothing(busy, [in_envelope(event, number, **envelope) for event in ours])
    gross, payments = busy.totals()["eur"]
    busy.tell(ours)
    assert busy.totals()["eur"] == (gross + LIFE[0], payments + LIFE[1])
