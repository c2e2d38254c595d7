"""What the control calls take, as JSON bodies."""

from typing import Annotated, Literal, TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from localdev.stripe.errors import StripeError

FormT = TypeVar("FormT", bound="Form")


class Form(BaseModel):
    """A JSON object without surprises: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Pay(Form):
    """How a person ends the checkout page. `email` fills what the session does not already know."""

    outcome: Literal["succeeds", "declines", "delayed"] = "succeeds"
    email: str | None = None
    name: str = "Ada Reader"


class Settle(Form):
    """How a delayed payment ends."""

    outcome: Literal["succeeds", "fails"] = "succeeds"


class Refund(Form):
    """How much goes back, in minor units; all that is left when not said."""

    amount: Annotated[int, Field(ge=1)] | None = None


class Close(Form):
    """How a dispute ends."""

    outcome: Literal["won", "lost"]


class NextPayment(Form):
    """How the next payments of a subscription end, until told otherwise (as a card fails until it is replaced)."""

    outcome: Literal["succeeds", "fails"] = "fails"


class Cancel(Form):
    """Who ends a subscription, and when."""

    by: Literal["portal", "api"] = "portal"
    when: Literal["period_end", "now"] = "period_end"


class Advance(Form):
    """How far business time moves; the parts add up."""

    days: Annotated[float, Field(ge=0, le=4000)] = 0
    hours: Annotated[float, Field(ge=0, le=96_000)] = 0
    minutes: Annotated[float, Field(ge=0, le=6_000_000)] = 0


class Mode(Form):
    """How new events travel."""

    mode: Literal["normal", "drop", "hold", "duplicate", "shuffle"]


class FaultForm(Form):
    """An API fault, see `faults.Fault`. `times: 0` disarms everything on this path."""

    path: Annotated[str, Field(pattern=r"^/")]
    status: Annotated[int, Field(ge=400, le=599)] = 500
    times: Annotated[int, Field(ge=0, le=10_000)] = 1
    after: bool = False
    lost: bool = False
    method: str | None = None


def read(form: type[FormT]) -> FormT:
    """The request's JSON body as this form; an empty body means the defaults.

    :raises StripeError: 400 that names the field.
    """
    try:
        return form.model_validate_json(request.get_data() or b"{}")
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise StripeError(f"{where}: {first['msg']}" if where else first["msg"], param=where or None) from None
