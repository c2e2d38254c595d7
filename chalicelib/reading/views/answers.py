"""The JSON answers of the gate, and of an article as a reader sees it."""

from typing import Literal

from pydantic import Field

from chalicelib.articles.views.answers import Key as KeyText
from chalicelib.http.answers import JsonAnswer, Moment, Tier, Until
from chalicelib.reading.rules.gift_links import Ended
from chalicelib.reading.rules.paywall import Reason


class AccessDecision(JsonAnswer):
    """Whether this reader may read, and why or why not."""

    open: bool
    reason: Reason
    tier: Tier
    until: Until


class Decision(JsonAnswer):
    """The decision on one article; from `left` to `again` only where the meter decided."""

    open: bool
    reason: Reason
    left: int | None = Field(default=None, description="How many more articles the meter opens until `resets_at`.")
    limit: int | None = Field(default=None, description="How many it opens to this reader in a month.")
    resets_at: Moment | None = Field(default=None, description="When the newsroom's next month begins.")
    again: bool | None = Field(
        default=None, description="Whether it was opened before in this month: not counted now."
    )
    gift: Ended | None = Field(
        default=None, description="Only where a gift link was brought that opens nothing any more: why."
    )


class Gives(JsonAnswer):
    """A recurring gift of who is signed in, which may be raised; `amount` in the currency's minor unit.

    `pending`: its first payment is on its way, which takes days from a bank account.
    """

    id: str
    amount: int
    currency: str
    interval: Literal["month", "year"]
    pending: bool


class ForThisReader(JsonAnswer):
    """What an answer about an article says of its reader."""

    decision: Decision
    requires: str | None = Field(description="What a reader must hold now; null: open to all.", examples=["members"])
    tier: Tier
    until: Until
    signed_in: bool
    gives: Gives | None = Field(description="Where the text is closed: what this supporter gives and may raise.")


class Article(ForThisReader):
    """An article as this reader may see it: `html` is the whole text if `decision.open`, else the teaser."""

    id: str
    title: str
    url: str
    html: str


class Key(JsonAnswer):
    """The key of a sealed text, handed out by a pass and a ticket alone."""

    key: KeyText


class NotOpened(ForThisReader):
    """Why this reader gets no key, as the article's answer says it; nothing of the text."""


class OpenedWithKey(ForThisReader):
    """The key of a sealed text, with the decision; `needs`: what the text is sealed for."""

    key: KeyText
    needs: str
