"""Times as text."""

from datetime import UTC, datetime


def rfc3339(seconds: int) -> str:
    """Seconds since 1970 as `2026-08-31T09:15:00Z`: fixed width, so that it sorts as text."""
    # Not strftime, whose %Y leaves the year 800 three digits.
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


def when(seconds: int | None) -> str | None:
    """The same, or nothing."""
    return None if seconds is None else rfc3339(seconds)
