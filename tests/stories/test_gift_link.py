"""A supporter gives an article; a friend without JavaScript reads it, and another one on the newsroom's own page."""

import re

import pytest
from playwright.sync_api import expect

from testkit.gift_links import token_of
from tests.stories.conftest import NewReader
from tests.stories.hidden import first_words
from tests.stories.reader import Reader

pytestmark = [pytest.mark.stack, pytest.mark.browser]
ARTICLE = "demo-members"


def test_an_article_is_given_read_and_closed_again(reader: Reader, new_reader: NewReader) -> None:
    reader.gives(ARTICLE)
    reader.enters(reader.code())
    reader.opens_hosted(f"/read/{ARTICLE}")
    reader.page.get_by_role("button", name="Подарувати статтю").click()
    reader.sees("Ось ваше посилання.")
    url = reader.page.get_by_label("Посилання, яке можна надіслати").input_value()
    friend = new_reader(javascript=False, phone=True)
    friend.opens_hosted(f"/read/{ARTICLE}?gift={token_of(url)}")
    friend.sees("Цю статтю вам подарували.")
    friend.sees(first_words(ARTICLE))
    for _ in range(2):
        expect(friend.page).to_have_url(re.compile(rf"/read/{ARTICLE}$"))
        friend.page.reload()
        friend.sees(first_words(ARTICLE))
    friend.page.go_back()
    assert "gift=" not in friend.page.url
    other = new_reader()
    other.page.goto(url)
    for _ in range(2):  # on the newsroom's own page, and after a reload, which brings no token any more
        other.sees(first_words(ARTICLE))
        expect(other.page).to_have_url(re.compile(rf"/articles/{ARTICLE}$"))
        other.page.reload()
    reader.page.reload()
    reader.sees("Прочитали: 2 з 50")
    reader.page.get_by_role("button", name="Скасувати посилання").click()
    reader.sees("За ним більше ніхто не прочитає.")
    friend.opens_hosted(f"/read/{ARTICLE}")
    friend.sees("Це подарункове посилання вже не діє.")
    assert first_words(ARTICLE) not in friend.page.content()
