"""Short lives of eight events each: what happens at Stripe, and which events tell of it."""

from typing import Any

from chalicelib.checkouts.rules.wish import Wish
from localdev.stripe import billing, customers, disputes, pausing, payments
from tests.orders.past import Life, Step
from tests.support.till import ADA, Json, Till

DAY = 86_400


def _gives(amount: int, interval: str = "once", **more: Any) -> Step:
    return lambda till: till.gives(amount, interval, **more)


def _gives_by_debit(till: Till) -> list[Json]:
    return till.double.pay(till.starts(Wish(1000, "eur", "once")), ADA, delayed=True)


def _debit_settles(till: Till) -> list[Json]:
    till.double.account.seconds += 5 * DAY
    return till.double.settle(_newest(till, "checkout.session"))


def _gives_without_fee(amount: int, interval: str = "once") -> Step:
    def step(till: Till) -> list[Json]:
        with till.double.account.change():
            payments.set_booking(till.double.account, "hour_later")
        return till.gives(amount, interval)

    return step


def _fee_is_known(till: Till) -> list[Json]:
    till.double.account.seconds += DAY
    return till.double.happens(lambda it: payments.book_due(it, _newest(till, "charge")))


def _is_deleted(till: Till) -> list[Json]:
    return till.double.happens(lambda it: customers.delete(it, it.get("customer", _newest(till, "customer"))))


def _newest(till: Till, kind: str) -> str:
    return str(till.double.of(kind)[-1]["id"])


def _oldest(till: Till, kind: str) -> str:
    return str(till.double.of(kind)[0]["id"])


def _gives_back(amount: int | None = None, *, first: bool = False) -> Step:
    def step(till: Till) -> list[Json]:
        till.double.account.seconds += DAY
        return till.double.gives_back((_oldest if first else _newest)(till, "payment_intent"), amount)

    return step


def _bank_returns(till: Till) -> list[Json]:
    till.double.account.seconds += DAY
    return till.double.bank_returns(_newest(till, "refund"))


def _bank_asks(till: Till) -> list[Json]:
    till.double.account.seconds += DAY
    return till.double.bank_disputes(_newest(till, "payment_intent"), inquiry=True)


def _bank_takes(till: Till) -> list[Json]:
    till.double.account.seconds += DAY
    return till.double.bank_disputes(_newest(till, "payment_intent"))


def _disputes_the_first(till: Till) -> list[Json]:
    till.double.account.seconds += DAY
    return till.double.bank_disputes(_oldest(till, "payment_intent"))


def _becomes_a_dispute(till: Till) -> list[Json]:
    till.double.account.seconds += DAY
    return till.double.happens(lambda it: disputes.escalate(it, it.get("dispute", _newest(till, "dispute"))))


def _bank_decides(*, won: bool) -> Step:
    return lambda till: till.double.bank_decides(_newest(till, "dispute"), won=won)


def _fails_to_renew(till: Till) -> list[Json]:
    return till.double.renew(_newest(till, "subscription"), fails=True)


def _recovers(till: Till) -> list[Json]:
    subscription = _newest(till, "subscription")
    till.double.account.seconds += 3 * DAY

    def retry(account: Any) -> None:
        account.store.write_note(subscription, fails=False)
        billing.retry(account, subscription)

    return till.double.happens(retry)


def _stops(till: Till) -> list[Json]:
    till.double.account.seconds += DAY
    return till.double.stop(_newest(till, "subscription"))


def _goes_on(till: Till) -> list[Json]:
    return till.double.resume(_newest(till, "subscription"))


def _ends(till: Till) -> list[Json]:
    till.double.account.seconds += DAY
    return till.double.end(_newest(till, "subscription"))


def _pauses(till: Till) -> list[Json]:
    till.double.account.seconds += 3 * DAY
    subscription = _newest(till, "subscription")
    return till.double.happens(lambda it: pausing.pause(it, it.get("subscription", subscription)))


def _resumes(till: Till) -> list[Json]:
    till.double.account.seconds += 3 * DAY
    subscription = _newest(till, "subscription")
    return till.double.happens(lambda it: pausing.resume(it, it.get("subscription", subscription)))


RETURNED = Life(
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
DISPUTED = Life(
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
RECOVERED = Life(
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
DEBITED = Life(
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
OVERLAPPING = Life(
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
PAUSED = Life(
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
LATE_FEES = Life(
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
WHOLE = Life(
    "whole",
    "a monthly gift, renewed, given back in part, disputed and won, paused, resumed, stopped, ended",
    (
        _gives(300, "month"),
        lambda till: till.double.renew(_newest(till, "subscription")),
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
