"""Pending sign-ins: what was mailed, to whom, from which browser it was asked, and how often somebody guessed.

Nothing that signs in stands here: the code under a keyed hash, link and browser as fingerprints. Rows live for ten
minutes; DynamoDB deletes late, so every condition looks at `expires` itself.
"""

from dataclasses import dataclass

from chalicelib.kernel import email_address, keys
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import NEW, Item, Put, Table, Update, written
from chalicelib.signing_in.rows import codes
from chalicelib.signing_in.rows.codes import GUESSES

LIFE = 600  # seconds


@dataclass(frozen=True)
class PendingSignIn:
    """A request to sign in. `code` is a keyed hash, `link` and `browser` fingerprints."""

    id: str
    email: EmailAddress
    language: str
    code: str
    link: str
    browser: str
    expires: RealTime
    return_to: str | None = None
    tries: int = 0
    used: RealTime | None = None

    def is_open(self, now: RealTime) -> bool:
        """Whether its link or code may still be tried."""
        return self.used is None and self.expires > now and self.tries < GUESSES


def put(table: Table, request: PendingSignIn) -> None:
    """Keep a new request."""
    pk, sk = keys.sign_in(request.id)
    table.write(Put({"pk": pk, "sk": sk, **{n: v for n, v in vars(request).items() if v is not None}}, NEW))


def read(table: Table, request_id: str) -> PendingSignIn | None:
    """The request, open or not."""
    item = table.get(keys.sign_in(request_id))
    return _sign_in(item) if item else None


def count_guess(table: Table, request_id: str, now: RealTime) -> bool:
    """Count a guess before anybody compares it; False when no guess is left, it is used, or its time is over."""
    return codes.count_guess(table, keys.sign_in(request_id), now) is not None


def use(table: Table, request_id: str, now: RealTime) -> bool:
    """True for the one caller who may sign in by this request; False for everybody after.

    The address leaves the row at once: from then on it stands in the supporter's profile and nowhere else.
    """
    change = Update(keys.sign_in(request_id), set={"used": now}, remove=("email",), only_if=codes.still_open(now))
    return written(table, change)


def _sign_in(item: Item) -> PendingSignIn:
    values = {name: value for name, value in item.items() if name in PendingSignIn.__dataclass_fields__}
    return PendingSignIn(**{"email": email_address.NONE, **values})
