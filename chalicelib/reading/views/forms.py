"""The query of a gate check."""

from typing import Annotated

from pydantic import Field, WithJsonSchema

from chalicelib.articles.rules.policy import ASKED_PATTERN, Needed, asked
from chalicelib.articles.views.forms import read_as
from chalicelib.http.forms import Query

Needs = Annotated[Needed, read_as(asked), WithJsonSchema({"type": "string", "pattern": ASKED_PATTERN})]


class Access(Query):
    """The query of a gate check: what the reader must hold."""

    needs: Needs = Field(examples=["members", "tier:patron"])
