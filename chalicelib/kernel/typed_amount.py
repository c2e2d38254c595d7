"""Parse an amount as people type it to minor units: `5`, `5,50 €`, `1.500 грн`, `5,-`. Exact, without float.

The server, the giving page's script and the element follow the same rules, and all are tested by one table of cases,
`tests/giving/amounts.json`: the amount on the button is the amount that is charged.

- The currency's own sign, code and words may stand around the number. Those of another currency are refused.
- Two kinds of separator: the last one is the decimal separator, the other one separates thousands. One kind, several
  times: it separates thousands. A single separator before exactly three digits separates thousands; in a currency
  with three decimals that is ambiguous, and we ask. Any other single separator is the decimal one.
- Groups of thousands have exactly three digits, and the first group does not begin with 0. Decimals that the currency
  does not have must be 0.
"""

import re
import unicodedata
from collections.abc import Mapping

from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.money import EVERY, Money, decimals

_DOLLARS = "aud bbd bmd bnd bsd bzd cad fjd gyd hkd jmd kyd lrd mxn nad nzd sbd sgd srd ttd twd usd xcd".split()
_PAIRS = "eur € gbp £ uah ₴ jpy ¥ cny ¥ czk kč pln zł ils ₪ inr ₹ krw ₩ try ₺ kzt ₸ gel ₾ vnd ₫ php ₱ ngn ₦".split()
_SIGNS: Mapping[str, str] = dict.fromkeys(_DOLLARS, "$") | dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
_WORDS: Mapping[str, str] = {
    "uah": "грн гривня гривню гривні гривень",
    "eur": "євро euro euros",
    "usd": "дол долар долара долари доларів dollar dollars",
    "gbp": "pound pounds",
    "pln": "злотий злоті злотих",
}
_LONGEST = 100  # characters of an amount as it is typed
_MOST_DIGITS = 9  # before the decimals
_GROUP, _THREE = 3, 3
# Spaces of every width, as JavaScript's \s has them too; and apostrophes, which people put between groups as well.
_BETWEEN = re.compile("[\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff'’‘ʼ`´′\u0301]")
_NO_CENTS = re.compile("[.,][-\u2010-\u2015\u2212]+$")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+", re.ASCII)
_NAMED = re.compile(r"[^\W\d_]+|[$¢-¥\u20a0-\u20cf]")


def own_words(currency: str) -> tuple[str, ...]:
    """What may stand beside an amount in this currency: its code, sign and words, in lower case, longest first."""
    words = {currency, *_WORDS.get(currency, "").split()} | ({_SIGNS[currency]} if currency in _SIGNS else set())
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def from_decimal_text(text: str, currency: str) -> Money:
    """Parse what a person typed to minor units.

    :raises BadInput: `other_currency` where another one is named; `ambiguous_amount` for `1,500` in a currency with
        three decimals (one and a half, or fifteen hundred); `bad_amount` for anything else that is no amount.
    :raises CurrencyUnknown: gifts may not be in this currency.
    """
    most = decimals(currency)
    shown = "".join(c for c in _BETWEEN.sub("", text[: _LONGEST + 1]) if unicodedata.category(c) != "Cf")
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", shown)).lower()
    number = _NO_CENTS.sub("", _bare(plain, currency))
    if len(text) > _LONGEST or not re.fullmatch(r"\d[\d.,]*", number, re.ASCII):
        raise _other_currency() if _names_another(plain, currency) else _no_amount()
    whole, fraction = _split(number, most)
    cents = fraction.rstrip("0")
    if len(whole) > _MOST_DIGITS or len(cents) > most:
        raise _no_amount()
    return Money(int(whole) * 10**most + int(cents.ljust(most, "0") or 0), currency)


def _bare(plain: str, currency: str) -> str:
    """Remove the currency's words before and after the number; between two numbers they stay."""
    # Words may be abbreviated, and a full stop may end the sentence.
    own = "|".join(re.escape(word) + (r"\.?" if word.isalpha() else "") for word in own_words(currency))
    return re.sub(rf"^(?:{own})+|(?:{own})+\.?$", "", plain)


def _split(number: str, most: int) -> tuple[str, str]:
    """Split digits with separators, the first of them a digit, into whole digits and decimals."""
    separators = re.sub(r"\d", "", number)
    if not separators:
        return number, ""
    last = separators[-1]
    whole, _, fraction = number.rpartition(last)
    if len(separators) == 1 and len(fraction) == _GROUP and most == _THREE:
        raise BadInput(
            "Please write it without a separator for thousands, such as 1000 or 1.5.",
            code="ambiguous_amount",
            field="amount",
        )
    one_kind = len(set(separators)) == 1
    if one_kind and (len(separators) > 1 or len(fraction) == _GROUP):
        whole, fraction = number, ""
    groups = re.sub(r"\d", "", whole)
    if groups and (not _GROUPED.fullmatch(whole) or len(set(groups)) > 1 or (last in groups and not one_kind)):
        raise _no_amount()
    return re.sub(r"[.,]", "", whole), fraction


def _names_another(plain: str, currency: str) -> bool:
    named, own = set(_NAMED.findall(plain)), set(own_words(currency))
    return any(not own & {word} and word in own_words(other) for other in EVERY for word in named)


def _no_amount() -> BadInput:
    return BadInput("Please write the amount in digits, such as 5 or 7.50.", code="bad_amount", field="amount")


def _other_currency() -> BadInput:
    return BadInput(
        "That is another currency than the one chosen. Choose it above, or write the number only.",
        code="other_currency",
        field="amount",
    )
