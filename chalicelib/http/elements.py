"""The scripts of the custom elements: `widget.js`, which a website embeds, and the parts that it fetches.

They are built from `elements/` (docs/elements.md) and committed; nothing is made here.
"""

import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

BUILT = Path(__file__).resolve().parent.parent / "static" / "elements"
PARTS = ("wall", "donate", "sign-in", "account", "meter", "give", "embeds")
_ADDRESS = re.compile(rf"({'|'.join(PARTS)})-[0-9a-f]+\.js")


@cache
def script(name: str = "widget") -> str:
    """A script by its name: `widget`, or one of the parts."""
    return (BUILT / f"{name}.js").read_text("utf-8")


def hash_of(parts: Iterable[str]) -> str:
    """What the addresses of all parts of a release end in: their contents decide it, so each may be kept for ever.

    One for all of them, as the loader has room for one.
    """
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:8]


@cache
def present() -> str:
    """The hash of the parts as they are now."""
    return hash_of(script(part) for part in PARTS)


def address_of(part: str, of: str | None = None) -> str:
    """The last piece of the address of a part as it is now, or in the release of this hash."""
    return f"{part}-{of or present()}.js"


def part_at(name: str) -> tuple[str, bool] | None:
    """The part that is asked for at this address, and whether it is the very version; None for no part of ours.

    Loaders live on in caches for a while after a deployment, and ask for the part that they were built with.
    """
    asked = _ADDRESS.fullmatch(name)
    return (script(asked[1]), name == address_of(asked[1])) if asked else None
