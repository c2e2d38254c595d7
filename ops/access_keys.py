"""The keys that open articles, and nothing else: pass keys and seal keys.

Functions have both in their environment, since a gate check reads nothing. The parameter store holds the operator's
copy, which `ops deploy` hands over.
"""

import secrets
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import count

from chalicelib.settings import SettingsWrong, from_environment

PASS_KEYS, SEAL_KEYS = "SPILNO_PASS_KEYS", "SPILNO_SEAL_KEYS"
ABOUT = {
    PASS_KEYS: "Spilno: what readers' passes are signed with; ops deploy hands it to the functions",
    SEAL_KEYS: "Spilno: what articles are sealed with, it opens every copy; ops deploy hands it to the functions",
}
_BYTES = 32


def parts(keys: str) -> list[str]:
    """The single keys of a setting, each with its name, the first first."""
    return [part.strip() for part in keys.split(",") if part.strip()]


def kid(key: str) -> str:
    """The name of one key: it is public, and stands in passes and versions."""
    return key.partition(":")[0]


def drawn(today: date, beside: str = "") -> str:
    """A new key, with a name that says its day and is none of the names of the keys `beside`."""
    taken, day = {kid(part) for part in parts(beside)}, f"k{today:%Y%m%d}"
    names = (day if number == 1 else f"{day}-{number}" for number in count(1))
    return f"{next(name for name in names if name not in taken)}:{secrets.token_urlsafe(_BYTES)}"


def complaints(values: Mapping[str, str], stage: str) -> Iterator[str]:
    """What the app has against these keys, a sentence each, which never quotes one: it would not start with them."""
    passes, seals = values.get(PASS_KEYS, ""), values.get(SEAL_KEYS, "")
    wrong = list(_complaint(stage, {PASS_KEYS: passes})) if passes else []
    yield from wrong
    if seals:
        yield from _complaint(stage, {SEAL_KEYS: seals} | ({PASS_KEYS: passes} if passes and not wrong else {}))


def shared(mine: Mapping[str, str], others: Mapping[str, str]) -> list[str]:
    """Which of the settings hold a key, under whatever name, that the other stage has as well."""
    return [
        name
        for name in (PASS_KEYS, SEAL_KEYS)
        if {_secret(part) for part in parts(mine.get(name, ""))} & _all_of(others)
    ]


def _all_of(values: Mapping[str, str]) -> set[str]:
    return {_secret(part) for name in (PASS_KEYS, SEAL_KEYS) for part in parts(values.get(name, ""))}


def _secret(key: str) -> str:
    return key.partition(":")[2]


def _complaint(stage: str, values: Mapping[str, str]) -> Iterator[str]:
    """The settings' own check, on settings that are right but for these keys."""
    right = {"SPILNO_SITE_ID": "x", "SPILNO_PUBLIC_URL": "https://x.example", "SPILNO_TABLE": "x"}
    right |= {"SPILNO_STAGE": stage, PASS_KEYS: f"x:{secrets.token_urlsafe(_BYTES)}"}
    try:
        from_environment({**right, **values})
    except SettingsWrong as error:
        yield str(error).rstrip(".")
