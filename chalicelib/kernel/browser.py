"""The cookie by which we know a browser again: its secret, and the identifiers of what it started there."""

from typing import NamedTuple

from chalicelib.kernel import ids

_KEPT_IDS = 4


class Started(NamedTuple):
    """A browser's secret and the identifiers of what it started, newest last; the cookie holds the last four."""

    secret: str
    ids: tuple[str, ...] = ()

    def fingerprint(self) -> str:
        """The SHA-256 of the secret, which is all that we store of it."""
        return ids.fingerprint(self.secret)

    def value(self) -> str:
        """The cookie's value."""
        return "~".join((self.secret, *self.ids[-_KEPT_IDS:]))

    def plus(self, new_id: str) -> "Started":
        """The same browser with one more identifier, as the newest."""
        return Started(self.secret, (*(known for known in self.ids if known != new_id), new_id)[-_KEPT_IDS:])


def read(value: str) -> Started | None:
    """Read a cookie's value; None if it does not have the form that `value` writes."""
    secret, *known = value.split("~")
    if not 16 <= len(secret) <= 64 or not all(ids.IDENTIFIER.fullmatch(part) for part in (secret, *known)):  # noqa: PLR2004 - our length
        return None
    return Started(secret, tuple(known[-_KEPT_IDS:]))


def new_browser() -> Started:
    """A browser with a new secret, which has started nothing yet."""
    return Started(ids.new_secret())
