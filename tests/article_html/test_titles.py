"""A title is words, whether the CMS sent text or HTML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.articles.rules.titles import as_read

READ = {
    "Міст &#8211; не мрія": "Міст – не мрія",
    "Суд &amp; громада &hellip;": "Суд & громада …",
    "&#8220;Вода&#8221; &#x2014; удома": "“Вода” — удома",
    "Хто <em>винен</em> і <strong class='x'>що <i>робити</i></strong>": "Хто винен і що робити",
    "H<sub>2</sub>O<br>удома": "H2O удома",
    "10&nbsp;000 грн": "10\xa0000 грн",
    "Тег &lt;b&gt; у HTML": "Тег <b> у HTML",
    "Як писати &amp;amp; правильно": "Як писати &amp; правильно",
    "a&#10;b&#0;c&#x202e;d": "a b�c d",
    "<em>&lt;em&gt;x&lt;/em&gt;</em>": "<em>x</em>",
}
AS_THEY_ARE = [
    "Міст", "R&D", "AT&T; і ще", "Q&A", "x &copy y", "a < b > c", "Ціна <100 грн", "тег <b> без пари",
    "<script>x</script>", "&невідоме;", "&#999999999;", "&bogus;", "50 % &", "",
]  # fmt: skip


@pytest.mark.parametrize(("title", "words"), READ.items())
def test_references_and_tags_are_read(title: str, words: str) -> None:
    assert as_read(title) == words


@pytest.mark.parametrize("title", AS_THEY_ARE)
def test_a_title_that_is_text_stays_as_it_is(title: str) -> None:
    assert as_read(title) == title


@given(st.text(max_size=60))
def test_any_title_is_one_line_and_never_lost(title: str) -> None:
    words = as_read(title)
    assert not any(character in words for character in "\n\r\t\x00") or words == title
    assert words or not title


def test_half_a_thousand_nested_tags_take_no_time() -> None:
    assert as_read("<b>" * 70 + "x" + "</b>" * 70) == "x"
    assert as_read("<b " * 160) == ("<b " * 160).strip()
