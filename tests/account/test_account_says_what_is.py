"""The account page says nothing that is not so, offers nothing that is not there, and keeps what it was asked."""

import re
from html import unescape
from typing import Any

import pytest

from testkit.clock import NOW
from testkit.harness import ADA, Harness
from testkit.people import member, monthly
from testkit.visitor import Visitor

DAY = 86_400
PORTAL_LINE = "Відкриється сторінка Stripe."


def shown(visitor: Visitor, lang: str = "uk") -> str:
    return unescape(visitor.navigate(f"/account?lang={lang}").text).replace("\N{NO-BREAK SPACE}", " ")


def alert(page: str) -> str:
    found = re.search(r'role="alert"[^>]*>(.*?)</(?:p|form)>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", found[1]).split()) if found else ""


def donate_links(page: str) -> list[str]:
    """The links to the donation page that carry an amount."""
    return re.findall(r'href="[^"]*(/donate\?[^"]*amount=[^"]*)"', page)


def signed_in(harness: Harness) -> Visitor:
    visitor = Visitor()
    harness.sign_in(visitor, ADA)
    return visitor


def test_the_next_payment_is_stripes_own_day_also_after_a_refund(harness: Harness) -> None:
    """The paid time that was given back is not the day of the next payment."""
    harness.tell(harness.gives(500, "month"))
    visitor = signed_in(harness)
    subscription = harness.stripe.of("subscription")[-1]
    before = re.search(r"Наступний внесок — [^<.]+", shown(visitor))
    harness.tell(harness.stripe.gives_back(harness.stripe.of("payment_intent")[-1]["id"]))
    after = re.search(r"Наступний внесок — [^<.]+", shown(visitor))
    assert before
    assert after
    assert after[0] == before[0]
    told = visitor.get("/v1/me").json["recurring"][0]
    assert told["paid_through"] != told["next_payment_at"], "the control: what is paid ends on another day now"
    assert subscription["items"]["data"][0]["current_period_end"] > harness.clock.business


def test_a_late_payment_is_said_first_with_both_days(harness: Harness) -> None:
    harness.tell(harness.gives(500, "month"))
    visitor = signed_in(harness)
    assert alert(shown(visitor)) == "", "the control: nothing is late"
    assert "Доступ діє, доки триває підтримка." in shown(visitor)
    events = harness.stripe.renew(harness.stripe.of("subscription")[-1]["id"], fails=True)
    harness.clock.business = harness.clock.now().__class__(harness.stripe.account.seconds)
    harness.tell(events)
    page = shown(visitor)
    assert re.fullmatch(
        r"Внесок не пройшов: 5 € щомісяця\. Наступна спроба — \d+ \w+ \d{4} року\."
        r" Доступ збережеться до \d+ \w+ \d{4} року\.",
        alert(page),
    )
    mail = harness.mails.sent[-1].text.replace("\N{NO-BREAK SPACE}", " ")
    for day in re.findall(r"\d+ \w+ \d{4}", alert(page)):
        assert day in mail, "the mail says the same days"
    assert page.index('role="alert"') < page.index("Ваш рівень")
    assert "Доступ діє, доки триває підтримка." not in page
    assert "did not go through" in shown(visitor, "en")


def test_when_nothing_is_open_any_more_the_late_payment_comes_before_a_second_gift(harness: Harness) -> None:
    visitor = Visitor()
    member(harness, visitor, monthly(status="past_due", days=-20))
    page = shown(visitor)
    assert alert(page).startswith("Внесок не пройшов: 5 € щомісяця.")
    assert "Подивитися, що відкриває підтримка" not in page


@pytest.mark.parametrize(
    ("gift", "wish"),
    [
        ({}, "currency=eur&interval=month&amount=500"),
        ({"interval": "year", "amount": 5000}, "currency=eur&interval=year&amount=5000"),
        ({"amount": 50}, ""),  # less than the newsroom takes today
        ({"currency": "gbp"}, ""),  # a currency that it takes no more
        ({"interval": "week"}, ""),
        ({"interval_count": 6}, ""),
    ],
)
def test_a_gift_that_is_over_begins_again_as_it_was(harness: Harness, gift: dict[str, Any], wish: str) -> None:
    visitor = Visitor()
    member(harness, visitor, monthly(status="canceled", ends_at=NOW - DAY, days=-1, **gift))
    page = shown(visitor)
    assert PORTAL_LINE not in page, "there is no button that opens it"
    assert donate_links(page) == ([f"/donate?lang=uk&{wish}"] if wish else [])
    assert ("Почати знову: " in page) is bool(wish)
    assert "Почати знову" in page


def test_while_another_gift_runs_the_old_one_is_not_offered(harness: Harness) -> None:
    visitor = Visitor()
    member(harness, visitor, monthly(status="canceled", ends_at=NOW - DAY, days=-1))
    assert "Почати знову" in shown(visitor)
    other = Visitor()
    harness.tell(harness.gives(500, "month"))
    harness.tell(harness.stripe.end(harness.stripe.of("subscription")[-1]["id"]))
    harness.tell(harness.gives(300, "month"))
    harness.sign_in(other, ADA)
    page = shown(other)
    assert "Почати знову" not in page
    assert "/stop?" in page, "the running one has its links"


def test_every_gift_leads_to_its_receipt_and_every_year_to_its_statement(harness: Harness) -> None:
    """More than the page shows stand behind a link, payments of a recurring gift too."""
    harness.tell(harness.gives(2500))
    harness.tell(harness.gives(500, "month"))
    for _ in range(11):
        harness.pass_time(31 * DAY)
        harness.tell(harness.stripe.renew(harness.stripe.of("subscription")[-1]["id"]))
    visitor = signed_in(harness)
    page = shown(visitor)
    first = re.findall(r'href="[^"]*/account/receipts/(\w+)', page)
    assert len(first) == 10
    assert re.findall(r'href="[^"]*/account/statements/(\d+)', page) == ["2027", "2026"]
    older = re.search(r'href="[^"]*(/account\?[^"#]*after=[^"#]*)#gifts">Давніші внески', page)
    assert older
    rest = unescape(visitor.navigate(older[1]).text)
    others = re.findall(r'href="[^"]*/account/receipts/(\w+)', rest)
    assert "Найновіші внески" in rest
    assert len(others) == 3
    assert len({*first, *others}) == 13
    assert visitor.navigate(f"/account/receipts/{others[-1]}?lang=uk").status == 200
    assert visitor.navigate("/account?after=nonsense").status == 200, "the newest, for what is no cursor"


def test_three_paid_months_are_not_called_nothing(harness: Harness) -> None:
    harness.tell(harness.gives(500, "month"))
    page = shown(signed_in(harness))
    assert "поки немає" not in page
    stranger = Visitor()
    harness.sign_in(stranger, "eve@reader.example")
    assert "поки немає" in shown(stranger), "the control: here it is true"


def test_a_button_that_could_not_work_leaves_the_page_as_it_was(harness: Harness) -> None:
    harness.tell(harness.gives(500, "month"))
    visitor = signed_in(harness)
    harness.stripe.down = True
    gift = harness.state().standing.recurring[0].id
    stop = f"/v1/me/recurring/{gift}/stop"
    told = {"reason": "topics", "comment": "Більше про ліс", "lang": "uk"}
    page = visitor.submit(stop, told)
    text = unescape(page.text).replace("\N{NO-BREAK SPACE}", " ")
    assert page.status == 503
    assert alert(text).startswith("Платіжна система зараз не відповідає.")
    assert "5 € щомісяця" in text
    assert 'value="topics" checked' in text
    assert ">Більше про ліс</textarea>" in text
    for act in ("keep", "resume", "pause", "card"):
        page = visitor.submit(
            f"/v1/me/recurring/{gift}/{act}", {"lang": "uk", **({"months": "1"} if act == "pause" else {})}
        )
        assert page.status == 503, act
        assert alert(unescape(page.text)).startswith("Платіжна система зараз не відповідає."), act
    harness.stripe.down = False
    assert visitor.submit(stop, told).status == 303
    assert Visitor().submit(stop, told).status == 401, "nobody else sees the page"


def test_who_comes_back_with_a_new_card_is_not_told_at_once_that_it_failed(harness: Harness) -> None:
    visitor = Visitor()
    member(harness, visitor, monthly(status="past_due", days=-1))
    back = unescape(visitor.navigate("/account?card=new&lang=uk").text)
    assert "Перевіряємо нову картку." in back
    assert "Оновити спосіб оплати" not in back
    assert alert(shown(visitor)).startswith("Внесок не пройшов"), "the control: the page's own address says how it is"
    fine = Visitor()
    harness.tell(harness.gives(500, "month"))
    harness.sign_in(fine, ADA)
    assert "Перевіряємо" not in fine.navigate("/account?card=new&lang=uk").text, "nothing is late any more"
