"""Pages, mails and Stripe's page speak the language that was meant, and the newsroom's first one where none was."""

import pytest

from testkit.harness import Harness
from testkit.visitor import Visitor
from tests.giving.test_checkouts_over_http import start
from tests.signing_in.test_sign_in import MARIA

UKRAINIAN, ENGLISH = '<html lang="uk">', '<html lang="en">'


@pytest.mark.parametrize("code", ["uk", "uk-UA", "uk_UA", "ua", "ua-UA", "ukr"])
@pytest.mark.usefixtures("harness")
def test_a_page_understands_what_was_meant(code: str) -> None:
    for path in ("/donate", "/sign-in", "/sign-in?sent=1"):
        mark = "&" if "?" in path else "?"
        english = {"Accept": "text/html", "Accept-Language": "en"}
        assert UKRAINIAN in Visitor().get(f"{path}{mark}lang={code}", **english).text
        assert UKRAINIAN in Visitor().get(f"{path}{mark}locale={code}", **english).text


@pytest.mark.parametrize(
    ("query", "browser", "shown"),
    [
        ("", "", UKRAINIAN),
        ("", "de", UKRAINIAN),
        ("", "en", ENGLISH),
        ("", "en;q=0.3,uk;q=0.7", UKRAINIAN),
        ("?lang=", "en", ENGLISH),
        ("?lang=de", "", UKRAINIAN),
        ("?lang=de", "en", ENGLISH),
        ("?lang=en_GB", "uk", ENGLISH),
        ("?lang=%00%0d%0a", "", UKRAINIAN),
    ],
)
@pytest.mark.usefixtures("harness")
def test_without_one_that_we_know_the_browser_is_asked_and_then_the_newsroom(
    query: str, browser: str, shown: str
) -> None:
    assert shown in Visitor().get(f"/donate{query}", **{"Accept": "text/html", "Accept-Language": browser}).text


NOT_SAID = [..., None, "", "de", "uk_UA", "ua", "українська", "x" * 3000]
SAID_ENGLISH = ["en", "en-GB", "en_US", "eng"]


@pytest.mark.parametrize("code", NOT_SAID)
def test_nobody_who_gives_is_refused_for_a_language(harness: Harness, code: object) -> None:
    assert start(Visitor(), locale=code).status == 201
    assert harness.stripe.created_with[-1][0]["metadata"]["language"] == "uk"


@pytest.mark.parametrize("code", NOT_SAID)
def test_nobody_who_signs_in_is_refused_for_a_language(harness: Harness, code: object) -> None:
    """Nor does an element's mail follow the browser: it stands on a page that speaks the newsroom's language."""
    body = {"email": MARIA} | ({} if code is ... else {"locale": code})
    assert Visitor().post("/v1/sign-in", body, **{"Accept-Language": "en"}).status == 202
    assert "Код для входу" in harness.mails.last.subject


@pytest.mark.parametrize("code", SAID_ENGLISH)
def test_english_is_understood_at_the_checkout(harness: Harness, code: str) -> None:
    assert start(Visitor(), locale=code).status == 201
    assert harness.stripe.created_with[-1][0]["metadata"]["language"] == "en"


@pytest.mark.parametrize("code", SAID_ENGLISH)
def test_english_is_understood_in_mails(harness: Harness, code: str) -> None:
    assert Visitor().post("/v1/sign-in", {"email": MARIA, "locale": code}).status == 202
    assert "code" in harness.mails.last.subject


@pytest.mark.usefixtures("harness")
def test_a_refused_form_answers_in_the_language_of_its_page() -> None:
    """A form has no query; its page was in the language that its hidden field says."""
    browser = Visitor()
    page = browser.call(
        "POST",
        "/account/sign-out",
        "lang=ua&colour=red",
        {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": "http://127.0.0.1:8000",
            "Accept": "text/html",
            "Accept-Language": "en",
        },
    )
    assert page.status == 400
    assert UKRAINIAN in page.text
