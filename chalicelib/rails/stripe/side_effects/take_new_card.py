"""A customer has another default payment method: the gifts that it is meant for are charged to it from now on.

Stripe's page for a new card makes it the *customer's* default (https://docs.stripe.com/customer-management/portal-deep-links)
and leaves a subscription's own method, which Checkout sets and which Stripe charges first, as it was. It does not try
an overdue payment again either. Both are done here, when the event tells of the new default. A card whose expiry or
number the network changed is only read anew.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.booking.actions.apply import apply
from chalicelib.booking.rail import Outcome
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.observing.log import log
from chalicelib.rails.stripe.deps import StripeDeps
from chalicelib.rails.stripe.events.billing_shapes import Invoice, PayingCustomer, PaymentMethod, Subscription
from chalicelib.rails.stripe.events.envelope import Event
from chalicelib.rails.stripe.events.subscriptions import CHANGED
from chalicelib.rails.stripe.notification import StripeNotification
from chalicelib.rails.stripe.port import Answer, StripeRefused
from chalicelib.supporters.rows import new_cards, supporters
from chalicelib.supporters.rules.access import ENDED, OVERDUE
from chalicelib.supporters.rules.new_card import gifts_of_customer, takers

_DEFAULT = "default_payment_method"


def take_new_card(event: Event, deps: StripeDeps, now: BusinessTime, real_now: RealTime) -> Outcome:
    """Handle `customer.updated`: set the customer's new default where the gift has another one, pay what is overdue.

    Whatever the event said, the customer's default of now is taken, so that a late event changes nothing back.

    :raises StripeUnavailable, TableUnavailable, Contended: it may be done again later, and does nothing twice.
    """
    before = _default_before(event)
    if before is None:
        return "ignored"
    customer = PayingCustomer.model_validate(event.data.object).id
    found = _subscriptions(customer, deps)
    new = _default_of(deps.stripe.customer(customer))
    if not found or new is None:
        return _read_anew(found, deps, now, real_now)
    supporter, gifts = _owner(customer, deps), {one["id"]: Subscription.model_validate(one) for one in found}
    assert supporter is not None, "somebody has these gifts"
    state = supporters.read_state(deps.table, supporter)
    running = [gift for gift in gifts_of_customer(state.standing.recurring, customer) if gift.id in gifts]
    own = {name: _id_of(one.default_payment_method) or one.default_source for name, one in gifts.items()}
    asked = new_cards.asked_for(deps.table, supporter, customer, real_now)
    for gift in takers(running, own, asked=asked, before=before["was"]):
        _charge_to(new, gifts[gift.id], own[gift.id], event, deps)
    return _read_anew(found, deps, now, real_now)


def sets_no_card(event: Event) -> bool:
    """Whether a `customer.updated` says by itself that the default payment method is the same: as most of them do."""
    return _default_before(event) is None


def read_card_anew(event: Event, deps: StripeDeps, now: BusinessTime, real_now: RealTime) -> Outcome:
    """Handle `payment_method.updated` and `.automatically_updated`: the card's digits or expiry are others now.

    :raises StripeUnavailable, TableUnavailable, Contended: it may be done again later.
    """
    customer = event.data.object.get("customer")
    return _read_anew(_subscriptions(customer, deps) if customer else [], deps, now, real_now)


def _default_before(event: Event) -> Mapping[str, str | None] | None:
    """The default of before as `{"was": …}`; None where the event is about something else."""
    changed = (event.data.previous_attributes or {}).get("invoice_settings")
    return {"was": _id_of(changed[_DEFAULT])} if isinstance(changed, dict) and _DEFAULT in changed else None


def _owner(customer: str, deps: StripeDeps) -> Any:
    supporter = supporters.find_by_customer(deps.table, customer, deps.email_key)
    return supporters.who_now(deps.table, supporter) if supporter else None


def _subscriptions(customer: str, deps: StripeDeps) -> list[Answer]:
    """A customer's running gifts that are ours, as they stand at Stripe now."""
    supporter = _owner(customer, deps)
    if supporter is None:
        return []
    gifts = gifts_of_customer(supporters.read_state(deps.table, supporter).standing.recurring, customer)
    found = [_subscription(gift.id, deps) for gift in gifts]
    return [one for one in found if one and one["status"] not in ENDED]


def _subscription(gift: str, deps: StripeDeps) -> Answer | None:
    try:
        return deps.stripe.subscription(gift)
    except StripeRefused as refused:
        if refused.missing:
            return None
        raise


def _charge_to(new: str, gift: Subscription, own: str | None, event: Event, deps: StripeDeps) -> None:
    key = f"{gift.id}:{new}:{event.id}"
    if own not in (None, new):
        try:
            deps.stripe.update_subscription(gift.id, {_DEFAULT: new}, idempotency_key=f"card:{key}")
        except StripeRefused as refused:
            # One whose first payment is not through yet refuses it; the card is the customer's default all the same.
            log.info("new card refused", subscription=gift.id, why=refused.code)
            return
    if gift.status in OVERDUE and gift.ends_at is None and gift.pause_collection is None and gift.latest_invoice:
        _pay(gift.latest_invoice, new, f"card:pay:{key}", deps)


def _pay(invoice_id: str, method: str, key: str, deps: StripeDeps) -> None:
    """Try an overdue payment again with the new card; how it ended is told by its own events."""
    if Invoice.model_validate(deps.stripe.invoice(invoice_id)).status != "open":
        return
    try:
        deps.stripe.pay_invoice(invoice_id, {"payment_method": method}, idempotency_key=key)
    except StripeRefused as refused:
        log.info("new card not charged", invoice=invoice_id, why=refused.code)


def _read_anew(found: list[Answer], deps: StripeDeps, now: BusinessTime, real_now: RealTime) -> Outcome:
    """Book the gifts as they stand at Stripe, so that each shows the card that it is charged to."""
    for one in found:
        apply(StripeNotification(CHANGED, one, deps, now=now, real_now=real_now), deps, now=now)
    return "applied" if found else "ignored"


def _default_of(customer: Answer) -> str | None:
    settings = PayingCustomer.model_validate(customer).invoice_settings
    return _id_of(settings.default_payment_method) if settings else None


def _id_of(method: object) -> str | None:
    if isinstance(method, PaymentMethod):
        return method.id
    found = method.get("id") if isinstance(method, dict) else method
    return found if isinstance(found, str) else None
