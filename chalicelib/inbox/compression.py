"""Bodies of stored events, compressed with what Stripe's events have in common.

Nearly all of an event is names that stand in every other, so a *dictionary* of them, that zlib looks back into, makes
a third of what zlib alone makes: an event stays within one kilobyte, which is what a write unit is. The row names its
dictionary (`zdict`). One that rows name is never changed and never deleted: without it they cannot be read.
"""

import zlib
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.kernel.table import Item

# By their names in rows; the last is the one that is written. `testkit/event_dictionary.py` made them.
DICTIONARIES = {"1": "events-1.txt"}
_WRITTEN = next(reversed(DICTIONARIES))
_MOST_MEMORY = 9


def packed(body: bytes) -> dict[str, Any]:
    """The attributes of a row that hold this body."""
    packing = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS, _MOST_MEMORY, zdict=_dictionary(_WRITTEN))
    return {"body": packing.compress(body) + packing.flush(), "zdict": _WRITTEN}


def unpacked(item: Item) -> bytes:
    """The body that a row holds; a row of an earlier release names no dictionary.

    :raises KeyError, TypeError, zlib.error: it cannot be read.
    """
    name = item.get("zdict")
    if name is None:
        return zlib.decompress(item["body"])
    unpacking = zlib.decompressobj(zdict=_dictionary(name))
    body = unpacking.decompress(item["body"]) + unpacking.flush()
    if not unpacking.eof:
        raise zlib.error("the body is cut off")
    return body


@cache
def _dictionary(name: str) -> bytes:
    """A dictionary by its name.

    :raises KeyError: there is none of this name, as of a later release.
    """
    return (Path(__file__).parent / DICTIONARIES[name]).read_bytes()
