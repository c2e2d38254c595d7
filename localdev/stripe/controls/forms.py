"""What the control calls take: as JSON bodies from scripts, as form fields from the page."""

from typing import Annotated, Any, Literal, TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug.datastructures import ImmutableMultiDict

from localdev.stripe.errors import ApiRefusal
from localdev.stripe.foreign import Kind

FormT = TypeVar("FormT", bound="Form")
Amount = Annotated[int, Field(ge=1)]
Currency = Annotated[str, Field(pattern=r"^[a-z]{3}$")]


class Form(BaseModel):
    """A JSON object without surprises: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Nothing(Form):
    """A call that needs no saying."""


class Presentment(Form):
    """What adaptive pricing showed the payer, in minor units of their own currency."""

    amount: Amount
    currency: Currency


class Pay(Form):
    """How a person ends the checkout page. `email` fills what the session does not already know.

    `times`: how many cards are declined, one after another. `later`: the card works now and fails at renewals.
    """

    outcome: Literal["succeeds", "declines", "delayed"] = "succeeds"
    email: str | None = None
    name: str = "Ada Reader"
    times: Annotated[int, Field(ge=1, le=100)] = 1
    presentment: Presentment | None = None


class Settle(Form):
    """How a delayed payment ends."""

    outcome: Literal["succeeds", "fails"] = "succeeds"


class Refund(Form):
    """How much goes back, in minor units; all that is left when not said. `pending`: the bank takes its time."""

    amount: Amount | None = None
    pending: bool = False


class Settled(Form):
    """What leaves the balance, in minor units of the currency that it settles in."""

    amount: Amount
    currency: Currency


class Dispute(Form):
    """What the payer's bank wants: money (all that is left, or `amount`), or (`inquiry`) only an answer.

    `withdrawn`: what that is on the balance, where it settles in another currency than the charge's.
    """

    amount: Amount | None = None
    inquiry: bool = False
    prevented: bool = False
    withdrawn: Settled | None = None


class Close(Form):
    """How a dispute ends; an inquiry ends as `warning_closed` either way.

    `reinstated`: how much of what was withdrawn comes back when it is won, in the currency of the withdrawal.
    """

    outcome: Literal["won", "lost"]
    reinstated: Amount | None = None


class Warn(Form):
    """What the card's network suspects; Stripe's `fraud_type`."""

    fraud_type: str = "made_with_stolen_card"


class NextPayment(Form):
    """How the next payments of a subscription end, until told otherwise (as a card fails until it is replaced).

    `delayed`: each is on its way until `payments/…/settle`, as a direct debit is. `needs_action`: the bank wants to
    ask the payer (3-D Secure). `card_gone`: it has expired. `card_removed`: there is nothing left to charge.
    """

    outcome: Literal["succeeds", "fails", "delayed", "needs_action", "card_gone", "card_removed"] = "fails"


class Change(Form):
    """What a subscription costs from now on, in minor units, and how often; what is not said stays.

    `at_period_end`: the new rhythm starts when what is paid is over. Else `proration` says what the rest is worth.
    """

    amount: Annotated[int, Field(ge=0)] | None = None
    interval: Literal["day", "week", "month", "year"] | None = None
    interval_count: Annotated[int, Field(ge=1)] | None = None
    quantity: Annotated[int, Field(ge=0)] | None = None
    proration: Literal["create_prorations", "always_invoice", "none"] = "create_prorations"
    at_period_end: bool = False


class Coupon(Form):
    """What comes off a subscription's invoices: per cent, or an amount in minor units."""

    percent_off: Annotated[float, Field(gt=0, le=100)] | None = None
    amount_off: Amount | None = None
    duration: Literal["once", "forever", "repeating"] = "once"
    months: Annotated[int, Field(ge=1)] | None = None


class Tax(Form):
    """A tax on a subscription's invoices, beside the price or (`inclusive`) within it; 0 ends it."""

    percentage: Annotated[float, Field(ge=0, le=100)]
    inclusive: bool = False


class Extra(Form):
    """Something on the next invoice beside the gift, in minor units; below zero it is taken off."""

    amount: int = 2000
    description: str = "A book"


class Credit(Form):
    """What a customer has to their credit from now on, in minor units; below zero it is owed."""

    amount: int
    currency: Currency | None = None
    description: str | None = None


