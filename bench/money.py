"""What money costs in units: gifts, renewals, and what goes back."""

from collections.abc import Iterator
from functools import partial

from bench.desk import Desk, Measured
from chalicelib.checkouts.rules.wish import Wish
from chalicelib.rails.stripe.understand import HANDLED
from chalicelib.supporters.rules.access import DAY, Grant, Standing
from tests.support.reconciling import reconciles
from tests.support.stripe_double import StripeDouble
from tests.support.till import Json, one

CAMPAIGN = "winter"
MANY = 100


def money(desk: Desk) -> Iterator[Measured]:
    """Every operation about money, each by supporters of its own."""
    yield from _webhooks(desk)
    yield from _first_gifts(desk)
    yield from _monthly_life(desk)
    yield from _going_back(desk)
    yield from _work(desk)


def _webhooks(desk: Desk) -> Iterator[Measured]:
    till = desk.till
    events = till.gives(1000, email="webhook@reader.example", campaign=CAMPAIGN)
    event = one(events, "checkout.session.completed")
    yield desk.measure("webhook stored", lambda: desk.store(event))
    desk.send(desk.apply(event))
    unhandled = next(event for event in events if event["type"] not in HANDLED)
    yield desk.measure("webhook stored, a type that we do not handle", lambda: till.deliver(unhandled))
    yield desk.measure("duplicate event", lambda: till.deliver(event))


def _first_gifts(desk: Desk) -> Iterator[Measured]:
    till = desk.till
    for interval, name in (("once", "one-off"), ("month", "monthly")):
        event = _paid_checkout(desk, f"first-{interval}@reader.example", interval)
        desk.store(event)
        mails: list[str] = []
        yield desk.measure(f"first {name} gift applied", partial(_apply, desk, event, mails))
        yield desk.measure(f"its mail sent, {name}", partial(desk.send, mails))
        again = till.gives(1000, interval, f"whole-{interval}@reader.example", campaign=CAMPAIGN)
        yield desk.measure(f"all webhooks of a first {name} gift", partial(till.tell, again))
    grants = tuple(Grant(f"pi_{number:024}", "member", till.business - DAY, days=60) for number in range(MANY))
    till.supporter("loyal@reader.example", Standing(grants))
    event = _paid_checkout(desk, "loyal@reader.example")
    yield desk.measure_applying(f"one-off gift applied, after {MANY} before", event)


def _paid_checkout(desk: Desk, email: str, interval: str = "once") -> Json:
    events = desk.till.gives(1000, interval, email, campaign=CAMPAIGN, source="http://127.0.0.1:8080/bridge")
    return one(events, "checkout.session.completed")


def _apply(desk: Desk, event: Json, mails: list[str]) -> None:
    mails.extend(desk.apply(event))


def _monthly_life(desk: Desk) -> Iterator[Measured]:
    till = desk.till
    gift, renewed = _monthly(desk, "life@reader.example"), _monthly(desk, "all-of-it@reader.example")
    events = till.double.renew(gift)
    till.pass_time(till.double.account.seconds - till.business)
    yield desk.measure_applying("renewal applied", one(events, "invoice.paid"))
    till.tell(events)

    events = till.double.renew(renewed)
    till.pass_time(till.double.account.seconds - till.business)
    yield desk.measure("all webhooks of a renewal", partial(till.tell, events))

    refused = till.double.renew(gift, fails=True)
    till.pass_time(till.double.account.seconds - till.business)
    yield desk.measure_applying("renewal refused", one(refused, "invoice.payment_failed"))
    till.tell(refused)

    stopped = till.double.stop(renewed)
    yield desk.measure_applying("cancellation applied", one(stopped, "customer.subscription.updated"))
    ended = till.double.end(renewed)
    yield desk.measure_applying("end applied", one(ended, "customer.subscription.deleted"))


def _monthly(desk: Desk, email: str) -> str:
    till = desk.till
    events = till.gives(1000, "month", email, campaign=CAMPAIGN)
    till.tell(events)
    return str(one(events, "customer.subscription.created")["data"]["object"]["id"])


def _going_back(desk: Desk) -> Iterator[Measured]:
    till = desk.till
    refund = till.double.gives_back(_paid(desk, "refund@reader.example"))
    yield desk.measure_applying("refund applied", one(refund, "refund.created"))
    dispute = till.double.bank_disputes(_paid(desk, "dispute@reader.example"))
    yield desk.measure_applying("dispute applied", one(dispute, "charge.dispute.funds_withdrawn"))

    session = till.starts(Wish(1000, "eur", "once"))
    declined = till.double.declines(session)
    yield desk.measure_applying("refused card counted", one(declined, "payment_intent.payment_failed"))


def _paid(desk: Desk, email: str) -> str:
    events = desk.till.gives(1000, "once", email, campaign=CAMPAIGN)
    desk.till.tell(events)
    return str(one(events, "payment_intent.succeeded")["data"]["object"]["id"])


def _work(desk: Desk) -> Iterator[Measured]:
    till = desk.till
    yield desk.measure("sweep, nothing waits", till.sweeps)

    desk.store(_paid_checkout(desk, "sweep@reader.example"))
    till.pass_time(120)
    yield desk.measure("sweep, one gift waits", till.sweeps)

    till.stripe = till.double = StripeDouble(till.business)
    reconciles(till, ["events"])
    yield desk.measure("reconcile, ring of events, nothing new", lambda: reconciles(till, ["events"], by_hand=False))
    yield desk.measure("ops totals", till.totals)
