"""Whatever stands in the address of a newsroom's page, its readers can give and sign in from there."""

import re
from html import unescape
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from testkit.calls import SITE
from testkit.harness import Harness
from testkit.visitor import Visitor
from tests.giving.test_checkouts_over_http import start
from tests.signing_in.test_sign_in import MARIA

HEADLINE = f"{SITE}/{quote('міст-через-річку-', safe='') * 8}"
FACEBOOK = f"{HEADLINE}?fbclid={'x' * 130}"
ODD = f"{SITE}/a?q=a|b{{c}}d^e%0Af%5Cg\\h i"
ODD_USED = f"{SITE}/a?q=a%7Cb%7Bc%7Dd%5Ee%0Af%5Cg%5Ch%20i"
ADDRESSES = [
    (FACEBOOK, FACEBOOK),
    (ODD, ODD_USED),
    (f"{SITE}/?{'x' * 4000}", f"{SITE}/"),
    (f"{SITE}/{'x' * 4000}", None),
]


def test_the_headline_is_one_that_was_refused() -> None:
    assert 500 < len(FACEBOOK) < 2000


@pytest.mark.parametrize(("address", "used"), ADDRESSES)
def test_a_gift_starts_from_any_page_of_the_newsrooms(harness: Harness, address: str, used: str | None) -> None:
    assert start(Visitor(), interval="once", source=address, return_to=address).status == 201
    params, _ = harness.stripe.created_with[-1]
    if used is not None:
        assert params["cancel_url"] == used
    for metadata in (params["metadata"], params["payment_intent_data"]["metadata"]):
        assert len(metadata["source"]) <= 500
        assert re.fullmatch(rf"{SITE}/([!-$&-~]|%[0-9A-F][0-9A-F])*", metadata["source"]), "cut where an escape ends"


@pytest.mark.parametrize(("address", "used"), ADDRESSES)
def test_the_same_from_the_page_without_javascript(harness: Harness, address: str, used: str | None) -> None:
    browser = Visitor()
    page = browser.navigate(
        f"/donate?lang=uk&amount=500&source={quote(address, safe='')}&return_to={quote(address, safe='')}"
    )
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    assert unescape(fields.get("return_to", "")) == (used or "")
    assert max(map(len, re.findall(r'href="([^"]*)"', page.text))) < 8000, "CloudFront takes 8,192 characters"
    reply = browser.submit("/donate", {**{n: unescape(v) for n, v in fields.items()}, "amount": "500"})
    assert reply.status == 303
    assert harness.stripe.created_with[-1][0]["metadata"]["source"] == unescape(fields["source"])


@pytest.mark.parametrize(("address", "used"), ADDRESSES)
@pytest.mark.parametrize("by", ["api", "page"])
def test_signing_in_leads_back_to_any_page(harness: Harness, address: str, used: str | None, by: str) -> None:
    browser, body = Visitor(), {"email": MARIA, "return_to": address}
    if by == "api":
        assert browser.post("/v1/sign-in", body).status == 202
    else:
        asked = browser.submit("/v1/sign-in", body)
        assert asked.status == 303
        assert parse_qs(urlsplit(asked.headers["location"]).query).get("return_to") == ([used] if used else None)
    done = browser.submit("/v1/sign-in/confirm", {"code": harness.mails.last.code, "return_to": address})
    assert (done.status, done.headers["location"]) == (303, used or "http://127.0.0.1:8000/account")


@pytest.mark.parametrize(
    "address",
    [
        *("https://evil.example/?a|b", "//evil.example", "/\\evil.example", "/%5cevil.example", "https:evil.example"),
        *(
            f"{SITE}@evil.example/",
            f"{SITE}.evil.example/{'x' * 3000}",
            f"{SITE}/\r\nSet-Cookie: x=1",
            "\t//evil.example",
        ),
    ],
)
def test_another_place_is_refused_as_ever(harness: Harness, address: str) -> None:
    """The negative control: what is taken is not just everything."""
    for field in ("source", "return_to"):
        assert start(Visitor(), **{field: address}).code == f"bad_{field}"
    assert Visitor().post("/v1/sign-in", {"email": MARIA, "return_to": address}).code == "bad_return_to"
    assert not harness.mails.sent
    page = Visitor().navigate(f"/donate?lang=uk&return_to={quote(address, safe='')}")
    assert page.status == 200
    assert "evil" not in page.text.replace(quote(address, safe=""), "")


def test_the_thank_you_page_leads_below_the_public_address(harness: Harness) -> None:
    """A path is one of our own pages, wherever they stand; the website's front page may be at the same host."""
    browser = Visitor()
    started = start(browser, return_to="/read/mist").json
    harness.stripe.pay(started["id"])
    page = browser.navigate(f"/thanks/{started['id']}")
    assert 'href="http://127.0.0.1:8000/read/mist"' in page.text
