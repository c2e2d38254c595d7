"""What a wall does with a sealed text: the manifest, then the file and the key, then the text."""

from typing import Any
from urllib.parse import urlencode

from testkit.calls import API, Reply
from testkit.harness import Harness
from testkit.visitor import Visitor
from tests.articles.sealing import unsealed

# Keys as they are drawn; the first seals.
K1, K2 = (
    ("k1", b"Zt4v0Qm7Lx2Rk9Wc6Yb1Ns8Hd3Jf5Gp0TqVuXeAoIiM"),
    ("k2", b"Pq8Zr1Lw5Xn3Kc7Vb9Jt2Hm6Gd4Fs0YyUuIiOoEeAaE"),
)
Manifest = dict[str, Any]


def manifest(article: str = "mist") -> Manifest:
    """The manifest as any cache would get it now."""
    reply = Visitor().get(f"/v1/articles/{article}/seal")
    assert reply.status == 200, reply.text
    return dict(reply.json)


def file_at(told: Manifest) -> Reply:
    """The sealed text that a manifest names, as whoever copies it gets it."""
    return Visitor().get(told["sealed"].removeprefix(API))


def asked(visitor: Visitor, told: Manifest, article: str = "mist", **differing: str) -> Reply:
    """The call for the key that a wall makes with a manifest; `v`, `needs`, `t` may differ. Empty: not sent."""
    sent = {"v": told.get("version", ""), "needs": told.get("needs", ""), "t": told.get("ticket", ""), **differing}
    return visitor.get(f"/v1/articles/{article}/key?{urlencode({k: v for k, v in sent.items() if v})}")


def reads(visitor: Visitor, told: Manifest, article: str = "mist", **differing: str) -> str | None:
    """The text that this reader gets to see with a manifest; None for none."""
    key = told.get("key") or asked(visitor, told, article, **differing).json.get("key")
    return unsealed(file_at(told).text, key) if key else None


def seals_with(harness: Harness, *keys: tuple[str, bytes]) -> None:
    """From now on the app has these seal keys."""
    harness.wiring.settings = harness.settings._replace(seal_keys=keys)
