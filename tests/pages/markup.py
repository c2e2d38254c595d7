"""A page taken apart, for the tests that ask what it holds."""

from html.parser import HTMLParser

from chalicelib.http import pages
from tests.pages import samples


class Markup(HTMLParser):
    """The start tags of a page, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in ("style", "script"):
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]

    def fields(self) -> dict[str, str | None]:
        return {str(one["name"]): one.get("value") for one in self.all("input") if one.get("type") == "hidden"}


def shown(page: pages.Page, lang: str = "uk", layout: pages.Layout | None = None) -> Markup:
    """The page as it is rendered."""
    return Markup(pages.render(page, layout or samples.layout(lang)))
