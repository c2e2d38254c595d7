"""What an article is called by: a CMS that sends more than is stored gets its text across, and what fits stays."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.articles.rules.names import in_one_line, kept_tags, shortened
from testkit.harness import Harness
from testkit.visitor import Visitor
from tests.articles.listing import put

TAGS = [f"тема {number}" for number in range(25)]


SHORTENED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"tags": TAGS}, {"tags": TAGS[:20]}),
    ({"tags": ["т" * 64, "т" * 65]}, {"tags": ["т" * 64, "т" * 63 + "…"]}),
    ({"author": "Олена Коваль, " * 15}, {"author": "Олена Коваль, " * 13 + "Олена Коваль…"}),
    ({"section": "а" * 201}, {"section": "а" * 199 + "…"}),
    ({"title": "а" * 501}, {"title": "а" * 499 + "…"}),
]
FITS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"tags": ["", *TAGS[:20]]}, {"tags": TAGS[:20]}),
    ({"tags": ["міст\n", "\t"]}, {"tags": ["міст"]}),
    ({"author": "Олена\nКоваль"}, {"author": "Олена Коваль"}),
    ({"title": "Міст\r\nі брід"}, {"title": "Міст і брід"}),
    ({"title": "а" * 500, "author": "а" * 200}, {"title": "а" * 500, "author": "а" * 200}),
]


@pytest.mark.parametrize(
    ("sent", "stored", "told"),
    [*((*case, ["names_shortened"]) for case in SHORTENED), *((*case, []) for case in FITS)],
)
def test_no_article_stays_behind_for_a_name(
    harness: Harness, sent: dict[str, Any], stored: dict[str, Any], told: list[str]
) -> None:
    reply = put(harness, "mist", **sent)
    assert reply.status == 200
    there = Visitor(origin=None).get("/v1/articles/mist", **harness.cms_key()).json
    for name, value in stored.items():
        assert reply.json[name] == there[name] == value
    assert [warning["code"] for warning in reply.json["warnings"]] == told


def test_what_was_shortened_is_put_again_as_it_is(harness: Harness) -> None:
    """A CMS that reads the article back and puts it again hears of nothing."""
    put(harness, "mist", title="слово " * 100, author="слово " * 50, tags=["слово " * 12] * 30)
    there = Visitor(origin=None).get("/v1/articles/mist", **harness.cms_key()).json
    again = put(harness, "mist", **{name: there[name] for name in ("title", "author", "tags")})
    assert [again.json[name] for name in ("title", "author", "tags")] == [
        there[name] for name in ("title", "author", "tags")
    ]
    assert again.json["warnings"] == []


@given(st.text(), st.integers(2, 40))
def test_a_shortened_text_is_no_longer_and_begins_alike(text: str, longest: int) -> None:
    short = shortened(text, longest)
    assert len(short) <= longest
    assert short == text or (len(text) > longest and text.startswith(short.removesuffix("…")))
    assert shortened(short, longest) == short


@given(st.lists(st.text(min_size=1)))
def test_tags_are_the_first_ones_in_their_order(tags: list[str]) -> None:
    kept = kept_tags(tags)
    assert len(kept) == min(len(tags), 20)
    assert all(tag == short or len(tag) > 64 for tag, short in zip(tags, kept, strict=False))


@given(st.text())
def test_one_line_holds_no_control_character(text: str) -> None:
    assert not any(character < " " or character == "\x7f" for character in in_one_line(text))
