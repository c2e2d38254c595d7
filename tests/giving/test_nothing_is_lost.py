"""Whoever starts again after a payment that came to nothing finds their whole wish, and nobody else does."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.checkouts.rows import checkouts
from chalicelib.kernel.table import Put
from testkit.calls import API, SITE
from testkit.harness import Harness
from testkit.visitor import Visitor

WISH = {
    "amount": 750,
    "currency": "uah",
    "interval": "month",
    "campaign": "winter",
    "source": f"{SITE}/pump-station?page=2",
    "return_to": f"{SITE}/pump-station?page=2",
}
GIFT = {**WISH, "amount": 12_350, "attempt": "attempt-0123456789", "locale": "uk"}
ENDS = ("failed", "expired", "open")


def started(harness: Harness, browser: Visitor, end: str, **more: object) -> str:
    """A gift that was started in this browser and came to this end."""
    session = str(browser.post("/v1/checkouts", GIFT | more).json["id"])
    if end == "expired":
        harness.tell(harness.stripe.expire(session))
    elif end == "failed":
        harness.tell(harness.stripe.pay(session, delayed=True))
        harness.tell(harness.stripe.settle(session, succeeds=False))
    return session


def again(page: str) -> dict[str, str]:
    """The wish in the page's own link to the donation page (not the one in the foot)."""
    main = page[page.index("<main") : page.index("</main>")]
    found = re.search(r'href="([^"]*/donate\?[^"]*)"', main)
    return {name: values[0] for name, values in parse_qs(urlsplit(unescape(found[1])).query).items()} if found else {}


@pytest.mark.parametrize("end", ENDS)
def test_starting_again_keeps_the_whole_wish(harness: Harness, end: str) -> None:
    browser = Visitor()
    session = started(harness, browser, end, **({"interval": "once"} if end == "failed" else {}))
    wish = again(browser.navigate(f"/thanks/{session}?lang=uk").text)
    interval = "once" if end == "failed" else "month"
    assert wish == {**{n: str(v) for n, v in WISH.items()}, "amount": "12350", "interval": interval, "lang": "uk"}
    form = browser.navigate(f"/donate?{'&'.join(f'{n}={v}' for n, v in wish.items())}").text
    assert re.search(r'id="own-amount"[^>]* value="123,50"', form), "the reader's own amount, too"
    assert f'name="campaign" value="{WISH["campaign"]}"' in form
    assert f'name="currency" value="{WISH["currency"]}"' in form


@pytest.mark.parametrize("end", ENDS)
def test_another_browser_learns_nothing_of_the_wish(harness: Harness, end: str) -> None:
    """The negative control: who only knows the address starts from nothing."""
    session = started(harness, Visitor(), end, **({"interval": "once"} if end == "failed" else {}))
    page = Visitor().navigate(f"/thanks/{session}?lang=uk").text
    assert set(again(page)) <= {"lang"}
    for told in ("123,50", "12350", "winter", "pump-station"):
        assert told not in page


def test_a_checkout_of_the_release_before_starts_again_with_what_it_has(harness: Harness) -> None:
    browser = Visitor()
    session = started(harness, browser, "expired")
    key = next(row for row in harness.rows() if row.get("id") == session)
    harness.memory.write(Put({name: value for name, value in key.items() if name not in ("campaign", "source")}))
    assert checkouts.read(harness.table, session)
    wish = again(browser.navigate(f"/thanks/{session}?lang=uk").text)
    assert (wish["amount"], wish["interval"], "campaign" in wish) == ("12350", "month", False)


def test_a_first_payment_that_stripe_tries_again_asks_nobody_to_pay_twice(harness: Harness) -> None:
    """The page names the day of the next try, the mail the same; neither offers to give anew."""
    browser = Visitor()
    session = started(harness, browser, "failed", currency="eur", amount=500)
    page = unescape(browser.navigate(f"/thanks/{session}?lang=uk").text).replace("\N{NO-BREAK SPACE}", " ")
    day = re.search(r"Наступна буде (\d+\s\w+ \d{4})", page)
    assert day
    assert "Не платіть удруге" in page
    assert again(page) == {}
    mail = harness.mails.sent[-1].text.replace("\N{NO-BREAK SPACE}", " ")
    assert day[1] in mail
    assert f"{API}/donate" not in mail
