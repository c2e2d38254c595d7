"""The changes of a gift as the official package sends them, held against what the stand-in takes over the wire."""

import pytest

from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.rhythm import Rhythm
from chalicelib.rails.stripe import change_gift as changing
from chalicelib.rails.stripe import gift_at_stripe
from chalicelib.rails.stripe.change_gift import Due, NewPrice
from chalicelib.rails.stripe.client import StripeApi
from chalicelib.rails.stripe.gift_at_stripe import GiftAtStripe
from chalicelib.rails.stripe.port import StripeRefused
from chalicelib.settings import LOCAL_STRIPE_KEY
from testkit.stand_in import StandIn
from tests.stand_in.gifts import all_is_told, invoice, start

MONTH, YEAR = Rhythm("month"), Rhythm("year")


class Wire:
    """One gift at a stand-in of its own, changed through the package."""

    def __init__(self, stand_in: StandIn) -> None:
        self.stand_in, self.api = stand_in, StripeApi(LOCAL_STRIPE_KEY, stand_in.url)
        self.id = str(start(stand_in, 500)["subscription"])

    @property
    def now(self) -> GiftAtStripe:
        """As it stands."""
        return gift_at_stripe.find(self.id, self.api)

    @property
    def price(self) -> tuple[int, str]:
        """What it costs, and how often."""
        facts = self.now.facts
        return facts.amount, facts.rhythm.unit

    def products(self) -> list[str]:
        """Of which its price may be."""
        return changing.products_of(self.now, "")


@pytest.fixture
def wire(fresh: StandIn) -> Wire:
    return Wire(fresh)


def test_another_amount_and_another_interval(wire: Wire) -> None:
    products = wire.products()
    assert changing.due(wire.now, NewPrice(700, MONTH), wire.api, products) == Due(0, 700)
    changing.set_price(wire.now, NewPrice(700, MONTH), wire.api, products, "one")
    assert wire.price == (700, "month")
    end = wire.now.payments_from[1]
    assert changing.due(wire.now, NewPrice(5000, YEAR), wire.api, products) == Due(0, 5000)
    made = changing.set_price(wire.now, NewPrice(5000, YEAR), wire.api, products, "two")
    assert (wire.price, made.subscription.status, wire.now.payments_from[1]) == ((5000, "year"), "trialing", end)


def test_the_same_key_changes_it_once(wire: Wire) -> None:
    before, products = wire.now, wire.products()
    for _ in range(2):
        changing.set_price(before, NewPrice(700, MONTH), wire.api, products, "one")
    assert wire.price == (700, "month")
    with pytest.raises(StripeRefused):
        changing.set_price(before, NewPrice(900, MONTH), wire.api, products, "one")


def test_charged_at_once(wire: Wire) -> None:
    wire.stand_in.control("clock/advance", days=10)
    at = wire.now.payments_from[1] - 15 * 86_400
    new, products = NewPrice(1500, MONTH, charge_from=at), wire.products()
    due = changing.due(wire.now, new, wire.api, products)
    made = changing.set_price(wire.now, new, wire.api, products, "now")
    assert gift_at_stripe.waits(made, wire.api) is None
    all_is_told(wire.stand_in)
    paid = invoice(wire.stand_in, wire.id)
    assert (paid["status"], paid["billing_reason"]) == ("paid", "subscription_update")
    assert paid["amount_paid"] == due.at_once


@pytest.mark.parametrize(("outcome", "confirms"), [("fails", False), ("needs_action", True)])
def test_refused_or_asked_by_the_bank(wire: Wire, *, outcome: str, confirms: bool) -> None:
    wire.stand_in.control(f"subscriptions/{wire.id}/next-payment", outcome=outcome)
    new = NewPrice(1500, MONTH, charge_from=wire.now.subscription.start_date)
    made = changing.set_price(wire.now, new, wire.api, wire.products(), "now")
    waits = gift_at_stripe.waits(made, wire.api)
    assert waits
    assert bool(waits.confirm_at) is confirms
    assert wire.price == (500, "month")
    changing.void(waits.invoice, wire.api)
    assert gift_at_stripe.waits(wire.now, wire.api) is None
    changing.void(waits.invoice, wire.api)  # twice is the same as once


def test_paused_and_resumed(wire: Wire) -> None:
    """Resuming sends an empty value: packages have left it out, and the gift stayed paused."""
    end = wire.now.payments_from[1]
    assert changing.pause(wire.now, end + 86_400, wire.api, "pause").facts.status == "paused"
    assert wire.now.facts.next_payment_at
    resumed = changing.resume(wire.now, wire.api, "resume")
    assert resumed
    assert (resumed.facts.status, wire.now.subscription.pause_collection) == ("active", None)
    assert changing.resume(wire.now, wire.api, "again") is None


def test_paused_in_the_portal_and_resumed(wire: Wire) -> None:
    end = wire.now.payments_from[1]
    wire.stand_in.control(f"subscriptions/{wire.id}/pause")
    resumed = changing.resume(wire.now, wire.api, "resume")
    assert resumed
    assert (resumed.facts.status, resumed.facts.next_payment_at) == ("active", end)


def test_stopped_and_kept(wire: Wire) -> None:
    now = BusinessTime(wire.now.subscription.start_date)
    why = {"feedback": "too_expensive", "comment": "money: Дякую."}
    stopped = changing.stop(wire.now, wire.now.payments_from[1], why, now, wire.api, "stop")
    assert stopped.facts.ends_at == wire.now.payments_from[1]
    assert wire.now.answer["cancellation_details"]["comment"] == "money: Дякую."
    assert changing.keep(wire.now, wire.api, "keep").facts.ends_at is None


def test_an_end_that_the_portal_planned_is_taken_back_too(wire: Wire) -> None:
    wire.stand_in.control(f"subscriptions/{wire.id}/cancel")
    assert not wire.now.subscription.cancel_at_period_end
    assert wire.now.facts.ends_at
    assert changing.keep(wire.now, wire.api, "keep").facts.ends_at is None


def test_stopped_in_the_portals_pause(wire: Wire) -> None:
    end, now = wire.now.payments_from[1], BusinessTime(wire.now.subscription.start_date)
    wire.stand_in.control(f"subscriptions/{wire.id}/pause")
    assert changing.stop(wire.now, end, {}, now, wire.api, "stop").facts.ends_at == end
    assert changing.stop(wire.now, now, {}, now, wire.api, "over").facts.status == "canceled"
