"""Declaring as readers and programs do, for the tests."""

import re
from html import unescape

from testkit.calls import Reply
from testkit.harness import ADA
from testkit.visitor import Visitor

REFERENCE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")


def declared(visitor: Visitor | None = None, email: str = ADA, **more: object) -> Reply:
    """A program's call."""
    return (visitor or Visitor(origin=None)).post("/v1/cancellations", {"kind": "cancel", "email": email, **more})


def sent_form(visitor: Visitor, way: str = "cancel", **fields: str) -> Reply:
    """The form of the page, filled in and sent as a browser does."""
    page = visitor.navigate(f"/{way}").text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    return visitor.submit("/v1/cancellations", {**hidden, **fields})


def followed(visitor: Visitor, reply: Reply) -> str:
    """The page that an answer leads to, as text."""
    assert reply.status == 303, reply.text
    path = re.sub(r"^https?://[^/]+", "", reply.headers["location"])
    return unescape(visitor.navigate(path).text)
