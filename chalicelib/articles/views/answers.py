"""The JSON answers about articles as the CMS put them."""

from typing import Annotated

from pydantic import Field

from chalicelib.articles.rules.article_warnings import CHECKS
from chalicelib.articles.rules.policy import PARSED_PATTERN
from chalicelib.http.answers import JsonAnswer, Moment

Policy = Annotated[str, Field(pattern=PARSED_PATTERN, examples=["members"])]


class Seal(JsonAnswer):
    """What an article asks of its readers, the same for everybody; nothing of its text."""

    access: Policy = Field(description="As the CMS put it.")
    requires: str | None = Field(description="What a reader must hold now; null: open to all.", examples=["members"])
    opens_at: Moment | None
    closes_at: Moment | None


class StoredArticle(JsonAnswer):
    """An article and its policy, as the CMS put it."""

    id: str
    title: str
    url: str
    access: Policy
    opens_at: Moment | None
    closes_at: Moment | None
    teaser_html: str
    body_html: str | None


class ArticleWarning(JsonAnswer):
    """Something about an article that is worth a look. It is stored all the same."""

    code: str = Field(examples=sorted(CHECKS))
    title: str = Field(description="A sentence in English, for editors.")


class ArticleStored(JsonAnswer):
    """An article was stored; with what is stored but the texts, and with warnings."""

    id: str
    title: str
    url: str
    access: Policy
    opens_at: Moment | None
    closes_at: Moment | None
    updated_at: Moment
    warnings: list[ArticleWarning] = Field(
        description="What is worth a look, the gravest first. Nothing is refused for it."
    )
