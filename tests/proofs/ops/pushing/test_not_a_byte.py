"""Whatever stands in a file: it is refused in a sentence, or its teaser has nothing of what follows the divider."""

from contextlib import suppress

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ops.articles.manuscript import Manuscript, read
from ops.articles.refusal import FileRefused

CANARY = "канарка"
FRONT = "---\nid: mist\ntitle: Міст\nurl: https://news.example/mist\naccess: members\n---\n"
# Everything that opens, closes or continues something, in Markdown and in HTML.
PIECES = st.sampled_from(
    (
        "а ** * _ ` `` ~~ [а] [а][б] [^1] ^[ ] ( ) ![ <b> </b> <p> </p> <div> </div> <!-- --> <pre> </pre> <script> "
        "</script> <a_href=' '> \" &lt; &#60; \\ <? ?> <![CDATA[ ]]> {#а} :_ ____ \t >_ -_ 1._ #_ --- === ``` ~~~ "
        "<table> <tr> <td> </table> [^1]:_ [а]:_/б <textarea> <style> <svg> <br /> <x-y> |_а_|_б_|\n|---|---|\n"
    )
    .replace("\t", "TAB")
    .replace("\n", "LF")
    .split(" ")
).map(lambda piece: piece if piece == "_" else piece.replace("_", " ").replace("TAB", "\t").replace("LF", "\n"))
LINES = st.lists(st.lists(PIECES, max_size=5).map("".join), max_size=6).map("\n".join)
NAMES = st.sampled_from(["mist.md", "mist.html"])


def taken(source: str, name: str) -> Manuscript | None:
    try:
        one = read(name, source.encode())
    except FileRefused:
        return None
    assert isinstance(one, Manuscript)
    return one


@settings(max_examples=800, deadline=None, derandomize=True)
@given(above=LINES, below=LINES, gap=st.sampled_from(["\n", "\n\n", "\n \n"]), name=NAMES)
@example(above="[а]", below=f"[а]: /б '{CANARY}'\n\nв", gap="\n\n", name="mist.md")
@example(above="а[^1]", below=f"[^1]: {CANARY}\n\nв", gap="\n\n", name="mist.md")
def test_no_word_below_the_divider_is_in_the_teaser(above: str, below: str, gap: str, name: str) -> None:
    below = below.replace("а", CANARY).replace(f"[{CANARY}]", "[а]")
    one = taken(f"{FRONT}Початок. {above}{gap}<!--more-->{gap}{below}{gap}{CANARY}\n", name)
    if one is not None:
        assert CANARY not in one.body["teaser_html"]
        assert CANARY in one.body["body_html"]


@settings(max_examples=500, deadline=None, derandomize=True)
@given(text=LINES, name=NAMES)
def test_without_the_line_nothing_is_taken(text: str, name: str) -> None:
    assert taken(f"{FRONT}Початок.\n\n{text}\n\n{CANARY}\n", name) is None


@settings(max_examples=500, deadline=None, derandomize=True)
@given(raw=st.binary(max_size=200), front=st.sampled_from([b"", b"---\n", b"+++\n", FRONT.encode()]), name=NAMES)
def test_any_bytes_are_read_or_refused(raw: bytes, front: bytes, name: str) -> None:
    for encoding in ("utf-8", "windows-1251"):
        with suppress(FileRefused):
            read(name, front + raw, encoding=encoding)
