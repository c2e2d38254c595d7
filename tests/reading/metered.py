"""A newsroom with a meter, and what a reader of its metered articles sees over HTTP."""

from dataclasses import replace
from typing import Any

from chalicelib.newsroom.rules import Meter
from testkit.calls import SITE
from testkit.harness import Harness
from testkit.visitor import Visitor

CANARY = "Канарка-meter-91c2"
TEASER = "<p>Початок, який бачать усі.</p>"
BODY = f"<p>Увесь текст. {CANARY}</p>"


METER = Meter(3, 5)


def newsroom(harness: Harness, *articles: str, meter: Meter | None = METER, **more: Any) -> None:
    """Give the newsroom a meter, and put these articles as metered; more of each may be said."""
    harness.wiring.newsroom = replace(harness.newsroom, meter=meter)
    key = harness.cms_key()
    for article in articles:
        body = {"title": f"Стаття {article}", "url": f"{SITE}/{article}", "teaser_html": TEASER, "body_html": BODY}
        reply = Visitor(origin=None).put(f"/v1/articles/{article}", {**body, "access": "metered", **more}, **key)
        assert reply.status == 200, reply.text


def decision(visitor: Visitor, article: str, **headers: str) -> Any:
    """What is decided on an article, after a look that text and decision agree."""
    reply = visitor.get(f"/v1/articles/{article}", **headers)
    assert reply.status == 200, reply.text
    assert reply.headers["cache-control"] == "private, no-store"
    found = reply.json["decision"]
    assert found["open"] is (CANARY in reply.text)
    return found


def read(visitor: Visitor, *articles: str, **headers: str) -> str:
    """`+` for each article that opens, `-` for each that does not."""
    return "".join("+" if decision(visitor, article, **headers)["open"] else "-" for article in articles)


def marks(visitor: Visitor) -> dict[str, str]:
    """The marks in a visitor's browser, by the names of their cookies."""
    return {name: value for name, value in visitor.cookies.items() if name.startswith("__Host-spilno-m-")}
