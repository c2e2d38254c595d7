"""Sanitise the newsroom's HTML for a page of ours: balanced tags, absolute addresses, no scripts or forms.

The newsroom's own website gets the HTML unchanged: there its scripts, styles and relative addresses work. Decision
0035 says why it is done so, and anew each time a page is shown.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from chalicelib.article_html.cleaning import Cleaner, Words, ids_of
from chalicelib.article_html.tree import parsed, text_of
from chalicelib.article_html.writing import as_it_is, written

__all__ = ["Shown", "Words", "shown"]

_SEEN = re.compile("<(?:img|iframe|video|audio|svg)")


class Shown(NamedTuple):
    """HTML for our page, and what was found in it.

    `instead`: the host of each embed that became a link; `""` for one that only the newsroom's site can show.
    `relative`: there were relative addresses. `text`: its visible text in one line. `shows`: whether there is
    anything to see, text or not.
    """

    html: str
    instead: tuple[str, ...]
    relative: bool
    text: str
    shows: bool


# For stories that many read at once: each time takes 6 ms, 100 ms for the largest. A page reads two of each, its text
# and, for its description, its teaser.
@lru_cache(maxsize=16)
def shown(html: str, *, url: str, frames: tuple[str, ...], words: Words) -> Shown:
    """Sanitise a fragment of HTML; the result closes all that it opens, and no more.

    :param url: the article's address on the newsroom's site, against which relative addresses are resolved.
    :param frames: the hosts whose frames are shown; see `newsroom/frames.py`.
    """
    body = parsed(html)
    cleaner = Cleaner(url, frames, words, ids_of(body))
    cleaned = written(body, cleaner)
    if cleaner.reshaped:
        # Where tags were removed, a browser may close other elements elsewhere. So the result is parsed again as a
        # browser would, and that tree is written.
        cleaned = written(parsed(cleaned), as_it_is)
    words_in_it = text_of(body)
    shows = bool(words_in_it or cleaner.instead or _SEEN.search(cleaned))
    return Shown(cleaned, tuple(cleaner.instead), cleaner.relative, words_in_it, shows)
