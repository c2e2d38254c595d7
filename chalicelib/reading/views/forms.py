"""The query of a gate check, and of an article."""

from typing import Annotated

from pydantic import Field, WithJsonSchema

from chalicelib.articles.rules.policy import ASKED_PATTERN, Needed, asked
from chalicelib.articles.views.forms import read_as
from chalicelib.http.forms import Query

Needs = Annotated[Needed, read_as(asked), WithJsonSchema({"type": "string", "pattern": ASKED_PATTERN})]


class Access(Query):
    """The query of a gate check: what the reader must hold."""

    needs: Needs = Field(examples=["members", "tier:patron"])


class KeyAsked(Query):
    """The query of a key: `version`, `needs` and `ticket` of the article's seal, as they stand there.

    For the API's description: whatever is sent is refused by nothing but the decision, and opens nothing by itself.
    """

    v: str = Field(default="", examples=["k1.gkOzFjU3rf19ot3WOV22ht9a"])
    needs: str = Field(default="", examples=["members", "tier:patron"])
    t: str = Field(default="", description="Without a fresh one the article and the reader are looked up.")
    gift: str = Field(default="", description="The token of a gift link.")


class ArticleAsked(Query):
    """The query of an article; one that is no gift link's token counts as none."""

    gift: str | None = Field(default=None, description="The token of a gift link, from its address.")
