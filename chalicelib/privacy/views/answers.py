"""The JSON answers about a supporter's own data."""

from typing import Any

from pydantic import BaseModel, Field


class Export(BaseModel):
    """Everything that we hold about the supporter, or a part of it."""

    supporter: str
    exported_at: str
    data: dict[str, Any] = Field(description="By kind of row: `what` each attribute is, and the `rows`")
    not_in_it: dict[str, Any] = Field(description="Attributes that are not handed over, each with the reason")
    next: str | None = Field(description="`?part=` of the following answer; null at the end")


class ErasureDate(BaseModel):
    """The request is noted; signing in before that day takes it back."""

    erase_on: str
