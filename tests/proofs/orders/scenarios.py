"""Short scenarios of eight events each: what happens at Stripe, and which events tell of it."""

from typing import Any

from chalicelib.checkouts.rules.wish import Wish
from localdev.stripe import billing, customers, disputes, pausing, payments
from testkit.harness import ADA, Harness
from testkit.webhooks import Json
from tests.proofs.orders.past import Scenario, Step

DAY = 86_400


def _gives(amount: int, interval: str = "once", **more: Any) -> Step:
    return lambda harness: harness.gives(amount, interval, **more)


def _gives_by_debit(harness: Harness) -> list[Json]:
    return harness.stripe.pay(harness.starts(Wish(1000, "eur", "once")), ADA, delayed=True)


def _debit_settles(harness: Harness) -> list[Json]:
    harness.stripe.account.seconds += 5 * DAY
    return harness.stripe.settle(_newest(harness, "checkout.session"))


def _gives_without_fee(amount: int, interval: str = "once") -> Step:
    def step(harness: Harness) -> list[Json]:
        with harness.stripe.account.change():
            payments.set_booking(harness.stripe.account, "hour_later")
        return harness.gives(amount, interval)

    return step


def _fee_is_known(harness: Harness) -> list[Json]:
    harness.stripe.account.seconds += DAY
    return harness.stripe.happens(lambda it: payments.book_due(it, _newest(harness, "charge")))


def _is_deleted(harness: Harness) -> list[Json]:
    return harness.stripe.happens(lambda it: customers.delete(it, it.get("customer", _newest(harness, "customer"))))


def _newest(harness: Harness, kind: str) -> str:
    return str(harness.stripe.of(kind)[-1]["id"])


def _oldest(harness: Harness, kind: str) -> str:
    return str(harness.stripe.of(kind)[0]["id"])


def _gives_back(amount: int | None = None, *, first: bool = False) -> Step:
    def step(harness: Harness) -> list[Json]:
        harness.stripe.account.seconds += DAY
        return harness.stripe.gives_back((_oldest if first else _newest)(harness, "payment_intent"), amount)

    return step


def _bank_returns(harness: Harness) -> list[Json]:
    harness.stripe.account.seconds += DAY
    return harness.stripe.bank_returns(_newest(harness, "refund"))


def _bank_asks(harness: Harness) -> list[Json]:
    harness.stripe.account.seconds += DAY
    return harness.stripe.bank_disputes(_newest(harness, "payment_intent"), inquiry=True)


def _bank_takes(harness: Harness) -> list[Json]:
    harness.stripe.account.seconds += DAY
    return harness.stripe.bank_disputes(_newest(harness, "payment_intent"))


def _disputes_the_first(harness: Harness) -> list[Json]:
    harness.stripe.account.seconds += DAY
    return harness.stripe.bank_disputes(_oldest(harness, "payment_intent"))


def _becomes_a_dispute(harness: Harness) -> list[Json]:
    harness.stripe.account.seconds += DAY
    return harness.stripe.happens(lambda it: disputes.escalate(it, it.get("dispute", _newest(harness, "dispute"))))


def _bank_decides(*, won: bool) -> Step:
    return lambda harness: harness.stripe.bank_decides(_newest(harness, "dispute"), won=won)


def _fails_to_renew(harness: Harness) -> list[Json]:
    return harness.stripe.renew(_newest(harness, "subscription"), fails=True)


def _recovers(harness: Harness) -> list[Json]:
    subscription = _newest(harness, "subscription")
    harness.stripe.account.seconds += 3 * DAY

    def retry(account: Any) -> None:
        account.store.write_note(subscription, fails=False)
        billing.retry(account, subscription)

    return harness.stripe.happens(retry)


def _stops(harness: Harness) -> list[Json]:
    harness.stripe.account.seconds += DAY
    return harness.stripe.stop(_newest(harness, "subscription"))


def _goes_on(harness: Harness) -> list[Json]:
    return harness.stripe.resume(_newest(harness, "subscription"))


def _ends(harness: Harness) -> list[Json]:
    harness.stripe.account.seconds += DAY
    return harness.stripe.end(_newest(harness, "subscription"))


def _pauses(harness: Harness) -> list[Json]:
    harness.stripe.account.seconds += 3 * DAY
    subscription = _newest(harness, "subscription")
    return harness.stripe.happens(lambda it: pausing.pause(it, it.get("subscription", subscription)))


def _resumes(harness: Harness) -> list[Json]:
    harness.stripe.account.seconds += 3 * DAY
    subscription = _newest(harness, "subscription")
    return harness.stripe.happens(lambda it: pausing.resume(it, it.get("subscription", subscription)))


