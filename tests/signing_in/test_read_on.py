"""`/read-on`, where mails of earlier releases lead: one tap where the reader may read, one code anywhere else.

It signs nobody in. Today's mails lead to `/go/{token}`: test_from_mail.py.
"""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from testkit.calls import API, SITE
from testkit.harness import ADA, Harness
from testkit.visitor import Visitor

ARTICLE = f"{SITE}/articles/bridge-2026?from=front"
GIFT = {"amount": 500, "currency": "eur", "interval": "month", "attempt": "attempt-0123456789", "email": ADA}


def gives(harness: Harness, **changes: object) -> tuple[Visitor, str]:
    """Ada gives from an article; answers her browser, and where "read on" in the thank-you mail led."""
    visitor = Visitor()
    session = visitor.post("/v1/checkouts", {**GIFT, "source": ARTICLE, "locale": "uk", **changes}).json["id"]
    harness.tell(harness.stripe.pay(session))
    source = changes.get("source", ARTICLE)
    query = {"lang": "uk", **({"return_to": str(source)} if source else {})}
    assert visitor.get(f"/v1/checkouts/return?session_id={session}").status == 303
    return visitor, f"/read-on?{urlencode(query)}"


@pytest.mark.parametrize("interval", ["month", "once"])
def test_in_the_browser_that_paid_it_is_one_tap(harness: Harness, interval: str) -> None:
    visitor, link = gives(harness, interval=interval, amount=2500)
    reply = visitor.navigate(link)
    assert (reply.status, reply.headers["location"]) == (303, ARTICLE)
    assert reply.headers["cross-origin-opener-policy"] == "same-origin", "who opened the window learns nothing"
    assert visitor.get("/v1/access?needs=members").json["open"]
    assert not visitor.get("/v1/session").json["signed_in"], "it signs nobody in"


def test_anywhere_else_it_is_one_code_and_then_the_article(harness: Harness) -> None:
    _, link = gives(harness)
    other = Visitor()
    reply = other.navigate(link)
    assert reply.status == 303
    asks = reply.headers["location"]
    assert parse_qs(urlsplit(asks).query) == {"lang": ["uk"], "return_to": [ARTICLE]}
    assert ADA not in link + asks, "addresses of the web are logged"
    page = other.navigate(asks.removeprefix(API))
    typed = {"email": ADA, "return_to": ARTICLE, "locale": "uk"}
    assert f'name="return_to" value="{ARTICLE}"' in page.text
    other.submit("/v1/sign-in", typed)
    done = other.submit("/v1/sign-in/confirm", {"code": harness.mails.last.code, "return_to": ARTICLE})
    assert (done.status, done.headers["location"]) == (303, ARTICLE)
    again = other.navigate(link)
    assert (again.status, again.headers["location"]) == (303, ARTICLE), "and the next time it is one tap here, too"


def test_a_day_later_the_browser_that_paid_is_like_any_other(harness: Harness) -> None:
    visitor, link = gives(harness)
    harness.pass_time(86_400 + 10)
    reply = visitor.navigate(link)
    assert urlsplit(reply.headers["location"]).path == "/sign-in"
    assert reply.headers["cross-origin-opener-policy"] == "same-origin"


def test_a_gift_from_no_page_leads_to_the_front_page(harness: Harness) -> None:
    visitor, link = gives(harness, source=None)
    assert "return_to" not in link
    assert visitor.navigate(link).headers["location"] == f"{SITE}/"
    asks = urlsplit(Visitor().navigate(link).headers["location"])
    assert parse_qs(asks.query)["return_to"] == [f"{SITE}/"]


@pytest.mark.parametrize(
    "evil",
    ["https://evil.example/", "//evil.example", "javascript:alert(1)", f"{SITE}.evil.example/", "/\\evil.example"],
)
def test_nobody_is_led_to_a_foreign_page(harness: Harness, evil: str) -> None:
    visitor, _ = gives(harness)
    for reader in (visitor, Visitor()):
        reply = reader.call("GET", f"/read-on?return_to={evil}", headers={"Accept": "text/html"})
        assert reply.status == 303
        assert "evil" not in reply.headers["location"]


def test_a_browser_that_lost_its_hint_gets_it_back(harness: Harness) -> None:
    """Without it the wall on the article would take the reader for a stranger, and not ask."""
    visitor, link = gives(harness)
    (hint,) = [name for name in visitor.cookies if name.startswith("spilno-ask-") or name == "spilno-ask"]
    del visitor.cookies[hint]
    assert visitor.navigate(link).headers["location"] == ARTICLE
    assert visitor.cookies[hint] == "1"
