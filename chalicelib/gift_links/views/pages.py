"""The page of the articles that a supporter gave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.http.pages import Page

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.gift_links.actions.links import Status


@dataclass(frozen=True)
class LinkLine:
    """A link as its giver sees it; `title` and `article_url` are empty where the article was deleted.

    `url`: the address to hand on; empty once nobody else can read by it. `made`: just now.
    """

    id: str
    title: str
    article_url: str
    url: str
    given_at: datetime
    until: datetime
    readers: int
    most: int
    status: Status
    made: bool = False

    @property
    def may_end(self) -> bool:
        """Whether somebody may still read by it, so that ending it does something."""
        return self.status in ("lives", "used_up", "closed") and bool(self.title)


@dataclass(frozen=True)
class ToGive:
    """An article that may be given by a button of the page, which posts `article, lang` to `/v1/me/gift-links`."""

    id: str
    title: str


@dataclass(frozen=True)
class LinksPage(Page):
    """`GET /account/links`: each button posts `link, lang` to `/account/links/end`.

    `given`, `per_month`: how many links were made in this month, and may be. `most`: readers of a link. `ended`: one
    was ended just now.
    """

    template = "account_links"

    links: tuple[LinkLine, ...]
    given: int
    per_month: int
    most: int
    give: ToGive | None = None
    ended: bool = False
    problem: str = ""