RETURNED = Scenario(
    "returned",
    "a monthly gift, given back, and the bank sends that back",
    (_gives(500, "month", campaign="winter"), _gives_back(), _bank_returns),
    (
        (0, "customer.subscription.created"),
        (0, "invoice.paid"),
        (0, "checkout.session.completed"),
        (0, "invoice_payment.paid"),
        (0, "payment_intent.succeeded"),
        (1, "refund.created"),
        (1, "charge.refunded"),
        (2, "refund.failed"),
    ),
)
DISPUTED = Scenario(
    "disputed",
    "a monthly gift, asked after, disputed, and won",
    (_gives(500, "month"), _bank_asks, _becomes_a_dispute, _bank_decides(won=True)),
    (
        (0, "invoice.paid"),
        (0, "checkout.session.completed"),
        (0, "payment_intent.succeeded"),
        (1, "charge.dispute.created"),
        (2, "charge.dispute.updated"),
        (2, "charge.dispute.funds_withdrawn"),
        (3, "charge.dispute.funds_reinstated"),
        (3, "charge.dispute.closed"),
    ),
)
RECOVERED = Scenario(
    "recovered",
    "a monthly gift that fails, recovers, is stopped, goes on, and ends",
    (_gives(1500, "month"), _fails_to_renew, _recovers, _stops, _goes_on, _ends),
    (
        (0, "invoice.paid"),
        (0, "checkout.session.completed"),
        (1, "invoice.payment_failed"),
        (1, "customer.subscription.updated/2"),
        (2, "invoice.paid"),
        (3, "customer.subscription.updated"),
        (4, "customer.subscription.updated"),
        (5, "customer.subscription.deleted"),
    ),
)
DEBITED = Scenario(
    "debited",
    "a gift by debit that arrives late, and goes back in parts, one of which fails",
    (_gives_by_debit, _debit_settles, _gives_back(400), _gives_back(), _bank_returns),
    (
        (0, "checkout.session.completed"),
        (1, "checkout.session.async_payment_succeeded"),
        (1, "payment_intent.succeeded"),
        (2, "refund.created"),
        (2, "charge.refunded"),
        (3, "refund.created"),
        (3, "charge.refunded"),
        (4, "refund.failed"),
    ),
)
OVERLAPPING = Scenario(
    "overlapping",
    "a gift once and one a month of the same reader; the first goes back, the second is taken back",
    (_gives(3000), _gives(300, "month"), _gives_back(first=True), _bank_takes, _bank_decides(won=False)),
    (
        (0, "checkout.session.completed"),
        (0, "payment_intent.succeeded"),
        (1, "customer.subscription.created"),
        (1, "invoice.paid"),
        (1, "checkout.session.completed"),
        (2, "refund.created"),
        (3, "charge.dispute.funds_withdrawn"),
        (4, "charge.dispute.closed"),
    ),
)
PAUSED = Scenario(
    "paused",
    "a yearly gift that is paused and resumed, stopped and taken up again",
    (_gives(3000, "year", currency="usd"), _pauses, _resumes, _stops, _goes_on),
    (
        (0, "invoice.paid"),
        (0, "checkout.session.completed"),
        (1, "customer.subscription.updated"),
        (1, "customer.subscription.paused"),
        (2, "customer.subscription.updated"),
        (2, "customer.subscription.resumed"),
        (3, "customer.subscription.updated"),
        (4, "customer.subscription.updated"),
    ),
)
LATE_FEES = Scenario(
    "late_fees",
    "a gift once and one a month whose fees are known an hour later; then the customer is deleted",
    (_gives_without_fee(1000), _fee_is_known, _gives_without_fee(300, "month"), _fee_is_known, _is_deleted),
    (
        (0, "checkout.session.completed"),
        (0, "payment_intent.succeeded"),
        (1, "charge.updated"),
        (2, "checkout.session.completed"),
        (2, "invoice.paid"),
        (3, "charge.updated"),
        (4, "customer.subscription.deleted"),
        (4, "customer.deleted"),
    ),
)
# For whoever goes through a life once: all that may happen to a monthly gift.
WHOLE = Scenario(
    "whole",
    "a monthly gift, renewed, given back in part, disputed and won, paused, resumed, stopped, ended",
    (
        _gives(300, "month"),
        lambda harness: harness.stripe.renew(_newest(harness, "subscription")),
        _gives_back(100),
        _disputes_the_first,
        _bank_decides(won=True),
        _pauses,
        _resumes,
        _stops,
        _ends,
    ),
    (
        (0, "invoice.paid"),
        (0, "checkout.session.completed"),
        (1, "invoice.paid"),
        (2, "refund.created"),
        (2, "charge.refunded"),
        (3, "charge.dispute.created"),
        (3, "charge.dispute.funds_withdrawn"),
        (4, "charge.dispute.funds_reinstated"),
        (4, "charge.dispute.closed"),
        (5, "customer.subscription.paused"),
        (6, "customer.subscription.resumed"),
        (7, "customer.subscription.updated"),
        (8, "customer.subscription.deleted"),
    ),
)
ALL = (LATE_FEES, PAUSED, RETURNED, DISPUTED, RECOVERED, DEBITED, OVERLAPPING)
