"""The page of gift links in its states."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from chalicelib.gift_links.views.pages import LinkLine, LinksPage, ToGive
from chalicelib.http.pages import Page
from chalicelib.reading.rules.gift_links import MOST_READERS

_URL = "https://news.example/articles/pump-station?spilno=g1.hN2c0fQzJ7wVbq3K.5f0c2b7a9d3e4f1a8b6c7d0e2f3a4b5c"


def link_pages(*, now: datetime, until: datetime, article: str, named: str) -> Mapping[str, Page]:
    """A name and a page for each."""

    def line(status: str, readers: int, url: str = "", *, title: str = named, made: bool = False) -> LinkLine:
        end = until if status in ("lives", "used_up") else now - timedelta(days=3)
        return LinkLine(
            f"link-{status}",
            title,
            article if title else "",
            url,
            now - timedelta(days=13),
            end,
            readers,
            MOST_READERS,
            status,  # type: ignore[arg-type] # a status
            made=made,
        )

    lives = line("lives", 3, _URL)
    over = (
        line("used_up", 50),
        line("expired", 12),
        line("revoked", 1),
        line("closed", 0),
        line("closed", 2, title=""),
    )
    return {
        "links": LinksPage((lives, *over), given=5, per_month=5, most=MOST_READERS),
        "links-made": LinksPage((line("lives", 0, _URL, made=True),), given=1, per_month=5, most=MOST_READERS),
        "links-none": LinksPage((), given=0, per_month=5, most=MOST_READERS),
        "links-give": LinksPage((), given=0, per_month=5, most=MOST_READERS, give=ToGive("pump-station", named)),
        "links-ended": LinksPage((line("revoked", 1),), given=1, per_month=5, most=MOST_READERS, ended=True),
    }
