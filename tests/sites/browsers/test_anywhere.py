"""Sealed text, the meter's sentence and a gift link in the engines that are not Chromium."""

import re

import pytest

from testkit.gift_links import token_of
from tests.sites.browsers.conftest import NewReader
from tests.sites.browsers.reader import Origins, Reader
from tests.stories.hidden import first_words, sentences
from tests.stories.reader import ops

pytestmark = [pytest.mark.stack, pytest.mark.browser]
SEALED, METERED, HOSTED = "demo-sealed", "demo-metered", "demo-members"
_ASKED = "return performance.getEntriesByType('resource').map((one) => one.name).join(' ')"


def asked(reader: Reader) -> set[str]:
    """What was asked about articles, by the last part of each path."""
    found: str = reader._asks(_ASKED)
    return {one or "article" for one in re.findall(r"/v1/articles/[^/?\s]+/?([a-z]*)", found)}


def test_a_supporter_reads_sealed_text_and_it_goes_with_them(new_reader: NewReader, secure: Origins) -> None:
    """The copy that the page names is on plain http, which no page on https may ask: the console says so."""
    reader = new_reader(secure, careless=True)
    reader.gives()
    reader.signs_in()
    reader.sees("Моя підтримка", "h1")
    reader.opens_article(SEALED)
    reader.wall_is("open")
    reader.sees(first_words(SEALED))
    assert [one for one in sentences(SEALED) if one not in reader.light_text()] == []
    assert "article" not in asked(reader), "the text did not come as text"
    assert "key" in asked(reader)
    reader.presses("Вийти", "button")
    reader.wall_is("closed")
    assert [one for one in sentences(SEALED) if one in reader.light_text()] == []


def test_a_stranger_reads_under_the_meters_sentence_and_deletes_its_mark(
    new_reader: NewReader, secure: Origins
) -> None:
    """The same article again is free; once its mark is deleted, the count begins anew."""
    reader = new_reader(secure)
    reader.opens_article(METERED)
    reader.wall_is("open")
    reader.sees("Це перша з")
    reader.sees(first_words(METERED))
    reader.takes_a_picture("metered")
    reader.opens_article(METERED)
    reader.sees("цього місяця вже відкривали")
    reader.presses("Що ми знаємо про ваше читання", "a")
    reader.sees("Що ми знаємо про ваше читання", "h1")
    assert len(reader.seen("main code")) == 1
    reader.takes_a_picture("reading")
    reader.presses("Стерти позначки", "button")
    reader.sees("Позначки стерто.")
    assert reader.seen("main code") == []
    reader.opens_hosted(f"/read/{METERED}?lang=uk")
    reader.sees("Це перша з")


def test_a_gift_link_loses_its_token_and_opens(new_reader: NewReader, secure: Origins) -> None:
    (link,) = ops(secure.stack, "articles", "link", SEALED, "--days", "1", "--readers", "9")
    token = token_of(str(link["url"]))
    reader = new_reader(secure, careless=True)
    reader.opens(f"/articles/{SEALED}?a=1&spilno={token}#x")
    reader.wall_is("open")
    reader.sees("Цю статтю вам подарували.")
    assert reader.address == f"{secure.site}/articles/{SEALED}?a=1#x"
    reader.opens_article(SEALED)
    reader.wall_is("open")
    # On our own page, for websites elsewhere
    (link,) = ops(secure.stack, "articles", "link", HOSTED, "--days", "1", "--readers", "1")
    reader.opens_hosted(f"/read/{HOSTED}?lang=uk&gift={token_of(str(link['url']))}")
    for _ in range(2):
        reader.sees("Цю статтю вам подарували.")
        reader.sees(first_words(HOSTED))
        assert reader.address == f"{secure.app}/read/{HOSTED}?lang=uk"
        reader.opens_hosted(f"/read/{HOSTED}?lang=uk")
