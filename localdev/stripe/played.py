"""Which parameters of each call the stand-in acts on; every other one that Stripe's types allow is refused.

`*` stands for a list's place. A name stands for all that is within it, unless parts of it are named too.
"""

from collections.abc import Iterator
from typing import Any

from localdev.stripe.errors import ApiRefusal, Json
from localdev.stripe.forms import bracketed

_PAGE = "created ending_before limit starting_after"
_INLINE = "currency recurring.interval recurring.interval_count unit_amount"
_PRODUCT = "description images metadata name tax_code unit_label"
_CUSTOMER = "address description email metadata name phone preferred_locales shipping"
_CANCELLATION = "cancellation_details.comment cancellation_details.feedback"
_PORTAL = "business_profile default_return_url features metadata name"
_METHOD_NAMES = "active name"


def _within(outer: str, names: str) -> str:
    return " ".join(f"{outer}.{name}" for name in names.split())


_ITEMS = " ".join(
    (
        _within("items.*", "id price quantity deleted metadata"),
        "items.*.price_data.product",
        _within("items.*.price_data", _INLINE),
    )
)

# By the name of the parameters' type in the package. A call that is not here takes none but `expand`.
PLAYED: dict[str, str] = {
    "BalanceTransactionListParams": f"{_PAGE} currency payout source type",
    "ChargeListParams": f"{_PAGE} customer payment_intent",
    "ChargeUpdateParams": "metadata",
    "CouponCreateParams": "amount_off currency duration duration_in_months id metadata name percent_off",
    "CouponListParams": _PAGE,
    "CustomerCreateBalanceTransactionParams": "amount currency description metadata",
    "CustomerCreateParams": _CUSTOMER,
    "CustomerListBalanceTransactionsParams": f"{_PAGE} invoice",
    "CustomerListParams": f"{_PAGE} email",
    "CustomerUpdateParams": _CUSTOMER,
    "DisputeListParams": f"{_PAGE} charge payment_intent",
    "EventListParams": f"{_PAGE} delivery_success type types",
    "InvoiceCreatePreviewParams": "customer subscription "
    + _within(
        "subscription_details",
        f"billing_cycle_anchor proration_behavior proration_date resume_at trial_end {_ITEMS}",
    ),
    "InvoiceFinalizeInvoiceParams": "auto_advance",
    "InvoiceItemCreateParams": "amount currency customer description discountable metadata period pricing quantity"
    f" subscription price_data.product {_within('price_data', 'currency unit_amount')}",
    "InvoiceItemListParams": f"{_PAGE} customer invoice pending",
    "InvoiceListLinesParams": "ending_before limit starting_after",
    "InvoiceListParams": f"{_PAGE} customer status subscription",
    "InvoicePaymentListParams": f"{_PAGE} invoice payment.payment_intent payment.type status",
    "InvoicePayParams": "off_session payment_method",
    "PaymentIntentListParams": f"{_PAGE} customer",
    "PaymentMethodConfigurationListParams": "ending_before limit starting_after",
    "PriceCreateParams": f"active metadata nickname product tax_behavior {_INLINE}"
    f" {_within('product_data', 'metadata name tax_code unit_label')}",
    "PriceListParams": f"{_PAGE} currency product",
    "ProductCreateParams": f"active {_PRODUCT}",
    "ProductListParams": f"{_PAGE} active",
    "ProductUpdateParams": f"active {_PRODUCT}",
    "RefundCreateParams": "amount charge metadata payment_intent reason",
    "RefundListParams": f"{_PAGE} charge payment_intent",
    "RefundUpdateParams": "metadata",
    "SubscriptionCancelParams": f"{_CANCELLATION} prorate",
    "SubscriptionListParams": f"{_PAGE} customer status",
    "SubscriptionPauseParams": "bill_for.unused_time_from invoicing_behavior type",
    "SubscriptionResumeParams": "billing_cycle_anchor proration_behavior",
    "SubscriptionUpdateParams": "billing_cycle_anchor cancel_at cancel_at_period_end default_payment_method"
    " default_tax_rates description discounts.*.coupon discounts.*.discount metadata off_session pause_collection"
    f" payment_behavior proration_behavior proration_date trial_end {_CANCELLATION} {_ITEMS}",
    "TaxRateCreateParams": "active country description display_name inclusive jurisdiction metadata percentage state"
    " tax_type",
    "TaxRateListParams": _PAGE,
    "WebhookEndpointCreateParams": "api_version description enabled_events metadata url",
    "WebhookEndpointListParams": "ending_before limit starting_after",
    "WebhookEndpointUpdateParams": "description disabled enabled_events metadata url",
    "billing_portal.ConfigurationCreateParams": _PORTAL,
    "billing_portal.ConfigurationListParams": "active ending_before is_default limit starting_after",
    "billing_portal.ConfigurationUpdateParams": f"active {_PORTAL}",
    "billing_portal.SessionCreateParams": "configuration customer flow_data locale return_url",
    **dict.fromkeys(
        (
            "ChargeSearchParams",
            "CustomerSearchParams",
            "InvoiceSearchParams",
            "PaymentIntentSearchParams",
            "PriceSearchParams",
            "ProductSearchParams",
            "SubscriptionSearchParams",
        ),
        "limit page query",  # read; the call itself says that it is not played
    ),
    "checkout.SessionCreateParams": "adaptive_pricing allowed_payment_method_types cancel_url client_reference_id"
    " custom_text customer customer_creation customer_email excluded_payment_method_types expires_at"
    " integration_identifier line_items.*.quantity locale metadata mode origin_context payment_method_configuration"
    " submit_type subscription_data.description subscription_data.metadata success_url ui_mode"
    f" {_within('payment_intent_data', 'description metadata receipt_email setup_future_usage')}"
    f" line_items.*.price_data.product {_within('line_items.*.price_data', _INLINE)}"
    f" {_within('line_items.*.price_data.product_data', _PRODUCT)}",
    "checkout.SessionListLineItemsParams": "ending_before limit starting_after",
    "checkout.SessionListParams": f"{_PAGE} customer customer_details payment_intent status subscription",
    "checkout.SessionUpdateParams": "metadata",
    "radar.EarlyFraudWarningListParams": f"{_PAGE} charge payment_intent",
    "v2.core.EventDestinationListParams": "include limit",
    "v2.core.EventDestinationRetrieveParams": "include",
}
# Any method may be named beside these.
_WITH_METHODS = {
    "PaymentMethodConfigurationCreateParams": "name",
    "PaymentMethodConfigurationUpdateParams": _METHOD_NAMES,
}
_NOT_METHODS = ("parent",)


def refuse_unplayed(name: str, params: Json) -> None:
    """Refuse what the stand-in would have to ignore; `name` is the type of these checked parameters.

    :raises ApiRefusal: 400 with the parameter's bracketed name.
    """
    for path in _leaves(params):
        if not plays(name, path):
            param = bracketed(path)
            raise ApiRefusal(f"The stand-in does not play {param}.", param=param)


def plays(name: str, path: list[str | int]) -> bool:
    """Whether the stand-in acts on the parameter at this path."""
    steps = ["*" if isinstance(step, int) else step for step in path]
    if steps[0] == "expand":
        return True
    if name in _WITH_METHODS and steps[0] not in _NOT_METHODS:
        return len(steps) > 1 or steps[0] in _WITH_METHODS[name].split()
    for one in PLAYED.get(name, "").split():
        played = one.split(".")
        shared = min(len(played), len(steps))
        # What is within a played one, and one that holds played ones and is emptied as a whole.
        if played[:shared] == steps[:shared]:
            return True
    return False


def _leaves(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[list[str | int]]:
    """The path of everything that was said; an empty object or list says itself."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    found = list(inner)
    if not found and path:
        yield list(path)
    for key, value in found:
        yield from _leaves(value, (*path, key))
