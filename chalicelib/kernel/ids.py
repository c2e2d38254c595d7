"""Identifiers and secrets we make ourselves. All are URL-safe: API Gateway hands path parameters over encoded.

`secrets` and `hashlib` are imported where they are used: a gate check needs neither, and they cost it three of its
twenty milliseconds.
"""

import hmac
import re
from typing import NewType

# What a caller may name: an article, a campaign.
IDENTIFIER = re.compile(r"[A-Za-z0-9._~-]{1,128}")

# Crockford's base 32 without U: no I, L, O that look like digits. 32 letters carry 5 bits each. How people type it is
# read by `typed_code`.
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8  # 40 bits

# Who somebody is to us: never their address, nor a customer of Stripe's. Many take it beside other identifiers.
SupporterId = NewType("SupporterId", str)


def new_id() -> str:
    """96 random bits, 16 characters: for a supporter, a request, a grant."""
    import secrets

    return secrets.token_urlsafe(12)


def new_secret() -> str:
    """192 random bits, 32 characters: for a session, a link, a browser."""
    import secrets

    return secrets.token_urlsafe(24)


def new_code() -> str:
    """A sign-in code as it stands in the mail: `XXXX-XXXX`, 40 random bits."""
    import secrets

    letters = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    return f"{letters[:4]}-{letters[4:]}"


def fingerprint(secret: str) -> str:
    """SHA-256 of a secret of at least 96 random bits, for keeping at rest and looking up."""
    import hashlib

    return hashlib.sha256(secret.encode()).hexdigest()


def keyed_hash(key: str, text: str) -> str:
    """HMAC-SHA-256 in hexadecimal, for what could be guessed from a bare hash: e-mail addresses, short codes."""
    return hmac.digest(key.encode(), text.encode(), "sha256").hex()
