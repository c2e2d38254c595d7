"""An opened text looks as it does ungated, in themes that style direct children: as docs/website.md has it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.widget.conftest import Site
from tests.widget.fake_api import CANARY, FakeApi
from tests.widget.test_wall import sign_in_by_cookie

pytestmark = pytest.mark.browser
ADVICE = re.findall(
    r"```css\n(\.entry-content.+)\n```", (Path(__file__).parents[3] / "docs/website.md").read_text("utf-8")
)
TEXT = (
    f"<p>{CANARY} Перший абзац з буквицею, достатньо довгий, щоб зайняти кілька рядків на вузькому екрані.</p>"
    "<h2>Підзаголовок</h2><p>Другий.</p><figure class='alignwide'><svg width='40' height='40'></svg></figure>"
    "<blockquote><p>Цитата.</p></blockquote><ul><li>Раз</li><li>Два</li></ul><p>Останній.</p>"
)
# As block themes and as classic ones do it.
THEMES = {
    "blocks": """
        .entry-content { padding: 0 24px; }
        .is-layout-constrained > :where(:not(.alignwide)) {
          max-width: 600px; margin-left: auto !important; margin-right: auto !important; }
        .is-layout-constrained > .alignwide { max-width: 900px; margin: 0 auto; }
        .is-layout-constrained > * { margin-block: 0; }
        .is-layout-constrained > * + * { margin-block-start: 28px; }
        .entry-content > p:first-child::first-letter { font-size: 3em; float: left; }
    """,
    "classic": """
        .entry-content { max-width: 700px; margin: 0 auto; padding: 10px 15px; font: 18px/1.6 serif; }
        .entry-content > p { margin: 0 0 1.4em; text-indent: 2em; }
        .entry-content > p:first-of-type { text-indent: 0; font-size: 1.2em; }
        .entry-content > blockquote { border-left: 4px solid; margin: 0 -10px; padding: 1em; }
        .entry-content > :last-child { margin-bottom: 0; }
        .entry-content > ul { columns: 2; }
    """,
}
MEASURED = """(container) => [...container.children].map((one) => {
  const { x, width, height, top } = one.getBoundingClientRect();
  const { color, fontSize, textIndent, marginBottom, columnCount, paddingLeft } = getComputedStyle(one);
  return [one.localName, x, width, height, top - container.firstElementChild.getBoundingClientRect().top,
          color, fontSize, textIndent, marginBottom, columnCount, paddingLeft];
})"""


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("advised", [True, False], ids=["with the container's classes", "without them"])
def test_an_opened_text_looks_as_it_does_ungated(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, *, theme: str, width: int, advised: bool
) -> None:
    """The negative control: without the classes it does not."""
    assert ADVICE
    page.set_viewport_size({"width": width, "height": 900})
    style = f"<style>body {{ margin: 0 }} {THEMES[theme]} {ADVICE[0]}</style>"
    classes = "entry-content is-layout-constrained"
    site.head = style
    site.body = f'<div class="{classes}">{TEXT}</div>'
    page.goto(site.url())
    ungated: Any = page.locator(".entry-content").evaluate(MEASURED)

    sign_in_by_cookie(context, api)
    page.route(re.compile(r"/v1/articles/demo-members(\?.*)?$"), _with_text)
    site.wall(f'article="demo-members" class="{f"spilno-wall {classes}" if advised else "spilno-wall"}"')
    site.head = f'{style}<script src="{api.url}/widget.js" async></script>'
    site.body = f'<div class="{classes}">{site.body}</div>'
    page.goto(site.url())
    expect(page.get_by_text(CANARY)).to_be_visible()
    opened = page.locator("spilno-wall").evaluate(MEASURED)
    assert (opened == ungated) is advised, (opened, ungated)


def _with_text(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=json.dumps({**answer.json(), "html": TEXT}))
