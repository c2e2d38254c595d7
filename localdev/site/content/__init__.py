"""What the demo newsroom has written, and how long ago it pretends to have done so.

Every article is one readable file in `uk/` or `en/`. The seed puts them to the API as a CMS would; the website
itself shows the gated ones only as far as their teaser.
"""

import os
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from localdev.ports import ports

FOLDER = Path(__file__).parent
LANGUAGES = ("uk", "en")


@dataclass(frozen=True)
class Article:
    """One article as a CMS knows it. Times are aware datetimes; `body_html` is the whole text, teaser included."""

    id: str
    lang: str
    section: str
    title: str
    byline: str
    url: str
    access: str  # open | metered | members | tier:<name>
    lead: str
    teaser_html: str
    body_html: str
    published_at: datetime
    twin: str | None = None  # the id of the same article in the other language
    opens_at: datetime | None = None
    closes_at: datetime | None = None

    @property
    def gated(self) -> bool:
        """True when the website may show no more than the teaser."""
        return self.access != "open"


def articles() -> list[Article]:
    """Every article in both languages, the newest first. The dates follow the day on which the site started."""
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
    return tuple(
        _article(path, lang, origin, now) for lang in LANGUAGES for path in sorted((FOLDER / lang).glob("*.toml"))
    )


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
