"""A supporter looks after their own support on a phone, in both languages: the money before each click."""

import re

import pytest
from playwright.sync_api import expect

from tests.stories.conftest import NewReader
from tests.stories.reader import Reader, ledger_of

pytestmark = [pytest.mark.stack, pytest.mark.browser]

# What a supporter reads and presses on the way, by the language of the story.
UK = {
    "article": "demo-members",
    "five": "5 €",
    "monthly_5": "5 € щомісяця",
    "change": "Змінити 5 € щомісяця",
    "pause": "Зробити перерву",
    "two": re.compile("^2 внески"),
    "paused": "Призупинено. Наступний внесок —",
    "resume": "Відновити підтримку",
    "next": "Наступний внесок —",
    "three": "3 €",
    "see_3": "Далі: 3 € щомісяця",
    "lowered": "5 € щомісяця → 3 € щомісяця",
    "confirm_3": "Підтвердити: 3 € щомісяця",
    "change_3": "Змінити 3 € щомісяця",
    "fifteen": "15 €",
    "see_15": "Далі: 15 € щомісяця",
    "now": "Зараз",
    "pay_now": re.compile(r"^Сплатити зараз (10|9,9\d)\s€$"),
    "patron": "Ваш рівень — «Опора редакції».",
    "change_15": "Змінити 15 € щомісяця",
    "year": "Щороку",
    "see_year": "Далі: 180 € щороку",
    "confirm_year": "Підтвердити: 180 € щороку",
    "yearly": "180 € щороку",
    "stop": "Зупинити підтримку 180 € щороку",
    "stop_button": "Зупинити підтримку",
    "why": "Сказати чому (необов’язково)",
    "reason": "Зараз складно з грошима",
    "stopped": "Зупинено: нових списань не буде. Завершиться",
    "keep": "Не зупиняти",
    "stopped_mail": "Підтримку зупинено",
}
EN = {
    "article": "demo-members-en",
    "five": "€5",
    "monthly_5": "€5 a month",
    "change": "Change €5 a month",
    "pause": "Take a break",
    "two": re.compile("^2 payments"),
    "paused": "Paused. Next payment on",
    "resume": "Resume your support",
    "next": "Next payment on",
    "three": "€3",
    "see_3": "Next: €3 a month",
    "lowered": "€5 a month → €3 a month",
    "confirm_3": "Confirm: €3 a month",
    "change_3": "Change €3 a month",
    "fifteen": "€15",
    "see_15": "Next: €15 a month",
    "now": "Now",
    "pay_now": re.compile(r"^Pay €(10|9\.9\d) now$"),
    "patron": "Your level: Patron of the newsroom.",
    "change_15": "Change €15 a month",
    "year": "Yearly",
    "see_year": "Next: €180 a year",
    "confirm_year": "Confirm: €180 a year",
    "yearly": "€180 a year",
    "stop": "Stop your support €180 a year",
    "stop_button": "Stop your support",
    "why": "Say why (optional)",
    "reason": "I cannot afford it just now",
    "stopped": "Stopped: nothing more will be charged. Ends on",
    "keep": "Do not stop",
    "stopped_mail": "Your support is stopped",
}


@pytest.mark.parametrize("words", [UK, EN], ids=["uk", "en"])
def test_pause_lower_raise_yearly_stop_and_keep(new_reader: NewReader, words: dict[str, str]) -> None:
    reader = new_reader(phone=True, lang="uk" if words is UK else "en")
    reader.opens_article(words["article"])
    reader.picks(words["five"])
    reader.goes_to_pay()
    reader.pays()
    reader.sees_the_way_back_from_paying()
    reader.enters(reader.code())
    reader.opens_hosted("/account")
    reader.sees(words["monthly_5"])
    # A break of two payments, and back
    follows(reader, words["change"])
    reader.page.get_by_role("radio", name=words["two"]).check()
    presses(reader, words["pause"])
    reader.sees(words["paused"])
    presses(reader, words["resume"])
    reader.sees(words["next"])
    # Less, from the next payment on
    follows(reader, words["change"])
    picks(reader, words["three"])
    presses(reader, words["see_3"])
    reader.sees(words["lowered"])
    presses(reader, words["confirm_3"])
    # Much more, charged now, which opens the higher level at once
    follows(reader, words["change_3"])
    picks(reader, words["fifteen"])
    presses(reader, words["see_15"])
    reader.page.get_by_role("button", name=words["now"], exact=True).click()
    presses(reader, words["pay_now"])
    reader.sees(words["patron"])
    assert reader.access("tier:patron")["open"] is True
    assert len(ledger_of(reader.stack, reader.email)) == 2
    # The same once a year: nothing is paid twice
    follows(reader, words["change_15"])
    reader.page.get_by_role("button", name=words["year"], exact=True).click()
    presses(reader, words["see_year"])
    presses(reader, words["confirm_year"])
    reader.sees(words["yearly"])
    assert len(ledger_of(reader.stack, reader.email)) == 2
    # Stop, with a reason, and think better of it
    follows(reader, words["stop"])
    reader.page.get_by_text(words["why"]).click()
    picks(reader, words["reason"])
    presses(reader, words["stop_button"])
    reader.sees(words["stopped"])
    presses(reader, words["keep"])
    reader.sees(words["next"])
    expect(reader.page.get_by_text(words["stopped"])).to_have_count(0)


def follows(reader: Reader, name: str) -> None:
    """A link, by all that is read out of it."""
    reader.page.get_by_role("link", name=name, exact=True).click()


def picks(reader: Reader, name: str) -> None:
    """One of several, by its label."""
    reader.page.get_by_text(name, exact=True).first.click()


def presses(reader: Reader, name: str) -> None:
    """A button, and wait for the page it leads to."""
    reader.page.get_by_role("button", name=name).first.click()
