"""Addresses in an article lead where they lead on its own page."""

import pytest

from chalicelib.article_html.addresses import LINKS, pictures, resolved
from tests.article_html.making import URL, made, page

RESOLVED = {
    "a.jpg": "https://news.example/2026/11/mist/a.jpg",
    "../a.jpg": "https://news.example/2026/11/a.jpg",
    "/a.jpg": "https://news.example/a.jpg",
    "//cdn.example/a.jpg": "https://cdn.example/a.jpg",
    "?page=2": f"{URL}?page=2",
    "https://other.example/x": "https://other.example/x",
    "HTTP://other.example/x": "http://other.example/x",
    "https:a.jpg": "https://news.example/2026/11/mist/a.jpg",
    " \n/a b.jpg ": "https://news.example/a%20b.jpg",
    "/новини": "https://news.example/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8",
    "\\\\cdn.example\\a.jpg": "https://cdn.example/a.jpg",
    "/\\evil.example/x": "https://evil.example/x",
    "/a\n/b": "https://news.example/a/b",
    "#part": f"{URL}#part",
}
NOTHING = [
    "", " ", "https://", "https://[", "http:///", "//", "javascript:alert(1)", " java\tscript:alert(1)",
    "JAVASCRIPT:x", "\x01javascript:x", "data:text/html,x", "vbscript:x", "blob:https://news.example/1",
    "file:///etc/passwd", "about:x",
]  # fmt: skip


@pytest.mark.parametrize(("address", "whole"), RESOLVED.items())
def test_an_address_is_read_against_the_articles_own(address: str, whole: str) -> None:
    assert resolved(address, URL) == whole


@pytest.mark.parametrize("address", NOTHING)
def test_what_leads_nowhere_or_acts_is_no_address(address: str) -> None:
    assert resolved(address, URL) is None
    assert resolved(address, URL, LINKS) is None
    assert page(f'<a href="{address}">x</a><img src="{address}"><video src="{address}"></video>') == (
        '<a>x</a><video controls="" preload="metadata"></video>'
    )


@pytest.mark.parametrize(
    "address",
    ["mailto:redaktsiia@news.example", "tel:+380441234567", "viber://chat?number=1", "tg://resolve?domain=x"],
)
def test_a_link_may_write_call_and_open_a_messenger(address: str) -> None:
    assert page(f'<a href="{address}">x</a>') == f'<a href="{address}">x</a>'
    assert page(f'<img src="{address}">') == ""


@pytest.mark.parametrize(
    ("srcset", "whole"),
    [
        ("a.jpg 1x, /b.jpg 2x", f"{URL}a.jpg 1x, https://news.example/b.jpg 2x"),
        (
            "/w_3,h_2/a.jpg 3w,/w_6,h_4/a.jpg 6w",
            "https://news.example/w_3,h_2/a.jpg 3w, https://news.example/w_6,h_4/a.jpg 6w",
        ),
        ("/a.jpg", "https://news.example/a.jpg"),
        ("/a.jpg, /b.jpg 2x", "https://news.example/a.jpg, https://news.example/b.jpg 2x"),
        ("javascript:x 1x, /b.jpg 2x", "https://news.example/b.jpg 2x"),
        ("", ""),
        (" , ", ""),
    ],
)
def test_every_picture_of_a_set_is_resolved(srcset: str, whole: str) -> None:
    assert pictures(srcset, URL) == whole


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        (
            '<video poster="/p.jpg"><source src="v.mp4" type="video/mp4"><track src="/s.vtt" kind="x"></video>',
            (
                '<video poster="https://news.example/p.jpg" controls="" preload="metadata">'
                f'<source src="{URL}v.mp4" type="video/mp4"><track src="https://news.example/s.vtt" kind="x"></video>'
            ),
        ),
        (
            '<audio src="/a.mp3" autoplay preload="none"></audio>',
            '<audio src="https://news.example/a.mp3" preload="none" controls=""></audio>',
        ),
        (
            '<picture><source srcset="/a.webp 1x"><img src="/a.jpg" alt="М" width="9" height="5%" ismap></picture>',
            (
                '<picture><source srcset="https://news.example/a.webp 1x">'
                '<img src="https://news.example/a.jpg" alt="М" width="9" height="5%"></picture>'
            ),
        ),
        (
            '<blockquote cite="/src">x</blockquote><q cite="javascript:x">y</q>',
            '<blockquote cite="https://news.example/src">x</blockquote><q>y</q>',
        ),
        ('<base href="https://evil.example/"><img src="a.jpg">', f'<img src="{URL}a.jpg" alt="">'),
        ('<img src="data:image/png;base64,AAAA">', '<img src="data:image/png;base64,AAAA" alt="">'),
    ],
)
def test_media_come_from_where_the_newsroom_keeps_them(html: str, shown: str) -> None:
    assert page(html) == shown


