"""The wall anywhere: sealed text that the website itself cannot read, the meter's sentence, a link that was given."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from testkit.stack import Stack
from tests.stories.conftest import NewReader
from tests.stories.hidden import first_words, sentences
from tests.stories.reader import Reader, ops
from tests.widget.looking import in_page, in_storage

pytestmark = [pytest.mark.stack, pytest.mark.browser]
SEALED, METERED = "demo-sealed", "demo-metered"


def asked(reader: Reader) -> list[str]:
    """What this reader's tab asks about articles from now on, by the last part of each path."""
    found: list[str] = []
    where = re.compile(r"/v1/articles/[^/?]+/?([^/?]*)|/(sealed)/")
    reader.page.on(
        "request", lambda one: found.extend((m[1] or m[2] or "article") for m in [where.search(one.url)] if m)
    )
    return found


def test_a_supporter_reads_what_the_site_cannot_and_it_leaves_no_trace(reader: Reader) -> None:
    reader.gives()
    reader.enters(reader.code())
    reader.page.wait_for_url("**/articles/demo-members")
    reader.sees(first_words("demo-members"))
    calls = asked(reader)
    reader.opens_article(SEALED)
    expect(reader.wall).to_have_attribute("state", "open")
    assert all(sentence in " ".join(reader.light_text().split()) for sentence in sentences(SEALED))
    assert sorted(set(calls) - {"seal"}) == ["key", "sealed"], "no text but what is sealed came"
    assert "key" not in reader.page.request.get(f"{reader.stack.app}/v1/articles/{SEALED}/seal").json()
    assert in_storage(reader.page, first_words(SEALED)) == []
    reader.page.get_by_role("button", name="Вийти").click()
    reader.sees("Уже підтримуєте?")
    assert in_page(reader.page, first_words(SEALED)) + in_storage(reader.page, first_words(SEALED)) == []


def test_a_stranger_before_a_sealed_article_asks_nothing_that_is_theirs(reader: Reader) -> None:
    reader.opens_article("demo-members")
    expect(reader.wall).to_have_attribute("state", "closed")
    calls = asked(reader)
    reader.opens_article(SEALED)
    expect(reader.wall).to_have_attribute("state", "closed")
    reader.page.wait_for_load_state("networkidle")
    assert set(calls) <= {"seal"}
    assert first_words(SEALED) not in reader.page.content()


def test_a_stranger_reads_a_metered_article_under_its_sentence(reader: Reader, stack: Stack) -> None:
    reader.opens_article(METERED)
    reader.sees(first_words(METERED))
    now = datetime.now(ZoneInfo("Europe/Kyiv"))
    months = "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня".split()
    reader.sees(f"Це перша з трьох відкритих статей цього місяця. Нові — 1 {months[now.month % 12]}.")
    reader.page.reload()
    reader.sees("Цю статтю ви цього місяця вже відкривали, тож вона не рахується знову. Лишилися ще 2;")
    reader.page.get_by_role("link", name="Що ми знаємо про ваше читання").click()
    reader.page.wait_for_url(f"{stack.app}/reading?lang=uk")
    reader.sees("Тут 1 позначка.")


def test_an_article_is_given_under_its_text_and_read_where_the_link_leads(
    reader: Reader, new_reader: NewReader
) -> None:
    reader.gives()
    reader.enters(reader.code())
    reader.page.wait_for_url("**/articles/demo-members")
    reader.opens_article(SEALED)
    reader.page.get_by_role("button", name="Подарувати статтю").click()
    url = reader.page.get_by_label("Посилання, яке можна надіслати").input_value()
    assert url.startswith(f"{reader.stack.site}/articles/{SEALED}?spilno=g1.")
    friend = new_reader(phone=True)
    friend.page.goto(f"{url}#second")
    friend.sees("Цю статтю вам подарували.")
    friend.sees(first_words(SEALED))
    assert friend.page.url == f"{reader.stack.site}/articles/{SEALED}#second"
    friend.page.reload()
    friend.sees(first_words(SEALED))
    # When the giver ends it, it is over for whoever comes anew
    reader.opens_hosted("/account/links?lang=uk")
    reader.sees("Прочитали: 1 з 50")
    other = new_reader(lang="en")
    (newsletter,) = ops(reader.stack, "articles", "link", "demo-members-en", "--days", "7", "--readers", "1")
    other.page.goto(newsletter["url"])
    other.sees("Somebody gave you this article.")
    late = new_reader(lang="en")
    late.page.goto(newsletter["url"])
    late.sees("This gift link has been used by as many people as it was for.")
    expect(late.wall).to_have_attribute("state", "closed")
