"""What `seal` writes: the wall as every tool prints it, and nothing that ends it early."""

import json
from html.parser import HTMLParser
from typing import Any

from ops.articles.fragment import fragment, publisher

_FOUND = publisher(
    {
        "name": {"uk": "Вісті", "en": "The News"},
        "languages": ["uk", "en"],
        "links": {"read": "https://news.example/support/read/"},
    }
)
assert _FOUND
NEWSROOM = _FOUND
SEAL = {"access": "members", "requires": "members", "version": "k1.a", "ticket": "1.b", "needs": "members"}
ARTICLE: dict[str, Any] = {
    "id": "mist",
    "title": "Міст &#8211; не мрія",
    "url": "https://news.example/mist",
    "access": "members",
    "opens_at": None,
    "closes_at": None,
    "teaser_html": "<p>Початок.</p>\n",
    "author": "О. Коваль",
    "section": None,
    "tags": ["міст"],
    "seal": SEAL,
}


class _Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def page(lang: str = "", **changed: Any) -> _Page:
    return _Page(fragment({**ARTICLE, **changed}, NEWSROOM, lang))


def about(shown: _Page) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shown.text.partition("\n")[0])
    return found


def test_it_is_the_wall_as_every_tool_prints_it() -> None:
    shown = page()
    (script, _), (wall, attributes), (teaser, _), (way, classes), (link, target) = shown.found
    assert (script, wall, teaser, way, link) == ("script", "spilno-wall", "p", "p", "a")
    assert attributes["class"] == "spilno-wall"
    assert attributes["api"] == "https://news.example/support"
    assert attributes["article"] == "mist"
    assert json.loads(attributes["seal"] or "") == SEAL
    assert classes == {"class": "spilno-read-on"}
    assert target == {"href": "https://news.example/support/read/mist"}
    assert shown.text.endswith("Початок.\nЧитати далі\n\n")


def test_its_words_are_of_the_articles_language_or_the_newsrooms_first() -> None:
    assert "Read on" in page("en").text
    assert "Читати далі" in page("de").text
    assert about(page("en"))["publisher"]["name"] == "The News"


def test_search_engines_are_told_what_is_not_free() -> None:
    told = about(page())
    assert told["headline"] == "Міст – не мрія"
    assert told["author"] == {"@type": "Person", "name": "О. Коваль"}
    assert told["hasPart"]["cssSelector"] == ".spilno-wall"
    assert told["isAccessibleForFree"] is False
    opened = {**SEAL, "requires": None}
    assert about(page(seal=opened))["isAccessibleForFree"] is True
    closes = about(page(seal=opened, closes_at="2027-01-01T00:00:00Z"))
    assert closes["isAccessibleForFree"] is False, "the page stands there after it has closed"


def test_they_are_told_words_and_no_signs_of_html() -> None:
    told = about(
        page(author="О.&#32;Коваль", section="Спорт &amp; дозвілля", tags=["&laquo;міст&raquo;", "a <b>б</b>"])
    )
    assert told["author"]["name"] == "О. Коваль"
    assert told["articleSection"] == "Спорт & дозвілля"
    assert told["keywords"] == ["«міст»", "a б"]


def test_nothing_in_it_ends_an_attribute_or_the_script() -> None:
    awkward = "</script><b \"'&>"
    shown = page(title=awkward, author=awkward, seal={**SEAL, "ticket": awkward})
    assert [tag for tag, _ in shown.found] == ["script", "spilno-wall", "p", "p", "a"]
    assert about(shown)["author"]["name"] == awkward
    assert json.loads(shown.found[1][1]["seal"] or "")["ticket"] == awkward
