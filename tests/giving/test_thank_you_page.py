"""The thank-you page: the editor's word, the way back, the receipt, an address to pass on, and one wish at most."""

import dataclasses
import re
from html import unescape
from urllib.parse import quote

import pytest

from chalicelib.giving.rules.next_wish import GiverSoFar, MonthlyWish, next_wish
from chalicelib.giving.rules.share import address_to_share
from chalicelib.newsroom.rules import Editor
from testkit.calls import API, SITE
from testkit.harness import ADA, BEN, Harness
from testkit.visitor import Visitor
from tests.giving.test_nothing_is_lost import again
from tests.pages.markup import Markup

ARTICLE = f"{SITE}/pump-station?utm_source=mail&p=7"
GIFT = {"amount": 2500, "currency": "eur", "interval": "once", "locale": "uk", "campaign": "winter"}
ASKED = "Підтримувати щомісяця?"


def gives(harness: Harness, browser: Visitor, email: str = ADA, **more: object) -> str:
    """Give in this browser, come back, and answer the checkout."""
    number = len(harness.stripe.of("checkout.session"))
    wish = {**GIFT, "attempt": f"attempt-{number:010}", "return_to": ARTICLE, "source": ARTICLE, **more}
    session = str(browser.post("/v1/checkouts", wish).json["id"])
    harness.tell(harness.stripe.pay(session, email))
    assert browser.get(f"/v1/checkouts/return?session_id={session}").status == 303
    return session


def page(browser: Visitor, session: str, lang: str = "uk") -> str:
    reply = browser.navigate(f"/thanks/{session}?lang={lang}")
    assert reply.status == 200
    return unescape(reply.text).replace("\N{NO-BREAK SPACE}", " ")


def test_it_thanks_says_what_is_open_and_leads_back_first(harness: Harness) -> None:
    browser = Visitor()
    text = page(browser, gives(harness, browser))
    order = [
        text.index(words)
        for words in (
            "Дякуємо!</h1>",
            "Ми отримали ваш внесок: 25 €.",
            "Вам відкрито",
            f'class="button primary" href="{ARTICLE}"',
            "Дякую, що ви з нами.",
            "Олена Гнатюк",
            "Підтвердження оплати надійде листом на ",
            'id="code"',
            ASKED,
            "Розкажіть про нас",
        )
    ]
    assert order == sorted(order)
    assert len(re.findall(r'class="(?:button )?primary', text)) == 1, "one first button"
    assert ADA not in text
    assert "a…@reader.example" in text


def test_the_editors_word_is_the_newsrooms_own(harness: Harness) -> None:
    browser = Visitor()
    session = gives(harness, browser)
    other = Visitor()
    for visitor in (browser, other):
        reply = visitor.navigate(f"/thanks/{session}?lang=en")
        assert "Thank you for being with us." in reply.text
        assert f'<img src="{SITE}/static/editor.svg" alt=""' in reply.text
        assert f"img-src data: {SITE}" in reply.headers["content-security-policy"]
    harness.wiring.newsroom = dataclasses.replace(
        harness.newsroom, editor=Editor(word={"uk": "Перший.\n\nДругий <b>."})
    )
    reply = browser.navigate(f"/thanks/{session}?lang=uk")
    assert "<p>Перший.</p>\n    <p>Другий &lt;b&gt;.</p>" in reply.text
    assert "<strong>Вісті Надріччя</strong>" in reply.text, "a word without a name is the newsroom's"
    assert "<img" not in reply.text
    harness.wiring.newsroom = dataclasses.replace(harness.newsroom, editor=Editor(name={"uk": "Олена"}))
    assert "<figure" not in browser.navigate(f"/thanks/{session}?lang=uk").text, "nobody signs nothing"


