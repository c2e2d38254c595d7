"""An old PHP site by its page alone: no gated byte anywhere, no letter lost, nothing saved when it fails."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
import requests

from chalicelib.articles.rules.structured_data import structured_data
from localdev.ports import ROOT
from testkit.ports import free_port
from testkit.stack import Stack
from tests.sites.php.newspaper import CHARSET, OldCms, files_of, running
from tests.sites.walk import leaks

pytestmark = pytest.mark.stack
# Every letter of the charset, in the text and in its gated half.
LETTERS = bytes(byte for byte in range(0x80, 0x100) if byte != 0x98).decode(CHARSET)
TEASER = f"<p>Міст закрили ще навесні — «ґанок», 'лапки' \"подвійні\" {LETTERS}</p>\n"
REST = f"\n<p>Варановий звіт: 5 € &amp; 3 &lt; 4. {LETTERS}</p>"
TEXT = f"{TEASER}<!--more-->{REST}"
GATED = ("варановий",)
WORD = "Варановий".encode(CHARSET)
COMPLAINT = re.compile(rb"(Warning|Notice|Deprecated|Fatal error):")
KEY = {"Authorization": "Bearer local-cms-key"}


@pytest.fixture(scope="module")
def cms(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OldCms]:
    with running(tmp_path_factory.mktemp("cms"), stack.app) as site:
        assert site.save(id="php-7", title="Міст «Їжак» — ґ", text=TEXT, access="members").text == "saved"
        assert site.save(id="php-8", title="Відкрита", text="<p>Усім.</p>", access="open").text == "saved"
        yield site


def test_no_public_address_has_a_gated_byte(cms: OldCms) -> None:
    pages = cms.walk(WORD, "Міст".encode(CHARSET))
    assert leaks(pages, GATED) == []
    have = {path for path in pages if leaks({path: pages[path]}, ["ще навесні"])}
    assert have == {"/index.php", "/rss.php", "/article.php?id=php-7", "/print.php?id=php-7", "/search.php?q=1"}
    assert leaks({file.name: file.read_bytes() for file in cms.data.iterdir()}, GATED) == [], "nor has its database"
    assert not [path for path, page in pages.items() if COMPLAINT.search(page)]


def test_without_the_line_that_gates_it_is_found_everywhere(stack: Stack, tmp_path: Path) -> None:
    """The negative control: `<!--more-->` alone hides nothing."""
    with running(tmp_path, stack.app, without="saving") as naive:
        naive.save(id="php-7", title="Міст", text=TEXT, access="members")
        pages = naive.walk(WORD)
    assert {leak.rpartition(": ")[0] for leak in leaks(pages, GATED)} == set(pages) - {"/sitemap.php"}


def test_the_page_is_right_in_its_charset(cms: OldCms, stack: Stack) -> None:
    page = cms.get("/article.php?id=php-7").decode(CHARSET)
    assert TEASER.strip() in page
    assert "Читати далі" in unescape(page)
    wall = re.search('<spilno-wall class="spilno-wall" api="([^"]+)" article="php-7" seal="([^"]+)">', page)
    assert wall
    assert wall[1] == stack.app
    seal = json.loads(unescape(wall[2]))
    assert (seal["access"], seal["needs"]) == ("members", "members")
    assert seal["version"]


def test_search_engines_are_told_the_same_as_by_every_other_tool(cms: OldCms) -> None:
    """On the article's page and on no other: lists, feeds and print versions name many articles, or none."""
    for name, title, free in (("php-7", "Міст «Їжак» — ґ", False), ("php-8", "Відкрита", True)):
        page = cms.get(f"/article.php?id={name}")
        [script] = re.findall(rb'<script type="application/ld\+json">(.*?)</script>', page)
        assert script.isascii()
        url = f"{cms.url}/article.php?id={name}"
        about = structured_data(headline=title, url=url, publisher="Вісті Надріччя", free=free)
        assert list(json.loads(script).items()) == list(about.items())
        assert page.count(b'class="spilno-wall"') == (not free)
    others = {path: page for path, page in cms.walk(WORD).items() if "/article.php" not in path}
    assert not [path for path, page in others.items() if b"ld+json" in page]


def test_the_api_has_every_letter(cms: OldCms, stack: Stack) -> None:
    article = requests.get(f"{stack.app}/v1/articles/php-7", headers=KEY, timeout=10).json()
    assert article["title"] == "Міст «Їжак» — ґ"
    assert article["url"] == f"{cms.url}/article.php?id=php-7"
    assert (article["teaser_html"], article["body_html"]) == (TEASER, TEASER + REST)
    assert article["access"] == "members"


def _form(cms: OldCms, name: str) -> str:
    return unescape(
        cms.get(f"/admin.php?id={name}")
        .decode(CHARSET)
        .partition("<textarea")[2]
        .partition(">")[2]
        .partition("</")[0]
    )


def test_the_editor_gets_the_whole_text_back_and_may_save_it_again(cms: OldCms) -> None:
    before = (cms.data / "php-7").read_bytes()
    assert _form(cms, "php-7") == TEXT
    assert cms.save(id="php-7", title="Міст «Їжак» — ґ", text=_form(cms, "php-7"), access="members").text == "saved"
    assert (cms.data / "php-7").read_bytes() == before
    assert _form(cms, "php-8") == "<p>Усім.</p>"


