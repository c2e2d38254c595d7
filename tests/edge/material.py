"""Keys, passes and tickets that the cases are made of: real ones by the app's own rules, others beside them."""

import json
from typing import Any

from chalicelib.articles.rules import sealed_text
from chalicelib.kernel.moments import RealTime
from chalicelib.reading.rules import passes
from chalicelib.reading.rules.passes import Pass
from testkit.clock import NOW
from tests.edge import derivation
from tests.edge.derivation import signed

ISSUER, AUDIENCE = "https://news.example/support", "herald"
PASS_KEY, OLD_PASS_KEY = "Zq1rT7mKx0bVw3sYd9uHc5nJf2gLe8aPo6iRk4", "b7Yt2KpQ9xLm4ZsVw1NcRf6HgJd8TaEuXo3"
ROOT, OLD_ROOT = "p9WvKc3xT1mZr7LbYq5NfHs2JdG8aUeXo4RiCk6VtBw", "mX2cVb8nLq4wErT6yUi0pAsD1fGhJ3kZ5xCvB7nM9Qz"
TOLD = {
    "pass_keys": f"b:{PASS_KEY},a:{OLD_PASS_KEY}",
    "seal_keys": f"k2:{ROOT},k1:{OLD_ROOT}",
    "issuer": ISSUER,
    "audience": AUDIENCE,
}
ENVIRON = {
    "SPILNO_STAGE": "dev",
    "SPILNO_SITE_ID": AUDIENCE,
    "SPILNO_TABLE": "herald",
    "SPILNO_PUBLIC_URL": ISSUER,
    "SPILNO_SITE_ORIGINS": "https://news.example",
    "SPILNO_PASS_KEYS": TOLD["pass_keys"],
    "SPILNO_SEAL_KEYS": TOLD["seal_keys"],
}
COOKIE = "__Host-spilno-pass"
ARTICLE = "bridge-2026.7"
UNTIL = NOW + 30 * 86_400
BODY = b"x\x9c stored, compressed text"
_KEYS = (("b", PASS_KEY.encode()), ("a", OLD_PASS_KEY.encode()))
ROOTS = (("k2", ROOT.encode()), ("k1", OLD_ROOT.encode()))


def issued(*tiers: str, exp: int = NOW + 300, until: int = UNTIL, old: bool = False) -> str:
    """A pass as the API signs it, for these tiers, lowest first."""
    held = Pass("sup_4f", tiers[-1], tiers, until, exp)
    return passes.issue(held, keys=_KEYS[1:] if old else _KEYS, issuer=ISSUER, audience=AUDIENCE)


MEMBER, PATRON = issued("member"), issued("member", "friend", "patron")
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "sub": "sup_4f",
    "exp": NOW + 300,
    "tier": "member",
    "tiers": ["member"],
    "until": UNTIL,
}


def minted(head: Any = None, key: str = PASS_KEY, without: str = "", **claims: Any) -> str:
    """A well-signed pass with other claims, or another head."""
    told = {name: value for name, value in {**CLAIMS, **claims}.items() if name != without}
    said = {"alg": "HS256", "kid": "b", "typ": "JWT"} if head is None else head
    return signed(_text(said), _text(told), key)


def written(old: str, new: str) -> str:
    """A well-signed pass whose claims are written in another way."""
    claims = _text(CLAIMS)
    assert old in claims, f"{claims} has no {old}"
    return signed('{"alg":"HS256","kid":"b","typ":"JWT"}', claims.replace(old, new, 1), PASS_KEY)


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def sealed(needs: str = "members", article: str = ARTICLE, *, old: bool = False) -> str:
    """The version of a text sealed for `needs`."""
    return sealed_text.version(article, needs, BODY, ROOTS[old])


def fresh_ticket(needs: str = "members", article: str = ARTICLE) -> str:
    """The ticket that the API gives now."""
    return sealed_text.ticket(article, sealed(needs, article), needs, ROOTS, RealTime(NOW)) or ""


def ticket(needs: str = "members", article: str = ARTICLE, exp: int = NOW + 600, *, old: bool = False) -> str:
    """A genuine ticket that ends at any time."""
    root = OLD_ROOT if old else ROOT
    return derivation.ticket(article, sealed(needs, article, old=old), needs, exp, root)
