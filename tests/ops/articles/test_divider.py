"""The divider: a gated text is cut where its line says, or refused; it never becomes public by a mistake."""

import pytest

from ops.articles.divider import Divided, divided, shows
from ops.articles.refusal import FileRefused

SECRET = "Решта"


def cut(text: str, name: str = "md", *, gated: bool = True) -> Divided:
    return divided(text, markdown=name == "md", gated=gated, line=1)


def refused(text: str, name: str = "md") -> str:
    with pytest.raises(FileRefused) as caught:
        cut(text, name)
    return caught.value.at("a")


@pytest.mark.parametrize("divider", ["<!--more-->", "<!-- more -->", "<!--MORE-->", "<!--more-->  "])
@pytest.mark.parametrize("name", ["md", "html"])
def test_the_line_cuts(divider: str, name: str) -> None:
    teaser, rest = ("Початок.", f"{SECRET}.") if name == "md" else ("<p>Початок.</p>", f"<p>{SECRET}.</p>")
    found = cut(f"{teaser}\n\n{divider}\n\n{rest}\n", name)
    assert found.teaser == "<p>Початок.</p>\n"
    assert found.whole == f"<p>Початок.</p>\n<p>{SECRET}.</p>\n"


@pytest.mark.parametrize(
    "before",
    [
        "Початок\n",
        "- один\n- два\n",
        "> цитата\n",
        "| а |\n|---|\n| б |\n",
        "```\nкод\n```\n",
        "<div>а</div>\n\n",
    ],
)
def test_the_line_needs_no_empty_one_before_it(before: str) -> None:
    found = cut(f"{before}<!--more-->\n{SECRET}\n")
    assert SECRET not in found.teaser
    assert SECRET in found.whole


@pytest.mark.parametrize("name", ["md", "html"])
@pytest.mark.parametrize("text", [f"<p>Початок.</p>\n\n<p>{SECRET}</p>\n", SECRET, ""])
def test_without_one_a_gated_text_is_refused(text: str, name: str) -> None:
    assert "There is no line <!--more-->" in refused(text, name)


@pytest.mark.parametrize("almost", ["<!—more—>", "&lt;!--more--&gt;", "<!-more-->", "< !--more-->", "<!–more–>"])
def test_what_was_made_of_it_by_a_program_is_pointed_at(almost: str) -> None:
    assert "in its place?" in refused(f"а\n\n{almost}\n\n{SECRET}")


def test_twice_is_refused_with_both_lines() -> None:
    assert refused(f"а\n\n<!--more-->\n\nб\n\n<!-- more -->\n\n{SECRET}\n") == (
        "a: The divider <!--more--> stands there 2 times, in the lines 3, 7."
    )
    assert "2 times" in refused(f"а\n\n```\n<!--more-->\n```\n\n<!--more-->\n\n{SECRET}\n")


@pytest.mark.parametrize(
    "text",
    [
        f"Початок <!--more--> {SECRET}",
        f"<!--more-->{SECRET}",
        f"а\n\n- один\n- <!--more-->\n- {SECRET}",
        f"а\n\n> <!--more-->\n> {SECRET}",
        f"а\n\n    <!--more-->\n\n{SECRET}",
        f"Пишіть `<!--more-->` окремо.\n\n{SECRET}",
        f"а\n\n[^1]: <!--more-->\n\n{SECRET}",
    ],
)
def test_beside_something_else_on_its_line_is_refused(text: str) -> None:
    assert "does not stand alone on a line" in refused(text)


@pytest.mark.parametrize(
    "text",
    [
        f"а\n\n```\n<!--more-->\n{SECRET}\n```\n",
        f"а\n\n```\n<!--more-->\n{SECRET}\n",
        f"а\n\n~~~\n\n<!--more-->\n\n~~~\n{SECRET}\n",
        f"- один\n\n  <!--more-->\n\n  {SECRET}\n",
        f"1. один\n   <!--more-->\n   {SECRET}\n",
        f"<div>\n<!--more-->\n{SECRET}</div>\n",
        f"а\n\n<div class='box'>\n\nб\n\n<!--more-->\n\n{SECRET}\n\n</div>\n",
        f"а\n\n<!-- чернетка\n<!--more-->\n{SECRET} -->\n",
        f"а\n\n<pre>\n<!--more-->\n{SECRET}</pre>\n",
        f"а\n\n<script>\n<!--more-->\n</script>\n\n{SECRET}\n",
        f"<div>а</div>\n<!--more-->\n{SECRET}\n",
        f"<table><tr><td>\n\n<!--more-->\n\n{SECRET}</td></tr></table>",
    ],
)
def test_inside_of_something_in_markdown_is_refused(text: str) -> None:
    assert "stands inside of" in refused(text)


