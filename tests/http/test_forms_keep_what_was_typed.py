"""A page of ours that could not do what was asked comes again with all that was typed, and says how long to wait."""

import re
from html import unescape

import pytest

from testkit.calls import API, Reply
from testkit.harness import ADA, Harness
from testkit.visitor import Visitor
from tests.signing_in.test_sign_in import MARIA

GIFT = {"currency": "uah", "interval": "once", "lang": "uk", "attempt": "attempt-0123456789", "campaign": "winter"}


def fields(page: Reply, to: str = "") -> dict[str, str]:
    """What the page's first form that leads there would send as it stands."""
    forms = [one.split("</form>")[0] for one in page.text.split("<form")[1:]]
    form = next(one for one in forms if to in one)
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") not in ("radio", "checkbox") or " checked" in tag:
            found[attributes["name"]] = unescape(attributes.get("value", ""))
    return found


def alert(page: Reply) -> str:
    found = re.search(r'role="alert"[^>]*>\s*(?:<p>)?([^<]*)<', page.text)
    return unescape(found[1]).replace("\N{NO-BREAK SPACE}", " ") if found else ""


def test_a_gift_that_stripe_does_not_take_now_stays_on_the_page(harness: Harness) -> None:
    browser = Visitor()
    harness.stripe.down = True
    sent = {**GIFT, "amount": "own", "own_amount": "275,50"}
    page = browser.submit("/donate", sent)
    assert page.status == 503
    assert alert(page).startswith("Платіжна система зараз не відповідає.")
    assert {name: value for name, value in fields(page).items() if name in sent} == sent
    # The same button again, once Stripe is back: the very same attempt, so that nothing is asked for twice.
    harness.stripe.down = False
    assert browser.submit("/donate", {name: fields(page)[name] for name in sent}).status == 303
    assert len(harness.stripe.of("checkout.session")) == 1
    assert harness.stripe.created_with[-1][0]["line_items"][0]["price_data"]["unit_amount"] == 27_550


def test_a_preset_stays_chosen_too(harness: Harness) -> None:
    harness.stripe.down = True
    page = Visitor().submit("/donate", {**GIFT, "currency": "eur", "interval": "month", "amount": "1500"})
    assert fields(page)["amount"] == "1500"


@pytest.mark.usefixtures("harness")
def test_whoever_meets_the_limit_is_told_for_how_long_and_loses_nothing() -> None:
    page = Visitor().navigate("/donate")
    for number in range(61):
        sent = {**GIFT, "amount": "own", "own_amount": "275", "attempt": f"attempt-{number:010}"}
        page = Visitor().submit("/donate", sent)
    assert page.status == 429
    wait = int(page.headers["retry-after"])
    assert 90 < wait <= 660
    assert alert(page) == f"Забагато спроб поспіль. Спробуйте ще раз за {-(-wait // 60)} хвилин."
    assert fields(page)["own_amount"] == "275"


@pytest.mark.parametrize(
    ("typed", "currency", "status", "words"),
    [
        ("5 €", "eur", 303, ""),
        ("1.500", "eur", 303, ""),
        ("€ 5,-", "eur", 303, ""),
        ("$5", "eur", 400, "Тут обрано іншу валюту."),
        ("500 грн", "eur", 400, "Тут обрано іншу валюту."),
        ("п’ять", "eur", 400, "Сума має бути від"),
        ("200 грн.", "uah", 303, ""),
    ],
)
def test_amounts_as_people_type_them(harness: Harness, typed: str, currency: str, status: int, words: str) -> None:
    page = Visitor().submit("/donate", {**GIFT, "currency": currency, "amount": "own", "own_amount": typed})
    assert (page.status, len(harness.stripe.created_with)) == (status, int(status == 303))
    if status == 400:
        assert words in alert(page) or "цифрами" in alert(page)
        assert fields(page)["own_amount"] == typed
        assert re.search(r'id="own-amount"[^>]* autofocus>', page.text)


@pytest.mark.parametrize("currency", ["ugx", "ang", "xxx", "gbp"])
def test_an_amount_in_a_currency_that_is_not_taken_is_the_readers_mistake(harness: Harness, currency: str) -> None:
    sent = {**GIFT, "lang": "en", "currency": currency, "amount": "own", "own_amount": "275"}
    page = Visitor().submit("/donate", sent)
    assert (page.status, harness.stripe.created_with) == (400, [])
    assert alert(page) == "We do not accept this currency."


def test_too_many_sign_ins_keep_the_address_and_say_the_true_time(harness: Harness) -> None:
    asked = {"email": f" {MARIA}", "return_to": f"{API}/account", "locale": "uk"}
    page = Visitor().navigate("/sign-in")
    for _ in range(31):
        page = Visitor().submit("/v1/sign-in", asked)
    assert page.status == 429
    assert "Спробуйте ще раз за " in alert(page)
    assert {name: fields(page)[name] for name in asked} == asked
    harness.clock.real += int(page.headers["retry-after"]) - 18
    page = Visitor().submit("/v1/sign-in", asked)
    assert page.headers["retry-after"] == "18"
    assert alert(page) == "Забагато спроб поспіль. Спробуйте ще раз за 18 секунд."
    harness.clock.real += 18
    assert Visitor().submit("/v1/sign-in", asked).status == 303, "the time that was told is true"


