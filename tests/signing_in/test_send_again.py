"""`Send the code again` sends it: to the address that was asked for or given at payment, without typing it anew."""

import re
from html import unescape

import pytest

from chalicelib.signing_in.rows import sign_ins
from testkit.calls import API, SITE, Reply
from testkit.harness import ADA, Harness
from testkit.visitor import Visitor
from tests.pages.markup import Markup

MARIA = "maria@reader.example"
AGAIN = "/v1/sign-in/again"
MINUTE = 60


def button(page: Reply) -> str:
    """Where the page's button for another code sends its form; empty where there is none."""
    found = re.search(r'<button[^>]* formaction="([^"]*)"', page.text)
    return unescape(found[1]).removeprefix(API) if found else ""


def hidden(page: Reply) -> dict[str, str]:
    return {name: value or "" for name, value in Markup(page.text).fields().items()}


def asks(visitor: Visitor, back: str = f"{SITE}/a") -> Reply:
    """Ask for a code on the page, and be shown the page for it."""
    reply = visitor.submit("/v1/sign-in", {"email": MARIA, "return_to": back, "locale": "uk"})
    return visitor.navigate(reply.headers["location"].removeprefix(API))


def shown_after(visitor: Visitor, reply: Reply) -> Reply:
    assert reply.status == 303, reply.text
    return visitor.navigate(reply.headers["location"].removeprefix(API))


def test_the_button_mails_another_code_to_the_same_address(harness: Harness) -> None:
    browser = Visitor()
    page = asks(browser)
    assert button(page) == AGAIN
    assert MARIA not in page.text, "masked, as before"
    page = shown_after(browser, browser.submit(AGAIN, hidden(page)))
    assert [mail.to for mail in harness.mails.sent] == [MARIA, MARIA]
    assert "Новий код уже в дорозі" in page.text
    assert re.search(r'id="code"[^>]* autofocus>', page.text)
    reply = browser.submit("/v1/sign-in/confirm", hidden(page) | {"code": harness.mails.last.code})
    assert reply.headers["location"] == f"{SITE}/a", "the way back is kept"


def test_a_code_that_is_over_keeps_its_page_and_offers_a_new_one(harness: Harness) -> None:
    browser = Visitor()
    page = asks(browser)
    old = harness.mails.last.code
    harness.clock.real += 10 * MINUTE
    refused = browser.submit("/v1/sign-in/confirm", hidden(page) | {"code": old})
    assert refused.status == 410
    assert re.search(r'role="alert"[^>]*>Код уже не діє', refused.text)
    assert "m…@reader.example" in refused.text
    assert 'name="email"' not in refused.text, "nothing to type again"
    assert button(refused) == button(browser.navigate("/sign-in?sent=1&lang=uk")) == AGAIN
    assert re.search(r'formaction="[^"]*" autofocus>', refused.text)
    page = shown_after(browser, browser.submit(AGAIN, hidden(refused)))
    assert browser.submit("/v1/sign-in/confirm", hidden(page) | {"code": harness.mails.last.code}).status == 303


@pytest.mark.usefixtures("harness")
def test_the_last_wrong_guess_is_not_asked_to_correct_anything() -> None:
    browser = Visitor()
    page = asks(browser)
    said = []
    for _ in range(5):
        refused = browser.submit("/v1/sign-in/confirm", hidden(page) | {"code": "0000-0000"})
        said.append(re.search(r'role="alert"[^>]*>([^.]*)', refused.text)[1])  # type: ignore[index] # it is there
    assert said == ["Код не підходить"] * 4 + ["Код уже не діє"]
    assert 'name="code"' not in refused.text
    assert button(refused) == AGAIN


def test_a_link_that_is_over_offers_a_new_one_where_it_was_asked_for(harness: Harness) -> None:
    browser = Visitor()
    asks(browser)
    token = harness.mails.last.token
    harness.clock.real += 10 * MINUTE
    page = browser.navigate(f"/v1/sign-in/{token}?lang=uk")
    assert "Це посилання вже не діє" in page.text
    assert button(page) == AGAIN
    assert shown_after(browser, browser.submit(AGAIN, hidden(page))).status == 200
    assert len(harness.mails.sent) == 2
    assert button(Visitor().navigate(f"/v1/sign-in/{token}?lang=uk")) == "", "elsewhere it asks for the address"


def test_an_hour_later_the_address_is_forgotten(harness: Harness) -> None:
    browser = Visitor()
    page = asks(browser)
    harness.clock.real += sign_ins.KEPT
    reply = browser.submit(AGAIN, hidden(page))
    assert (reply.status, len(harness.mails.sent)) == (303, 1)
    page = shown_after(browser, reply)
    assert 'name="email"' in page.text
    assert "або минуло понад годину" in page.text, "and why it asks"
    assert "або минуло понад годину" not in browser.navigate("/sign-in?lang=uk").text
    assert hidden(page)["return_to"] == f"{SITE}/a"


def test_a_used_request_sends_nothing_and_keeps_no_address(harness: Harness) -> None:
    browser = Visitor()
    page = asks(browser)
    before = dict(browser.cookies)
    assert browser.submit("/v1/sign-in/confirm", hidden(page) | {"code": harness.mails.last.code}).status == 303
    assert Visitor(cookies=before).submit(AGAIN, hidden(page)).status == 303
    assert len(harness.mails.sent) == 1
    assert not [row for row in harness.kinds("SIGNIN") if MARIA in str(row)]


