"""A small minifier for JavaScript: it removes comments and white space, and shortens local names.

Only for sources that keep to these rules (the elements' do, and all their tests run what comes out of here): a
statement ends with a semicolon or a block, no template stands inside another, no literal depends on its line breaks,
and no local name is also the name of something global that the same sources use.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, product
from typing import NamedTuple

_OTHER = re.compile(r'\s+|//[^\n]*|"(?:\\.|[^"\\])*"|[\w$]+|\.\.\.|\?\.|=>|\+\+|--|.')
_TEMPLATE = re.compile(r"[`}](?:\\.|\$(?!\{)|[^`\\$])*(?:`|\$\{)")
_REGEX = re.compile(r"/(?!/)(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\[])+/")
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_LETTERS = "etnariosldcupmhgfbvwykjxqz_$"  # the most frequent in the sources come first: so it compresses best
_VALUE_ENDS = re.compile(r'(?<!\breturn)(?<=[\w$)\]}"`])$')  # where a slash divides, and begins no regular expression


class Token(NamedTuple):
    """A token of JavaScript, with its neighbours and the bracket that it stands in."""

    text: str
    before: str
    after: str
    bracket: str
    declares: bool  # the bracket holds what a function takes, or what a `const` takes apart


def squeezed(source: str) -> str:
    """The same program, minified."""
    tokens = _placed(list(_texts(source)))
    short = _short_names(tokens)
    parts = []
    for token in tokens:
        text, before, after, *_ = token
        if (text == "," and after in {")", "]", "}"}) or (text == ";" and after == "}"):
            continue
        # Two words need a space between them; two signs of the same kind would become another sign.
        apart = re.search(r"[\w$]$", before) and re.match(r"[\w$]", text)
        parts.append(" " if apart or (before[-1:] == text[0] and text[0] in "+-") else "")
        name = text if _is_property(token) else short.get(text, text)
        parts.append(f"{text}:{name}" if name != text and _is_both(token) else name)
    return "".join(parts)


def _texts(source: str) -> Iterator[str]:
    """The texts of all tokens; a template comes in pieces, `…${` and `}…`, and what is between them."""
    place, last = 0, ""
    inside: list[int] = []  # for the expression of each open template, how many braces are open in it
    while place < len(source):
        if source[place] == "`" or (source[place] == "}" and inside == [0]):
            pattern = _TEMPLATE
        elif _VALUE_ENDS.search(last) or not _REGEX.match(source, place):
            pattern = _OTHER
        else:
            pattern = _REGEX
        found = pattern.match(source, place)
        assert found is not None, source[place : place + 40]
        text, place = found[0], found.end()
        if pattern is _TEMPLATE:
            inside = [0] if text.endswith("${") else []
            text = text.replace("\n", "")
        elif inside:
            inside = [inside[0] + (text == "{") - (text == "}")]
        if not text.isspace() and not text.startswith("//"):
            yield text
            last = text


def _placed(texts: list[str]) -> list[Token]:
    """Each text as a token, with what stands around it."""
    closed_by: dict[int, int] = {}
    open_now: list[int] = []
    innermost: list[int | None] = []
    for index, text in enumerate(texts):
        if text in {")", "]", "}"} or text[0] == "}":
            closed_by[open_now.pop()] = index
        innermost.append(open_now[-1] if open_now else None)
        if text in {"(", "[", "{"} or text.endswith("${"):
            open_now.append(index)

    def text_at(index: int) -> str:
        return texts[index] if 0 <= index < len(texts) else ""

    def declares(bracket: int | None) -> bool:
        if bracket is None:
            return False
        before, after = text_at(bracket - 1), text_at(closed_by[bracket] + 1)
        if texts[bracket] in {"[", "{"}:
            return before in {"const", "let"} or (before in {"(", ","} and declares(innermost[bracket]))
        named = _WORD.fullmatch(before) and before not in {"if", "for", "while", "switch"}
        return texts[bracket] == "(" and (after == "=>" or (after == "{" and bool(named)))

    return [
        Token(
            text,
            text_at(index - 1),
            text_at(index + 1),
            "" if innermost[index] is None else texts[innermost[index] or 0],
            declares(innermost[index]),
        )
        for index, text in enumerate(texts)
    ]


def _short_names(tokens: list[Token]) -> dict[str, str]:
    """A short name for each name that is declared in the source and is no method's."""
    words = [token for token in tokens if _WORD.fullmatch(token.text) and not _is_property(token)]
    declared = {
        word.text
        for word in words
        if word.before in {"const", "let", "class"}
        or (word.declares and (word.before in {"(", ",", "[", "..."} or _is_both(word)))
    }
    methods = {word.text for word in words if _may_be_a_method(word)}
    used = Counter(word.text for word in words)
    taken = {token.text for token in tokens}
    fresh = (name for name in chain(_LETTERS, map("".join, product(_LETTERS, repeat=2))) if name not in taken)
    return dict(zip(sorted(declared - methods, key=lambda name: (-used[name], name)), fresh, strict=False))


def _is_property(word: Token) -> bool:
    """`x.word` and `{word: x}`."""
    return word.before in {".", "?."} or (word.bracket == "{" and word.before in {"{", ","} and word.after == ":")


def _is_both(word: Token) -> bool:
    """`{word}` and `{word = 1}`: a property and a name."""
    return word.bracket == "{" and word.before in {"{", ","} and word.after in {"}", ",", "="}


def _may_be_a_method(word: Token) -> bool:
    """A method's or a getter's name, or a call that looks like a method."""
    starts = word.before in {"{", "}", ";", "async", "get", "set", "static"}
    return word.bracket == "{" and starts and (word.after == "(" or word.before == "static")