def test_a_letter_that_the_charset_lacks_comes_back_as_its_number(cms: OldCms, stack: Stack) -> None:
    cms.save(id="php-9", title="Міст", text=TEXT, access="members")
    article = {
        "title": "Міст",
        "url": cms.url,
        "access": "members",
        "teaser_html": "<p>ā𝄞</p>",
        "body_html": "<p>ā𝄞</p>ё",
    }
    requests.put(f"{stack.app}/v1/articles/php-9", json=article, headers=KEY, timeout=10).raise_for_status()
    asked = cms.get("/admin.php?id=php-9").decode(CHARSET)
    assert (
        unescape(asked.partition("<textarea")[2]).partition(">")[2].startswith("<p>&#257;&#119070;</p><!--more-->ё")
    )


def test_opened_to_all_it_is_whole_again_and_gone_from_the_api(cms: OldCms, stack: Stack) -> None:
    cms.save(id="php-10", title="Міст", text=TEXT, access="tier:patron")
    assert requests.get(f"{stack.app}/v1/articles/php-10/seal", timeout=10).json()["requires"] == "tier:patron"
    assert cms.save(id="php-10", title="Міст", text=_form(cms, "php-10"), access="open").text == "saved"
    assert leaks({"": cms.get("/article.php?id=php-10")}, GATED)
    assert requests.get(f"{stack.app}/v1/articles/php-10", headers=KEY, timeout=10).status_code == 404
    (cms.data / "php-10").unlink()


WRONG = {
    "no divider": ({"text": TEASER + REST}, "must have one line <!--more-->"),
    "the divider twice": ({"text": f"{TEXT}<!--more-->x"}, "must have one line <!--more-->"),
    "nothing above it": ({"text": f" <!--more-->{REST}"}, "must have one line <!--more-->"),
    "nothing below it": ({"text": f"{TEASER}<!--more--> \n"}, "must have one line <!--more-->"),
    "half a paragraph below it": ({"text": f"{TEASER}{REST}<p><!--more--></p>"}, "must have one line <!--more-->"),
    "nobody is named who may read": ({"access": ""}, "who may read"),
    "a level that is none": ({"access": "tier:nobody"}, "status 400"),
    "the wall in the place of the text": ({"text": '<spilno-wall article="php-7">'}, "not the whole text"),
    "the wall, and open to all": ({"text": '<spilno-wall article="php-7">', "access": "open"}, "not the whole text"),
    "a text that is too long": ({"text": TEXT + "ж" * 400_000}, "status 413"),
}


@pytest.mark.parametrize("why", WRONG)
def test_what_is_wrong_is_said_and_nothing_is_saved(cms: OldCms, why: str) -> None:
    changes, sentence = WRONG[why]
    before = (cms.data / "php-7").read_bytes()
    answer = cms.save(**{"id": "php-7", "title": "Міст", "text": TEXT, "access": "members", **changes})
    assert "saved" not in answer.text
    assert sentence in answer.text
    assert (cms.data / "php-7").read_bytes() == before
    assert _form(cms, "php-7") == TEXT


def test_an_api_that_is_away_or_knows_the_key_not_saves_nothing(stack: Stack, tmp_path: Path) -> None:
    for number, (api, sentence) in enumerate(
        ((f"http://127.0.0.1:{free_port()}", "does not answer"), (f"{stack.app}/nowhere", "status 404"))
    ):
        with running(tmp_path / str(number), api) as cms:
            answer = cms.save(id="php-11", title="Міст", text=TEXT, access="members")
            assert sentence in answer.text
            assert "local-cms-key" not in answer.text
            assert list(cms.data.iterdir()) == []
            assert cms.save(id="php-11", title="Міст", text="<p>Усім.</p>", access="open").text == "saved"


def test_another_systems_article_is_neither_replaced_nor_deleted(cms: OldCms, stack: Stack) -> None:
    article = {
        "title": "Міст",
        "url": cms.url,
        "access": "members",
        "teaser_html": "<p>a</p>",
        "body_html": "<p>b</p>",
    }
    address = f"{stack.app}/v1/articles/php-12"
    requests.put(address, json={**article, "origin": "site"}, headers=KEY, timeout=10).raise_for_status()
    assert "status 409" in cms.save(id="php-12", title="Міст", text=TEXT, access="members").text
    assert cms.save(id="php-12", title="Міст", text="<p>Усім.</p>", access="open").text == "saved"
    assert requests.get(address, headers=KEY, timeout=10).json()["body_html"] == "<p>b</p>"
    (cms.data / "php-12").unlink()


def test_it_is_plain_ascii_so_that_no_editor_spoils_it(tmp_path: Path) -> None:
    (ROOT / "integrations" / "php" / "spilno.php").read_text(encoding="ascii")
    files_of(tmp_path / "site", "http://127.0.0.1:8000")
    assert b"windows-1251');" in (tmp_path / "site" / "cms.php").read_bytes()
