"""`PUT /v1/articles/{id}` over HTTP: what is stored and what is told of it."""

from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.articles.views import answers
from testkit.calls import SITE, Reply
from testkit.harness import Harness
from testkit.visitor import Visitor

WORDS = "<p>Насосну станцію запустять до морозів, кажуть у громаді.</p>"
CYRILLIC = "/novyny/" + "насосна-станція-" * 20


def put(harness: Harness, **more: Any) -> Reply:
    body = {"title": "Міст", "url": f"{SITE}/mist", "access": "members", "teaser_html": "<p>Початок.</p>", **more}
    return Visitor(origin=None).put("/v1/articles/mist", body, **harness.cms_key())


def codes(reply: Reply) -> list[str]:
    answers.ArticleStored.model_validate(reply.json)
    return [warning["code"] for warning in reply.json["warnings"]]


def test_a_good_article_earns_no_warning(harness: Harness) -> None:
    assert codes(put(harness, body_html=WORDS)) == []
    assert codes(put(harness)) == []


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (
            {"teaser_html": WORDS, "body_html": WORDS.replace("<p>", "<div>\n").replace("</p>", "</div>")},
            "teaser_is_body",
        ),
        ({"body_html": "<p> </p><!-- nothing -->"}, "body_empty"),
        ({"teaser_html": "<script>x()</script>"}, "teaser_empty"),
        ({"url": "https://elsewhere.example/mist"}, "url_not_on_site"),
        ({"title": "Міст &#8211; мрія"}, "title_has_markup"),
        ({"author": "o.koval@news.example"}, "author_is_address"),
        ({"section": "Спорт &amp; дозвілля"}, "names_have_markup"),
        ({"tags": ["місто"] * 25}, "names_shortened"),
        ({"tags": ["Насосну станцію запустять".encode().decode("cp1251")]}, "misread_letters"),
        ({"access": "metered"}, "metered_as_members"),
        ({"teaser_html": "<p>Початок<!-- wp:more"}, "unclosed_html"),
        ({"teaser_html": "<div><p>Початок"}, "unclosed_html"),
        ({"teaser_html": "<p>Початок</p></div>"}, "unclosed_html"),
        ({"body_html": '<p>Текст і ще<img src="/a.jpg"></p>'}, "relative_addresses"),
        ({"body_html": '<p>Текст і ще</p><iframe src="https://polls.example/1"></iframe>'}, "shown_as_links"),
        ({"opens_at": "2026-12-02T00:00:00Z", "closes_at": "2026-12-01T00:00:00Z"}, "closes_before_opens"),
    ],
)
def test_it_is_stored_and_the_newsroom_is_told(harness: Harness, sent: dict[str, Any], code: str) -> None:
    harness.wiring.newsroom = replace(harness.newsroom, meter=None)  # then `metered` is `members`
    reply = put(harness, **sent)
    assert (reply.status, codes(reply)) == (200, [code])
    assert Visitor().get("/v1/articles/mist").status == 200


@pytest.mark.parametrize(
    "html",
    [
        "<ul><li>один<li>два</ul>",
        "<p>один<p>два",
        "<table><tr><td>x<td>y</table>",
        "<br/><img>",
        "<svg><path/></svg>",
    ],
)
def test_html_that_may_leave_its_ends_out_is_balanced(harness: Harness, html: str) -> None:
    assert codes(put(harness, teaser_html=f"{html}<p>Слова.</p>")) == []


def test_a_picture_alone_is_a_teaser(harness: Harness) -> None:
    assert codes(put(harness, teaser_html=f'<img src="{SITE}/a.jpg">')) == []


@pytest.mark.parametrize(
    ("url", "stored"),
    [
        (f"{SITE}{CYRILLIC}", f"{SITE}{quote(CYRILLIC)}"),
        (f"{SITE}/a?b=c|d&e={{f}}^`g h", f"{SITE}/a?b=c%7Cd&e=%7Bf%7D%5E%60g%20h"),
        (f"{SITE}/" + "a" * (2000 - len(SITE) - 1), f"{SITE}/" + "a" * (2000 - len(SITE) - 1)),
        (f" {SITE}/a%0Ab\n", f"{SITE}/a%0Ab"),
        (f"{SITE}/a\\b", f"{SITE}/a%5Cb"),
    ],
)
def test_an_address_is_encoded_rather_than_refused(harness: Harness, url: str, stored: str) -> None:
    reply = put(harness, url=url)
    assert (reply.status, reply.json["url"], codes(reply)) == (200, stored, [])
    assert Visitor().get("/v1/articles/mist").json["url"] == stored
    assert f'href="{stored.replace("&", "&amp;")}"' in Visitor().navigate("/read/mist").text


@pytest.mark.parametrize(
    "url",
    ["", "/mist", "mist", "//news.example/x", "javascript:alert(1)", "data:text/html,x", "https://", "https://[", "https://a:b/",
     "https://a:99999/", "https:\\\\news.example", "ftp://news.example/", "https://a b/", "https://news.example\\@evil.example/",
     f"{SITE}/" + "a" * 2000],
)  # fmt: skip
def test_what_is_no_address_of_a_page_is_refused_in_words(harness: Harness, url: str) -> None:
    reply = put(harness, url=url)
    assert (reply.status, reply.json["field"]) == (400, "url")


def test_a_title_is_words_wherever_it_is_read_and_as_it_was_put_for_the_cms(harness: Harness) -> None:
    put(harness, title="Хто <em>винен</em> &#8211; R&amp;D")
    assert Visitor().get("/v1/articles/mist").json["title"] == "Хто винен – R&D"
    page = Visitor().navigate("/read/mist").text
    assert "<h1>Хто винен – R&amp;D</h1>" in page
    assert "<title>Хто винен – R&amp;D · " in page
    stored = Visitor(origin=None).get("/v1/articles/mist", **harness.cms_key()).json
    assert stored["title"] == "Хто <em>винен</em> &#8211; R&amp;D"


SCRIPTS = (
    "<p>Слова.</p><script async src='//www.instagram.com/embed.js'></script>"
    "<script src='https://telegram.org/js/telegram-widget.js?22'></script>"
    "<script type='application/ld+json'>{}</script><script>x()</script>"
)


def test_of_scripts_that_the_wall_does_not_run_the_newsroom_is_told(harness: Harness) -> None:
    def titles(**more: Any) -> list[str]:
        told = put(harness, body_html=SCRIPTS, **more).json["warnings"]
        return [one["title"] for one in told if one["code"] == "silent_scripts"]

    said = "Of the scripts in an opened text the wall runs"
    listed = f"{said} those that embeds in newsroom.toml lists, not:"
    assert titles() == [f"{listed} telegram.org, www.instagram.com."]
    harness.wiring.newsroom = replace(harness.newsroom, embeds=("https://www.instagram.com/embed.js",))
    assert titles() == [f"{listed} telegram.org."]
    harness.wiring.newsroom = replace(harness.newsroom, embeds=("www.instagram.com", "telegram.org"))
    assert titles() == [f"{said} those with an address."]
    assert titles(access="open") == []
