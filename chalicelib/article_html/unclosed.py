"""Find the tags of a fragment that are left open, or closed without being open."""

import re
from html.parser import HTMLParser

# https://html.spec.whatwg.org/multipage/syntax.html#optional-tags: their ends may be left out.
_MAY_STAY_OPEN = frozenset(
    "p li dt dd tr td th thead tbody tfoot colgroup option optgroup rp rt body html head".split()
)
_VOID = frozenset("area base basefont br col embed frame hr img input link meta param source track wbr".split())
_COMMENT = re.compile(r"<!--(?:-?>|.*?--!?>)", re.DOTALL)


def unclosed(html: str) -> tuple[str, ...]:
    """The tags that are left open, or closed without being open, each once: `<b>`, `</div>`, `<!--`."""
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
        """Ignore `<path/>` of a drawing. In HTML the slash has no effect, and such a tag is not reported either."""

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or (tag in _MAY_STAY_OPEN and tag not in self.open):
            return
        if tag not in self.open:
            self.strays.append(f"</{tag}>")
            return
        while (last := self.open.pop()) != tag:
            if last not in _MAY_STAY_OPEN:
                self.strays.append(f"<{last}>")
