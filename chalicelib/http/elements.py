"""The scripts of the custom elements: `widget.js`, which a website embeds, and the parts that it fetches.

They are built from `elements/` (docs/elements.md) and committed; nothing is made here.
"""

import hashlib
import re
from functools import cache
from pathlib import Path

BUILT = Path(__file__).resolve().parent.parent / "static" / "elements"
PARTS = ("wall", "donate", "sign-in", "account")
_ADDRESS = re.compile(rf"({'|'.join(PARTS)})-[0-9a-f]+\.js")


@cache
def script(name: str = "widget") -> str:
    """A script by its name: `widget`, or one of the parts."""
    return (BUILT / f"{name}.js").read_text("utf-8")


def address_of(part: str, of: str) -> str:
    """The last piece of this part's address: its content decides it, so that it may be kept for ever."""
    return f"{part}-{hashlib.sha256(of.encode()).hexdigest()[:12]}.js"


def part_at(name: str) -> tuple[str, bool] | None:
    """The part that is asked for at this address, and whether it is the very version; None for no part of ours.

    Loaders live on in caches for a while after a deployment, and ask for the part that they were built with.
    """
    asked = _ADDRESS.fullmatch(name)
    return (script(asked[1]), name == address_of(asked[1], script(asked[1]))) if asked else None
