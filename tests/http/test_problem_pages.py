"""The page of a refusal fits what happened, and its first button does the same once more or leads home."""

import re
from html import unescape
from typing import Any

import pytest

from chalicelib.http.routes import PAGE_OF_FORM, ROUTES
from chalicelib.kernel.table import TableUnavailable
from testkit.calls import API, SITE, Reply
from testkit.harness import ADA, Harness
from testkit.tables import Around
from testkit.visitor import Visitor
from tests.http.test_forms_keep_what_was_typed import fields
from tests.pages.markup import Markup

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}


def title(page: Reply) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page.text)
    return found[1] if found else ""


def first_button(page: Reply) -> str:
    """Where the page's one first button leads, as a link or as a form."""
    main = page.text[page.text.index("<main") :]
    firsts = re.findall(r'class="(?:button )?primary"( href="[^"]*")?', main)
    assert len(firsts) == 1, firsts
    form = re.search(r'<form method="post" action="([^"]*)"', main)
    address = firsts[0][len(' href="') : -1] if firsts[0] else form[1] if form else "?"
    return unescape(address).removeprefix(API)


def no_table(harness: Harness) -> None:
    def away(*_what: Any) -> None:
        raise TableUnavailable("test")

    harness.table = Around(harness.memory, away)


@pytest.mark.parametrize(
    "url",
    [
        "/account?lang=uk",
        "/thanks/cs_test_1?lang=uk",
        "/read/a-1?lang=uk",
        "/v1/checkouts/return?session_id=cs_1&lang=uk",
    ],
)
def test_a_page_that_cannot_be_made_now_is_loaded_again(harness: Harness, url: str) -> None:
    browser = Visitor()
    harness.sign_in(browser, ADA)
    no_table(harness)
    page = browser.navigate(url)
    assert page.status == 503
    assert title(page) == "Щось зламалося на нашому боці"
    assert first_button(page) == "", "its own address"
    assert f'href="{SITE}"' in page.text, "the way home"


def test_what_an_address_holds_is_not_repeated(harness: Harness) -> None:
    """A token, say, or somebody's own address: the page is loaded again by an address that says nothing."""
    no_table(harness)
    page = Visitor().navigate("/read/a-token-1?x=%22%3E%3Cscript%3E&email=ada@reader.example")
    assert first_button(page) == ""
    assert not any(word in page.text for word in ("<script>", "a-token-1", "ada@"))


def test_stripe_away_says_so_and_not_that_we_failed(harness: Harness) -> None:
    harness.stripe.down = True
    sent = {"amount": "1500", "currency": "eur", "interval": "month", "lang": "uk", "attempt": "attempt-0123456789"}
    page = Visitor().submit("/donate", sent)
    assert page.status == 503
    assert "Платіжна система зараз не відповідає" in page.text
    assert fields(page)["amount"] == "1500"
    assert "зламалося" not in page.text


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        (
            "/v1/sign-in/confirm",
            {"code": "7K3M-XQ4T", "remember": "true", "return_to": f"{SITE}/a?b=1&c=2", "lang": "uk"},
        ),
        ("/v1/sign-in/again", {"remember": "true", "lang": "uk"}),
        ("/account/sign-out", {"everywhere": "true", "lang": "uk"}),
        ("/v1/me/portal", {"subscription": "sub_1", "lang": "uk"}),
        ("/thanks/cs_test_1/code", {"lang": "uk"}),
    ],
)
def test_a_form_that_cannot_be_shown_again_is_sent_again_whole(
    harness: Harness, path: str, sent: dict[str, str]
) -> None:
    """The table is away, so that not even the form's own page can be made."""
    browser = Visitor()
    browser.submit("/v1/sign-in", {"email": ADA})
    harness.sign_in(browser, ADA)
    browser.submit("/v1/sign-in", {"email": ADA})
    no_table(harness)
    page = browser.submit(path, sent)
    assert page.status == 503
    assert first_button(page) == path
    assert Markup(page.text).fields() == sent
    assert f'href="{SITE}"' in page.text


def test_a_form_of_a_foreign_page_never_becomes_one_of_ours(harness: Harness) -> None:
    """Pressed on our page, it would come from us."""
    browser = Visitor()
    harness.sign_in(browser, ADA)
    no_table(harness)
    for origin in ("https://evil.example", "null"):
        page = browser.call("POST", "/account/sign-out", "everywhere=true", {**FORM, "Origin": origin})
        assert page.status == 403
        assert 'name="everywhere"' not in page.text
    page = browser.call("POST", "/account/sign-out", "everywhere=true", {**FORM, "Origin": API})
    assert 'name="everywhere"' in page.text, "the control: our own page"


@pytest.mark.usefixtures("harness")
@pytest.mark.parametrize("url", ["/nothing", "/read/unknown", "/thanks/cs_test_unknown", "/read/%20"])
def test_where_nothing_is_the_way_home_comes_first(url: str) -> None:
    page = Visitor().navigate(url)
    assert page.status in (400, 404)
    assert first_button(page) == SITE
    assert "Спробувати ще раз" not in page.text, "it would find nothing again"


@pytest.mark.usefixtures("harness")
def test_an_address_that_only_takes_a_form_leads_to_its_page() -> None:
    """As after Enter in the address bar, on a form that was refused."""
    takes_forms = {
        route.path
        for route in ROUTES
        if route.method == "POST"
        and route.page
        and not any(r.path == route.path and r.method == "GET" for r in ROUTES)
    }
    assert set(PAGE_OF_FORM) == takes_forms
    for path, leads_to in PAGE_OF_FORM.items():
        page = Visitor().navigate(path.replace("{id}", "cs_test_1").replace("{gift}", "sub_1"))
        assert page.status == 405
        assert first_button(page) == leads_to.replace("{id}", "cs_test_1").replace("{gift}", "sub_1")


@pytest.mark.usefixtures("harness")
def test_who_is_not_signed_in_comes_back_to_the_account() -> None:
    page = Visitor().submit("/v1/me/portal", {"subscription": "sub_1", "lang": "uk"})
    assert page.status == 401
    assert first_button(page) == "/sign-in?lang=uk&return_to=http%3A%2F%2F127.0.0.1%3A8000%2Faccount"
