"""What an article is called by: title, author, section and tags, as they are stored.

Search engines and the head of a page have no use for more, and a CMS that sends more must still get its text across:
so what is too long is shortened, and the newsroom is told of it. What decides who may read is never shortened.
"""

import re
from collections.abc import Iterable, Sequence

LONGEST_TITLE = 500  # characters
LONGEST_NAME = 200  # of an author, of a section
LONGEST_TAG = 64
MOST_TAGS = 20

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def in_one_line(text: str) -> str:
    """The text with a space in the place of line ends, tabs and other control characters."""
    return _CONTROL.sub(" ", text)


def shortened(text: str, longest: int) -> str:
    """The beginning of a text by whole words and an ellipsis, together as long at most; a short text as it is."""
    if len(text) <= longest:
        return text
    begun = text[: longest - 1]
    return (begun.rpartition(" ")[0] or begun).rstrip(" ,;:–—-") + "…"


def kept_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """The first tags, as many as are stored, each as it is stored."""
    return tuple(shortened(tag, LONGEST_TAG) for tag in tags)[:MOST_TAGS]


def what_was_shortened(*, title: str, author: str, section: str, tags: Sequence[str]) -> list[str]:
    """In words, what of these is stored shorter than it was sent; nothing if all fits."""
    bounds = (("title", title, LONGEST_TITLE), ("author", author, LONGEST_NAME), ("section", section, LONGEST_NAME))
    said = [f"{name} (to {longest} characters)" for name, text, longest in bounds if len(text) > longest]
    if len(tags) > MOST_TAGS:
        said.append(f"tags (the first {MOST_TAGS} of {len(tags)})")
    if any(len(tag) > LONGEST_TAG for tag in tags[:MOST_TAGS]):
        said.append(f"a tag (to {LONGEST_TAG} characters)")
    return said
