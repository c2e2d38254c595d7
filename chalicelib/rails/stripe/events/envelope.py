"""The envelope of every event: the fields that must be valid for an event to be stored. Its object is read later."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from chalicelib.rails.stripe.events.shapes import Shape


class Envelope(Shape):
    """The event's own fields, without its object. `account` is there only when it came from a connected account.

    `object`: Stripe's name for the kind of event; only `v2.…` matters to us.
    """

    id: str = Field(pattern=r"^evt_[A-Za-z0-9_]{1,100}$")
    type: str = Field(max_length=100)
    livemode: bool = Field(strict=True)
    account: str | None = None
    object: Any = None


def is_thin(payload: Mapping[str, Any]) -> bool:
    """Whether it is a thin event, or a ping, of a "v2" event destination: it names an object but does not hold it.

    A payload with `object: event` that holds its object is not thin, whatever its type is called.
    https://docs.stripe.com/event-destinations
    """
    if str(payload.get("object")).startswith("v2."):
        return True
    return "data" not in payload and ("related_object" in payload or str(payload.get("type")).startswith("v2."))


class EventData(Shape):
    """The object that an event is about, as it was when the event was made: what can change is fetched anew.

    `previous_attributes`: of an update, what the fields were that it changed.
    """

    object: dict[str, Any]
    previous_attributes: dict[str, Any] | None = None


class Event(Envelope):
    """A Stripe `event`, with the object that it is about."""

    data: EventData


class _Opaque(Shape):
    """Any object. It has no fields, so none is converted to Python, which takes most of the time of a long event."""


class _OpaqueData(Shape):
    object: _Opaque


class EnvelopeEvent(Envelope):
    """A Stripe `event` for storing: checked to hold an object, but the object itself is not parsed."""

    data: _OpaqueData
