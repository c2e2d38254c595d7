"""The fields we read of Stripe's objects are those of the pinned package, and may be null where it says so."""

import typing
from types import NoneType
from typing import Any

import pytest
import stripe
from pydantic import ValidationError, create_model

from chalicelib.rails.stripe.events import billing_shapes, envelope, shapes
from localdev.stripe.fidelity import _names

PAIRS = [
    (shapes.CheckoutSession, stripe.checkout.Session),
    (shapes.CustomerDetails, stripe.checkout.Session.CustomerDetails),
    (shapes.PaymentIntent, stripe.PaymentIntent),
    (billing_shapes.Invoice, stripe.Invoice),
    (billing_shapes.InvoiceParent, stripe.Invoice.Parent),
    (billing_shapes.SubscriptionDetails, stripe.Invoice.Parent.SubscriptionDetails),
    (billing_shapes.InvoiceLine, stripe.InvoiceLineItem),
    (billing_shapes.LineParent, stripe.InvoiceLineItem.Parent),
    (billing_shapes.LinePricing, stripe.InvoiceLineItem.Pricing),
    (billing_shapes.PriceDetails, stripe.InvoiceLineItem.Pricing.PriceDetails),
    (shapes.LastPaymentFailure, stripe.PaymentIntent.LastPaymentError),
    (billing_shapes.StripePeriod, stripe.InvoiceLineItem.Period),
    (billing_shapes.InvoicePayment, stripe.InvoicePayment),
    (billing_shapes.PaidBy, stripe.InvoicePayment.Payment),
    (billing_shapes.Subscription, stripe.Subscription),
    (billing_shapes.PayingCustomer, stripe.Customer),
    (billing_shapes.InvoiceSettings, stripe.Customer.InvoiceSettings),
    (billing_shapes.PaymentMethod, stripe.PaymentMethod),
    (billing_shapes.CardDetails, stripe.PaymentMethod.Card),
    (billing_shapes.SubscriptionItem, stripe.SubscriptionItem),
    (billing_shapes.Price, stripe.Price),
    (billing_shapes.Recurring, stripe.Price.Recurring),
    (shapes.Customer, stripe.Customer),
    (shapes.BalanceTransaction, stripe.BalanceTransaction),
    (shapes.Charge, stripe.Charge),
    (shapes.BillingDetails, stripe.Charge.BillingDetails),
    (shapes.Refund, stripe.Refund),
    (shapes.Dispute, stripe.Dispute),
    (shapes.FraudWarning, stripe.radar.EarlyFraudWarning),
    (billing_shapes.CancellationDetails, stripe.Subscription.CancellationDetails),
    (envelope.Event, stripe.Event),
]


def hints_of(theirs: type) -> dict[str, Any]:
    bare = type("Bare", (), {"__annotations__": dict(theirs.__annotations__)})
    return typing.get_type_hints(bare, _names(theirs.__module__), dict(vars(theirs)))


@pytest.mark.parametrize(("ours", "theirs"), PAIRS, ids=lambda one: one.__name__)
def test_each_field_is_stripes_and_null_where_stripe_may_say_null(ours: type[shapes.Shape], theirs: type) -> None:
    hints = hints_of(theirs)
    for known_as, field in ours.model_fields.items():
        name = str(field.validation_alias or known_as)
        if name == "deleted":
            continue  # only on what is left of a deleted object
        assert name in hints, f"{theirs.__name__} has no {name} in this version"
        if NoneType in typing.get_args(hints[name]):
            alone: Any = create_model("Alone", **{name: (field.annotation, field)})  # type: ignore[call-overload] # dynamic
            try:
                alone.model_validate({name: None})
            except ValidationError:
                pytest.fail(f"{theirs.__name__}.{name} may be null at Stripe, and {ours.__name__} would not read it")
