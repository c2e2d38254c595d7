"""`spilno.php` alone, on a server that stands in for the API: no whole text is shown, and none is lost."""

import json
import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chalicelib.articles.rules import titles
from chalicelib.articles.rules.structured_data import structured_data
from localdev.ports import ROOT
from testkit.articles_api import KEY, Answered, ArticlesDouble, running_articles_api
from testkit.installed import installed
from tests.sites.php.newspaper import PHP

_OURS = ROOT / "integrations" / "php" / "spilno.php"
TEXT = "<p>a</p><!--more--><p>SECRET</p>"


@pytest.fixture
def api() -> Iterator[ArticlesDouble]:
    with running_articles_api() as double:
        yield double


def php(address: str, call: str, folder: Path, *, charset: str = "utf-8") -> str:
    """What one call of the class answers, or why it does not."""
    script = folder / "call.php"
    script.write_bytes(
        f"""<?php
require '{_OURS}';
$spilno = new Spilno('{address}', '{KEY}', '{charset}');
try {{ echo 'answered: ' . {call}; }} catch (RuntimeException $error) {{ echo 'refused: ', $error->getMessage(); }}
""".encode(charset)
    )
    program = installed("PHP", ["php"], package="php-cli")
    return subprocess.run([program, *PHP, script], capture_output=True, text=True, timeout=30, check=True).stdout


def gate(address: str, folder: Path, text: str = TEXT, access: str = "'members'", more: str = "array()") -> str:
    return php(address, f"$spilno->gate('7', 't', 'https://a.example/7', '{text}', {access}, {more})", folder)


def test_the_beginning_is_shown_and_the_whole_is_given_away_to_the_api(api: ArticlesDouble, tmp_path: Path) -> None:
    shown = gate(api.address, tmp_path)
    assert shown.startswith("answered: <spilno-wall")
    assert "SECRET" not in shown
    assert api.stored["7"]["body_html"] == "<p>a</p><p>SECRET</p>"


@pytest.mark.parametrize("empty", ["", " \n", "<p></p>", "<p>&nbsp;</p>", "</p>\n<p>", "<!-- a -->", "<br>", "\xa0"])
def test_with_nothing_above_or_below_the_line_it_is_refused(api: ArticlesDouble, tmp_path: Path, empty: str) -> None:
    """An editor that puts the line into a paragraph leaves half of one behind it: all would be the beginning."""
    for text in (f"<p>SECRET</p><p><!--more-->{empty}</p>", f"<p>{empty}</p><!--more--><p>SECRET</p>"):
        assert "must have one line <!--more-->" in gate(api.address, tmp_path, text)
    assert api.calls == []


def test_a_picture_is_something(api: ArticlesDouble, tmp_path: Path) -> None:
    shown = gate(api.address, tmp_path, '<img src="a.jpg"><!--more--><iframe src="b"></iframe>')
    assert shown.startswith("answered: <spilno-wall")


@pytest.mark.parametrize("access", ["''", "null", "false"])
def test_who_may_read_must_be_said(api: ArticlesDouble, tmp_path: Path, access: str) -> None:
    shown = gate(api.address, tmp_path, access=access)
    assert shown.startswith("refused: ")
    assert "who may read" in shown
    assert api.calls == []


def test_what_is_open_until_a_day_is_gated_by_it(api: ArticlesDouble, tmp_path: Path) -> None:
    shown = gate(api.address, tmp_path, access="'open'", more="array('closes_at' => '2999-01-01T00:00:00Z')")
    assert "SECRET" not in shown
    assert api.stored["7"]["closes_at"] == "2999-01-01T00:00:00Z"
    assert (api.stored["7"]["access"], api.made("DELETE")) == ("open", [])
    assert gate(api.address, tmp_path, access="'open'", more="array('closes_at' => null)") == f"answered: {TEXT}"


@pytest.mark.parametrize(("origin", "there"), [("php", False), ("site", True), (None, True)])
def test_open_to_all_it_leaves_the_api_if_it_is_ours(
    api: ArticlesDouble, tmp_path: Path, origin: str | None, there: bool
) -> None:
    gate(api.address, tmp_path)
    api.stored["7"]["origin"] = origin
    assert gate(api.address, tmp_path, access="'open'") == f"answered: {TEXT}"
    assert ("7" in api.stored) is there


