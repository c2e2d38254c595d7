"""The giving pages' script: pages name it by its contents, so that browsers may keep it for good."""

from functools import cache
from hashlib import sha256
from pathlib import Path

_FILE = Path(__file__).resolve().parents[2] / "static" / "donate.js"


@cache
def text() -> str:
    """The script."""
    return _FILE.read_text(encoding="utf-8")


@cache
def version() -> str:
    """What its address ends with; another one for every change of it."""
    return sha256(text().encode()).hexdigest()[:12]
