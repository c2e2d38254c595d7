"""Every hosted page, as markup: what each must say and what none may hold."""

import base64
import hashlib
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.account.views.pages import AccountPage
from chalicelib.giving.views.pages import DonationPage, FieldProblem, ThanksPage, ThanksState
from chalicelib.http import pages
from chalicelib.http.pages.script import version
from chalicelib.i18n.texts import TextWrong
from chalicelib.reading.views.pages import ReadPage
from chalicelib.signing_in.views.pages import ConfirmLinkPage, ConfirmState, EnterCodePage, SignInPage
from tests.pages import samples
from tests.pages.markup import Markup, shown

CASES = [pytest.param(name, lang, html, id=f"{name}-{lang}") for name, lang, html in samples.every_page()]
EVIL = '"><script>alert(1)</script>{{7*7}}'


@pytest.mark.parametrize(("name", "lang", "html"), CASES)
def test_every_page_is_well_framed(name: str, lang: str, html: str) -> None:
    page = Markup(html)
    assert page.all("html") == [{"lang": lang}]
    assert len(page.all("h1")) == 1, name
    assert page.text.startswith(page.text.split(" · ")[0])
    title = re.search(r"<title>(.+?)</title>", html)
    assert title
    assert title[1].endswith(samples.newsroom().name[lang])
    assert len(title[1]) > len(samples.newsroom().name[lang]) + 3
    assert any(link.get("href") == "#content" for link in page.all("a"))
    other = "en" if lang == "uk" else "uk"
    assert any(one.get("hreflang") == other or one.get("value") == f"lang.{other}" for _, one in page.tags)


@pytest.mark.parametrize(("name", "lang", "html"), CASES)
def test_no_page_has_two_first_buttons(name: str, lang: str, html: str) -> None:
    del lang
    first = [attrs for _, attrs in Markup(html).tags if "primary" in (attrs.get("class") or "").split()]
    assert len(first) <= 1, name


@pytest.mark.parametrize(("name", "lang", "html"), CASES)
def test_no_page_needs_anything_that_a_strict_policy_forbids(name: str, lang: str, html: str) -> None:
    page = Markup(html)
    for tag, attrs in page.tags:
        assert not [attr for attr in attrs if attr.startswith("on") or attr == "style"], (name, lang, tag)
    assert [one.get("src") for one in page.all("script")] in ([], [f"{samples.PUBLIC_URL}/donate.js?v={version()}"])
    (link,) = page.all("link")
    assert (link["rel"], str(link["href"])[:19]) == ("icon", "data:image/svg+xml,"), "brought along, not fetched"
    assert {one.get("src") for one in page.all("img")} <= {samples.PICTURE}
    for form in page.all("form"):
        # A form by GET shows what was asked for, and changes nothing.
        assert form["method"] == "post" or form.get("id") in ("gift", "wish")
        # Or to the page itself, whatever its address holds.
        assert str(form["action"]).startswith((f"{samples.PUBLIC_URL}/", "?"))


@pytest.mark.parametrize(("name", "lang", "html"), CASES)
def test_no_link_to_the_website_tells_it_which_page_of_ours_it_was(name: str, lang: str, html: str) -> None:
    """On the site's own origin the browser would send the whole address, and one of ours may hold a link's token."""
    ours = (f"{samples.PUBLIC_URL}/", "#", "mailto:")
    # An empty address is the page's own.
    away = [link for link in Markup(html).all("a") if link.get("href") and not str(link["href"]).startswith(ours)]
    assert [link for link in away if link.get("rel") != "noreferrer"] == [], (name, lang)
    assert away, "each page has the newsroom's name above it"


@pytest.mark.parametrize(("name", "lang", "html"), CASES)
def test_every_field_has_a_label_and_no_id_stands_twice(name: str, lang: str, html: str) -> None:
    page = Markup(html)
    ids = [attrs["id"] for _, attrs in page.tags if attrs.get("id")]
    assert sorted(set(ids), key=str) == sorted(ids, key=str), (name, lang)
    labels = {label.get("for") for label in page.all("label")}
    for field in page.all("input"):
        if field.get("type") not in ("hidden", "checkbox"):
            assert field["id"] in labels, (name, lang)
    for _, attrs in page.tags:
        for reference in str(attrs.get("aria-describedby") or "").split():
            assert reference in ids, (name, lang, reference)


@pytest.mark.parametrize(("name", "lang", "html"), CASES)
def test_money_is_support_and_never_charity(name: str, lang: str, html: str) -> None:
    words = Markup(html).text.lower()
    assert not re.search(r"charit|благод|пожертв|донат|donation", words), (name, lang)


