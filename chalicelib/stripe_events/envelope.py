"""The envelope of every event: as much as must be right for an event to be kept. What is in it is read later."""

from typing import Any

from pydantic import Field

from chalicelib.stripe_events.shapes import Shape


class EventData(Shape):
    """What an event is about, as it was when the event was made: never trusted for what can change."""

    object: dict[str, Any]


class Event(Shape):
    """`event`. `account` is there only when it came from another, connected account."""

    id: str = Field(pattern=r"^evt_[A-Za-z0-9_]{1,100}$")
    type: str = Field(max_length=100)
    livemode: bool = Field(strict=True)
    data: EventData
    account: str | None = None
