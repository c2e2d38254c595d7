"""A browser that started something: we know it again by a secret that only its cookie holds."""

from typing import NamedTuple

from chalicelib.kernel import ids

_KEPT_IDS = 4


class Started(NamedTuple):
    """A browser's secret and the identifiers of what it started, newest last."""

    secret: str
    ids: tuple[str, ...] = ()

    def fingerprint(self) -> str:
        """What we keep of the secret."""
        return ids.fingerprint(self.secret)

    def value(self) -> str:
        """The cookie's value."""
        return "~".join((self.secret, *self.ids[-_KEPT_IDS:]))

    def plus(self, new_id: str) -> "Started":
        """With one more identifier."""
        return Started(self.secret, (*(known for known in self.ids if known != new_id), new_id)[-_KEPT_IDS:])


def read(value: str) -> Started | None:
    """The browser that a cookie's value names, if it is one of ours and plain."""
    secret, *known = value.split("~")
    if not 16 <= len(secret) <= 64 or not all(ids.IDENTIFIER.fullmatch(part) for part in (secret, *known)):  # noqa: PLR2004 - our length
        return None
    return Started(secret, tuple(known[-_KEPT_IDS:]))


def new_browser() -> Started:
    """A secret for a browser that has none yet."""
    return Started(ids.new_secret())
