"""A reader on a site that a page of the documentation made: sees the appeal, gives, reads on; and doctor looks."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser

from localdev.ports import ROOT
from testkit.installed import installed
from testkit.stack import Stack, answers
from testkit.waiting import until
from tests.sites.from_docs import blocks, filled_in, unnamed
from tests.sites.generators.generators import GENERATORS, Newspaper, newspaper
from tests.sites.generators.texts import GATED
from tests.sites.walk import files_of, leaks
from tests.stories.reader import Reader

pytestmark = [pytest.mark.stack, pytest.mark.browser]
HIDDEN = "Обидва рази їх перерахували фірмі, яку заснував водій заступника мера."
PLAIN = "sites/html.md"
PAGE = '<!doctype html><html lang="uk"><meta charset="utf-8"><title>Міст</title>{}<h1>Міст</h1>{}{}{}'


@contextmanager
def served(command: str, folder: Path, made: Newspaper | None, url: str) -> Iterator[None]:
    """The site by the command of its page, until the test is over."""
    with subprocess.Popen(
        command.split(), cwd=folder, env=made.environment if made else None,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            until(lambda: answers(f"{url}/"), f"{url} by {command}", 30)
            yield
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture
def hugo(newsroom: Stack, addresses: tuple[str, str], tmp_path: Path) -> Iterator[Newspaper]:
    made = newspaper(GENERATORS["hugo"], tmp_path / "hugo", addresses[0], newsroom)
    done = made.types(blocks(made.generator.page)["publish"])
    assert done.returncode == 0, done.stderr
    program = str(made.folder / "bin" / "hugo")
    command = made.typed(blocks(made.generator.page)["serve"]).replace("hugo ", f"{program} ", 1)
    with served(command, made.folder / "site", made, made.url):
        yield made


def test_a_reader_of_hugos_site_gives_and_reads_on(hugo: Newspaper, browser: Browser) -> None:
    reader = Reader(browser.new_context(locale="uk"), hugo.stack)
    article = f"{hugo.url}/posts/mist/"
    reader.page.goto(article)
    reader.sees("Міст через Надрічку закрили ще навесні.")
    reader.sees("Цей матеріал — для тих, хто підтримує редакцію.")
    assert not reader.page.locator(".spilno-read-on").is_visible()
    assert HIDDEN not in reader.page.content()
    reader.goes_to_pay()
    reader.pays()
    reader.sees_the_way_back_from_paying()
    reader.page.goto(article)
    reader.sees(HIDDEN)
    assert reader.troubles == []
    reader.context.close()


def test_an_editor_reads_what_is_gated_on_the_site_itself(hugo: Newspaper, browser: Browser) -> None:
    editor = Reader(browser.new_context(locale="uk"), hugo.stack)
    granted = hugo.types(blocks("website.md")["editor"].replace("ann@news.example", editor.email))
    assert granted.returncode == 0, granted.stderr
    editor.signs_in()
    editor.page.goto(f"{hugo.url}/posts/mist/")
    editor.sees(HIDDEN)
    editor.context.close()


def test_doctor_finds_hugos_site_tight_and_the_naive_one_leaking(hugo: Newspaper) -> None:
    leaks_of = blocks("website.md")["leaks"]
    tight = hugo.types(leaks_of)
    assert tight.returncode == 0, tight.stdout + tight.stderr
    assert "No gated text was found" in tight.stdout
    naive = hugo.folder / "site" / "content" / "posts" / "naive.md"
    naive.write_text(
        (hugo.folder / "texts" / "mist.md").read_text("utf-8").replace("posts/mist", "posts/naive"), "utf-8"
    )
    until(lambda: "водій" in requests.get(f"{hugo.url}/index.json", timeout=5).text, "Hugo made its index anew")
    found = hugo.types(leaks_of)
    assert found.returncode == 1, found.stdout + found.stderr
    assert "/index.json" in found.stdout


def test_the_plain_page(newsroom: Stack, addresses: tuple[str, str], tmp_path: Path, browser: Browser) -> None:
    installed("curl", ["curl"], package="curl")
    url = addresses[1]
    here = {
        "http://127.0.0.1:8000": newsroom.app,
        "http://127.0.0.1:8004": url,
        " 8004 ": f" {url.rpartition(':')[2]} ",
    }

    def typed(name: str) -> str:
        text = blocks(PLAIN)[name]
        for word, mine in here.items():
            text = text.replace(word, mine)
        return text

    put = subprocess.run(["/bin/bash", "-c", typed("put")], capture_output=True, text=True, timeout=30, check=True)
    assert '"seal":' in put.stdout
    (tmp_path / "mist.html").write_text(
        PAGE.format(*map(typed, ("head", "masthead", "mist.html", "button"))), "utf-8"
    )
    assert leaks(files_of(tmp_path), GATED) == []
    with served(typed("serve"), tmp_path, None, url):
        context = browser.new_context(locale="uk")
        reader = Reader(context, newsroom)
        reader.page.goto(f"{url}/mist.html")
        reader.goes_to_pay()
        reader.pays()
        reader.sees_the_way_back_from_paying()
        reader.page.goto(f"{url}/mist.html")
        reader.sees("Гроші перерахували фірмі водія.")
        assert reader.troubles == []
        context.close()


@pytest.mark.parametrize("page", ["hugo", "pelican", "eleventy", "php", "html"])
def test_the_settings_of_a_page_are_those_of_its_site(page: str) -> None:
    found = blocks(f"sites/{page}.md")
    variable, *rest = found["run"].split()
    assert rest == ["make", "run"]
    name, _, origins = variable.partition("=")
    demo, own = origins.split(",")
    assert (name, demo) == ("SPILNO_SITE_ORIGINS", "http://127.0.0.1:8080")
    assert own.rpartition(":")[2] in found["serve"] or page == "pelican"


USED = {
    "run", "serve", "head", "masthead", "button", "mist.md", "publish", "posts.json", "settings", "saving", "editing",
    "put", "mist.html", "page", "about",
}  # fmt: skip


HIDES_THE_LINK = "<style>spilno-wall:defined .spilno-read-on { display: none }</style>"


def test_every_page_hides_the_link_that_only_browsers_without_a_script_need() -> None:
    pages = [f"sites/{page.name}" for page in sorted((ROOT / "docs" / "sites").glob("*.md"))]
    assert [page for page in pages if HIDES_THE_LINK not in blocks(page)["head"]] == []


def test_no_block_of_the_pages_is_left_untried() -> None:
    pages = [f"sites/{page.name}" for page in sorted((ROOT / "docs" / "sites").glob("*.md"))]
    assert {name for page in pages for name in blocks(page)} == USED
    assert [block for page in pages for block in unnamed(page)] == []
    assert filled_in("<!-- here: head -->", PLAIN).startswith("<script src=")
