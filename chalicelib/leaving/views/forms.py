"""The bodies and queries of leaving without signing in."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema

from chalicelib.http.forms import Email, Form, Language
from chalicelib.leaving.rules.statements import LONGEST_COMMENT, LONGEST_GIFT, LONGEST_NAME
from chalicelib.leaving.rules.typed_words import as_line, as_text

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day(value: object) -> object:
    if value in (None, "", "soonest"):
        return None
    # Strict: of a day that could be read in two ways, a contract must not end on the wrong one.
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("no day")
    return date.fromisoformat(value)


def _line(value: object) -> object:
    return as_line(value) if isinstance(value, str) else value


def _text(value: object) -> object:
    return as_text(value) if isinstance(value, str) else value


Day = Annotated[
    date | None,
    BeforeValidator(_day),
    WithJsonSchema({"type": ["string", "null"], "examples": ["soonest", "2027-01-31"]}),
]
# As it is pasted: what nobody sees is taken out, then it is measured.
Gift = Annotated[str, BeforeValidator(_line), StringConstraints(max_length=LONGEST_GIFT)]
Name = Annotated[str, BeforeValidator(_line), StringConstraints(max_length=LONGEST_NAME)]
Comment = Annotated[str, BeforeValidator(_text), StringConstraints(max_length=LONGEST_COMMENT)]


class NewStatement(Form):
    """A statement that cancels or withdraws. Only the address is asked for beside it: no law allows more."""

    kind: Literal["cancel", "withdraw"]
    email: Email = Field(examples=["maria@news.example"], description="Where the receipt goes.")
    gift: Gift | None = Field(
        default=None, description="Which gift: the reference of a receipt.", examples=["2026-000123-K7QX-9M2D"]
    )
    when: Day = Field(default=None, description="It shall not end before this day; `soonest` without one.")
    name: Name | None = None
    comment: Comment | None = None
    lang: Language | None = Field(default=None, description="The language of the receipt.")
    attempt: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,64}$")] | None = Field(
        default=None, description="Of a page: the same press of the button is the same statement."
    )


class Confirmation(Form):
    """A press of the button behind a mailed link. `gift`: the only one meant, of several; without it all of them."""

    gift: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]{1,255}$")] | None = None
    lang: Language | None = None
