"""Which tags of a fragment are left open, or closed without being open."""

import re
from html.parser import HTMLParser

# https://html.spec.whatwg.org/multipage/syntax.html#optional-tags: their ends may be left out.
_MAY_STAY_OPEN = frozenset(
    "p li dt dd tr td th thead tbody tfoot colgroup option optgroup rp rt body html head".split()
)
_VOID = frozenset("area base basefont br col embed frame hr img input link meta param source track wbr".split())
_COMMENT = re.compile(r"<!--(?:-?>|.*?--!?>)", re.DOTALL)


def unclosed(html: str) -> tuple[str, ...]:
    """Their names, each once, as `<b>`, `</div>` or `<!--`."""
    bare = _COMMENT.sub("", html)
    before, comment, _ = bare.partition("<!--")
    reader = _Reader()
    reader.feed(before)
    reader.close()
    found = [*reader.strays, *(f"<{tag}>" for tag in reader.open if tag not in _MAY_STAY_OPEN), *(comment,)]
    return tuple(dict.fromkeys(filter(None, found)))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.strays: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """`<path/>` within a drawing; in HTML the slash means nothing, and who writes it means nothing by it."""

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or (tag in _MAY_STAY_OPEN and tag not in self.open):
            return
        if tag not in self.open:
            self.strays.append(f"</{tag}>")
            return
        while (last := self.open.pop()) != tag:
            if last not in _MAY_STAY_OPEN:
                self.strays.append(f"<{last}>")
