"""The JSON answers of the gate and of articles."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.http.answers import JsonAnswer, Moment, Tier, Until
from chalicelib.reading.rules.article_warnings import CHECKS
from chalicelib.reading.rules.paywall import PARSED_PATTERN, Reason

Policy = Annotated[str, Field(pattern=PARSED_PATTERN, examples=["members"])]


class AccessDecision(JsonAnswer):
    """Whether this reader may read, and why or why not."""

    open: bool
    reason: Reason
    tier: Tier
    until: Until


class Decision(JsonAnswer):
    """The decision on one article."""

    open: bool
    reason: Reason


class Gives(JsonAnswer):
    """A recurring gift of who is signed in, which may be raised; `amount` in the currency's minor unit.

    `pending`: its first payment is on its way, which takes days from a bank account.
    """

    id: str
    amount: int
    currency: str
    interval: Literal["month", "year"]
    pending: bool


class Article(JsonAnswer):
    """An article as this reader may see it: `html` is the whole text if `decision.open`, else the teaser."""

    id: str
    decision: Decision
    title: str
    url: str
    html: str
    requires: str | None = Field(description="What a reader must hold now; null: open to all.", examples=["members"])
    tier: Tier
    until: Until
    signed_in: bool
    gives: Gives | None = Field(description="Where the text is closed: what this supporter gives and may raise.")


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
