"""Promise P11: what is not this newsroom's, or not of its mode or account, is recorded and changes nothing.

Every one of these is rightly signed: it comes from Stripe. 200 each, one row in the inbox, and not a byte elsewhere.
"""

import itertools
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib import wiring
from chalicelib.store import supporters
from chalicelib.stripe_events.registry import HANDLERS
from localdev.stripe import foreign
from tests.attacks.strangers import MARKS, STEPS, Stranger, everything_but_the_inbox, in_envelope, of_types
from tests.support.engine import Engine
from tests.support.till import ADA, BEN, Json, Till, one, raw
from tests.support.world import EMAIL_KEY

# The fixture is shared by all examples on purpose: nothing may change, so each finds it as the one before.
bounded = settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

# An event's id is used once: the inbox keeps the first body it saw under a name. Drawn, it would repeat in shrinking.
NUMBERS = itertools.count(1000)


@pytest.fixture
def busy(till: Till) -> Till:
    """A newsroom with two supporters: Ada gave once and gives monthly, Ben's gift was refunded."""
    till.tell(till.gives(1000))
    till.tell(till.gives(500, "month"))
    told = till.gives(3000, email=BEN)
    till.tell(told)
    till.tell(till.double.gives_back(one(told, "payment_intent.succeeded")["data"]["object"]["id"]))
    return till


def customer_of_ada(till: Till) -> str:
    """The Stripe customer of Ada's monthly gift."""
    return str(till.double.of("subscription")[0]["customer"])


def changes_nothing(till: Till, events: list[Json], *, may_wait: bool = False) -> None:
    """Deliver them all; each is answered 200, and only the inbox has grown.

    `may_wait`: what Stripe does not know when asked again, or is unreadable, waits there for a person.
    """
    done = {"ignored", "foreign", "unhandled"}
    before = everything_but_the_inbox(till)
    for event in events:
        reply = till.post_raw(raw(event))
        status = till.status(event["id"])
        assert (reply.status, reply.json.get("stored")) == (200, True), (event["type"], reply.text)
        assert status in done | ({"pending"} if may_wait else set()), (event["type"], status)
        assert reply.json["applied"] == (status in done)
    assert everything_but_the_inbox(till) == before


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
    busy: Till,
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
    stranger = Stranger(busy, metadata, recurring, customer_of_ada(busy) if shared else None)
    events = stranger.sells(delayed=dice.random() < 0.2)
    for step in steps:
        events += stranger.does(step)
    dice.shuffle(events)
    changes_nothing(busy, events)


def test_those_sales_would_change_much_if_they_were_ours(busy: Till) -> None:
    """The negative control: the same sale and the same steps, told to whose mark it bears."""
    stranger = Stranger(busy, MARKS["another newsroom's"], recurring=True)
    events = stranger.sells()
    for step in ("renew", "part", "stop"):
        events += stranger.does(step)
    changes_nothing(busy, events)
    herald = Till(
        str(busy.settings.aws_endpoint),
        busy.settings.table,
        {"SPILNO_SITE_ID": MARKS["another newsroom's"]["spilno"]},
    )
    herald.double = busy.double
    wiring.install(herald)
    before = everything_but_the_inbox(herald)
    herald.tell([in_envelope(event, 1) for event in events])
    after = everything_but_the_inbox(herald)
    assert len(after[0]) > len(before[0])
    assert after[1] != before[1]


def test_the_strangers_events_are_of_every_type_that_is_handled(busy: Till) -> None:
    """A type that gets a handler later must be tried here too."""
    events: list[Json] = []
    for recurring in (True, False):
        for lives in (("renew", "renew fails", "stop", "end"), ("part", "refund fails"), ("dispute", "win")):
            stranger = Stranger(busy, {}, recurring)
            events += stranger.sells()
            for step in lives:
                events += stranger.does(step)
    for succeeds in (True, False):
        stranger = Stranger(busy, {}, recurring=False)
        events += stranger.sells(delayed=True)
        events += busy.double.settle(stranger.session["id"], succeeds=succeeds)
    tried = of_types(events) | set(SHAPES)
    assert set(HANDLERS) - tried == set()
    changes_nothing(busy, events)


@pytest.mark.parametrize("kind", foreign.KINDS)
def test_what_the_stand_in_knows_to_be_foreign(busy: Till, kind: str) -> None:
    """Those about unknown types and versions bear our mark, and name a payment that Stripe does not know."""
    account = busy.double.account
    with account.change() as made:
        foreign.make(account, kind, amount=900, currency="eur", metadata={"spilno": "test"})
    assert made
    changes_nothing(busy, [account.get("event", name) for name in made], may_wait=kind == "unknown_version")


# ---- other modes, other accounts, types and versions of tomorrow: about our own gifts ----


