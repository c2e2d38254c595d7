"""A stranger's walk over everything that a site gives away: is a gated byte in it, however it is written."""

import re
from collections.abc import Iterable, Mapping
from html import unescape
from pathlib import Path
from urllib.parse import unquote

_CHARSETS = ("utf-8", "windows-1251", "utf-16-le")
_BY_NUMBER = re.compile(r"\\+u([0-9a-fA-F]{4})")


def leaks(files: Mapping[str, bytes], gated: Iterable[str]) -> list[str]:
    """Where which of these words stand: `index.json: варан`."""
    words = [word.casefold() for word in gated]
    return [f"{name}: {word}" for name, raw in sorted(files.items()) for word in words if _has(name, raw, word)]


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def _has(name: str, raw: bytes, word: str) -> bool:
    return any(word in text for text in (unquote(name).casefold(), *_readings(raw)))


def _readings(raw: bytes) -> Iterable[str]:
    """The text in each charset that it may be in: as it stands, and as HTML, JSON and addresses mean it."""
    for charset in _CHARSETS:
        text = raw.decode(charset, "ignore")
        yield text.casefold()
        plain = _BY_NUMBER.sub(lambda found: chr(int(found[1], 16)), text)
        yield unquote(unescape(unescape(plain))).casefold()