@pytest.mark.parametrize(
    "html",
    [
        '<img class="lazy" src="data:image/gif;base64,R0" data-src="/a.jpg">',
        '<img data-lazy-src="/a.jpg" src="/blank.gif"><noscript><img src="/a.jpg"></noscript>',
        '<img data-original="/a.jpg">',
        '<noscript><img src="/a.jpg"></noscript>',
    ],
)
def test_a_picture_that_waits_for_a_script_is_shown_once(html: str) -> None:
    assert page(html) == '<img src="https://news.example/a.jpg" alt="">'


def test_a_set_that_waits_for_a_script_takes_the_place_of_the_other() -> None:
    assert page('<img src="/a.jpg" srcset="/small.jpg 1x" data-srcset="/big.jpg 2x">') == (
        '<img src="https://news.example/a.jpg" srcset="https://news.example/big.jpg 2x" alt="">'
    )


def test_a_pixel_that_counts_readers_without_a_script_is_not_loaded() -> None:
    pixel = (
        '<noscript><img height="1" width="1" style="display:none" src="https://www.facebook.com/tr?id=1"></noscript>'
    )
    assert page(pixel) == ""


def test_footnotes_stay_on_the_page() -> None:
    links = f'<a id="r1" href="#fn1">1</a><a href="{URL}#fn1">2</a><a href="/2026/11/mist/#fn1">3</a>'
    html = f'{links}<li id="fn1"><a href="#r1">^</a>'
    assert page(html) == (
        '<a id="article-r1" href="#article-fn1">1</a><a href="#article-fn1">2</a><a href="#article-fn1">3</a>'
        '<li id="article-fn1"><a href="#article-r1">^</a></li>'
    )


def test_a_place_that_is_not_here_is_on_the_newsrooms_site() -> None:
    assert page(f'<a href="{URL}#comments">x</a>') == f'<a href="{URL}#comments">x</a>'
    assert page('<a href="/other/#fn1">x</a><p id="fn1">y</p>').startswith(
        '<a href="https://news.example/other/#fn1">'
    )
    assert page('<a href="#">up</a><a href="#top">up</a>') == '<a href="#">up</a><a href="#">up</a>'


@pytest.mark.parametrize(
    ("html", "relative"),
    [
        ('<img src="/a.jpg">', True),
        ('<a href="../x">y</a>', True),
        ('<img srcset="a.jpg 1x" src="https://news.example/a.jpg">', True),
        ('<img srcset="https://r.example/a.jpg 1x, /b.jpg 2x">', True),
        ('<img srcset="https://r.example/w_3,h_2/a.jpg 3w, https://r.example/w_6,h_4/a.jpg 6w">', False),
        ('<img srcset="data:image/gif;base64,R0lGODlhAQABAAAAACw= 1x, https://r.example/a.jpg 2x">', False),
        ('<a href="#fn">1</a><a href="https://news.example">2</a><a href="mailto:x@y.example">3</a>', False),
    ],
)
def test_relative_addresses_are_told(html: str, relative: bool) -> None:
    assert made(html).relative is relative
