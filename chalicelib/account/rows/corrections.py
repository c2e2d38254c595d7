"""Rows of changes of a supporter's address, each waiting for the code that was mailed to the new one.

The newsroom's corrections name both addresses with the code, so their rows hold neither: the new one is a keyed hash
in the key, the present one a keyed hash beside it. Who changes their own address, or claims a gift, enters the code
alone: there the row holds the new address until the code was used. The code is a keyed hash, too. A change that is
asked for again replaces its row; DynamoDB deletes a row when its time is over.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from chalicelib.kernel import email_address, keys
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Condition, Item, Key, Put, Table, Update, every
from chalicelib.signing_in.rows import codes

LIFE = 72 * 3600  # seconds for which a code of the newsroom's works: its owner tells it to a person
LIFE_HERE = 600  # seconds for which a code works that is entered where it was asked for, as one to sign in does
OWN = "own"  # the purpose of a supporter's own change; a claim's is the checkout's id


@dataclass(frozen=True)
class Correction:
    """A pending change of address.

    `hashed` is the hash of the new address; `was` of the address that the supporter had then, empty for none.
    `purpose`: empty for the newsroom's, `OWN`, or the id of the checkout whose gift is claimed. `email`: the new
    address, of those that are confirmed by the code alone. `epoch`: the supporter's then, as signing out everywhere
    ends what was asked for before. `used`: when the change was made.
    """

    supporter: SupporterId
    hashed: str
    was: str
    code: str
    expires: RealTime
    purpose: str = ""
    email: EmailAddress = email_address.NONE
    epoch: int = 0
    used: RealTime | None = None

    @property
    def key(self) -> Key:
        """The row's key."""
        return keys.correction(self.supporter, self.hashed, self.purpose)


def put(table: Table, asked: Correction) -> None:
    """Store a pending change; it replaces one for the same purpose and address, whose code ends with that."""
    pk, sk = asked.key
    row = {"was": asked.was, "code": asked.code, "expires": asked.expires, "epoch": asked.epoch, "tries": 0}
    typed = {"email": asked.email} if asked.email else {}
    table.write(Put({"pk": pk, "sk": sk, **row, **typed}))


def every_one(table: Table, supporter: SupporterId, purpose: str) -> Iterator[Correction]:
    """The changes of a supporter that were asked for with this purpose, over or not."""
    for item in every(partial(table.query, keys.supporter(supporter), prefix=keys.CORRECTION_PREFIX)):
        hashed, _, named = str(item["sk"]).removeprefix(keys.CORRECTION_PREFIX).partition("#")
        if named == purpose:
            yield _correction(supporter, hashed, purpose, item)


def count_guess(
    table: Table, supporter: SupporterId, hashed: str, now: RealTime, purpose: str = ""
) -> Correction | None:
    """Count a guess; answers the pending change of this supporter and address, None when there is none."""
    item = codes.count_guess(table, keys.correction(supporter, hashed, purpose), now)
    return _correction(supporter, hashed, purpose, item) if item else None


def waits(table: Table, asked: Correction, now: RealTime) -> bool:
    """Whether its code is still the newest one, was not used, and is not over."""
    item = table.get(asked.key)
    return item is not None and item["code"] == asked.code and "used" not in item and item["expires"] > now


def use(asked: Correction, now: RealTime) -> Update:
    """The change that marks it as made, for the transaction that makes it; it holds the new address no longer.

    It fails when another call was faster, or a newer code was asked for.
    """
    same = Condition("code", "=", asked.code)
    return Update(asked.key, set={"used": now}, remove=("email",), only_if=(*codes.still_open(now), same))


def _correction(supporter: SupporterId, hashed: str, purpose: str, item: Item) -> Correction:
    return Correction(
        supporter,
        hashed,
        item["was"],
        item["code"],
        item["expires"],
        purpose,
        EmailAddress(item.get("email", "")),
        item.get("epoch", 0),
        item.get("used"),
    )
