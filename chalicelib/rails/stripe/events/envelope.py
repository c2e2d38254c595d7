"""The envelope of every event: as much as must be right for an event to be kept. What is in it is read later."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from chalicelib.rails.stripe.events.shapes import Shape


class Envelope(Shape):
    """What an event says of itself. `account` is there only when it came from another, connected account.

    `object`: Stripe's name for what this is; only `v2.…` means anything to us.
    """

    id: str = Field(pattern=r"^evt_[A-Za-z0-9_]{1,100}$")
    type: str = Field(max_length=100)
    livemode: bool = Field(strict=True)
    account: str | None = None
    object: Any = None


def is_thin(payload: Mapping[str, Any]) -> bool:
    """Whether it is a thin event, or a ping, of a "v2" event destination: it names an object and does not hold it.

    What calls itself an event and holds its object is none, whatever its type is called.
    https://docs.stripe.com/event-destinations
    """
    if str(payload.get("object")).startswith("v2."):
        return True
    return "data" not in payload and ("related_object" in payload or str(payload.get("type")).startswith("v2."))


class EventData(Shape):
    """What an event is about, as it was when the event was made: never trusted for what can change."""

    object: dict[str, Any]


class Event(Envelope):
    """`event`, with all that is in it."""

    data: EventData


class _Opaque(Shape):
    """Any object. No field is named, so none is made into Python's: most of the time of reading a long event."""


class _OpaqueData(Shape):
    object: _Opaque


class EnvelopeEvent(Envelope):
    """`event` as far as storing it goes: that it is about an object, not what is in that."""

    data: _OpaqueData