@pytest.fixture
def ours(busy: Till) -> list[Json]:
    """Events of a life of our own, none of them delivered."""
    events = busy.gives(700, email="new@reader.example")
    payment = one(events, "payment_intent.succeeded")["data"]["object"]["id"]
    monthly = busy.gives(900, "month", email="newer@reader.example")
    subscription = one(monthly, "customer.subscription.created")["data"]["object"]["id"]
    events += monthly + busy.double.renew(subscription) + busy.double.stop(subscription)
    return events + busy.double.gives_back(payment, 200)


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
    busy: Till, ours: list[Json], data: st.DataObject
) -> None:
    places = data.draw(st.lists(st.integers(0, len(ours) - 1), min_size=1, max_size=6, unique=True))
    events = [ours[place] for place in places]
    envelope = ENVELOPES[data.draw(st.sampled_from(sorted(ENVELOPES)))]
    changes_nothing(busy, [in_envelope(event, next(NUMBERS), **envelope) for event in events])


@bounded
@given(data=st.data())
def test_types_that_nobody_handles_change_nothing(busy: Till, ours: list[Json], data: st.DataObject) -> None:
    event = data.draw(st.sampled_from(ours))
    kind = data.draw(st.sampled_from(TOMORROWS_TYPES))
    changes_nothing(busy, [in_envelope(event, next(NUMBERS), type=kind)])


def test_the_same_gifts_in_their_own_envelope_are_booked(busy: Till, ours: list[Json]) -> None:
    """The negative control of the three above, and: being told foreignly first does not spoil it."""
    for number, envelope in enumerate(ENVELOPES.values()):
        changes_nothing(busy, [in_envelope(event, number, **envelope) for event in ours])
    gross, payments = busy.totals()["eur"]
    busy.tell(ours)
    assert busy.totals()["eur"] == (gross + 700 + 900 + 900, payments + 3)


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


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: str(version)[:12] or "empty")
def test_a_version_nobody_knows_is_never_a_fault_and_never_books_anything_wrong(
    busy: Till, ours: list[Json], version: object
) -> None:
    """What counts is fetched in our own version: then the books are either the right ones, or as they were."""
    busy_before, right = busy.totals()["eur"], 700 + 900 + 900
    for number, event in enumerate(ours):
        reply = busy.post_raw(raw(in_envelope(event, number, api_version=version)))
        assert (reply.status, reply.json["stored"]) == (200, True)
    gross, payments = busy.totals()["eur"]
    assert (gross - busy_before[0], payments - busy_before[1]) in ((0, 0), (right, 3))


# ---- shapes that our own objects never have ----

