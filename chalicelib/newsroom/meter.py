"""How many metered articles are open in a month: the `[meter]` section of the newsroom's file."""

from typing import Annotated, Any

from chalicelib.newsroom.checks import Section, held
from chalicelib.newsroom.rules import Meter
from chalicelib.newsroom.values import whole

# A reader's browser keeps a cookie of some 60 bytes for every article, and sends all of them with every call.
MOST_FREE = 10
MOST_SIGNED_IN = 100  # these stand in one row, which stays below the kilobyte that a write unit pays for


def _free(value: Any, _said: object) -> int:
    wanted = f"a number from 0 to {MOST_FREE}: the articles that everybody may open in a month"
    return whole(value, 0, MOST_FREE, wanted)


def _signed_in(value: Any, _said: object) -> int:
    wanted = f"a number from 1 to {MOST_SIGNED_IN}: the articles that who is signed in may open"
    return whole(value, 1, MOST_SIGNED_IN, wanted)


class MeterSection(Section):
    """The section as it may be written: left out, or with both numbers."""

    free: Annotated[int, held(_free)]
    signed_in: Annotated[int, held(_signed_in)]


def as_meter(section: MeterSection | None) -> Meter | None:
    """The meter as the code knows it."""
    if section is None:
        return None
    least = max(1, section.free)
    wanted = f"a number from {least} to {MOST_SIGNED_IN}: not fewer than without signing in"
    whole(section.signed_in, least, MOST_SIGNED_IN, wanted, "signed_in")
    return Meter(section.free, section.signed_in)
