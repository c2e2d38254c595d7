"""A title as its readers see it, whether the CMS sent text or the HTML that it would print.

WordPress and others hand titles over as HTML: `Міст &#8211; не мрія`, `Хто <em>винен</em>?`. We show titles as text,
so that references and tags would be seen. A title that is text already has neither and stays as it is; one that is
really about `&amp;` is sent as `&amp;amp;`, as WordPress does. What the CMS sent is stored, and read each time it is
shown: so a better reading applies to older titles, too.
"""

import html
import re

# With its semicolon only: else `R&D` and `AT&T` would be read as references.
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# A pair, and only of what may stand in a line: `a <b> c` and `x < y` are text.
_PAIR = re.compile(
    r"<(a|abbr|b|bdi|cite|code|del|em|font|i|ins|mark|nobr|q|s|small|span|strong|sub|sup|u)(?:\s[^<>]*)?>(.*?)</\1\s*>",
    re.IGNORECASE | re.DOTALL,
)
_ALONE = re.compile(r"<(?:br|wbr)\s*/?>", re.IGNORECASE)
# Line breaks and invisible characters: they came as references, and a title is one line.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]+")


def as_read(title: str) -> str:
    """A title as plain text in one line."""
    bare = _ALONE.sub(" ", title)
    while (fewer := _PAIR.sub(r"\2", bare)) != bare:
        bare = fewer
    words = _REFERENCE.sub(lambda found: html.unescape(found[0]), bare)
    return re.sub(" {2,}", " ", _UNSEEN.sub(" ", words)).strip() or title
