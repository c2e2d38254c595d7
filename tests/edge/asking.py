"""What somebody asks of the gate at the edge, as a case of the table."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from testkit.clock import NOW
from tests.edge.material import ARTICLE, COOKIE, MEMBER, sealed, ticket

Headers = tuple[tuple[str, str], ...]
ACCESS, KEY = "/v1/access", f"/v1/articles/{ARTICLE}/key"


class Case(NamedTuple):
    """One request at one moment, and what becomes of it.

    `opens` False: it goes on to the API as it came. `looks` False: so early that not even the keys are read.
    `told`: keys other than the table's own.
    """

    name: str
    path: str
    query: str
    headers: Headers
    opens: bool = False
    looks: bool = True
    method: str = "GET"
    body: str = ""
    now: int = NOW
    told: Mapping[str, str] = {}


def with_pass(token: str, *more: tuple[str, str]) -> Headers:
    """The headers of a browser that holds a pass."""
    return (("Cookie", f"{COOKIE}={token}"), *more)


def access(name: str, token: str = MEMBER, needs: str = "members", **more: Any) -> Case:
    """The gate, asked with a pass."""
    return Case(f"access: {name}", ACCESS, urlencode({"needs": needs}), with_pass(token), **more)


def key(name: str, token: str = MEMBER, needs: str = "members", **more: Any) -> Case:
    """The key call; `v`, `t` other than the right ones."""
    query = {"v": more.pop("v", sealed(needs)), "needs": needs, "t": more.pop("t", ticket(needs))}
    return Case(f"key: {name}", more.pop("path", KEY), urlencode(query), with_pass(token), **more)


def of_article(article: str) -> dict[str, str]:
    """What the key call of another article is asked with."""
    return {"path": f"/v1/articles/{article}/key", "v": sealed(article=article), "t": ticket(article=article)}


def altered(text: str, at: int) -> str:
    """The text with another letter at this place."""
    letters = list(text)
    letters[at] = "A" if letters[at] != "A" else "Q"
    return "".join(letters)