@pytest.mark.parametrize(
    "text",
    [
        f"<div><p>а</p>\n<!--more-->\n<p>{SECRET}</p></div>",
        f"<p>а\n<!--more-->\n{SECRET}</p>",
        f"<p>а</p><ul><li>б</li>\n<!--more-->\n<li>{SECRET}</li></ul>",
        f"<p>а</p><!-- чернетка\n<!--more-->\n{SECRET} -->",
        f"<p>а</p><pre>\n<!--more-->\n{SECRET}</pre>",
        f"<p>а</p><b>\n<!--more-->\n{SECRET}</b>",
        f"<p>а</p><a title='\n<!--more-->\n{SECRET}'>б</a>",
        f"<p>а</p><img alt='б'\n<!--more-->\ntitle='{SECRET}'>",
    ],
)
def test_inside_of_something_in_html_is_refused(text: str) -> None:
    assert "stands inside of" in refused(text, "html")


def test_the_ends_that_html_lets_one_leave_out_may_be_left_out() -> None:
    assert cut(f"<p>а\n<!--more-->\n<p>{SECRET}", "html").teaser == "<p>а\n"


@pytest.mark.parametrize(
    "above", ["", "\n", "<!-- нотатка -->", "<p></p>", "<p>&nbsp;</p>", "[^1]: примітка", "[а]: https://news.example"]
)
def test_nothing_above_it_is_refused(above: str) -> None:
    assert "Nothing stands above" in refused(f"{above}\n\n<!--more-->\n\n{SECRET}\n")


@pytest.mark.parametrize("below", ["", "\n\n", "<!-- нотатка -->", "<p></p>", "<style>p { color: red }</style>"])
def test_nothing_below_it_is_refused(below: str) -> None:
    assert "everybody would read the whole text" in refused(f"{SECRET}[^1]\n\n[^1]: б\n\n<!--more-->\n\n{below}")


def test_a_picture_is_something() -> None:
    assert cut("![](https://news.example/a.jpg)\n\n<!--more-->\n\n<iframe src='https://x.example'></iframe>\n").teaser
    assert shows("<p>«…»</p>")
    assert not shows("<p> <!-- а --> <script>b()</script></p>")


def test_a_link_in_the_teaser_finds_its_address_below_the_divider() -> None:
    found = cut("Див. [тут].\n\n<!--more-->\n\nРешта.\n\n[тут]: https://news.example/t\n")
    assert '<a href="https://news.example/t">тут</a>' in found.teaser


def test_the_words_beside_that_address_are_gated_with_all_that_stands_there() -> None:
    found = cut(f"Див. [тут] і [там](https://news.example/a \"Так\").\n\n<!--more-->\n\n[тут]: /t '{SECRET}'\n\nб\n")
    assert '<a href="/t">тут</a>' in found.teaser
    assert 'title="Так"' in found.teaser
    assert f'title="{SECRET}"' in found.whole


def test_a_footnote_of_the_teaser_is_shown_with_the_whole_text_alone() -> None:
    found = cut(f"Початок.[^1]\n\n<!--more-->\n\nДалі.[^2]\n\n[^1]: {SECRET} один.\n[^2]: {SECRET} два.\n")
    assert found.teaser == "<p>Початок.</p>\n"
    assert 'href="#fn1"' in found.whole
    assert found.whole.count(SECRET) == 2


def test_an_open_text_may_have_one_and_then_it_counts() -> None:
    assert cut("а\n\n<!--more-->\n\nб\n", gated=False).teaser == "<p>а</p>\n"
    with pytest.raises(FileRefused):
        cut("а <!--more--> б\n", gated=False)
