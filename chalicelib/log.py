"""The one logger, and how an error is logged: by its kind and its place, never by its words.

Messages of unknown exceptions may quote what a stranger sent, an address or a payload; the frames are enough to find
the place.
"""

import logging
import traceback

log = logging.getLogger("spilno")


def place(error: BaseException) -> str:
    """`TypeError at supporters.py:83 < apply_event.py:64`, innermost first."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames)]
    return f"{type(error).__name__} at {' < '.join(where)}"
