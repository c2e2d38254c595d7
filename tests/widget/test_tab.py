"""The tab that the tests of this folder share is as good as a new one; who would change it has one of their own."""

import ast
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from tests.widget.conftest import Site
from tests.widget.fake_api import FakeApi
from tests.widget.tab import STAYS, Tab
from tests.widget.test_wall import sign_in_by_cookie

FILES = sorted(Path(__file__).parent.glob("test_*.py"))


def unmarked(source: str) -> set[str]:
    """The tests of a file that do what stays in a tab, by themselves or by a function of it, and are not marked."""
    functions = {one.name: one for one in ast.parse(source).body if isinstance(one, ast.FunctionDef)}
    functions = {name: one for name, one in functions.items() if "fixture" not in _decorated(one)}
    if "pytestmark" in source and "own_tab" in source.partition("pytestmark")[2].partition("\n")[0]:
        return set()
    found = set()
    for name, test in functions.items():
        called = {node.id for node in ast.walk(test) if isinstance(node, ast.Name)} & set(functions)
        text = " ".join(ast.unparse(part) for one in (name, *called) for part in functions[one].body)
        asked = {argument.arg for argument in test.args.args}
        if name.startswith("test_") and asked & {"page", "context"} and any(word in text for word in STAYS):
            found.add(name)
        if "own_tab" in _decorated(test):
            found.discard(name)
    return found


def _decorated(function: ast.FunctionDef) -> str:
    return " ".join(map(ast.unparse, function.decorator_list))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_stays_in_a_tab_is_done_in_one_of_its_own(file: Path) -> None:
    assert unmarked(file.read_text("utf-8")) == set()


def test_a_hook_is_noticed() -> None:
    """The negative control."""
    hooked = "def hook(page):\n    page.route('**', None)\n\ndef test_it(page: Page):\n    hook(page)\n"
    assert unmarked(hooked) == {"test_it"}
    assert unmarked(hooked.replace("def test_it", "@pytest.mark.own_tab\ndef test_it")) == set()


@pytest.mark.browser
def test_nothing_is_left_in_it_for_the_next(tab: Tab, context: BrowserContext, site: Site, api: FakeApi) -> None:
    tab.page.goto(site.wall())
    sign_in_by_cookie(context, api)
    tab.page.evaluate("open('about:blank')")
    tab.empty()
    assert [page.url for page in context.pages] == ["about:blank"]
    assert [cookie["name"] for cookie in context.cookies()] == ["spilno-asked"]


@pytest.mark.browser
def test_what_a_page_keeps_for_the_next_is_told(tab: Tab, site: Site) -> None:
    tab.page.goto(site.wall())
    tab.page.evaluate("sessionStorage.kept = 'by the last one'")
    with pytest.raises(AssertionError, match="mark this test `own_tab`"):
        tab.empty()
    tab.page.goto(site.url())
    assert tab.page.evaluate("sessionStorage.length") == 0


@pytest.mark.browser
def test_a_tab_that_is_gone_is_made_anew(tab: Tab) -> None:
    gone = tab.page
    gone.close()
    tab.empty()
    assert tab.page is not gone