SHAPES: dict[str, list[Json]] = {
    "checkout.session.completed": [
        {"mode": "setup", "payment_status": "no_payment_required", "status": "complete", "setup_intent": "seti_1"},
        {"mode": "setup", "payment_status": "no_payment_required", "metadata": None, "currency": None},
        {"mode": "payment", "payment_status": "no_payment_required", "amount_total": 0, "payment_intent": None},
        {"mode": "payment", "payment_status": "paid", "payment_link": "plink_1", "metadata": None, "customer": None},
        {"mode": "subscription", "payment_status": "paid", "subscription": None, "metadata": {}},
        {"mode": "tomorrow", "payment_status": "perhaps", "metadata": {"spilno": "herald"}},
    ],
    "checkout.session.async_payment_succeeded": [{"mode": "payment", "payment_status": "paid", "metadata": None}],
    "checkout.session.async_payment_failed": [{"mode": "payment", "payment_status": "unpaid", "metadata": {}}],
    "checkout.session.expired": [
        {"mode": "setup", "payment_status": "unpaid", "status": "expired", "metadata": None}
    ],
    "payment_intent.succeeded": [
        {"customer": None, "metadata": {}, "amount_received": 500, "currency": "eur", "status": "succeeded"},
        {"customer": None, "metadata": None, "amount_received": 500, "currency": "eur", "status": "succeeded"},
        {"customer": "cus_1", "metadata": {"spilno": "herald"}, "amount_received": 0, "currency": "xxx"},
    ],
    "invoice.paid": [
        {"parent": None, "amount_paid": 500, "currency": "eur", "status": "paid", "metadata": {}},
        {"parent": None, "amount_paid": 0, "currency": "eur", "status": "paid", "metadata": None, "customer": None},
        {"parent": {"type": "quote_details", "quote_details": {"quote": "qt_1"}, "subscription_details": None}},
        {
            "parent": {
                "type": "subscription_details",
                "subscription_details": {"subscription": "sub_1", "metadata": None},
            }
        },
        {"parent": {"type": "subscription_details", "subscription_details": None}, "lines": {"data": []}},
        {"subscription": "sub_1", "subscription_details": {"metadata": {"spilno": "herald"}}},
    ],
    "invoice.payment_succeeded": [{"parent": None, "amount_paid": 500, "currency": "eur", "metadata": None}],
    "invoice.payment_failed": [{"parent": None, "attempt_count": 4, "next_payment_attempt": None, "metadata": None}],
    "invoice_payment.paid": [
        {"invoice": "in_1", "payment": {"type": "charge", "charge": "ch_1"}, "status": "paid", "amount_paid": 500},
        {"invoice": None, "payment": {"type": "out_of_band_payment"}, "status": "paid", "amount_paid": None},
    ],
    "customer.subscription.created": [{"metadata": None, "status": "trialing", "customer": "cus_1", "items": None}],
    "customer.subscription.updated": [
        {"metadata": {}, "status": "unpaid", "customer": "cus_1", "items": {"data": []}}
    ],
    "customer.subscription.deleted": [{"metadata": {"spilno": "herald"}, "status": "canceled", "customer": None}],
    "customer.subscription.paused": [{"metadata": {}, "status": "paused"}],
    "customer.subscription.resumed": [{"metadata": {}, "status": "active"}],
    "refund.created": [
        {"payment_intent": None, "charge": None, "amount": 5, "currency": "eur", "status": "succeeded"},
        {"payment_intent": "pi_1", "charge": None, "metadata": None},
    ],
    "refund.updated": [{"payment_intent": None, "charge": "ch_1", "status": "requires_action"}],
    "refund.failed": [{"payment_intent": None, "charge": None, "status": "failed"}],
    "charge.refund.updated": [{"payment_intent": None, "charge": None, "status": "succeeded", "metadata": {}}],
    "charge.refunded": [
        {"payment_intent": None, "amount_refunded": 500, "metadata": None, "customer": None},
        {"payment_intent": "pi_1", "amount_refunded": 500, "metadata": {}},
    ],
    "charge.dispute.created": [{"payment_intent": None, "charge": None, "status": "warning_needs_response"}],
    "charge.dispute.updated": [{"payment_intent": "pi_1", "charge": "ch_1", "status": "under_review"}],
    "charge.dispute.funds_withdrawn": [{"payment_intent": None, "charge": "ch_1", "balance_transactions": []}],
    "charge.dispute.funds_reinstated": [{"payment_intent": None, "charge": None, "balance_transactions": None}],
    "charge.dispute.closed": [{"payment_intent": None, "charge": None, "status": "prevented"}],
}


@pytest.mark.parametrize("kind", SHAPES)
def test_shapes_of_other_products_change_nothing(busy: Till, kind: str) -> None:
    """Stripe knows none of these objects when asked again: what cannot be told apart waits for a person."""
    names = {"checkout.session": "cs", "payment_intent": "pi", "invoice": "in", "customer": "sub", "charge": "ch"}
    prefix = next((short for start, short in names.items() if kind.startswith(start)), "re")
    events = [
        {
            "id": f"evt_{kind.replace('.', '_')}_{number}_{least}",
            "type": kind,
            "livemode": False,
            "data": {"object": {"id": f"{prefix}_1", "object": "thing", "livemode": False, "created": 1, **about}},
        }
        for number, about in enumerate(SHAPES[kind])
        for least in range(2)
    ]
    changes_nothing(busy, events, may_wait=True)


@pytest.fixture
def sold(ministack: Engine, table_name: str) -> Iterator[tuple[Till, list[Json]]]:
    """A till, and the events of strangers' sales of all kinds."""
    till = Till(ministack.endpoint, table_name)
    wiring.install(till)
    till.tell(till.gives(500, "month"))
    events: list[Json] = []
    for recurring in (True, False):
        stranger = Stranger(till, {}, recurring, customer_of_ada(till))
        events += stranger.sells()
        for step in ("part", "dispute", "lose"):
            events += stranger.does(step)
    yield till, [event for event in events if event["type"] in HANDLERS]
    wiring._installed.clear()


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


def test_a_strangers_object_with_fields_missing_or_other_is_never_a_fault(sold: tuple[Till, list[Json]]) -> None:
    """A version of tomorrow, or a feature that we do not know. Whatever is hidden, it stays a stranger's."""
    till, events = sold
    dice = random.Random(11)  # noqa: S311 - the same in each run
    tried = [dice.choice(events) for _ in range(200)]
    mangling = [{"object": mangled(event["data"]["object"], dice)} for event in tried]
    odd = [in_envelope(event, next(NUMBERS), data=data) for event, data in zip(tried, mangling, strict=True)]
    for few in range(0, len(odd), 20):
        changes_nothing(till, odd[few : few + 20], may_wait=True)