class Cancel(Form):
    """Who ends a subscription, and when."""

    by: Literal["portal", "api"] = "portal"
    when: Literal["period_end", "now"] = "period_end"


class Collection(Form):
    """What becomes of invoices while nobody has to pay; nothing said: collect again."""

    behavior: Literal["keep_as_draft", "mark_uncollectible", "void"] | None = None


class Archived(Form):
    """Whether inline prices of archived products are refused."""

    refused: bool = True


class NewCard(Form):
    """A card that a customer enters on the portal's page, and how its payments end; it becomes their default."""

    last4: Annotated[str, Field(pattern=r"^\d{4}$")] = "4444"
    exp_month: Annotated[int, Field(ge=1, le=12)] = 12
    exp_year: Annotated[int, Field(ge=2000, le=2099)] = 2034
    says: Literal["succeeds", "fails", "needs_action"] = "succeeds"


class Method(Form):
    """What becomes of a payment method: the bank sends a card of another expiry, or its payments end otherwise."""

    last4: Annotated[str, Field(pattern=r"^\d{4}$")] | None = None
    exp_month: Annotated[int, Field(ge=1, le=12)] | None = None
    exp_year: Annotated[int, Field(ge=2000, le=2099)] | None = None
    says: Literal["succeeds", "fails", "needs_action", "delayed"] | None = None


class Customer(Form):
    """What a customer changes in the portal."""

    email: str | None = None
    name: str | None = None


class Advance(Form):
    """How far business time moves; the parts add up."""

    days: Annotated[float, Field(ge=0, le=4000)] = 0
    hours: Annotated[float, Field(ge=0, le=96_000)] = 0
    minutes: Annotated[float, Field(ge=0, le=6_000_000)] = 0


class Mode(Form):
    """How new events travel."""

    mode: Literal["normal", "drop", "hold", "duplicate", "shuffle"]


class Endpoint(Form):
    """The shape in which an endpoint gets its events."""

    api_version: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$")]


class Destination(Form):
    """Where thin events go; the stack's own webhook when no address is given."""

    url: Annotated[str, Field(pattern=r"^https?://")] | None = None
    enabled_events: list[str] = ["v2.core.event_destination.ping"]
    name: str = "Thin events"


class FaultForm(Form):
    """An API fault, see `faults.Fault`. `times: 0` disarms everything on this path."""

    path: Annotated[str, Field(pattern=r"^/")]
    status: Annotated[int, Field(ge=400, le=599)] = 500
    times: Annotated[int, Field(ge=0, le=10_000)] = 1
    after: bool = False
    lost: bool = False
    method: str | None = None


class Limit(Form):
    """How many API requests are let through in a second; 0: all."""

    per_second: Annotated[int, Field(ge=0, le=10_000)] = 0


class Settlement(Form):
    """The one currency that everything is converted to; nothing said: each has a balance of its own."""

    currency: Currency | None = None


class Bookings(Form):
    """When a collected charge gets its balance transaction."""

    mode: Literal["after", "at_once", "hour_later"]


class Foreign(Form):
    """What somebody else's product does; `metadata` marks what only the last four kinds make."""

    kind: Kind = "payment"
    amount: Amount = 2400
    currency: Currency = "eur"
    metadata: dict[str, str] = {"spilno": "demo"}


def read(form: type[FormT]) -> FormT:
    """The request's JSON body as this form; an empty body means the defaults.

    :raises ApiRefusal: 400 that names the field.
    """
    try:
        return form.model_validate_json(request.get_data() or b"{}")
    except ValidationError as error:
        raise _refused(error) from None


def typed(form: type[FormT], fields: ImmutableMultiDict[str, str]) -> FormT:
    """What somebody typed on the page as this form. Empty fields mean the defaults; `a.b` is `b` within `a`.

    :raises ApiRefusal: 400 that names the field.
    """
    values: dict[str, Any] = {}
    for name, value in fields.items():
        if value.strip():
            outer, _, inner = name.partition(".")
            if inner:
                values.setdefault(outer, {})[inner] = value.strip()
            else:
                values[outer] = value.strip()
    try:
        return form.model_validate(values)
    except ValidationError as error:
        raise _refused(error) from None


def _refused(error: ValidationError) -> ApiRefusal:
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return ApiRefusal(f"{where}: {first['msg']}" if where else first["msg"], param=where or None)