def test_who_did_not_ask_causes_no_mail(harness: Harness) -> None:
    """The negative control: without the cookie of the browser that asked, or with another's, nothing is sent."""
    page, mine, stranger = asks(Visitor()), Visitor(), Visitor()
    stranger.submit("/v1/sign-in", {"email": "eve@reader.example"})
    for visitor in (mine, stranger):
        visitor.submit(AGAIN, hidden(page))
    assert [mail.to for mail in harness.mails.sent] == [MARIA, "eve@reader.example", "eve@reader.example"]
    foreign = Visitor().call(
        "POST",
        AGAIN,
        "lang=uk",
        {"Content-Type": "application/x-www-form-urlencoded", "Origin": "https://evil.example"},
    )
    assert foreign.status == 403


def test_limits_hold_and_what_was_typed_stays(harness: Harness) -> None:
    browser = Visitor()
    page = asks(browser)
    for _ in range(30):
        reply = browser.submit(AGAIN, hidden(page) | {"code": "7K3M"})
    assert reply.status == 429
    wait = int(reply.headers["retry-after"])
    minutes = f"за {-(-wait // 60)} хвилин" if wait > 90 else f"за {wait} секунд"
    assert minutes in re.search(r'role="alert"[^>]*>([^<]*)<', reply.text)[1].replace("\N{NO-BREAK SPACE}", " ")  # type: ignore[index] # it is there
    assert re.search(r'id="code"[^>]* value="7K3M"', reply.text)
    assert button(reply) == AGAIN
    assert len(harness.mails.sent) < 10, "the budget of one address, which is silent"
    harness.clock.real += wait
    assert browser.submit(AGAIN, hidden(page)).status == 303


def test_no_mail_service_leaves_the_page_with_its_button(harness: Harness) -> None:
    browser = Visitor()
    page = asks(browser)
    harness.mails.down = True
    refused = browser.submit(AGAIN, hidden(page))
    assert refused.status == 503
    assert "Зараз не вдається надіслати листа" in refused.text
    assert button(refused) == AGAIN


def paid(harness: Harness, browser: Visitor) -> str:
    wish = {"amount": 500, "currency": "eur", "interval": "once", "attempt": "attempt-0123456789", "locale": "uk"}
    session = str(browser.post("/v1/checkouts", wish | {"return_to": f"{SITE}/a"}).json["id"])
    harness.stripe.pay(session, ADA)
    assert browser.get(f"/v1/checkouts/return?session_id={session}").status == 303
    return session


@pytest.mark.parametrize("later", [0, 11 * MINUTE, 3 * 60 * MINUTE])
def test_the_thank_you_page_mails_another_code_and_stays(harness: Harness, later: int) -> None:
    browser = Visitor()
    session = paid(harness, browser)
    harness.clock.real += later
    page = browser.navigate(f"/thanks/{session}?lang=uk")
    assert button(page) == f"/thanks/{session}/code"
    assert ("Надішлемо код на адресу" in page.text) is bool(later), "it does not say that a code lies there"
    assert ('name="code"' in page.text) is not bool(later)
    page = shown_after(browser, browser.submit(button(page), hidden(page)))
    assert "Дякуємо!" in page.text
    assert "5\N{NO-BREAK SPACE}€" in page.text
    assert re.search(r'id="code"[^>]* autofocus>', page.text)
    assert harness.mails.last.to == ADA
    reply = browser.submit("/v1/sign-in/confirm", hidden(page) | {"code": harness.mails.last.code})
    assert reply.headers["location"] == f"{SITE}/a"
    assert button(browser.navigate(f"/thanks/{session}?lang=uk")) == "", "signed in, there is nothing to ask for"


def test_a_code_that_is_over_keeps_the_thank_you_page(harness: Harness) -> None:
    browser = Visitor()
    session = paid(harness, browser)
    page, code = browser.navigate(f"/thanks/{session}?lang=uk"), harness.mails.last.code
    harness.clock.real += 10 * MINUTE
    refused = browser.submit("/v1/sign-in/confirm", hidden(page) | {"code": code})
    assert refused.status == 410
    assert "Дякуємо!" in refused.text
    assert re.search(r'role="alert"[^>]*>Код уже не діє', refused.text)
    assert button(refused) == f"/thanks/{session}/code"


def test_the_thank_you_page_of_somebody_else_mails_nothing(harness: Harness) -> None:
    """The negative control: the name of a checkout is enough for nothing."""
    browser = Visitor()
    session = paid(harness, browser)
    sent = len(harness.mails.sent)
    other = Visitor()
    assert button(other.navigate(f"/thanks/{session}?lang=uk")) == ""
    assert other.submit(f"/thanks/{session}/code", {"lang": "uk"}).status == 303
    assert other.submit("/thanks/cs_test_unknown/code", {"lang": "uk"}).status == 404
    assert len(harness.mails.sent) == sent


def test_a_request_of_the_release_before_still_signs_in(harness: Harness) -> None:
    """Its row has no `until`: `expires` is the end of its code."""
    from chalicelib.kernel.table import Put

    browser = Visitor()
    page = asks(browser)
    row = harness.kinds("SIGNIN")[0]
    older = {name: value for name, value in row.items() if name != "until"} | {"expires": row["until"]}
    harness.memory.write(Put(older))
    harness.clock.real += 10 * MINUTE - 1
    assert browser.submit("/v1/sign-in/confirm", hidden(page) | {"code": harness.mails.last.code}).status == 303