def test_lists_are_in_the_sites_charset_too(api: ArticlesDouble, tmp_path: Path) -> None:
    call = (
        f"$spilno->gate('7', 'Міст', 'https://a.example/7', '{TEXT}', 'members', array('tags' => array('Міст', 'ґ')))"
    )
    assert php(api.address, call, tmp_path, charset="windows-1251").startswith("answered: <spilno-wall")
    assert (api.stored["7"]["title"], api.stored["7"]["tags"]) == ("Міст", ["Міст", "ґ"])


ABOUT = (
    "$spilno->about({title}, 'https://a.example/7?a=1&b=2', 'Вісті & Ко', {stored}, "
    "array('author' => 'Олена &amp; Ко', 'section' => '<b>Місто</b>', 'tags' => array('ґанок', 'R&D')))"
)
TITLES = [
    "Міст «Їжак» — ґ",
    "Міст &#8211; не <em>мрія</em> &laquo;зовсім&raquo;",
    "</script><script>alert(1)</script>",
    "<!--<script> ]]> &amp;amp; &lt;b&gt;",
    "R&D, a < b, <b>без кінця &nosuch;",
    'Кому \\ 5 / "сто" \n двічі  <br> три',
]


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251"])
@pytest.mark.parametrize("title", TITLES, ids=range(len(TITLES)))
@pytest.mark.parametrize("gated", [True, False])
def test_search_engines_are_told_what_every_other_tool_tells(
    tmp_path: Path, title: str, charset: str, gated: bool
) -> None:
    """Without asking anybody, and in plain ASCII: no charset can break it, and no title the page."""
    stored = "'<spilno-wall article=\"7\">'" if gated else "'<p>Усім.</p>'"
    call = ABOUT.format(title=quoted(title), stored=stored)
    made = php("http://127.0.0.1:9", call, tmp_path, charset=charset)
    script = re.fullmatch('answered: <script type="application/ld\\+json">([^<>&]+)</script>', made, re.ASCII)
    assert script
    assert script[1].isascii()
    about = structured_data(
        headline=titles.as_read(title),
        url="https://a.example/7?a=1&b=2",
        publisher="Вісті & Ко",
        free=not gated,
        author="Олена & Ко",
        section="Місто",
        tags=["ґанок", "R&D"],
    )
    assert list(json.loads(script[1]).items()) == list(about.items())


def test_a_page_is_shown_whatever_its_title_holds(tmp_path: Path) -> None:
    for charset, title in (("utf-8", "'a\\xE3'"), ("koi8-u", "'a'")):
        double = title.replace("'", '"')
        made = php("http://127.0.0.1:9", f"$spilno->about({double}, 'u', 'n', '<p>a</p>')", tmp_path, charset=charset)
        assert made == "answered: "


def quoted(text: str) -> str:
    """A text as PHP writes it in a program."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def test_a_delete_is_done_when_the_api_says_so(api: ArticlesDouble, tmp_path: Path) -> None:
    gate(api.address, tmp_path)
    call = "json_encode($spilno->delete('7'))"
    assert [php(api.address, call, tmp_path) for _ in range(2)] == ["answered: null"] * 2
    assert api.stored == {}
    api.trouble = lambda _method, _name: Answered(404, {"message": "Not Found"})
    assert php(api.address, call, tmp_path).startswith("refused: "), "that is no word of ours"


@contextmanager
def saying(answer: bytes) -> Iterator[str]:
    """A server that says this to one caller; its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(20)

        def say() -> None:
            with listening.accept()[0] as caller:
                caller.recv(65536)
                caller.sendall(answer)
                caller.shutdown(socket.SHUT_WR)
                while caller.recv(65536):
                    pass

        thread = threading.Thread(target=say, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        thread.join(20)


@pytest.mark.parametrize(
    "answer",
    [
        b"NONSENSE\r\n\r\n{}",
        b"HTTP/1.1 abc\r\n\r\n{}",
        b"\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 404 Not Found\r\n\r\n" + json.dumps({"code": "unknown_article"}).encode(),
    ],
)
def test_an_answer_that_is_none_is_no_success(tmp_path: Path, answer: bytes) -> None:
    with saying(answer) as address:
        assert gate(address, tmp_path).startswith("refused: ")
