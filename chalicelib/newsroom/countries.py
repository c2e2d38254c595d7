"""The `[countries]` section of the newsroom's file: the currency in which readers of a country are asked first."""

import re
from typing import Any

from chalicelib.newsroom.checks import wrong
from chalicelib.newsroom.values import SettingsSoFar, one_of

_COUNTRY = re.compile(r"[A-Z]{2}")
# Codes that people write and that no browser and no CDN ever says.
_MEANT = {"UK": "GB", "EL": "GR", "EN": "GB"}


def held_countries(table: dict[str, Any], said: SettingsSoFar) -> dict[str, str]:
    """Check each country's code and currency."""
    for code, currency in table.items():
        if meant := _MEANT.get(code):
            raise wrong(f"{meant}: that is the country's code", code)
        if not _COUNTRY.fullmatch(code):
            raise wrong("the country's code of two capital letters (ISO 3166-1), such as UA", code)
        if currency not in said.currencies:
            raise wrong(f"one of {', '.join(said.currencies)}", code)
    return {code: one_of(currency, said.currencies) for code, currency in table.items()}
