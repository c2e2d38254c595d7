"""Whatever an article holds, what stands after it on our page stays outside of it."""

from xml.etree.ElementTree import Element

import pytest

from chalicelib.article_html.tree import parsed, text_of
from chalicelib.article_html.writing import as_it_is, written
from tests.article_html.making import page

UNCLOSED = {
    "a comment": "<p>Початок</p><!-- wp:more",
    "a comment that is none": "<p>Початок</p><!--",
    "a declaration": "<p>Початок</p><!wp:more",
    "formatting": "<p>Початок <b>жирне <i>ще",
    "blocks": "<div><section><blockquote>Початок",
    "one end too many": "</div></article></main><p>Початок</div></body></html>",
    "a table": "<table><tr><td>Початок",
    "a list": "<ul><li>Початок<ul><li>ще",
    "an attribute": '<p>Початок</p><a href="https://news.example/',
    "a tag": "<p>Початок</p><a href",
    "a script": "<p>Початок</p><script>document.write('",
    "a style": "<p>Початок</p><style>p{",
    "a title": "<p>Початок</p><title>",
    "a text field": "<p>Початок</p><textarea>",
    "a choice": "<p>Початок</p><select><option>",
    "a frame": "<p>Початок</p><iframe src=x>",
    "a frameset": "<frameset><p>Початок",
    "old ways to say nothing": "<p>Початок</p><noembed><noframes><xmp>",
    "all the rest is text": "<p>Початок</p><plaintext>",
    "a template": "<p>Початок</p><template><div>",
    "a drawing": "<p>Початок</p><svg><g><text>",
    "a formula": "<p>Початок</p><math><mi>",
    "a form": "<form><p>Початок",
    "a button": "<p>Початок</p><button>",
    "a list item in a marquee": "<li><div><marquee><li>Початок</marquee></div>",
}


def around(html: str) -> tuple[list[str | None], int]:
    """The ids of what stands side by side in the page's main part, and how much stands beside that part."""
    body = parsed(f'<main><div id="text">{html}</div><section id="appeal"></section></main><footer></footer>')
    main: Element = body[0]
    return [child.get("id") for child in main], len(body)


@pytest.mark.parametrize("html", UNCLOSED.values(), ids=UNCLOSED.keys())
def test_what_is_left_open_ends_with_the_article(html: str) -> None:
    assert around(page(html)) == (["text", "appeal"], 2)
    assert "Початок" in page(html)


def test_as_it_is_put_it_would_swallow_the_appeal() -> None:
    """The negative control of the test above, and of the search in tests/proofs/article_html."""
    swallowed = [what for what, html in UNCLOSED.items() if around(html) != (["text", "appeal"], 2)]
    assert len(swallowed) > len(UNCLOSED) / 2
    assert {"a comment", "one end too many", "blocks", "an attribute", "a script"} <= set(swallowed)


@pytest.mark.parametrize("depth", [100, 5000])
def test_thousands_of_unclosed_tags_are_read_too(depth: int) -> None:
    assert page("<div><font size=2>" * depth + "Кінець").count("Кінець") == 1


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "opened", ["<p><b class={}>", "<p><font color={}>", "<div>", "<p><em id={}><strong id={}>", "<custom-x>"]
)
def test_tags_left_open_by_the_thousand_take_no_minutes(opened: str) -> None:
    """By the rules each paragraph opens every formatting tag again that is still open: four million of them here."""
    shown = page("".join(opened.replace("{}", str(number)) + "слово " for number in range(2000)))
    assert shown.count("слово") == 2000


def test_fifty_levels_are_kept() -> None:
    """The negative control: only what is beyond all sense is dropped."""
    assert page("<b>" * 50 + "x" + "</b>" * 50).count("<b>") == 50
    assert page("<div>" * 300 + "x" + "</div>" * 300).count("<div>") == 300
    assert page("<p>x" * 2000).count("<p>") == 2000


def test_the_words_and_their_order_stay() -> None:
    form, others = "<form>one <button>two</button> </form>", "<custom-x>three</custom-x> <font>four</font>five"
    words = text_of(parsed(page(f"{form}{others}<noscript> six</noscript>")))
    assert words == "one two On our websitethree fourfive six"


def test_what_was_cleaned_is_written_as_it_is_the_second_time() -> None:
    once = page(
        '<h1>Т</h1><pre>\n\n x</pre><p title=\'a"b\'>&amp;lt; &nbsp;</p><svg viewBox="0 0 9 9"><path d="M0 0"/></svg>'
    )
    assert written(parsed(once), as_it_is) == once
    assert '<pre tabindex="0">\n\n x</pre>' in once


def test_a_text_that_is_the_name_of_a_file_is_not_opened() -> None:
    assert page("/etc/hostname") == "/etc/hostname"
