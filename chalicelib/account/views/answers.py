"""The JSON answers about a supporter's own devices and address."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, RootModel, StringConstraints

from chalicelib.http.answers import JsonAnswer

Day = Annotated[
    str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$"), Field(examples=["2026-08-31"], description="A day.")
]


class Device(JsonAnswer):
    """A browser in which the supporter is signed in. Days are the newsroom's; nothing finer is kept of visits.

    `kind`: null for a browser that signed in before we asked. `current`: the one that makes this call.
    """

    id: str
    kind: Literal["phone", "computer"] | None
    signed_in_at: Day
    last_seen_on: Day
    current: bool


class Devices(RootModel[list[Device]]):
    """The supporter's devices: the one that asks first, then by their last visit."""

    model_config = ConfigDict(strict=True, frozen=True)


class CodeMailed(JsonAnswer):
    """The request is taken: the same answer for every address, whether it is known or not."""

    sent: Literal[True]


class ChangedAddress(JsonAnswer):
    """The supporter's address from now on."""

    email: str


class ReminderAsked(JsonAnswer):
    """The reminder waits: one mail comes at the beginning of `month` (`2027-03`, the newsroom's)."""

    month: str


class Claimed(JsonAnswer):
    """The gift is kept under the address that was proven."""

    claimed: Literal[True]
