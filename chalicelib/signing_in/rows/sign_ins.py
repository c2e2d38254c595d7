"""Rows of pending sign-ins: what was mailed, to whom, which browser asked, and how many guesses were made.

Nobody can sign in by what is stored: the code is a keyed hash, link and browser are fingerprints. Code and link work
for ten minutes; the row is kept for an hour, so that the browser that asked can have a new code sent to the same
address without typing it again. DynamoDB deletes late, so every condition looks at the time itself.
"""

from dataclasses import dataclass

from chalicelib.kernel import email_address, keys
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import NEW, Item, Put, Table, Update, written
from chalicelib.signing_in.rows import codes
from chalicelib.signing_in.rows.codes import GUESSES

LIFE = 600  # seconds that code and link work
KEPT = 3600  # seconds in which a new code can be sent to the same address


@dataclass(frozen=True)
class PendingSignIn:
    """A pending request to sign in. `code` is a keyed hash, `link` and `browser` are fingerprints.

    `until`: when code and link stop working; rows of an earlier release have none, there `expires` says it.
    `unnamed`: asked for by the link of a mail, so that the browser was never told the address and is not shown it.
    """

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
    until: RealTime | None = None
    unnamed: bool | None = None

    def is_open(self, now: RealTime) -> bool:
        """Whether its link or code may still be tried."""
        return self.used is None and (self.until or self.expires) > now and self.tries < GUESSES

    def can_be_sent_again(self, now: RealTime) -> bool:
        """Whether a new code may go to its address: it was not used, and is not forgotten yet."""
        return self.used is None and self.expires > now and bool(self.email)

    @property
    def ends_with(self) -> str:
        """The attribute that holds the end of code and link."""
        return "expires" if self.until is None else "until"


def put(table: Table, request: PendingSignIn, hashed: str) -> None:
    """Store a new request, listed under its address.

    :param hashed: the keyed hash of the address, the same for one that we know and one that we do not.
    """
    pk, sk = keys.sign_in(request.id)
    listed = keys.listed(keys.about_address(hashed), (pk, sk))
    values = {name: value for name, value in vars(request).items() if value is not None}
    table.write(Put({"pk": pk, "sk": sk, **values, **listed}, NEW))


def read(table: Table, request_id: str) -> PendingSignIn | None:
    """The request, open or not; None when there is none of this id."""
    item = table.get(keys.sign_in(request_id))
    return _sign_in(item) if item else None


def count_guess(table: Table, request: PendingSignIn, now: RealTime) -> bool:
    """Count a guess, before it is compared; False when no guess is left, or the request is used or over."""
    return codes.count_guess(table, keys.sign_in(request.id), now, request.ends_with) is not None


def use(table: Table, request: PendingSignIn, now: RealTime) -> bool:
    """Mark a request as used. True for the first caller, who may sign in by it; False for all others.

    The address is removed from the row at once: from then on it stands in the supporter's profile and nowhere else.
    """
    still_open = codes.still_open(now, request.ends_with)
    change = Update(keys.sign_in(request.id), set={"used": now}, remove=("email",), only_if=still_open)
    return written(table, change)


def _sign_in(item: Item) -> PendingSignIn:
    values = {name: value for name, value in item.items() if name in PendingSignIn.__dataclass_fields__}
    return PendingSignIn(**{"email": email_address.NONE, **values})
