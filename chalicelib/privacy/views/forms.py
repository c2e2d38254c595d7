"""The bodies and queries about a supporter's own data."""

from typing import Literal

from pydantic import Field

from chalicelib.http.forms import Form, Language, Query


class ExportPart(Query):
    """Which part of the export. `gifts`: all gifts as CSV; else as the `next` of the answer before."""

    part: str = Field(default="", max_length=600)


class EraseForm(Form):
    """The page's form. `sure` is a box to tick, so that nobody erases themselves by a slip of the thumb."""

    sure: Literal["yes"]
    lang: Language | None = None
