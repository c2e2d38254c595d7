"""What the thank-you page says when the money is not there yet, never comes, or somebody else looks."""

import pytest
from playwright.sync_api import expect

from testkit.stack import Stack
from tests.stories.conftest import NewReader
from tests.stories.looks import complaints
from tests.stories.reader import Reader, at_stripe, control, ledger_of

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def pays_by_bank(reader: Reader, stack: Stack) -> str:
    """Give 25 euros once by a method whose money comes later; answers the payment's id."""
    reader.opens_hosted("/donate?lang=uk&interval=once&amount=2500")
    reader.button.click()
    checkout = reader.is_at_the_payment_page()
    reader.pays_by_bank()
    reader.sees_the_way_back_from_paying()
    reader.sees_heading("Платіж обробляється")
    reader.sees("Не платіть удруге: щойно гроші надійдуть, ми вам напишемо.")
    assert reader.access()["open"] is False
    assert ledger_of(stack, reader.email) == []
    assert checkout in reader.page.url
    assert "Не платіть удруге" in reader.mail("Платіж обробляється")["text"]
    return str(at_stripe(stack, f"checkout/sessions/{checkout}")["payment_intent"])


def test_a_delayed_payment_arrives(reader: Reader, stack: Stack) -> None:
    """The page looks again by itself, and says thank you once the bank has paid."""
    payment = pays_by_bank(reader, stack)
    control(stack, f"payments/{payment}/settle", outcome="succeeds")
    expect(reader.page.get_by_role("heading", name="Дякуємо!")).to_be_visible(timeout=15_000)
    reader.sees("Ми отримали ваш внесок: 25 €.")
    assert reader.access()["open"] is True
    assert [entry["amount"] for entry in ledger_of(stack, reader.email)] == [2500]
    reader.mail("Дякуємо за підтримку: 25 €")


def test_a_delayed_payment_fails(reader: Reader, stack: Stack) -> None:
    """No money, no access; the page and a mail say so and how to try again."""
    payment = pays_by_bank(reader, stack)
    control(stack, f"payments/{payment}/settle", outcome="fails")
    reader.page.get_by_role("link", name="Перевірити ще раз").click()
    reader.sees_heading("Оплата не пройшла")
    reader.mail("Оплата не пройшла: 25 €")
    assert reader.access()["open"] is False
    assert ledger_of(stack, reader.email) == []
    reader.page.get_by_role("link", name="Спробувати ще раз").click()
    reader.button.click()
    reader.is_at_the_payment_page()


def test_looking_before_paying(reader: Reader) -> None:
    """The way back without payment: nothing was taken, and both ways on."""
    reader.opens_article("demo-members")
    checkout = reader.goes_to_pay()
    reader.opens_hosted(f"/v1/checkouts/return?session_id={checkout}")
    reader.sees_heading("Оплату ще не завершено")
    reader.page.get_by_role("link", name="До сторінки оплати").click()
    assert reader.is_at_the_payment_page() == checkout


def test_a_payment_page_that_has_expired(reader: Reader, stack: Stack) -> None:
    """Nothing was taken; a new wish starts from there and brings the reader back to the same text."""
    reader.opens_article("demo-members")
    checkout = reader.goes_to_pay()
    at_stripe(stack, f"checkout/sessions/{checkout}/expire", "POST")
    reader.opens_hosted(f"/v1/checkouts/return?session_id={checkout}")
    reader.sees_heading("Час на оплату минув")
    reader.page.get_by_role("link", name="Почати знову").click()
    reader.button.click()
    assert reader.is_at_the_payment_page() != checkout
    reader.pays()
    reader.sees_the_way_back_from_paying()
    link = reader.page.get_by_role("link", name="Повернутися до читання")
    expect(link).to_have_attribute("href", f"{stack.site}/articles/demo-members")


def test_a_payment_that_nobody_knows(reader: Reader) -> None:
    """An id that we never gave out is refused without asking Stripe."""
    for path in ("/thanks/cs_test_unknown", "/v1/checkouts/return?session_id=cs_test_unknown"):
        reader.opens_hosted(path)
        reader.sees("Такої оплати ми не знаємо. Якщо ви платили, підтвердження надійде електронною поштою.")


def test_somebody_else_opens_the_thank_you_page(new_reader: NewReader) -> None:
    """A copied address shows a thank-you and a sign-in form: no name, no amount, no address, no text."""
    reader = new_reader()
    reader.gives()
    other = new_reader()
    other.page.goto(reader.page.url)
    other.sees_heading("Дякуємо!")
    other.sees(
        "Ви почали оплату в іншому браузері, або цей не зберігає файлів cookie, тож подробиць тут не показуємо."
    )
    shown = other.page.locator("main").inner_text()
    for personal in (reader.email, "@example.org", "3 €", "Оксана", "статті для спільноти"):
        assert personal not in shown
    expect(other.code_field).to_have_count(0)
    assert other.access()["open"] is False


def test_stripe_does_not_answer(reader: Reader, stack: Stack) -> None:
    """Back from paying while Stripe is down: don't pay again; and when it is back, the same page thanks."""
    reader.opens_article("demo-members")
    checkout = reader.goes_to_pay()
    control(stack, "deliveries", mode="hold")
    control(stack, "faults", path=f"/v1/checkout/sessions/{checkout}", status=500, times=20)
    try:
        reader.pays()
        reader.sees_the_way_back_from_paying()
        reader.sees_heading("Поки не вдається перевірити оплату")
        reader.sees("Не платіть удруге")
    finally:
        control(stack, "faults", path=f"/v1/checkout/sessions/{checkout}", status=500, times=0)
        control(stack, "deliveries", mode="normal")
        control(stack, "deliveries/release")
    reader.page.get_by_role("link", name="Перевірити ще раз").click()
    reader.sees_heading("Дякуємо!")
    assert len(ledger_of(stack, reader.email)) == 1


def test_a_first_monthly_payment_by_bank_is_asked_for_once(new_reader: NewReader, stack: Stack) -> None:
    """On a phone. Until it is there, wall, donation page and account say that it is on its way; then it opens."""
    reader = new_reader(phone=True)
    reader.opens_hosted("/donate?lang=uk&interval=month&amount=500")
    reader.button.click()
    checkout = reader.is_at_the_payment_page()
    reader.pays_by_bank()
    reader.sees_the_way_back_from_paying()
    reader.signs_in()
    reader.sees("Щойно гроші надійдуть, він відкриє всі статті для спільноти.")
    found = complaints(reader.page, "account")
    reader.opens_hosted("/donate?lang=uk")
    reader.sees("Банк ще підтверджує перший внесок; платити вдруге не треба.")
    found += complaints(reader.page, "donate")
    reader.opens_article()
    expect(reader.page.get_by_role("heading", name="Ви вже з нами")).to_be_visible()
    reader.sees("Не платіть удруге: щойно гроші надійдуть, текст відкриється.")
    expect(reader.button).to_have_count(0)
    found += complaints(reader.page, "wall")
    customer = at_stripe(stack, f"checkout/sessions/{checkout}")["customer"]
    (payment,) = at_stripe(stack, "payment_intents", customer=customer)["data"]
    control(stack, f"payments/{payment['id']}/settle", outcome="fails")
    reader.opens_hosted("/donate?lang=uk")
    reader.sees("Внесок не пройшов: 5 € щомісяця.")
    expect(reader.page.get_by_role("link", name="Оновити спосіб оплати")).to_be_visible()
    expect(reader.button).to_have_count(0)
    found += complaints(reader.page, "donate, failed")
    assert found == []
