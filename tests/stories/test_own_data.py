"""A supporter takes their data along, asks to be erased, takes it back by signing in, and is erased after all."""

import json
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from testkit.stack import Stack
from tests.stories.conftest import NewReader
from tests.stories.reader import Reader, at_stripe, ledger_of, ops

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def is_clean(reader: Reader) -> None:
    """Nothing that axe finds, and nothing to scroll sideways for."""
    found = Axe().run(reader.page)
    assert found.violations_count == 0, found.generate_report()
    assert reader.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def takes(reader: Reader, label: str) -> str:
    """Press a link that downloads a file; answers its text."""
    with reader.page.expect_download() as waited:
        reader.page.get_by_role("link", name=label).click()
    return Path(waited.value.path()).read_text(encoding="utf-8")


def test_taken_along_asked_taken_back_and_erased(new_reader: NewReader, stack: Stack) -> None:
    """On a phone, in Ukrainian."""
    reader = new_reader(phone=True)
    reader.gives()
    reader.enters(reader.code())
    reader.opens_hosted("/account/data")
    reader.sees_heading("Мої дані")
    is_clean(reader)
    everything = json.loads(takes(reader, "Усі мої дані"))
    assert everything["data"]["profile"]["rows"][0]["email"] == reader.email
    assert reader.email in json.dumps(everything["data"]["news from Stripe"])
    assert takes(reader, "Мої внески").startswith("\ufeffgiven_at,kind,received")
    before = ledger_of(stack, reader.email)

    reader.page.get_by_role("button", name="Видалити мої дані").click()
    expect(reader.page).to_have_url(re.compile("/account/data$|/account/data\\?"))  # the box is not ticked
    reader.page.get_by_role("checkbox").check()
    reader.page.get_by_role("button", name="Видалити мої дані").click()
    reader.sees_heading("Ми отримали ваш запит")
    is_clean(reader)
    assert reader.session()["signed_in"] is False
    told = reader.mail("Ваші дані буде видалено")
    assert "без вашого імені та адреси" in " ".join(told["text"].split())
    [found] = ops(stack, "supporter", reader.email)
    assert {gift["status"] for gift in found["recurring"]} <= {"canceled"}

    again = new_reader(reader.email)
    again.signs_in()
    ops(stack, "sweep")
    again.mail("Ваші дані лишаються")
    assert ops(stack, "supporter", reader.email)

    ops(stack, "supporter", "erase", reader.email, "--yes")
    again.mail("Ваші дані видалено")
    assert again.session()["signed_in"] is False
    customers = [gift["customer"] for gift in everything["data"]["access"]["rows"][0]["recurring"].values()]
    assert all(at_stripe(stack, f"customers/{one}")["deleted"] for one in customers)
    after = [one for one in ops(stack, "ledger") if one["gift"] in {row["gift"] for row in before}]
    assert [(one["amount"], one["currency"]) for one in after] == [(one["amount"], one["currency"]) for one in before]


def test_in_english_with_a_stale_sign_in(new_reader: NewReader) -> None:
    reader = new_reader(lang="en")
    reader.gives("demo-members-en")
    reader.enters(reader.code())
    reader.opens_hosted("/account/data")
    reader.sees_heading("My data")
    reader.sees("Only the records of payments stay")
    is_clean(reader)
