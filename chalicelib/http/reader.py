"""What a reader's browser and the newsroom's proxy say of the reader: the country, and so the currency to ask in.

Nothing of it is stored. It may change only answers that no cache keeps: pages are `no-store`.
"""

import re

from chalicelib.http.call import Call
from chalicelib.http.proxy import presented
from chalicelib.kernel.languages import region

_COUNTRY = re.compile(r"[A-Z]{2}")
_NOWHERE = ("XX", "T1")  # Cloudflare's words for: not known, and the Tor network


def currency_of(call: Call) -> str:
    """The currency in which this reader is asked first, by the newsroom's table of countries."""
    return call.wiring.newsroom.currency_of(country_of(call))


def country_of(call: Call) -> str:
    """The reader's country (`UA`): as the newsroom's own proxy says, else the region of the browser's language.

    Empty if nobody says.
    """
    said = call.headers.get("x-spilno-country", "").strip().upper()
    if said and _COUNTRY.fullmatch(said) and said not in _NOWHERE and _by_our_proxy(call):
        return said
    return region(call.headers.get("accept-language", ""))


def _by_our_proxy(call: Call) -> bool:
    return presented(call.headers, lambda: call.wiring.secrets.get("SPILNO_PROXY_SECRET"))
