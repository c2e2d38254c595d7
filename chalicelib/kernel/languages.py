"""Read language codes as pages, browsers and templates write them."""

import re
from collections.abc import Collection

# First subtags that mean another code: by ISO 639-2, and the country's code, which many pages use for the language.
_MEANT = {"ukr": "uk", "ua": "uk", "eng": "en"}
_SUBTAG = re.compile(r"[-_.@]")
_REGION = re.compile(r"[A-Za-z]{2}")  # a script has four letters, a region of several countries three digits
_LONGEST = 100  # characters of a code that are looked at


def understood(code: str | None, spoken: Collection[str]) -> str | None:
    """The language that a code means: `uk-UA`, `uk_UA.UTF-8`, `ua` and `ukr` are `uk`; None if it is not spoken."""
    first = _SUBTAG.split((code or "")[:_LONGEST].strip().lower(), maxsplit=1)[0]
    meant = _MEANT.get(first, first)
    return meant if meant in spoken else None


def preferred(accept: str, spoken: Collection[str]) -> list[str]:
    """The spoken languages in an Accept-Language header, best first; those with `q=0` are left out."""
    meant = (understood(code, spoken) for code in _best_first(accept))
    return [language for language in meant if language]


def region(accept: str) -> str:
    """The country (`UA`) that an Accept-Language header names for the language preferred most; empty if none.

    Only of that language: a Ukrainian Firefox says `uk,en-US;q=0.7`, wherever it is.
    """
    codes = [_SUBTAG.split(code[:_LONGEST].strip()) for code in _best_first(accept)]
    same = (rest for first, *rest in codes if first.lower() == codes[0][0].lower())
    found = (part.upper() for rest in same for part in rest if _REGION.fullmatch(part))
    return next(found, "")


def _best_first(accept: str) -> list[str]:
    weighed = [(weight, code) for code, weight in map(_weighed, accept.split(",")) if weight > 0]
    # Sorting is stable: languages of equal weight stay in the order of the header.
    return [code for _, code in sorted(weighed, key=lambda one: -one[0])]


def _weighed(part: str) -> tuple[str, int]:
    """A code and its weight (`q`), in thousandths."""
    code, _, parameter = part.partition(";")
    weight = _WEIGHT.fullmatch(parameter.strip().lower())
    if weight is None:
        return code, 0 if parameter.strip() else _MOST
    return code, min(_MOST, int(weight[1] + (weight[2] or "").ljust(3, "0")))


_MOST = 1000
_WEIGHT = re.compile(r"q\s*=\s*([01])(?:\.(\d{0,3}))?", re.ASCII)
