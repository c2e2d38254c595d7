"""The newsroom's HTML on a page of ours: `shown(html, …)`. Balanced, with whole addresses, without what would act.

The website itself gets the HTML as the newsroom put it: there its scripts, styles and relative addresses are right.
Decision 0035 says why it is done so, and each time a page is shown.
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
    """HTML for our page. `instead`: the hosts of what became a link, empty for what only the site can show.

    `relative`: it held addresses that only its own page gives a meaning. `text`: its words in one line, as a reader
    sees them; `shows`: whether there is anything to see, words or not.
    """

    html: str
    instead: tuple[str, ...]
    relative: bool
    text: str
    shows: bool


@lru_cache(maxsize=8)  # a story that everybody shares is read over and over: 6 ms each time, of the largest 100
def shown(html: str, *, url: str, frames: tuple[str, ...], words: Words) -> Shown:
    """Any fragment of HTML as one that ends where it ends.

    :param url: the article on the newsroom's site, which relative addresses are resolved against.
    :param frames: the hosts whose frames are shown; see `newsroom/frames.py`.
    """
    body = parsed(html)
    cleaner = Cleaner(url, frames, words, ids_of(body))
    cleaned = written(body, cleaner)
    if cleaner.reshaped:
        # Without the tags of an element that closes others, a browser might close them elsewhere: what it would make
        # of it is what is written.
        cleaned = written(parsed(cleaned), as_it_is)
    words_in_it = text_of(body)
    shows = bool(words_in_it or cleaner.instead or _SEEN.search(cleaned))
    return Shown(cleaned, tuple(cleaner.instead), cleaner.relative, words_in_it, shows)
