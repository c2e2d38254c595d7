"""The base class of JSON answers, fields that several share, and the edge's own answers.

These models describe answers for OpenAPI and check them in tests; nothing at run time passes through them.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Moment = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"),
    Field(examples=["2026-08-31T09:15:00Z"], json_schema_extra={"format": "date-time"}),
]
Tier = Annotated[str | None, Field(description="The highest tier held, by its name.", examples=["member"])]
Until = Annotated[Moment | None, Field(description="Until when it is held, as far as is known now.")]


class JsonAnswer(BaseModel):
    """A JSON answer, with exactly the members that its class names."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class EventReceived(JsonAnswer):
    """The webhook event is stored. `applied` true: nothing is left to do; false: it will be applied soon."""

    stored: Literal[True]
    applied: bool


class Health(JsonAnswer):
    """Whether the API and its table answer."""

    ok: bool
    version: str
    table: Literal["ok", "down"]
    proxied: bool = Field(description="Whether the newsroom's own proxy stood before us and presented its secret")
