"""Letters and digits of `ids.CODE_ALPHABET` as people type and paste them, brought to the form that we wrote.

Two readings, which a caller tries in this order:

- by shape: whoever sees `BST8` and has a Ukrainian keyboard types `ВSТ8`, and each of these letters means the one
  that it looks like. Only what looks like a letter or digit of the alphabet is mapped, each to exactly one: `У` is a
  `Y` and not a `V`, and `Ї` and `Ю` look like nothing in it. `З`, `Б` and `Ч` are what `3`, `6` and `4` look like to
  somebody who expects letters
- by place on the keyboard: a Cyrillic letter that looks like none (`Л`, `Ь`) shows that the layout was never
  switched, so that every key gave the letter beside it. Not if there is a single Latin letter: then it was
"""

import unicodedata

from chalicelib.kernel.ids import CODE_ALPHABET

# Crockford's own: letters that are not in the alphabet because they look like one that is.
_LOOKALIKES = str.maketrans("OILU", "011V")
_CYRILLIC = dict(zip("АВЕКМНОРСТУХІЅЈЗБЧ", "ABEKMH0PCTYX1SJ364", strict=True))
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZH1KMN0PTYX", strict=True))
_SHAPES = str.maketrans({**_CYRILLIC, **_GREEK})
# Windows' and macOS' layouts alike; the Russian one differs in Ы alone.
_KEYS = str.maketrans("ЙЦУКЕНГШЩЗФІЫВАПРОЛДЯЧСМИТЬ", "QWERTYUIOPASSDFGHJKLZXCVBNM")
_DASH = "Pd"  # Unicode's class of dashes; the minus sign is a class of its own
_MINUS = "\N{MINUS SIGN}"


def plain(typed: str) -> str:
    """Upper case, ASCII digits and dashes; full-width and styled letters as plain ones; no invisible characters."""
    shown = (character for character in unicodedata.normalize("NFKC", typed) if _seen(character))
    return "".join(_digit_or_dash(character) for character in shown).upper()


def only_letters(text: str) -> str:
    """The letters and digits of a text, without what stands between them."""
    return "".join(character for character in text if character.isalnum())


def by_shape(letters: str) -> str | None:
    """These letters and digits, each as the one of the alphabet that it looks like; None if one looks like none."""
    return in_alphabet(letters.translate(_SHAPES))


def by_place(letters: str) -> str | None:
    """These letters as the keys that were pressed, the layout not switched; None if that cannot be."""
    if any("A" <= letter <= "Z" for letter in letters):
        return None
    return in_alphabet(letters.translate(_KEYS))


def in_alphabet(letters: str) -> str | None:
    """These letters with Crockford's look-alikes replaced; None if one is not in the alphabet then."""
    found = letters.translate(_LOOKALIKES)
    return found if set(found) <= set(CODE_ALPHABET) else None


def _seen(character: str) -> bool:
    return unicodedata.category(character) != "Cf"


def _digit_or_dash(character: str) -> str:
    if unicodedata.category(character) == _DASH or character == _MINUS:
        return "-"
    return str(unicodedata.decimal(character, character))
