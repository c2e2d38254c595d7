"""The number of a receipt, and its reference: the number with eight letters that only the newsroom can make.

    2026-000123              the number: the year in which it was given, and a count within that year, without gaps
    2026-000123-K7QX-9M2D    the reference: the same with 40 bits of a keyed hash of it

A number says how many gifts a newsroom receives, and the next one can be guessed. A reference cannot: whoever shows
one has seen the receipt, so it may stand for its gift where nobody signs in.
"""

import hmac
import re
from typing import NewType

from chalicelib.kernel import ids, typed_letters

ReceiptNumber = NewType("ReceiptNumber", str)

LONGEST = 200  # characters that anybody may type or paste for a reference
_DIGITS = 6  # of the count, and more once a year has had a million receipts
_YEAR = 4
_BITS = 5  # of one letter of the alphabet
# Whole, within a pasted line: the year, the count and the letters, with dashes as the receipt has them.
_IN_A_LINE = re.compile(r"(?<![\w-])\d{4}-\d{6,}-[0-9A-Z]{4}-[0-9A-Z]{4}(?![\w-])")


def number_of(year: int, count: int) -> ReceiptNumber:
    """The number of the year's receipt with this count, from 1: `2026-000123`."""
    return ReceiptNumber(f"{year:0{_YEAR}}-{count:0{_DIGITS}}")


def reference(number: ReceiptNumber, key: str) -> str:
    """The reference of a receipt: its number with the letters that belong to it."""
    letters = _letters(number, key)
    return f"{number}-{letters[:4]}-{letters[4:]}"


def read(text: str, key: str) -> ReceiptNumber | None:
    """The number of a reference as somebody types or pastes it; None if it is no reference of ours.

    Case, spaces, kinds of dashes and letters that look alike do not matter. One text has one reading, so it costs one
    guess. The letters are compared in constant time. Whether a receipt has this number is not known here.
    """
    parts = _parts(text) if len(text) <= LONGEST else None
    if parts is None:
        return None
    number, letters = parts
    return number if hmac.compare_digest(_letters(number, key), letters) else None


def _letters(number: ReceiptNumber, key: str) -> str:
    """Eight letters of the alphabet, 40 bits of the keyed hash."""
    # The word before the number keeps it apart from the other things that are hashed under the same key.
    bits = int(ids.keyed_hash(key, f"receipt:{number}")[: ids.CODE_LENGTH * _BITS // 4], 16)
    places = range(ids.CODE_LENGTH - 1, -1, -1)
    return "".join(ids.CODE_ALPHABET[bits >> _BITS * place & 31] for place in places)


def _parts(typed: str) -> tuple[ReceiptNumber, str] | None:
    """The number and the letters that somebody typed."""
    text = typed_letters.plain(typed)
    typed_whole = typed_letters.only_letters(text)
    for one in (typed_letters.by_shape(typed_whole), typed_letters.by_place(typed_whole)):
        found = _split(one) if one else None
        if found:
            return found
    in_a_line = {typed_letters.in_alphabet(typed_letters.only_letters(one)) for one in _IN_A_LINE.findall(text)}
    return _split(in_a_line.pop() or "") if len(in_a_line) == 1 else None


def _split(letters: str) -> tuple[ReceiptNumber, str] | None:
    """The last eight are the letters, the first four the year, and what stands between is the count."""
    digits, code = letters[: -ids.CODE_LENGTH], letters[-ids.CODE_LENGTH :]
    if len(digits) < _YEAR + _DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    year, count = int(digits[:_YEAR]), int(digits[_YEAR:])
    number = number_of(year, count)
    # A count with more noughts than it is written with is no number of ours, whatever its letters.
    return (number, code) if number.replace("-", "") == digits and count else None
