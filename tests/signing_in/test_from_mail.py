"""`/go/{token}`, where mails lead: the page that the mail is about, signed in; a forwarded mail opens nothing."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.kernel import link_tokens
from testkit.calls import API, SITE, Reply
from testkit.harness import ADA, BEN, EMAIL_KEY, Harness
from testkit.visitor import Visitor

ARTICLE = f"{SITE}/articles/bridge-2026?from=front"
GIFT = {"amount": 500, "currency": "eur", "interval": "month", "attempt": "attempt-0123456789", "email": ADA}


def links(text: str) -> list[str]:
    """Where a mail's text leads by way of `/go`, in order, without our origin."""
    return [address.removeprefix(API) for address in re.findall(rf"^{API}/go/\S*$", text, re.MULTILINE)]


def gives(harness: Harness, **changes: object) -> tuple[Visitor, str, str]:
    """Ada gives from an article; answers her browser, and where "read on" and "my support" in her mail lead."""
    visitor = Visitor()
    session = visitor.post("/v1/checkouts", {**GIFT, "source": ARTICLE, "locale": "uk", **changes}).json["id"]
    harness.tell(harness.stripe.pay(session))
    text = next(mail.text for mail in harness.mails.sent if mail.subject.startswith("Дякуємо"))
    read_on, *others = links(text)
    (account,) = [one for one in others if one.endswith("return_to=/account")]
    assert visitor.get(f"/v1/checkouts/return?session_id={session}").status == 303
    return visitor, read_on, account


def presses(browser: Visitor, link: str, back: str) -> Reply:
    """The one button of the page behind a mail's link."""
    page = browser.navigate(link)
    assert page.status == 200, page.text
    assert page.text.count("<button") == 1
    return browser.submit(link.partition("?")[0], {"return_to": back, "lang": "uk"})


def test_anywhere_it_is_one_button_one_code_and_then_the_page(harness: Harness) -> None:
    """Nobody types an address, and nobody lands anywhere but on the page that the mail was about."""
    _, read_on, account = gives(harness)
    for link, back, there in ((account, "/account", f"{API}/account"), (read_on, ARTICLE, ARTICLE)):
        browser = Visitor()
        asks = presses(browser, link, back)
        assert urlsplit(asks.headers["location"]).path == "/sign-in"
        mail = harness.mails.last
        assert mail.to == ADA
        shown = browser.navigate(asks.headers["location"].removeprefix(API))
        done = browser.submit("/v1/sign-in/confirm", {"code": mail.code, "return_to": back})
        assert (done.status, done.headers["location"]) == (303, there)
        again = browser.navigate(link)
        assert (again.status, again.headers["location"]) == (303, there), "from then on it is one tap"
        assert again.headers["cross-origin-opener-policy"] == "same-origin", "who opened the window learns nothing"
        assert shown.status == 200


def test_the_mailed_link_leads_on_to_the_same_page(harness: Harness) -> None:
    """Who opens the second mail in the same browser presses its button instead of copying the code."""
    _, _, account = gives(harness)
    browser = Visitor()
    presses(browser, account, "/account")
    token = harness.mails.last.token
    assert 'value="/account"' in browser.navigate(f"/v1/sign-in/{token}").text
    done = browser.submit("/v1/sign-in/confirm", {"token": token})
    assert (done.status, done.headers["location"]) == (303, f"{API}/account")


def test_whoever_a_mail_was_forwarded_to_learns_nothing_and_opens_nothing(harness: Harness) -> None:
    _, read_on, account = gives(harness)
    stranger = Visitor()
    for link in (read_on, account):
        sent = len(harness.mails.sent)
        page = stranger.navigate(link)
        assert len(harness.mails.sent) == sent, "a scanner that follows links causes no mail"
        asks = presses(stranger, link, "/account")
        shown = stranger.navigate(asks.headers["location"].removeprefix(API))
        over = stranger.submit("/v1/sign-in/confirm", {"code": "0000-0000", "return_to": "/account"})
        for text in (link, page.text, asks.headers["location"], shown.text, over.text):
            assert ADA not in text
            assert "reader.example" not in text, "not even the masked address"
            assert "5 €" not in text
    assert not stranger.get("/v1/session").json["signed_in"]
    assert stranger.navigate("/account").status == 303


