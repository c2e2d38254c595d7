"""The pages of a receipt and of a yearly statement: what they say, and to whom."""

import re
from dataclasses import replace
from datetime import datetime

import pytest

from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Update
from chalicelib.ledger.actions.number_receipts import ReceiptNumbers
from chalicelib.ledger.rows import receipts
from chalicelib.ledger.rules import receipt_reference
from chalicelib.ledger.rules.movements import MethodOfPayment
from chalicelib.newsroom.rules import Legal
from testkit.calls import API, Reply
from testkit.clock import NOW
from testkit.harness import ADA, BEN, EMAIL_KEY, Harness
from testkit.visitor import Visitor
from tests.ledger.numbering import GIFT, wrong
from tests.receipts.giving import YEAR, books, gave

DAY = 86_400


def text(reply: Reply) -> str:
    assert reply.status == 200, reply.text
    return " ".join(re.sub(r"<[^>]+>", " ", reply.text.partition("<main")[2]).replace("\xa0", " ").split())


def receipt(visitor: Visitor, gift: str = "pi_0", lang: str = "uk") -> str:
    return text(visitor.navigate(f"/account/receipts/{gift}?lang={lang}"))


def statement(visitor: Visitor, year: int = YEAR, lang: str = "uk") -> str:
    return text(visitor.navigate(f"/account/statements/{year}?lang={lang}"))


def test_a_receipt_says_all_that_makes_it_worth_keeping(harness: Harness) -> None:
    visitor = Visitor()
    supporter = gave(harness, visitor, 1, method=MethodOfPayment("card", "visa", "4242"))
    said = receipt(visitor)
    number = receipts.number_of_gift(harness.table, supporter, "pi_0")
    assert number == f"{YEAR}-000001"
    for words in (
        f"№ {receipt_reference.reference(number, EMAIL_KEY)}",
        "Сума 5 €",
        "Призначення Разова підтримка редакції",
        "Платник Марія К.",
        f"Електронна адреса {ADA}",
        "Спосіб оплати Visa ···· 4242",
        "Ідентифікатор платежу pi_0",
        "Отримувач ГО «Вісті Надріччя» вул. Набережна, 1, Надріччя, Україна ЄДРПОУ 00000000",
    ):
        assert words in said
    english = receipt(visitor, lang="en")
    assert "Payment method Visa ···· 4242" in english
    assert "Received by Nadrichchia News, a Ukrainian NGO" in english
    assert "Повернено" not in said


def test_until_the_method_is_known_it_says_card(harness: Harness) -> None:
    visitor = Visitor()
    gave(harness, visitor, 1)
    assert "Спосіб оплати Картка" in receipt(visitor)
    assert "Payment method Card" in receipt(visitor, lang="en")


def test_a_refund_is_a_line_on_the_same_receipt(harness: Harness) -> None:
    visitor = Visitor()
    supporter = gave(harness, visitor, 1)
    before = receipt(visitor)
    back = replace(GIFT, id="re_1", kind="refund", amount=-200, occurred_at=NOW + DAY)
    books(harness, supporter, back)
    after = receipt(visitor)
    reference = re.search(r"№ (\S+)", before)
    assert reference
    assert reference[1] in after
    assert "Повернення re_1 −2 €" in after
    assert "Разом 3 €" in after
    assert receipts.count(harness.table, YEAR) == 1


def test_a_dispute_and_what_came_back_are_lines_too(harness: Harness) -> None:
    visitor = Visitor()
    supporter = gave(harness, visitor, 1)
    books(
        harness,
        supporter,
        replace(GIFT, id="txn_1", kind="dispute", amount=-500, occurred_at=NOW + DAY),
        replace(GIFT, id="txn_2", kind="dispute", amount=500, occurred_at=NOW + 2 * DAY),
    )
    said = receipt(visitor, lang="en")
    assert "Payment disputed through the bank txn_1 −€5" in said
    assert "The bank decided for the newsroom txn_2 +€5" in said
    assert "Total €5" in said


def test_a_later_receiver_changes_no_receipt_of_before_and_a_correction_names_it(harness: Harness) -> None:
    visitor = Visitor()
    gave(harness, visitor, 2)
    before = receipt(visitor)
    new = Legal({"uk": "ГО «Інша»", "en": "Other"}, {"uk": "Київ", "en": "Kyiv"})
    harness.wiring.newsroom = replace(harness.newsroom, legal=new)
    assert receipt(visitor) == before
    assert "Отримувач ГО «Інша» Київ" in receipt(visitor, "pi_1")
    was = receipts.read(harness.table, receipt_reference.number_of(YEAR, 1))
    assert was
    ReceiptNumbers(harness.table, harness.newsroom).correct(was, "Марія Коваленко", harness.now())
    corrected = receipt(visitor)
    assert f"№ {YEAR}-000003-" in corrected
    assert f"Замінює квитанцію № {YEAR}-000001." in corrected
    assert "Платник Марія Коваленко" in corrected
    assert "Отримувач ГО «Інша» Київ" in corrected
    assert "Платник Марія Коваленко; Марія К. Електронна" in statement(visitor), "as the receipts say it now"


def test_without_a_receiver_in_the_file_the_newsroom_is_named(harness: Harness) -> None:
    harness.wiring.newsroom = replace(harness.newsroom, legal=Legal())
    visitor = Visitor()
    gave(harness, visitor, 1)
    assert "Отримувач Вісті Надріччя" in receipt(visitor)
    assert "Отримувач Вісті Надріччя" in statement(visitor)


