"""What money costs in units: gifts, renewals, and what goes back."""

from collections.abc import Iterator
from functools import partial

from bench.workbench import Measured, Workbench
from chalicelib.checkouts.rules.wish import Wish
from chalicelib.rails.stripe.enabled_events import ENABLED_EVENTS
from chalicelib.rails.stripe.understand import HANDLED
from chalicelib.supporters.rules.access import DAY, Grant, Standing
from testkit.reconciling import reconciles
from testkit.stripe_double import StripeDouble
from testkit.webhooks import Json, one

CAMPAIGN = "winter"
MANY = 100


def money(workbench: Workbench) -> Iterator[Measured]:
    """Every operation about money, each by supporters of its own."""
    yield from _webhooks(workbench)
    yield from _first_gifts(workbench)
    yield from _monthly_life(workbench)
    yield from _going_back(workbench)
    yield from _work(workbench)


def _webhooks(workbench: Workbench) -> Iterator[Measured]:
    harness = workbench.harness
    events = harness.gives(1000, email="webhook@reader.example", campaign=CAMPAIGN)
    event = one(events, "checkout.session.completed")
    yield workbench.measure("webhook stored", lambda: workbench.store(event))
    workbench.send(workbench.apply(event))
    unhandled = next(event for event in events if event["type"] not in HANDLED)
    yield workbench.measure("webhook stored, a type that we do not handle", lambda: harness.deliver(unhandled))
    yield workbench.measure("duplicate event", lambda: harness.deliver(event))


def _first_gifts(workbench: Workbench) -> Iterator[Measured]:
    harness = workbench.harness
    for interval, name in (("once", "one-off"), ("month", "monthly")):
        event = _paid_checkout(workbench, f"first-{interval}@reader.example", interval)
        workbench.store(event)
        mails: list[str] = []
        yield workbench.measure(f"first {name} gift applied", partial(_apply, workbench, event, mails))
        yield workbench.measure(f"its mail sent, {name}", partial(workbench.send, mails))
        again = harness.gives(1000, interval, f"whole-{interval}@reader.example", campaign=CAMPAIGN)
        yield workbench.measure(f"all webhooks of a first {name} gift", partial(harness.tell, _sent(again)))
    grants = tuple(
        Grant(f"pi_{number:024}", "member", harness.clock.business - DAY, days=60) for number in range(MANY)
    )
    harness.supporter("loyal@reader.example", Standing(grants))
    event = _paid_checkout(workbench, "loyal@reader.example")
    yield workbench.measure_applying(f"one-off gift applied, after {MANY} before", event)


def _sent(events: list[Json]) -> list[Json]:
    """What of these our webhook endpoint is sent."""
    return [event for event in events if event["type"] in ENABLED_EVENTS]


def _paid_checkout(workbench: Workbench, email: str, interval: str = "once") -> Json:
    events = workbench.harness.gives(1000, interval, email, campaign=CAMPAIGN, source="http://127.0.0.1:8080/bridge")
    return one(events, "checkout.session.completed")


def _apply(workbench: Workbench, event: Json, mails: list[str]) -> None:
    mails.extend(workbench.apply(event))


def _monthly_life(workbench: Workbench) -> Iterator[Measured]:
    harness = workbench.harness
    gift, renewed = _monthly(workbench, "life@reader.example"), _monthly(workbench, "all-of-it@reader.example")
    events = harness.stripe.renew(gift)
    harness.pass_time(harness.stripe.account.seconds - harness.clock.business)
    yield workbench.measure_applying("renewal applied", one(events, "invoice.paid"))
    harness.tell(events)

    events = harness.stripe.renew(renewed)
    harness.pass_time(harness.stripe.account.seconds - harness.clock.business)
    yield workbench.measure("all webhooks of a renewal", partial(harness.tell, _sent(events)))

    refused = harness.stripe.renew(gift, fails=True)
    harness.pass_time(harness.stripe.account.seconds - harness.clock.business)
    yield workbench.measure_applying("renewal refused", one(refused, "invoice.payment_failed"))
    harness.tell(refused)

    stopped = harness.stripe.stop(renewed)
    yield workbench.measure_applying("cancellation applied", one(stopped, "customer.subscription.updated"))
    ended = harness.stripe.end(renewed)
    yield workbench.measure_applying("end applied", one(ended, "customer.subscription.deleted"))


def _monthly(workbench: Workbench, email: str) -> str:
    harness = workbench.harness
    events = harness.gives(1000, "month", email, campaign=CAMPAIGN)
    harness.tell(events)
    return str(one(events, "customer.subscription.created")["data"]["object"]["id"])


def _going_back(workbench: Workbench) -> Iterator[Measured]:
    harness = workbench.harness
    refund = harness.stripe.gives_back(_paid(workbench, "refund@reader.example"))
    yield workbench.measure_applying("refund applied", one(refund, "refund.created"))
    dispute = harness.stripe.bank_disputes(_paid(workbench, "dispute@reader.example"))
    yield workbench.measure_applying("dispute applied", one(dispute, "charge.dispute.funds_withdrawn"))

    session = harness.starts(Wish(1000, "eur", "once"))
    declined = harness.stripe.declines(session)
    yield workbench.measure_applying("refused card counted", one(declined, "payment_intent.payment_failed"))


def _paid(workbench: Workbench, email: str) -> str:
    events = workbench.harness.gives(1000, "once", email, campaign=CAMPAIGN)
    workbench.harness.tell(events)
    return str(one(events, "payment_intent.succeeded")["data"]["object"]["id"])


def _work(workbench: Workbench) -> Iterator[Measured]:
    harness = workbench.harness
    yield workbench.measure("sweep, nothing waits", harness.sweeps)

    workbench.store(_paid_checkout(workbench, "sweep@reader.example"))
    harness.pass_time(120)
    yield workbench.measure("sweep, one gift waits", harness.sweeps)

    harness.stripe = StripeDouble(harness.clock.business)
    reconciles(harness, ["events"])
    yield workbench.measure(
        "reconcile, ring of events, nothing new", lambda: reconciles(harness, ["events"], by_hand=False)
    )
    yield workbench.measure("ops totals", harness.totals)
