"""`structured_data.py`: what a page says of its article for search engines, and that it never ends its script."""

import json
from html.parser import HTMLParser

import pytest

from chalicelib.articles.rules.structured_data import script_text, structured_data

TITLE = "Сім’я, яка «не здалася»"
URL = "https://news.example/mist?a=1&b=2"
AWKWARD = [
    '</script><script>alert("1")</script>',
    "<!--<script>",
    "]]> & &amp; &lt;",
    'Кому п\'ять, а кому п’ять: "сто" \\ / 🙂',
    "а\u2028б\u2029в\x00\x1f",
]


class _Scripts(HTMLParser):
    """The texts of the scripts of a page, and the tags that are no script."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.others: list[str] = []
        self._inside = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._inside = tag == "script"
        (self.texts if self._inside else self.others).append("" if self._inside else tag)

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts[-1] += data


def in_a_page(text: str) -> _Scripts:
    return _Scripts(f'<p>a</p><script type="application/ld+json">{text}</script><p>b</p>')


def test_an_article_that_is_not_free_says_which_part_is_not() -> None:
    about = structured_data(
        headline=TITLE,
        url=URL,
        publisher="Вісті Надріччя",
        free=False,
        author="О. Гнатюк",
        section="Місто",
        tags=("міст",),
    )
    assert list(about.items()) == [
        ("@context", "https://schema.org"),
        ("@type", "NewsArticle"),
        ("headline", TITLE),
        ("url", URL),
        ("mainEntityOfPage", URL),
        ("publisher", {"@type": "NewsMediaOrganization", "name": "Вісті Надріччя"}),
        ("author", {"@type": "Person", "name": "О. Гнатюк"}),
        ("articleSection", "Місто"),
        ("keywords", ["міст"]),
        ("isAccessibleForFree", False),
        ("hasPart", {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".spilno-wall"}),
    ]


def test_what_is_not_known_is_left_out_and_what_is_free_has_no_such_part() -> None:
    about = structured_data(headline=TITLE, url=URL, publisher="Вісті", free=True)
    assert list(about) == [
        "@context",
        "@type",
        "headline",
        "url",
        "mainEntityOfPage",
        "publisher",
        "isAccessibleForFree",
    ]
    assert about["isAccessibleForFree"] is True


@pytest.mark.parametrize("awkward", AWKWARD, ids=range(len(AWKWARD)))
def test_nothing_in_an_article_ends_the_script(awkward: str) -> None:
    about = structured_data(headline=awkward, url=URL, publisher=awkward, free=False, author=awkward, tags=[awkward])
    found = in_a_page(script_text(about))
    assert found.others == ["p", "p"]
    assert [json.loads(text) for text in found.texts] == [about]


def test_without_the_escapes_it_would_be_ended() -> None:
    found = in_a_page(json.dumps(structured_data(headline=AWKWARD[0], url=URL, publisher="В", free=False)))
    assert len(found.texts) > 1


def test_it_is_written_as_php_writes_it() -> None:
    """The WordPress plugin prints the same bytes: JSON_HEX_TAG and JSON_HEX_AMP, slashes and letters as they are."""
    text = script_text(structured_data(headline="Ї/<&>\u2028", url=URL, publisher="В", free=True))
    assert '"headline":"Ї/\\u003C\\u0026\\u003E\\u2028"' in text


def test_half_a_character_is_written_out() -> None:
    about = structured_data(headline="а\ud800", url=URL, publisher="В", free=True)
    text = script_text(about)
    assert text.encode()
    assert json.loads(text) == about