@pytest.mark.parametrize("path", ["/account/receipts/pi_0", f"/account/statements/{YEAR}"])
def test_who_is_not_signed_in_signs_in_and_comes_back(harness: Harness, path: str) -> None:
    gave(harness, Visitor(), 1)
    reply = Visitor().navigate(path)
    assert reply.status == 303
    assert reply.headers["location"].startswith(f"{API}/sign-in?return_to=")
    assert path.replace("/", "%2F") in reply.headers["location"]
    assert receipts.count(harness.table, YEAR) == 0


def test_anothers_receipt_is_as_unknown_as_one_that_is_nobodys(harness: Harness) -> None:
    ada, ben = Visitor(), Visitor()
    gave(harness, ada, 1)
    supporter = gave(harness, ben, 1, BEN, first=7)
    books(harness, supporter, replace(GIFT, id="re_7", kind="refund", gift="pi_7", amount=-1, occurred_at=NOW + DAY))
    replies = [ben.navigate(f"/account/receipts/{gift}?lang=uk") for gift in ("pi_0", "pi_none", "re_7", "cs_x", "~")]
    assert {reply.status for reply in replies} == {404}
    bodies = {re.sub(r"pi_0|pi_none|re_7|cs_x|~", "…", reply.text) for reply in replies}
    assert len(bodies) == 1
    assert "Такої квитанції у вас немає" in bodies.pop()
    assert receipts.count(harness.table, YEAR) == 0, "nobody's look gives another's gift a number"


def test_a_statement_has_every_gift_of_the_year_and_the_sums_by_currency(harness: Harness) -> None:
    visitor = Visitor()
    supporter = gave(harness, visitor, 3)
    books(
        harness,
        supporter,
        replace(GIFT, id="pi_u", gift="pi_u", amount=20_000, currency="uah", occurred_at=NOW + DAY),
        replace(GIFT, id="pi_old", gift="pi_old", occurred_at=NOW - 400 * DAY),
        replace(GIFT, id="re_1", kind="refund", gift="pi_1", amount=-200, occurred_at=NOW + DAY),
    )
    said = statement(visitor)
    assert f"Виписка про внески за {YEAR} рік" in said
    assert said.count(f"{YEAR}-00000") == 4
    assert "Внесено 15 € Повернено −2 € Разом, EUR 13 €" in said
    assert "Разом, UAH 200 ₴" in said
    assert "повернено 2 €" in said
    assert "Ця виписка не є податковим документом." in said
    assert str(YEAR - 1) in said
    assert "Total, EUR €13" in statement(visitor, lang="en")
    assert "Разом, EUR 5 €" in statement(visitor, YEAR - 1)
    assert wrong(harness.table, YEAR) == []


def test_only_a_tax_text_of_the_newsrooms_own_takes_the_place_of_that_sentence(harness: Harness) -> None:
    visitor = Visitor()
    gave(harness, visitor, 1)
    tax = {"uk": "Перший абзац.\nДругий <b>абзац</b>.", "en": "No goods or services were provided."}
    harness.wiring.newsroom = replace(harness.newsroom, legal=replace(harness.newsroom.legal, tax_text=tax))
    said = statement(visitor)
    assert "Перший абзац. Другий &lt;b&gt;абзац&lt;/b&gt;." in said
    assert "податковим" not in said
    english = statement(visitor, lang="en")
    assert tax["en"] in english
    assert "not a tax document" not in english
    assert tax["en"] not in receipt(visitor, lang="en"), "three documents, kept apart"


def test_a_year_begins_in_the_newsrooms_time_zone(harness: Harness) -> None:
    """22:30 UTC on 31 December."""
    visitor = Visitor()
    supporter = gave(harness, visitor, 0)
    eve = int(datetime.fromisoformat(f"{YEAR}-12-31T22:30:00Z").timestamp())
    books(harness, supporter, replace(GIFT, occurred_at=eve))
    harness.clock.business = BusinessTime(eve + DAY)
    assert f"За {YEAR} рік внесків немає." in statement(visitor, YEAR)
    assert "Разом, EUR 5 €" in statement(visitor, YEAR + 1)


@pytest.mark.parametrize("year", ["0", "26", "1999", str(YEAR + 1), "9999", "20261", "abcd", "２０２６", "-2026"])
def test_a_year_that_has_no_statement_is_not_found(harness: Harness, year: str) -> None:
    visitor = Visitor()
    gave(harness, visitor, 1)
    reply = visitor.navigate(f"/account/statements/{year}")
    assert reply.status in (400, 404), reply.text
    assert "<main" in reply.text


def test_a_statement_that_lacks_something_says_so(harness: Harness) -> None:
    visitor = Visitor()
    gave(harness, visitor, 2)
    row = next(one for one in harness.books.entries if one["id"] == "pi_1")
    harness.table.write(Update((row["pk"], row["sk"]), set={"amount": "five"}))
    assert "сума може бути неповною" in statement(visitor)
    assert visitor.navigate("/account/receipts/pi_1").status == 404


def test_markup_in_a_name_is_text_and_nothing_is_from_elsewhere(harness: Harness) -> None:
    visitor = Visitor()
    gave(harness, visitor, 1, payer="<script>alert(1)</script>")
    for path in ("/account/receipts/pi_0", f"/account/statements/{YEAR}"):
        reply = visitor.navigate(path)
        assert "<script>alert" not in reply.text
        assert len(reply.text.encode()) < 30_000
        assert reply.headers["cache-control"] == "private, no-store"
        assert all(
            link.startswith(("http://127.0.0.1:", "#")) for link in re.findall(r'href="([^"d][^"]*)', reply.text)
        )
