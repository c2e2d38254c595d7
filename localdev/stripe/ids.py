"""Identifiers that look like Stripe's, so that code which relies on their prefixes is tested honestly."""

import secrets
import string

_ALPHABET = string.ascii_letters + string.digits
_LENGTHS = {"cs_test": 58, "evt": 24, "bps": 24, "cus": 14, "prod": 14, "si": 14, "in": 24, "il": 24, "req": 14}


def new(prefix: str) -> str:
    """A fresh id, such as `new("pi")` -> `pi_3Q…`. Unique by 14 or more random characters."""
    length = _LENGTHS.get(prefix, 24)
    # Some letters are a little likelier than others; hundreds of thousands of ids are made in a rehearsal.
    return f"{prefix}_{''.join(_ALPHABET[byte % len(_ALPHABET)] for byte in secrets.token_bytes(length))}"
