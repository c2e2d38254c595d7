"""Corrections of a supporter's address that wait for the code which its owner was mailed.

No address stands here: the new one is a keyed hash in the key, the present one a keyed hash beside it. The code is a
keyed hash, too. DynamoDB deletes the row when its time is over; taken back or asked again, it is written anew.
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
    """What was asked for. `was`: the hash of the address that was theirs then, empty for none.

    `hashed` is that of the new one.
    """

    supporter: SupporterId
    hashed: str
    was: str
    code: str
    expires: RealTime


def put(table: Table, asked: Correction) -> None:
    """Keep what was asked for; an older code for the same two ends with that."""
    pk, sk = keys.correction(asked.supporter, asked.hashed)
    row = {"was": asked.was, "code": asked.code, "expires": asked.expires, "tries": 0}
    table.write(Put({"pk": pk, "sk": sk, **row}))


def count_guess(table: Table, supporter: SupporterId, hashed: str, now: RealTime) -> Correction | None:
    """What waits for these two, after one more guess was counted; None when nothing does (any more)."""
    item = codes.count_guess(table, keys.correction(supporter, hashed), now)
    return _correction(supporter, hashed, item) if item else None


def used(asked: Correction, now: RealTime) -> Delete:
    """Taken back together with what it allows: fails when somebody else was faster, or another code waits by now."""
    same = Condition("code", "=", asked.code)
    return Delete(keys.correction(asked.supporter, asked.hashed), (*codes.still_open(now), same))


def _correction(supporter: SupporterId, hashed: str, item: Item) -> Correction:
    return Correction(supporter, hashed, item["was"], item["code"], item["expires"])
