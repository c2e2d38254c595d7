"""Who speaks for the newsroom on a page, by the `[editor]` section of its file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.newsroom.rules import Newsroom


@dataclass(frozen=True)
class EditorWord:
    """The editor's word in the page's language, with name, role and the address of the picture; each may be empty."""

    word: str
    name: str = ""
    role: str = ""
    picture: str = ""

    def image_source(self) -> str:
        """The origin of the picture, for the Content-Security-Policy; empty without one."""
        parts = urlsplit(self.picture)
        return f"{parts.scheme}://{parts.netloc}" if self.picture else ""


def editor_word(newsroom: Newsroom, lang: str, site_origins: Iterable[str]) -> EditorWord | None:
    """The editor's word; None where the newsroom's file has none."""
    from chalicelib.newsroom.editor import picture_address  # imports pydantic

    editor = newsroom.editor
    word = editor.word.get(lang, "").strip()
    if not word:
        return None
    picture = picture_address(editor.picture, site_origins)
    return EditorWord(word, editor.name.get(lang, ""), editor.role.get(lang, ""), picture)
