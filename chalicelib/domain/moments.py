"""Times as text."""

from datetime import UTC, datetime


def rfc3339(seconds: int) -> str:
    """Seconds since 1970 as `2026-08-31T09:15:00Z`: fixed width, so that it sorts as text."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def when(seconds: int | None) -> str | None:
    """The same, or nothing."""
    return None if seconds is None else rfc3339(seconds)