@pytest.mark.usefixtures("harness")
@pytest.mark.parametrize("email", ["", "maria@"])
def test_a_wrong_address_is_kept_and_the_cursor_stands_in_its_field(email: str) -> None:
    page = Visitor().submit("/v1/sign-in", {"email": email, "locale": "uk"})
    assert page.status == 400
    assert alert(page) == "Перевірте адресу: схоже, у ній помилка."
    assert re.search(r'id="email"[^>]* autofocus>', page.text)
    assert fields(page)["email"] == email


def paid(harness: Harness, browser: Visitor) -> str:
    started = browser.submit("/donate", {**GIFT, "currency": "eur", "amount": "1500"})
    session = str(re.search(r"cs_[A-Za-z0-9_]+", started.headers["location"])[0])  # type: ignore[index] # it is there
    harness.stripe.pay(session, ADA)
    assert browser.get(f"/v1/checkouts/return?session_id={session}").status == 303
    return session


def test_a_wrong_code_on_the_thank_you_page_stays_there(harness: Harness) -> None:
    browser = Visitor()
    session = paid(harness, browser)
    thanks = browser.navigate(f"/thanks/{session}?lang=uk")
    assert "autofocus" not in thanks.text, "what is said first is the thanks"
    sent = fields(thanks, "/v1/sign-in/confirm") | {"code": "7К3М ХQ4Т"}
    del sent["remember"]
    page = browser.submit("/v1/sign-in/confirm", sent)
    assert page.status == 400
    assert "Дякуємо!" in page.text
    assert "15\N{NO-BREAK SPACE}€" in page.text
    assert alert(page).startswith("Код не підходить.")
    assert re.search(r'id="code"[^>]* value="7К3М ХQ4Т"[^>]* autofocus>', page.text)
    assert fields(page, "/v1/sign-in/confirm") == sent, "the box that was not ticked, too"
    code = re.search(r"^(\w{4}-\w{4})$", harness.mails.sent[-1].text, re.MULTILINE)
    assert code
    assert (
        browser.submit("/v1/sign-in/confirm", {**fields(page, "/v1/sign-in/confirm"), "code": code[1]}).status == 303
    )


def test_the_thank_you_page_is_shown_to_nobody_else(harness: Harness) -> None:
    """The negative control: naming a checkout shows nothing of it in another browser."""
    session = paid(harness, Visitor())
    other = Visitor()
    other.submit("/v1/sign-in", {"email": "eve@reader.example"})
    page = other.submit("/v1/sign-in/confirm", {"code": "0000-0000", "checkout": session, "lang": "uk"})
    assert page.status == 400
    assert "Введіть код із листа" in page.text
    assert "15\N{NO-BREAK SPACE}€" not in page.text
    assert "Дякуємо" not in page.text


@pytest.mark.parametrize("where", ["code", "link"])
def test_a_wrong_code_is_kept_to_be_mended_wherever_it_was_typed(harness: Harness, where: str) -> None:
    here = Visitor()
    here.submit("/v1/sign-in", {"email": MARIA, "locale": "uk"})
    mail, elsewhere = harness.mails.last, Visitor()
    browser = here if where == "code" else elsewhere
    shown = browser.navigate("/sign-in?sent=1&lang=uk" if where == "code" else f"/v1/sign-in/{mail.token}")
    assert re.search(r'id="code"[^>]* autofocus>', shown.text), "the page asks for nothing else"
    page = browser.submit("/v1/sign-in/confirm", fields(shown) | {"code": '0000-"000'})
    assert page.status == 400
    assert fields(page)["code"] == '0000-"000'
    assert re.search(r'id="code"[^>]* autofocus>', page.text)


def test_whoever_is_signed_in_already_is_told_so(harness: Harness) -> None:
    browser = Visitor()
    browser.submit("/v1/sign-in", {"email": MARIA})
    browser.submit("/v1/sign-in/confirm", {"code": harness.mails.last.code})
    page = browser.navigate("/sign-in?lang=uk")
    assert "Ви вже ввійшли з адресою" in page.text
    assert MARIA in page.text
    assert f'href="{API}/account?lang=uk"' in page.text
    # And may still sign in as somebody else.
    assert browser.submit("/v1/sign-in", fields(page) | {"email": "eve@reader.example"}).status == 303
    browser.submit("/v1/sign-in/confirm", {"code": harness.mails.last.code})
    assert browser.get("/v1/me").json["email"] == "eve@reader.example"
    assert MARIA not in Visitor().navigate("/sign-in?lang=uk").text