def test_passing_it_on_takes_plain_links_and_no_script(harness: Harness) -> None:
    browser = Visitor()
    text = browser.navigate(f"/thanks/{gives(harness, browser)}?lang=uk").text
    assert "<script" not in text
    links = [str(link["href"]) for link in Markup(text).all("a")]
    shared = "http%3A//127.0.0.1%3A8080/pump-station%3Fp%3D7"
    assert [link for link in links if shared in link] == [
        f"https://t.me/share/url?url={shared}&text={quote('Раджу почитати «Вісті Надріччя»')}",
        f"https://www.facebook.com/sharer/sharer.php?u={shared}",
        f"mailto:?subject={quote('Раджу почитати «Вісті Надріччя»')}&body={shared}",
    ]
    assert f'<p class="address">{SITE}/pump-station?p=7</p>' in text


def test_the_address_to_copy_is_read_as_a_browser_shows_it(harness: Harness) -> None:
    browser = Visitor()
    text = browser.navigate(f"/thanks/{gives(harness, browser, return_to=f'{SITE}/річка')}?lang=uk").text
    assert f'<p class="address">{SITE}/річка</p>' in text
    assert quote(quote("річка")) in text, "links have it encoded"


@pytest.mark.parametrize(
    ("return_to", "shared"),
    [
        ("", "https://news.example/"),
        ("https://news.example/a", "https://news.example/a"),
        ("https://news.example/a?fbclid=x&id=7&UTM_medium=y&q=a%26b#top", "https://news.example/a?id=7&q=a%26b"),
        ("https://news.example/a?spilno=g1.secret", "https://news.example/a"),
        ("https://api.example/read/bridge?gift=secret&lang=uk", "https://api.example/read/bridge?lang=uk"),
        ("https://api.example/account", "https://news.example/"),
        ("https://other.example/a", "https://other.example/a"),
        ("https://evil.example/a", "https://news.example/"),
    ],
)
def test_the_address_that_is_passed_on(return_to: str, shared: str) -> None:
    sites = ("https://news.example", "https://other.example")
    assert address_to_share(return_to, "https://api.example", sites) == shared


def test_a_site_that_holds_our_pages_shares_its_own() -> None:
    public, sites = "https://news.example/support", ("https://news.example",)
    assert address_to_share("https://news.example/support/account", public, sites) == "https://news.example/"
    assert address_to_share("https://news.example/supporters", public, sites) == "https://news.example/supporters"
    assert address_to_share("", public, ()) == ""


@pytest.mark.parametrize(
    ("amount", "currency", "wish"),
    [
        (1000, "eur", MonthlyWish(300, "member")),
        (2500, "eur", MonthlyWish(300, "member")),
        (15_000, "eur", MonthlyWish(1500, "patron")),
        (500, "eur", MonthlyWish(300, "member")),
        (200, "eur", MonthlyWish(200)),  # never more a month than was given at once
        (50, "eur", None),
        (50_000, "uah", MonthlyWish(10_000, "member")),
        (1000, "xxx", None),
    ],
)
def test_what_is_asked_for_next(harness: Harness, amount: int, currency: str, wish: MonthlyWish | None) -> None:
    assert next_wish(harness.newsroom, "once", amount, currency, GiverSoFar()) == wish
    for interval in ("month", "year"):
        assert next_wish(harness.newsroom, interval, amount, currency, GiverSoFar()) is None
    for giver in (GiverSoFar(monthly=True), GiverSoFar(one_offs=True)):
        assert next_wish(harness.newsroom, "once", amount, currency, giver) is None


def test_after_a_one_off_gift_a_monthly_one_is_asked_for_with_all_that_it_had(harness: Harness) -> None:
    browser = Visitor()
    session = gives(harness, browser)
    assert "Підтримувати: 3 € щомісяця" in page(browser, session)
    wish = again(browser.navigate(f"/thanks/{session}?lang=uk").text)
    assert (wish["amount"], wish["interval"], wish["currency"]) == ("300", "month", "eur")
    assert (wish["campaign"], wish["return_to"], wish["source"]) == ("winter", ARTICLE, ARTICLE)


