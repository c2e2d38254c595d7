"""Answers that are not the API's: of those the elements believe nothing but the status."""

import pytest
from playwright.sync_api import Page, expect

from tests.widget.conftest import Site
from tests.widget.fake_api import FakeApi
from tests.widget.test_donate import CHECKOUTS, give

pytestmark = pytest.mark.browser
AWSS_WORDS = {
    "message": "Too Many Requests",
    "title": "Somebody else's.",
    "code": "already_supporting",
    "field": "amount",
}


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (429, "Зараз до нас звертається надто багато людей."),
        (413, "Щось пішло не так на нашому боці."),
        (431, "Щось пішло не так на нашому боці."),
        (500, "Щось пішло не так на нашому боці."),
        (503, "Щось пішло не так на нашому боці."),
    ],
)
def test_of_an_answer_that_is_not_the_apis_the_status_alone_counts(
    page: Page, site: Site, api: FakeApi, status: int, sentence: str
) -> None:
    """API Gateway's own words, a proxy's, whatever they say; the wish stays, and the attempt is repeated."""
    api.problem_type = "application/json"
    api.problems[CHECKOUTS] = [(status, AWSS_WORDS)]
    page.goto(site.donate())
    give(page)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(sentence)
    expect(alert).not_to_contain_text("Somebody else")
    expect(alert.get_by_role("link")).to_have_count(0)
    give(page)
    page.wait_for_url("**/pay")
    first, again = (one["attempt"] for one in api.bodies(CHECKOUTS))
    assert first == again
