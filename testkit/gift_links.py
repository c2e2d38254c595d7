"""Gift links as a test makes and follows them: a supporter who gives an article, and readers who do not support."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from testkit.calls import API, SITE, Reply
from testkit.harness import ADA, Harness
from testkit.own_address import supports
from testkit.visitor import Visitor

CANARY = "Канарка-7f3a"
DAY = 86_400


def put(harness: Harness, access: str = "members", article: str = "mist", **more: Any) -> None:
    """An article whose whole text holds the canary."""
    body = {"title": "Міст", "url": f"{SITE}/uk/statti/{article}", "access": access, "teaser_html": "<p>Початок.</p>"}
    body |= {"body_html": f"<p>Увесь текст. {CANARY}</p>", **more}
    reply = Visitor(origin=None).put(f"/v1/articles/{article}", body, **harness.cms_key())
    assert reply.status == 200, reply.text


def gives(giver: Visitor, article: str = "mist") -> str:
    """Give an article; the link's token."""
    reply = giver.post("/v1/me/gift-links", {"article": article})
    assert reply.status in (200, 201), reply.text
    return token_of(reply.json["url"])


def token_of(url: str) -> str:
    """The token in a link's address."""
    query = parse_qs(urlsplit(url).query)
    (token,) = query.get("spilno") or query["gift"]
    return token


def given(harness: Harness, access: str = "members") -> tuple[Visitor, str]:
    """A supporter who has given an article just now, and its token."""
    put(harness, access)
    giver = supports(harness, ADA)
    return giver, gives(giver)


def reads(token: str = "", reader: Visitor | None = None, article: str = "mist", **headers: str) -> Reply:
    """Ask for the article as a wall does, in a browser that has never been here unless one is given."""
    query = f"?gift={token}" if token else ""
    reply = (reader or Visitor()).get(f"/v1/articles/{article}{query}", **headers)
    assert reply.status == 200, reply.text
    assert (CANARY in reply.text) == reply.json["decision"]["open"]
    return reply


def reason(reply: Reply) -> str:
    """Why the article is open or not."""
    return str(reply.json["decision"]["reason"])


def follows(address: str, reader: Visitor) -> Reply:
    """Go to an address of our own pages as a person does, and on to wherever it leads."""
    reply = reader.navigate(address)
    for _ in range(3):
        if reply.status != 303:
            break
        reply = reader.navigate(reply.headers["location"].removeprefix(API))
    return reply


def readers(giver: Visitor) -> int:
    """How many have read by the newest link."""
    return int(giver.get("/v1/me/gift-links").json[0]["readers"])
