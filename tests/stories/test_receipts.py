"""From a payment to its receipt and the year's statement: on a phone and on paper, in both languages."""

import re
from datetime import datetime

import pytest

from tests.stories.conftest import NewReader

pytestmark = [pytest.mark.stack, pytest.mark.browser]


@pytest.mark.parametrize("lang", ["uk", "en"])
def test_the_receipts_mail_leads_to_the_receipt_and_the_account_to_the_statement(
    new_reader: NewReader, lang: str
) -> None:
    ukrainian = lang == "uk"
    reader = new_reader(phone=True, lang=lang)
    reader.gives("demo-members" if ukrainian else "demo-members-en")
    reader.enters(reader.code())
    mail = reader.mail("Дякуємо" if ukrainian else "Thank you")
    number = re.search(r"\d{4}-\d{6,}-[0-9A-Z]{4}-[0-9A-Z]{4}", mail["text"])
    assert number, "the mail says the receipt's reference"

    reader.page.goto(next(line for line in mail["text"].splitlines() if "return_to=/account/receipts/" in line))
    reader.sees_heading("Квитанція" if ukrainian else "Receipt")
    reader.sees(number[0])
    reader.sees("Visa ···· 4242".replace(" ", "\N{NO-BREAK SPACE}"))
    reader.sees("ГО «Вісті Надріччя»" if ukrainian else "Nadrichchia News, a Ukrainian NGO")
    sheets = re.findall(rb"/Type\s*/Page\b", reader.page.pdf(format="A4", prefer_css_page_size=True))
    assert len(sheets) == 1

    year = datetime.now().astimezone().year
    reader.opens_hosted(f"/account/statements/{year}?lang={lang}")
    reader.sees(number[0])
    reader.sees("Ця виписка не є податковим документом." if ukrainian else "This statement is not a tax document.")
    assert reader.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
