"""An article on a page of ours, and the appeal under a teaser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.http.pages import Gift, GiftForm, Page
from chalicelib.reading.rules.gift_links import MOST_READERS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from chalicelib.i18n.language import Language
    from chalicelib.reading.rules.gift_links import Ended


@dataclass(frozen=True)
class Appeal:
    """The giving form under a teaser, folded to one amount: the lowest that opens the article.

    Posts to `/donate` like `DonationPage`. `form.amount` must be set. `browser`: the secret of a browser that has
    none. It stands in the form, so that a double tap comes from one known browser; a cookie would come along with
    every article of the next day.
    """

    form: GiftForm
    attempt: str
    browser: str
    campaign: str = ""


@dataclass(frozen=True)
class Raise:
    """What a supporter gives, and the lowest amount in the same rhythm that opens the article; both are gifts.

    `tier`: the name of the one that opens it.
    """

    present: Gift
    to: Gift
    tier: str


@dataclass(frozen=True)
class GiftNote:
    """What is said of a gift link: `ended`, why it opens nothing; else `until` when it opens this article."""

    ended: Ended | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class MeterLine:
    """What the meter says above an article: this is the `read`th of `limit`, or one that was read `again`.

    `left`: how many more are open until `resets_at`.
    """

    limit: int
    left: int
    resets_at: datetime
    again: bool

    @property
    def read(self) -> int:
        """How many were opened, this one included."""
        return self.limit - self.left


@dataclass(frozen=True)
class BySigningIn:
    """What who signs in gets: `limit` articles a month; `apart`: beside those that are open without signing in."""

    limit: int
    apart: bool


@dataclass(frozen=True)
class AboutArticle:
    """What is said of an article to search engines and messengers, the same whoever reads it.

    `data`: schema.org's, as the text of a script. `free`: open to all, so that no part is marked as gated. `found`:
    search engines may list the page; `shared`: messengers may show a card of it.
    """

    description: str
    data: str
    license_url: str
    free: bool
    found: bool = True
    shared: bool = True


@dataclass(frozen=True)
class ReadPage(Page):
    """`GET /read/{id}`: the whole text, or the teaser with an appeal.

    `html` is the CMS's own markup, shown as `article_html` makes it; `frames` are the hosts whose frames it may hold.
    `reason` as in the HTTP contract. `needs` is the title of the tier that opens the article. `url` is the article on
    the newsroom's site, `here` this page's own address.
    `source` is what a gift made here says it came from: `url`, if that is on an allowed origin. `raised`: the gift to
    raise, in the place of an appeal, where this supporter gives something that goes on. `gives`: they do give, be it
    too little; `coming`: their first payment is on its way, and opens the article. `gift`: a gift link brought its
    reader here. `may_give`: the article's id, where its reader may give it; posts `article, lang` to
    `/v1/me/gift-links`. `meter`: what the meter says where it decided; `by_signing_in`: None where that gives nobody
    more. `about`: what machines are told of it; without it they are told to leave the page out.
    """

    template = "read"

    title: str
    html: str
    url: str
    here: str
    open: bool
    reason: str
    needs: str = ""
    article_lang: str = ""
    appeal: Appeal | None = None
    signed_in: bool = False
    source: str = ""
    frames: tuple[str, ...] = ()
    raised: Raise | None = None
    gives: bool = False
    coming: bool = False
    gift: GiftNote | None = None
    may_give: str = ""
    most_readers: int = MOST_READERS
    meter: MeterLine | None = None
    by_signing_in: BySigningIn | None = None
    about: AboutArticle | None = None

    def policy(self) -> tuple[str, ...]:
        """Allow pictures and recordings from anywhere, frames of the hosts that the newsroom lists, and no script."""
        frames = " ".join(f"https://{host}" for host in self.frames) or "'none'"
        return "img-src 'self' https: http: data:", "media-src 'self' https: http:", f"frame-src {frames}"

    def more_values(self, language: Language) -> Mapping[str, object]:
        """The article's HTML, made safe to show."""
        from chalicelib import article_html  # only this page reads HTML

        say = language.texts.say
        words = article_html.Words(
            frame=say("read.frame", host="{host}"),
            elsewhere=say("read.elsewhere", host="{host}"),
            on_site=say("read.part_on_site"),
        )
        shown = article_html.shown(self.html, url=self.url, frames=self.frames, words=words)
        return {"article": shown.html}