def test_nobody_is_asked_twice_or_the_other_way(harness: Harness) -> None:
    browser = Visitor()
    first = gives(harness, browser)
    assert ASKED in page(browser, first), "the control"
    harness.pass_time(60)
    assert ASKED not in page(browser, gives(harness, browser)), "a second gift of the same day"
    assert ASKED in page(browser, first), "nor does the first page change when it is loaded anew"
    other = Visitor()
    assert ASKED not in page(other, gives(harness, other, BEN, interval="month", amount=300))
    assert ASKED not in page(other, gives(harness, other, BEN)), "this browser gives monthly"


@pytest.mark.parametrize("whose", [ADA, BEN])
def test_who_is_signed_in_and_gives_monthly_is_not_asked(harness: Harness, whose: str) -> None:
    """Also when they gave with another address of theirs."""
    harness.tell(harness.gives(500, "month", ADA))
    browser = Visitor()
    harness.sign_in(browser, ADA)
    assert ASKED not in page(browser, gives(harness, browser, whose))


def test_who_is_signed_in_is_asked_after_the_first_gift_only(harness: Harness) -> None:
    browser = Visitor()
    harness.sign_in(browser, ADA)
    text = page(browser, gives(harness, browser))
    assert ASKED in text
    assert "Якщо ви вже підтримуєте щомісяця" not in text, "it is known that they do not"
    harness.pass_time(3 * 86_400)
    later = Visitor()
    harness.sign_in(later, ADA)
    assert ASKED not in page(later, gives(harness, later))


def test_a_typed_address_tells_nobody_that_its_owner_gives_monthly(harness: Harness) -> None:
    harness.tell(harness.gives(500, "month", ADA))
    texts = []
    for email in (ADA, BEN):
        stranger = Visitor()
        session = gives(harness, stranger, email)
        texts.append(page(stranger, session).replace(session, "").replace("b…@", "a…@"))
    assert texts[0] == texts[1]
    assert "Якщо ви вже підтримуєте щомісяця — дякуємо" in texts[0]


@pytest.mark.parametrize("end", ["failed", "expired", "processing", "open"])
def test_nothing_more_is_asked_where_nothing_was_received(harness: Harness, end: str) -> None:
    browser = Visitor()
    session = str(browser.post("/v1/checkouts", {**GIFT, "attempt": "attempt-0123456789"}).json["id"])
    if end == "expired":
        harness.tell(harness.stripe.expire(session))
    elif end != "open":
        harness.tell(harness.stripe.pay(session, delayed=True))
    if end == "failed":
        harness.tell(harness.stripe.settle(session, succeeds=False))
    text = page(browser, session)
    assert ASKED not in text
    assert "Розкажіть про нас" not in text


def test_who_looks_too_often_is_told_the_true_time(harness: Harness) -> None:
    browser = Visitor()
    session = str(browser.post("/v1/checkouts", {**GIFT, "attempt": "attempt-0123456789"}).json["id"])
    for _ in range(31):
        text = page(browser, session, "en")
    wait = re.search(r"Check again in (\d+) seconds\.", text)
    assert wait
    harness.clock.real += int(wait[1]) - 1
    assert "Check again in 1 second." in page(browser, session, "en")
    harness.clock.real += 1
    assert "No money has been taken yet" in page(browser, session, "en")


def test_a_first_payment_that_is_tried_again_can_be_paid_another_way(harness: Harness) -> None:
    browser = Visitor()
    session = str(
        browser.post("/v1/checkouts", {**GIFT, "interval": "month", "attempt": "attempt-0123456789"}).json["id"]
    )
    harness.tell(harness.stripe.pay(session, delayed=True))
    assert "Оновити спосіб оплати" not in page(browser, session), "the control: it is only on its way"
    harness.tell(harness.stripe.settle(session, succeeds=False))
    text = page(browser, session)
    assert f'href="{API}/account?lang=uk">Оновити спосіб оплати' in text
