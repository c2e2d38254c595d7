"""What the demo newsroom has written, and how long ago it pretends to have done so.

Every article is one readable file in `uk/` or `en/`. The seed puts them to the API as a CMS would; the website
itself shows the gated ones only as far as their teaser. Of sealed ones this folder has nothing: see `localdev/desk`,
which publishes the page of each into a folder that the website reads.
"""

import json
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from localdev.ports import ports

FOLDER = Path(__file__).parent
LANGUAGES = ("uk", "en")


@dataclass(frozen=True)
class PublicArticle:
    """What everybody may know of an article. Times are aware datetimes.

    `seal`: the object that the API answered when the article was put, as JSON; empty where the page needs none.
    `copy`: where a copy of the sealed file lies that the page names; empty where it is the API's alone.
    """

    id: str
    lang: str
    section: str
    title: str
    byline: str
    url: str
    access: str  # open | metered | members | tier:<name>
    lead: str
    teaser_html: str
    published_at: datetime
    twin: str | None = None  # the id of the same article in the other language
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    seal: str = ""
    copy: str = ""

    @property
    def gated(self) -> bool:
        """True when the website may show no more than the teaser."""
        return self.access != "open"

    @property
    def visible_html(self) -> str:
        """What the website itself shows."""
        return self.teaser_html


@dataclass(frozen=True, kw_only=True)
class Article(PublicArticle):
    """One article as a CMS knows it; `body_html` is the whole text, teaser included."""

    body_html: str

    @property
    def visible_html(self) -> str:
        """What the website itself shows: the whole text where it is open."""
        return self.teaser_html if self.gated else self.body_html


def listed() -> list[PublicArticle]:
    """All that the website shows in both languages, the newest first."""
    return sorted([*_articles(site_origin()), *published()], key=lambda one: one.published_at, reverse=True)


def articles() -> list[Article]:
    """Every article here in both languages, the newest first. The dates follow the day on which the site started."""
    return sorted(_articles(site_origin()), key=lambda one: one.published_at, reverse=True)


def site_origin() -> str:
    """Where the demo site stands, without a slash at the end."""
    return ports(os.environ).url("site")


def time_zone() -> ZoneInfo:
    """The newsroom's time zone."""
    return ZoneInfo("Europe/Kyiv")


@cache
def _articles(origin: str) -> tuple[Article, ...]:
    now = datetime.now(time_zone())
    return tuple(written(FOLDER, origin, now))


def written(folder: Path, origin: str, now: datetime) -> Iterator[Article]:
    """The articles in a folder, a file each, in one of a folder for each language."""
    for lang in LANGUAGES:
        for path in sorted((folder / lang).glob("*.toml")):
            yield _article(path, lang, origin, now)


def published() -> list[PublicArticle]:
    """The articles whose pages were published to this site, and whose text it has never had."""
    folder = published_folder()
    return [_public(path) for path in sorted(folder.glob("*.json"))] if folder else []


def published_folder() -> Path | None:
    """Where pages are published to; None where this site stands alone, without the rest of the local stack."""
    data = os.environ.get("SPILNO_DATA")
    return Path(data) / "published" if data else None


def sealed_copy(article_id: str) -> str | None:
    """This site's copy of an article's sealed file, which it cannot read; None where there is none."""
    folder = published_folder()
    known = folder is not None and any(one.id == article_id for one in published())
    path = folder / f"{article_id}.sealed" if known and folder else None
    return path.read_text("utf-8") if path and path.is_file() else None


@dataclass(frozen=True)
class LetterGift:
    """What the newsroom's letter to readers gives them: an article, by an address that opens it."""

    article: str
    url: str


def letter_gift(lang: str) -> LetterGift | None:
    """The gift of this week's letter; None where none was published."""
    folder = published_folder()
    path = folder / f"{lang}.letter" if folder else None
    return LetterGift(**json.loads(path.read_text("utf-8"))) if path and path.is_file() else None


def _public(path: Path) -> PublicArticle:
    facts = json.loads(path.read_text("utf-8"))
    return PublicArticle(**{**facts, "published_at": datetime.fromisoformat(facts["published_at"])})


def _article(path: Path, lang: str, origin: str, now: datetime) -> Article:
    facts = tomllib.loads(path.read_text("utf-8"))
    prefix = "" if lang == "uk" else f"/{lang}"
    teaser, rest = facts["teaser"].strip(), facts["body"].strip()
    return Article(
        id=path.stem,
        lang=lang,
        section=facts["section"],
        title=facts["title"],
        byline=facts["byline"],
        url=f"{origin}{prefix}/articles/{path.stem}",
        access=facts["access"],
        lead=facts["lead"],
        teaser_html=teaser,
        body_html=f"{teaser}\n{rest}",
        published_at=_moment(facts["days_ago"], facts["at"], now),
        twin=facts.get("twin"),
    )


def _moment(days_ago: int, at: time, now: datetime) -> datetime:
    """That many days before `now` at this hour of the newsroom's clock, and never in the future."""
    moment = datetime.combine(now.date() - timedelta(days=days_ago), at, now.tzinfo)
    return (moment if moment <= now else moment - timedelta(days=1)).astimezone(UTC)
