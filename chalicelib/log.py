"""The one logger, and how an error is logged: by its kind and its place, never by its words.

Messages of unknown exceptions may quote what a stranger sent, an address or a payload; the frames are enough to find
the place.
"""

import logging
import re
import traceback

log = logging.getLogger("spilno")
_UNSAFE = re.compile(r"[^A-Za-z0-9_.:+/-]")


def place(error: BaseException) -> str:
    """`TypeError at supporters.py:83 < apply_event.py:64`, innermost first."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames)]
    return f"{type(error).__name__} at {' < '.join(where)}"


def alarm(code: str, **facts: str | int) -> None:
    """Somebody must look: one line, `alarm <code> name=value …`, at ERROR, for a filter on the log to wake them.

    docs/operating.md lists the codes and what to do. `facts` are identifiers, kinds and counts, never personal;
    whatever could break the line or be taken for another fact is written as `_`.
    """
    told = "".join(f" {name}={_UNSAFE.sub('_', str(value))}" for name, value in facts.items())
    log.error("alarm %s%s", code, told)