def test_the_policy_lets_this_very_stylesheet_in_and_no_other() -> None:
    page, layout = DonationPage(samples.form("uk"), samples.ATTEMPT), samples.layout("uk")
    style = re.search(r"<style>(.*?)</style>", pages.render(page, layout), re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = pages.content_security_policy(page, layout, form_targets=["https://checkout.stripe.com"])
    assert f"style-src 'sha256-{digest}'" in policy
    assert "form-action 'self' https://checkout.stripe.com" in policy
    assert f"script-src {samples.PUBLIC_URL}/donate.js" in policy
    assert "script-src" not in pages.content_security_policy(SignInPage(), layout)


def test_only_test_mode_has_the_banner() -> None:
    page = SignInPage()
    assert "Тестовий режим" in shown(page).text
    assert "Тестовий режим" not in shown(page, layout=samples.layout("uk", livemode=True)).text


def test_what_a_stranger_sends_is_text() -> None:
    evil = DonationPage(
        samples.form("uk", own_text=EVIL), EVIL, EVIL, EVIL, EVIL, EVIL, FieldProblem("own_amount", EVIL)
    )
    others: list[pages.Page] = [
        SignInPage(EVIL, EVIL, EVIL),
        EnterCodePage(EVIL, EVIL, problem=EVIL),
        ConfirmLinkPage(EVIL, ConfirmState.OTHER_BROWSER, EVIL, EVIL),
        ThanksPage(EVIL, ThanksState.PROCESSING, return_to=EVIL),
        AccountPage(EVIL, EVIL, EVIL),
        ReadPage(EVIL, "", EVIL, EVIL, open=False, reason="higher_tier", needs=EVIL),
        pages.ProblemPage(400, "unheard_of", EVIL, back=EVIL),
    ]
    for page in (evil, *others):
        for lang in samples.LANGUAGES:
            html = pages.render(page, samples.layout(lang))
            assert "<script>" not in html
            assert not Markup(html).all("script") or "donate.js" in html


def test_the_donation_page_says_what_a_gift_opens_only_where_it_changes() -> None:
    opens = [tier.opens["uk"] for tier in samples.newsroom().tiers]
    month = shown(DonationPage(samples.form("uk"), samples.ATTEMPT)).text
    assert f"3 € 5 € 10 € Відкриває {opens[0]} 15 € Відкриває {opens[1]} Інша сума" in month
    once = shown(DonationPage(samples.form("uk", interval="once"), samples.ATTEMPT)).text
    assert "5 € Допомагає редакції працювати 10 € 25 € Відкриває" in once
    assert f"10 € 25 € Відкриває {opens[0]} до 21 січня 2027 50 € Відкриває {opens[0]} до 22 листопада 2027" in once
    assert (
        "You can change the amount or stop at any time"
        in shown(samples.sample_pages("en")["donate-month"], "en").text
    )


def test_days_add_up_from_the_end_of_what_is_open_already() -> None:
    until = samples.NOW + timedelta(days=40)
    form = pages.gift_form(samples.newsroom(), lang="uk", now=samples.NOW, interval="once", access_until=until)
    assert form.earns[0].until == until + timedelta(days=60)
    lapsed = pages.gift_form(
        samples.newsroom(), lang="uk", now=samples.NOW, interval="once", access_until=samples.NOW - timedelta(days=9)
    )
    assert lapsed.earns[0].until == samples.NOW + timedelta(days=60)


def test_the_donation_page_says_beforehand_that_payment_is_in_english() -> None:
    assert "Її мова — англійська" in shown(DonationPage(samples.form("uk"), samples.ATTEMPT)).text
    assert "language" not in shown(DonationPage(samples.form("en"), samples.ATTEMPT), "en").text


def test_a_choice_survives_every_link_and_the_post() -> None:
    page = shown(
        DonationPage(
            samples.form("uk"), samples.ATTEMPT, "winter", "", f"{samples.SITE}/a", f"{samples.SITE}/b?c=1&d=2"
        )
    )
    changes = [one for one in page.all("button") if one.get("name") == "to"]
    assert [one["value"] for one in changes] == [
        "lang.en",
        *(f"interval.{interval}" for interval in ("once", "month", "year")),
        *(f"currency.{currency}" for currency in ("usd", "uah", "pln")),
    ]
    # They send the whole form, so that what was chosen and typed is not lost, and start nothing.
    assert {(one["form"], one["formmethod"]) for one in changes} == {("gift", "get")}
    assert page.fields() == {
        "attempt": samples.ATTEMPT,
        "currency": "eur",
        "interval": "month",
        "lang": "uk",
        "campaign": "winter",
        "source": f"{samples.SITE}/a",
        "return_to": f"{samples.SITE}/b?c=1&d=2",
    }


def chosen(page: Markup) -> list[str | None]:
    return [one.get("value") for one in page.all("input") if one.get("type") == "radio" and "checked" in one]


def test_one_amount_always_stands_chosen() -> None:
    def page(**given: object) -> Markup:
        return shown(DonationPage(samples.form("uk", **given), samples.ATTEMPT))

    assert chosen(page()) == ["500"]  # the middle one, of an even number the lower of the two
    assert chosen(page(interval="once")) == ["1000"]
    assert chosen(page(amount=1500)) == ["1500"]
    own = page(amount=750)
    assert chosen(own) == ["own"]
    assert [one.get("value") for one in own.all("input") if one.get("name") == "own_amount"] == ["7,50"]
    assert chosen(page(own_text="п’ять")) == ["own"]


def test_the_thank_you_page_asks_for_the_code_in_the_browser_that_paid() -> None:
    page = shown(samples.sample_pages("uk")["thanks-paid"])
    assert "m…@example.org" in page.text
    assert "maria" not in page.text
    code = next(one for one in page.all("input") if one.get("name") == "code")
    assert (code["autocomplete"], code["inputmode"], code["autocapitalize"]) == (
        "one-time-code",
        "text",
        "characters",
    )


def test_another_browser_learns_nothing_of_the_gift() -> None:
    paid = samples.sample_pages("uk")["thanks-paid"]
    assert isinstance(paid, ThanksPage)
    full = replace(paid, state=ThanksState.PAID_OTHER_BROWSER)
    text = shown(full).text
    assert "example.org" not in text
    assert "€" not in text


def test_waiting_never_asks_for_a_second_payment() -> None:
    for name in ("thanks-processing", "thanks-unavailable"):
        page = shown(samples.sample_pages("uk")[name])
        assert "Не платіть удруге" in page.text
        assert not any("/donate?" in str(a["href"]) and "return_to" in str(a["href"]) for a in page.all("a"))


def test_the_link_of_a_mail_only_shows_a_button_to_the_browser_that_asked() -> None:
    pressed = shown(samples.sample_pages("uk")["confirm-same_browser"])
    assert pressed.fields()["token"] == "token-1"
    assert "code" not in {one.get("name") for one in pressed.all("input")}
    elsewhere = shown(samples.sample_pages("uk")["confirm-other_browser"])
    assert {"token", "code"} <= {one.get("name") for one in elsewhere.all("input")}


def test_a_closed_article_offers_the_lowest_amount_and_comes_back() -> None:
    page = shown(samples.sample_pages("uk")["read-support"])
    fields = page.fields()
    assert (fields["amount"], fields["currency"], fields["interval"]) == ("300", "eur", "month")
    assert fields["return_to"] == f"{samples.PUBLIC_URL}/read/pump-station"
    assert "Підтримувати: 3\N{NO-BREAK SPACE}€\N{NO-BREAK SPACE}щомісяця" in pages.render(
        samples.sample_pages("uk")["read-support"], samples.layout("uk")
    )


def test_the_lowest_amount_that_opens() -> None:
    newsroom = samples.newsroom()
    assert pages.lowest_that_opens(newsroom, "eur", "month", ["member", "patron"]) == 300
    assert pages.lowest_that_opens(newsroom, "eur", "month", ["patron"]) == 1500
    assert pages.lowest_that_opens(newsroom, "eur", "month", []) is None


def test_a_refusal_speaks_the_readers_language() -> None:
    small = pages.ProblemPage(400, "amount_too_small", "The smallest amount is 1.00.", 100, 500000, "eur")
    said = pages.problem_sentence(small, samples.layout("uk")).replace("\N{NO-BREAK SPACE}", " ")
    assert said == "Найменша сума — 1 €."
    unknown = pages.ProblemPage(400, "unheard_of", "An English sentence.")
    assert "English" not in pages.problem_sentence(unknown, samples.layout("uk"))
    assert pages.problem_sentence(unknown, samples.layout("en")) == "An English sentence."
    without_bounds = pages.ProblemPage(400, "amount_too_small", "Too small.")
    assert pages.problem_sentence(without_bounds, samples.layout("en")) == "Too small."


def test_a_newsroom_puts_its_own_words_on_the_page() -> None:
    own = replace(samples.layout("uk"), texts={"sign_in.title": {"uk": "Ласкаво просимо"}})
    assert "Ласкаво просимо" in shown(SignInPage(), layout=own).text
    with pytest.raises(TextWrong, match=r"texts\.sign_in\.titel"):
        pages.render(SignInPage(), replace(own, texts={"sign_in.titel": {"uk": "Вітаємо"}}))


def test_an_address_is_shown_only_as_far_as_its_owner_needs() -> None:
    assert pages.mask_email("maria@example.org") == "m…@example.org"
    assert pages.mask_email("m@example.org") == "m…@example.org"


@pytest.mark.parametrize(
    ("code", "status", "leads_to"),
    [
        ("unknown_receipt", 404, "/account?lang=uk"),
        ("undo_over", 410, "/account?lang=uk"),
        ("unknown_link", 404, "/account/mails?lang=uk"),
        ("not_found", 404, samples.SITE),
    ],
)
def test_what_is_missing_in_the_house_leads_back_into_it(code: str, status: int, leads_to: str) -> None:
    page = Markup(pages.render(pages.ProblemPage(status, code), samples.layout("uk")))
    (first,) = [one for one in page.all("a") if "primary" in (one.get("class") or "")]
    assert str(first["href"]).removeprefix(samples.PUBLIC_URL) == leads_to
