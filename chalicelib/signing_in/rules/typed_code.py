"""A sign-in code as people type and paste it, brought to the one form that is compared.

One text has one reading, so one text costs one guess and can be right for one code only. What is typed is read in
this order, and the first that gives eight letters of the alphabet in `ids` is taken:

1. by shape: whoever sees `BST8` and has a Ukrainian keyboard types `ВSТ8`, and each of these letters means the one
   that it looks like. Only what looks like a letter or digit of the alphabet is mapped, each to exactly one: `У` is a
   `Y` and not a `V`, and `Ї` and `Ю` look like nothing in it. `З`, `Б` and `Ч` are what `3`, `6` and `4` look like to
   somebody who expects letters.
2. by place on the keyboard: a Cyrillic letter that looks like none (`Л`, `Ь`) shows that the layout was never
   switched, so that every key gave the letter beside it. Not if there is a single Latin letter: then it was.
3. out of a whole pasted line, if exactly one code stands in it, in the letters of the mail itself.
"""

import re
import unicodedata

from chalicelib.kernel.ids import CODE_ALPHABET, CODE_LENGTH

LONGEST_CODE = 200  # characters that anybody may type or paste for one
# Crockford's own: letters that are not in the alphabet because they look like one that is.
_LOOKALIKES = str.maketrans("OILU", "011V")
_CYRILLIC = dict(zip("АВЕКМНОРСТУХІЅЈЗБЧ", "ABEKMH0PCTYX1SJ364", strict=True))
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZH1KMN0PTYX", strict=True))
_SHAPES = str.maketrans({**_CYRILLIC, **_GREEK})
# Windows' and macOS' layouts alike; the Russian one differs in Ы alone.
_KEYS = str.maketrans("ЙЦУКЕНГШЩЗФІЫВАПРОЛДЯЧСМИТЬ", "QWERTYUIOPASSDFGHJKLZXCVBNM")
_DASH = "Pd"  # Unicode's class of dashes; the minus sign is a class of its own
_MINUS = "\N{MINUS SIGN}"
_IN_A_LINE = (
    re.compile(r"(?<![\w-])[0-9A-Z]{4}-[0-9A-Z]{4}(?![\w-])"),
    re.compile(r"(?<![\w-])[0-9A-Z]{8}(?![\w-])"),
)


def plain_code(typed: str) -> str | None:
    """The typed code in the one form that is compared; None if the text cannot be a code."""
    text = _plain(typed)
    letters = "".join(character for character in text if character.isalnum())
    if len(letters) == CODE_LENGTH:
        return _in_alphabet(letters.translate(_SHAPES)) or _by_place(letters)
    for pattern in _IN_A_LINE:
        found = {_in_alphabet(code.replace("-", "")) for code in pattern.findall(text)} - {None}
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _plain(typed: str) -> str:
    """Upper case, ASCII digits and dashes; full-width and styled letters as plain ones; no invisible characters."""
    shown = (character for character in unicodedata.normalize("NFKC", typed) if _seen(character))
    return "".join(_digit_or_dash(character) for character in shown).upper()


def _seen(character: str) -> bool:
    return unicodedata.category(character) != "Cf"


def _digit_or_dash(character: str) -> str:
    if unicodedata.category(character) == _DASH or character == _MINUS:
        return "-"
    return str(unicodedata.decimal(character, character))


def _by_place(letters: str) -> str | None:
    if any("A" <= letter <= "Z" for letter in letters):
        return None
    return _in_alphabet(letters.translate(_KEYS))


def _in_alphabet(letters: str) -> str | None:
    letters = letters.translate(_LOOKALIKES)
    return letters if len(letters) == CODE_LENGTH and set(letters) <= set(CODE_ALPHABET) else None
