"""The page behind the button of a mail about a card: one button, after a fresh code, that leads to Stripe's."""

import re
from typing import Any

from testkit.calls import API
from testkit.harness import ADA, BEN, Harness
from testkit.visitor import Visitor


def fails(harness: Harness) -> str:
    """Ada's monthly payment is refused; the gift's id."""
    harness.tell(harness.gives(500, "month"))
    gift = str(harness.stripe.of("subscription")[-1]["id"])
    harness.tell(harness.stripe.renew(gift, fails=True))
    return gift


def plain(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_from_the_mail_it_is_one_button_one_code_one_button_and_stripes_page(harness: Harness) -> None:
    gift = fails(harness)
    mail = harness.mails.last
    (link,) = {one.removeprefix(API) for one in re.findall(r"^\S+/go/\S+/card$", mail.text, re.MULTILINE)}
    assert link.endswith(f"return_to=/account/gifts/{gift}/card")
    browser = Visitor()
    asks = browser.submit(link.partition("?")[0], {"return_to": f"/account/gifts/{gift}/card", "lang": "uk"})
    assert asks.status == 303
    done = browser.submit("/v1/sign-in/confirm", {"code": harness.mails.last.code})
    where = done.headers["location"].removeprefix(API)
    page = browser.navigate(where)
    assert (page.status, where) == (200, f"/account/gifts/{gift}/card")
    assert "Останній внесок не пройшов." in plain(page.text)
    assert "Зараз внесок списується з картки Visa ···· 4242." in plain(page.text)
    action = re.findall(r'action="([^"]+/card)"', page.text)
    assert action == [f"{API}/v1/me/recurring/{gift}/card"]
    leads = browser.submit(action[0].removeprefix(API), {"return_to": "/account", "lang": "uk"})
    assert leads.status == 303
    assert not leads.headers["location"].startswith(API), "Stripe's own page for a new card"


def test_the_mail_and_the_page_name_the_same_day(harness: Harness) -> None:
    gift = fails(harness)
    browser = Visitor()
    harness.sign_in(browser, ADA)
    said = r"Наступна спроба — (\d+ \w+ \d{4} року)"
    failed = next(mail for mail in harness.mails.sent if mail.subject.startswith("Внесок не пройшов"))
    days: list[Any] = [
        re.findall(said, plain(text))
        for text in (
            failed.text,
            browser.navigate(f"/account/gifts/{gift}/card?lang=uk").text,
            browser.navigate("/account?lang=uk").text,
        )
    ]
    assert len(days[0]) == 1
    assert all(day == days[0] for day in days)


def test_nobody_sees_anothers_and_an_old_sign_in_is_asked_for_a_code_first(harness: Harness) -> None:
    gift = fails(harness)
    here = f"/account/gifts/{gift}/card"
    assert "/sign-in?" in Visitor().navigate(here).headers["location"]
    ben, ada = Visitor(), Visitor()
    harness.sign_in(ben, BEN)
    assert ben.navigate(here).headers["location"].startswith(f"{API}/account?")
    harness.sign_in(ada, ADA)
    assert ada.navigate(here).status == 200
    assert ada.navigate("/account/gifts/sub_nobodys/card").headers["location"].startswith(f"{API}/account?")
    harness.pass_time(601)
    asks = ada.navigate(here).headers["location"]
    assert "/sign-in?" in asks
    assert "again=1" in asks
    assert gift in asks


def test_a_gift_that_has_ended_leads_to_the_account(harness: Harness) -> None:
    gift = fails(harness)
    harness.tell(harness.stripe.end(gift))
    ada = Visitor()
    harness.sign_in(ada, ADA)
    assert ada.navigate(f"/account/gifts/{gift}/card").headers["location"].startswith(f"{API}/account?")
