"""Every page in each engine: nothing in its console, nothing wider than a phone."""

import pytest

from testkit.waiting import until
from tests.sites.browsers.conftest import NewReader
from tests.sites.browsers.reader import Origins, Reader

pytestmark = [pytest.mark.stack, pytest.mark.browser]
WIDER = "return document.documentElement.scrollWidth - innerWidth"


def too_wide(reader: Reader, name: str) -> list[str]:
    """A sentence if the page as it stands can be scrolled sideways."""
    reader.takes_a_picture(name)
    pixels = reader.driver.execute_script(WIDER)
    return [f"{name}: {pixels} px wider than the window"] if pixels > 0 else []


def test_pages_of_both_kinds(new_reader: NewReader, secure: Origins) -> None:
    """A stranger's pages, then those that a supporter sees; what the console complains of fails this as well."""
    reader, found = new_reader(secure), []
    for lang in ("uk", "en"):
        for name in ("donate", "sign-in", "read/demo-members", "read/demo-open", "account"):
            reader.opens_hosted(f"/{name}?lang={lang}")
            reader.is_at(name if name != "account" else "")
            found += too_wide(reader, f"{name.replace('/', '-')}-{lang}")
    for path in (
        "",
        "articles/demo-open",
        "articles/demo-metered",
        "articles/demo-patrons",
        "en/articles/demo-members-en",
    ):
        reader.opens(f"/{path}")
        until(lambda: reader.seen("button", "^(Підтрим|Support)"), path)
        found += too_wide(reader, f"site-{path.replace('/', '-')}")
    reader.gives()
    found += too_wide(reader, "thanks")
    reader.signs_in()
    reader.sees("Моя підтримка", "h1")
    found += too_wide(reader, "account-signed-in")
    for name in ("articles/demo-members", "articles/demo-patrons"):
        reader.opens(f"/{name}")
        reader.wall_is("open" if "members" in name else "closed")
        found += too_wide(reader, f"signed-in-{name.replace('/', '-')}")
    reader.opens_hosted("/read/demo-members?lang=uk")
    found += too_wide(reader, "read-open")
    assert found == []


@pytest.mark.parametrize("browser_engine", ["firefox"], indirect=True)
def test_what_goes_wrong_unseen_is_heard(new_reader: NewReader, secure: Origins) -> None:
    """The negative control of every story here: an error and a refusal of our policy reach us from the console."""
    reader = new_reader(secure, careless=True)
    reader.opens_hosted("/donate?lang=uk")
    reader.driver.execute_script("setTimeout(() => { throw new Error('heard') })")
    reader.driver.execute_script("new Image().src = 'https://elsewhere.example/one.png'")
    until(lambda: len(reader.complaints()) >= 2, "what the console wrote")
    assert {one.partition(":")[0] for one in reader.complaints()} == {
        "content javascript",
        "CSP_CSPGenericViolation",
    }
