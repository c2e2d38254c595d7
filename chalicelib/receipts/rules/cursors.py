"""The cursor of a list of payments: where the next page begins. Opaque to whoever gets it."""

import base64
import binascii
import re

_FORM = re.compile(r"MONEY#\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ#[\w:-]{1,128}")
_LONGEST = 400


def cursor(place: str) -> str:
    """The cursor behind the entry with this sort key."""
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def place_of(text: str) -> str | None:
    """The sort key behind which a page begins; None if this is no cursor of ours."""
    if len(text) > _LONGEST:
        return None
    try:
        place = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    return place if _FORM.fullmatch(place) and cursor(place) == text else None