def test_a_new_code_asked_for_there_shows_no_address_either(harness: Harness) -> None:
    _, _, account = gives(harness)
    browser = Visitor()
    presses(browser, account, "/account")
    asks = browser.submit("/v1/sign-in/again", {"return_to": "/account"})
    assert harness.mails.last.to == ADA
    assert "reader.example" not in browser.navigate(asks.headers["location"].removeprefix(API)).text
    typed = Visitor()
    typed.submit("/v1/sign-in", {"email": ADA})
    assert "a…@reader.example" in typed.navigate("/sign-in?sent=1").text, "the control: who typed it sees it masked"


def test_somebody_else_who_is_signed_in_sees_the_button_and_stays_who_they_are(harness: Harness) -> None:
    _, read_on, account = gives(harness)
    ben = Visitor()
    harness.sign_in(ben, BEN)
    page = ben.navigate(account)
    assert page.status == 200
    assert "У цьому браузері ввійшли з іншою адресою." in page.text
    assert ben.navigate(read_on).headers["location"] == ARTICLE, "an article needs nobody in particular"


@pytest.mark.parametrize("interval", ["month", "once"])
def test_in_the_browser_that_paid_the_article_is_one_tap_and_the_account_is_not(
    harness: Harness, interval: str
) -> None:
    visitor = Visitor()
    session = visitor.post("/v1/checkouts", {**GIFT, "source": ARTICLE, "interval": interval, "amount": 2500}).json[
        "id"
    ]
    harness.tell(harness.stripe.pay(session))
    visitor.get(f"/v1/checkouts/return?session_id={session}")
    read_on = links(harness.mails.sent[0].text)[0]
    assert visitor.navigate(read_on).headers["location"] == ARTICLE
    assert visitor.navigate(read_on.partition("?")[0] + "?return_to=/account").status == 200, "paying signs nobody in"
    harness.pass_time(86_400 + 10)
    assert visitor.navigate(read_on).status == 200, "a day later it is like any other browser"


@pytest.mark.parametrize("flaw", ["other key", "other purpose", "nobody", "no proof"])
def test_a_link_that_is_not_ours_leads_to_the_ordinary_sign_in_and_mails_nothing(harness: Harness, flaw: str) -> None:
    gives(harness)
    ada = harness.state().id
    token = {
        "other key": link_tokens.make("mail", ada, "another-key"),
        "other purpose": link_tokens.make("undo", ada, EMAIL_KEY),
        "nobody": link_tokens.make("mail", "nobody", EMAIL_KEY),
        "no proof": str(ada),
    }[flaw]
    browser, sent = Visitor(), len(harness.mails.sent)
    for reply in (
        browser.navigate(f"/go/{token}?return_to=/account"),
        browser.submit(f"/go/{token}", {"return_to": "/account"}),
    ):
        asks = urlsplit(reply.headers["location"])
        assert (reply.status, asks.path, parse_qs(asks.query)["return_to"]) == (303, "/sign-in", ["/account"])
    assert len(harness.mails.sent) == sent
    assert presses(browser, f"/go/{link_tokens.make('mail', ada, EMAIL_KEY)}", "/account").status == 303, (
        "the control"
    )


@pytest.mark.parametrize(
    "evil",
    ["https://evil.example/", "//evil.example", "javascript:alert(1)", f"{SITE}.evil.example/", "/\\evil.example"],
)
def test_nobody_is_led_to_a_foreign_page(harness: Harness, evil: str) -> None:
    visitor, _, account = gives(harness)
    harness.sign_in(visitor, ADA)
    path = account.partition("?")[0]
    assert "evil" not in visitor.navigate(f"{path}?return_to={evil}").headers["location"]
    assert "evil" not in Visitor().navigate(f"{path}?return_to={evil}").text
    refused = Visitor().submit(path, {"return_to": evil})
    assert refused.status in (303, 400)
    assert "evil" not in refused.headers.get("location", "") + refused.text


def test_pressing_the_button_is_limited_as_every_sign_in(harness: Harness) -> None:
    _, _, account = gives(harness)
    path, browser = account.partition("?")[0], Visitor()
    replies = [browser.submit(path, {"return_to": "/account"}) for _ in range(31)]
    assert [reply.status for reply in replies[:30]] == [303] * 30
    assert replies[30].status == 429
    assert "<button" in replies[30].text, "the page again, to try later"
    assert "reader.example" not in replies[30].text


def test_a_foreign_page_cannot_press_it(harness: Harness) -> None:
    _, _, account = gives(harness)
    sent = len(harness.mails.sent)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "https://evil.example"}
    assert Visitor().call("POST", account.partition("?")[0], "return_to=/account", headers).status == 403
    assert len(harness.mails.sent) == sent
