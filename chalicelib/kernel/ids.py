"""Identifiers and secrets that we make. All are URL-safe, as API Gateway passes path parameters on still encoded.

`secrets` and `hashlib` are imported where they are used: a gate check needs neither, and importing them would take
three of its twenty milliseconds.
"""

import hmac
import re
from typing import NewType

# The form of names that a caller may choose: of an article, of a campaign.
IDENTIFIER = re.compile(r"[A-Za-z0-9._~-]{1,128}")

# Crockford's base 32 without U: no I, L, O that look like digits. 32 letters carry 5 bits each. `typed_code` reads
# it as people type it.
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8  # 40 bits

# A supporter's opaque id: never their address or a Stripe customer. A type, as functions take other ids beside it.
SupporterId = NewType("SupporterId", str)


def new_id() -> str:
    """A new random identifier: 96 bits, 16 characters; for a supporter, a request, a grant."""
    import secrets

    return secrets.token_urlsafe(12)


def new_secret() -> str:
    """A new random secret: 192 bits, 32 characters; for a session, a link, a browser."""
    import secrets

    return secrets.token_urlsafe(24)


def new_code() -> str:
    """A new random sign-in code as the mail shows it: `XXXX-XXXX`, 40 bits."""
    import secrets

    letters = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    return f"{letters[:4]}-{letters[4:]}"


def fingerprint(secret: str) -> str:
    """SHA-256 of a secret of at least 96 random bits, by which it is stored and looked up."""
    import hashlib

    # Strangers also send half a character, which is the fingerprint of nothing that we know.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def keyed_hash(key: str, text: str) -> str:
    """HMAC-SHA-256 in hexadecimal, for what could be guessed from a bare hash: e-mail addresses, short codes."""
    return hmac.digest(key.encode(), text.encode(), "sha256").hex()
