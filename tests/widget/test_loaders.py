"""A loader of an earlier release, from a cache or in a page that stayed open, works with the parts of today."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from chalicelib.http.elements import address_of
from tests.widget.conftest import Site
from tests.widget.fake_api import CANARY, FakeApi
from tests.widget.test_wall import sign_in_by_cookie, type_code

pytestmark = pytest.mark.browser
# `widget.js` as it was first released with what is between it and the parts, by that version: docs/elements.md.
LOADERS = sorted(Path(__file__).with_name("loaders").glob("*.js"))


GONE = "0123abcd"


def of_another_release(loader: str) -> str:
    """Its parts' addresses are of contents that are gone: of each part's own in version 1, then of all of them."""
    loader, found = re.subn(r'(?<=")((?:[a-z-]+-)?)[0-9a-f]{8}(?:[0-9a-f]{4})?(?=(\.js)?")', rf"\g<1>{GONE}", loader)
    assert found
    return loader


@pytest.mark.own_tab
@pytest.mark.parametrize("loader", LOADERS, ids=lambda path: path.stem)
def test_all_elements_work_under_it(
    page: Page, context: BrowserContext, site: Site, api: FakeApi, loader: Path
) -> None:
    api.scripts = {"widget": of_another_release(loader.read_text("utf-8"))}
    site.wall()
    site.body += f'<spilno-account api="{api.url}"></spilno-account>'
    page.goto(site.url())
    expect(page.get_by_role("button", name="Підтримувати: 3 € щомісяця")).to_be_visible()
    expect(page.get_by_role("link", name="Увійти")).to_have_count(2)
    sign_in_by_cookie(context, api, "checkout")
    page.reload()
    expect(page.get_by_text(CANARY)).to_be_visible()
    page.get_by_role("button", name="Щоб читати на всіх пристроях, увійдіть").click()
    type_code(page)
    page.get_by_role("button", name="Вийти").click()
    expect(page.get_by_text("Уже підтримуєте?")).to_be_visible()
    asked = [call.path for call in api.calls if call.path.startswith("/widget/")]
    assert set(asked) == {f"/widget/{address_of(part, GONE)}" for part in ("wall", "donate", "sign-in", "account")}
