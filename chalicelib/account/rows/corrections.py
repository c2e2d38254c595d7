"""Rows of pending corrections of a supporter's address, each waiting for the code that was mailed to the new one.

No address is stored: the new one is a keyed hash in the key, the present one a keyed hash beside it. The code is a
keyed hash, too. A correction that is asked for again replaces its row; DynamoDB deletes a row when its time is over.
"""

from dataclasses import dataclass

from chalicelib.kernel import keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Condition, Delete, Item, Put, Table
from chalicelib.signing_in.rows import codes

LIFE = 72 * 3600  # seconds


@dataclass(frozen=True)
class Correction:
    """A pending correction.

    `hashed` is the hash of the new address; `was` of the address that the supporter had then, empty for none.
    """

    supporter: SupporterId
    hashed: str
    was: str
    code: str
    expires: RealTime


def put(table: Table, asked: Correction) -> None:
    """Store a pending correction; it replaces one for the same supporter and address, whose code ends with that."""
    pk, sk = keys.correction(asked.supporter, asked.hashed)
    row = {"was": asked.was, "code": asked.code, "expires": asked.expires, "tries": 0}
    table.write(Put({"pk": pk, "sk": sk, **row}))


def count_guess(table: Table, supporter: SupporterId, hashed: str, now: RealTime) -> Correction | None:
    """Count a guess; answers the pending correction of this supporter and address, None when there is none."""
    item = codes.count_guess(table, keys.correction(supporter, hashed), now)
    return _correction(supporter, hashed, item) if item else None


def used(asked: Correction, now: RealTime) -> Delete:
    """The deletion of a correction, for the transaction that makes it.

    It fails when another call was faster, or a newer code was asked for.
    """
    same = Condition("code", "=", asked.code)
    return Delete(keys.correction(asked.supporter, asked.hashed), (*codes.still_open(now), same))


def _correction(supporter: SupporterId, hashed: str, item: Item) -> Correction:
    return Correction(supporter, hashed, item["was"], item["code"], item["expires"])
