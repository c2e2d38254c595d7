"""Makes of a fragment what `/read` shows of it."""

from chalicelib.article_html import Shown, Words, shown
from chalicelib.newsroom.frames import USUAL

URL = "https://news.example/2026/11/mist/"
WORDS = Words(frame="From {host}", elsewhere="Open on {host}", on_site="On our website")


def made(html: str, *, url: str = URL, frames: tuple[str, ...] = USUAL) -> Shown:
    """With the usual frames and English words."""
    return shown(html, url=url, frames=frames, words=WORDS)


def page(html: str) -> str:
    """The HTML alone."""
    return made(html).html


def instead(host: str, address: str) -> str:
    """The link in the place of what is not shown."""
    return f'<span class="elsewhere"><a href="{address}">Open on {host}</a></span>'


ON_SITE = f'<span class="elsewhere"><a href="{URL}">On our website</a></span>'
