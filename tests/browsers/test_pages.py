"""Every page in each engine: nothing in its console, nothing wider than a phone."""

import pytest

from tests.browsers.conftest import Visit
from tests.browsers.visitor import Newsroom, Visitor
from tests.support.waiting import until

pytestmark = [pytest.mark.stack, pytest.mark.browser]
WIDER = "return document.documentElement.scrollWidth - innerWidth"


def too_wide(visitor: Visitor, name: str) -> list[str]:
    """A sentence if the page as it stands can be scrolled sideways."""
    visitor.takes_a_picture(name)
    pixels = visitor.driver.execute_script(WIDER)
    return [f"{name}: {pixels} px wider than the window"] if pixels > 0 else []


def test_pages_of_both_kinds(visit: Visit, secure: Newsroom) -> None:
    """A stranger's pages, then those that a supporter sees; what the console complains of fails this as well."""
    visitor, found = visit(secure), []
    for lang in ("uk", "en"):
        for name in ("donate", "sign-in", "read/demo-members", "read/demo-open", "account"):
            visitor.opens_hosted(f"/{name}?lang={lang}")
            visitor.is_at(name if name != "account" else "")
            found += too_wide(visitor, f"{name.replace('/', '-')}-{lang}")
    for path in (
        "",
        "articles/demo-open",
        "articles/demo-metered",
        "articles/demo-patrons",
        "en/articles/demo-members-en",
    ):
        visitor.opens(f"/{path}")
        until(lambda: visitor.seen("button", "^(Підтримати|Support)"), path)
        found += too_wide(visitor, f"site-{path.replace('/', '-')}")
    visitor.gives()
    found += too_wide(visitor, "thanks")
    visitor.signs_in()
    visitor.sees("Ваша підтримка", "h1")
    found += too_wide(visitor, "account-signed-in")
    for name in ("articles/demo-members", "articles/demo-patrons"):
        visitor.opens(f"/{name}")
        visitor.wall_is("open" if "members" in name else "closed")
        found += too_wide(visitor, f"signed-in-{name.replace('/', '-')}")
    visitor.opens_hosted("/read/demo-members?lang=uk")
    found += too_wide(visitor, "read-open")
    assert found == []


@pytest.mark.parametrize("browser_engine", ["firefox"], indirect=True)
def test_what_goes_wrong_unseen_is_heard(visit: Visit, secure: Newsroom) -> None:
    """The negative control of every story here: an error and a refusal of our policy reach us from the console."""
    visitor = visit(secure, careless=True)
    visitor.opens_hosted("/donate?lang=uk")
    visitor.driver.execute_script("setTimeout(() => { throw new Error('heard') })")
    visitor.driver.execute_script("new Image().src = 'https://elsewhere.example/one.png'")
    until(lambda: len(visitor.complaints()) >= 2, "what the console wrote")
    assert {one.partition(":")[0] for one in visitor.complaints()} == {
        "content javascript",
        "CSP_CSPGenericViolation",
    }
