"""Blocks of code of the pages about websites, each by the name behind its language: ```` ```html head ````."""

import re
from functools import cache

from localdev.ports import ROOT

_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```", re.MULTILINE | re.DOTALL)
_PICTURE = "text"  # shows where things lie; nobody copies it


@cache
def blocks(page: str) -> dict[str, str]:
    """A page's blocks by name: `blocks("sites/hugo.md")["head"]`; those without one are shown, not copied."""
    found: dict[str, str] = {}
    for _, name, text in _found(page):
        assert name not in found, f"Two blocks of docs/{page} are called {name}."
        if name:
            found[name] = text
    return found


def unnamed(page: str) -> list[str]:
    """A page's blocks that nothing can copy; pictures of folders do not count."""
    return [text for language, name, text in _found(page) if not name and language != _PICTURE]


def _found(page: str) -> list[tuple[str, str, str]]:
    return _BLOCK.findall((ROOT / "docs" / page).read_text(encoding="utf-8"))


def filled_in(template: str, page: str, comment: str = "<!-- here: {} -->") -> str:
    """A site's file with the page's blocks where it says `<!-- here: head -->`."""
    for name, text in blocks(page).items():
        template = template.replace(comment.format(name), text.strip())
    return template
