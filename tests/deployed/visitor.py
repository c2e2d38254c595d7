"""Visitors of a deployed newsroom: they see the site's own address, with the site's proxy in between.

The proxy is what docs/same-origin.md sets up: it strips `/support`, proves itself by the secret, and says whose call
it passes on.
"""

import re
import secrets
from collections.abc import Mapping
from typing import Any

import requests

from testkit.calls import Reply
from testkit.visitor import Transport, Visitor
from tests.deployed.deployment import PROXY_SECRET, PUBLIC, SITE

ADDRESS = "192.0.2.7"


def visitor(api: str) -> Visitor:
    """Somebody with a browser and an address that mail comes to."""
    return Visitor(SITE, ADDRESS, pages=SITE, transport=through_the_proxy(api))


def program(api: str) -> Visitor:
    """The newsroom's own system, or a script."""
    return Visitor(None, ADDRESS, transport=through_the_proxy(api))


def through_the_proxy(api: str, host: str = "") -> Transport:
    """To the deployed API; a path, or a whole address of the site's. `host`: a domain of the API's own."""

    def call(method: str, url: str, body: str, headers: Mapping[str, str], client: str) -> Reply:
        sent = {"X-Spilno-Proxy": PROXY_SECRET, "X-Forwarded-For": client, **headers}
        del sent["Host"]
        if host:
            sent["Host"] = host
        to = api + url.removeprefix(PUBLIC)
        with requests.Session() as session:
            session.trust_env = False
            answer = session.request(method, to, data=body.encode(), headers=sent, timeout=60, allow_redirects=False)
        answer.encoding = "utf-8"
        cookies = tuple(answer.raw.headers.getlist("Set-Cookie"))
        return Reply(
            answer.status_code, {name.lower(): told for name, told in answer.headers.items()}, cookies, answer.text
        )

    return call


def hidden_fields(page: str) -> dict[str, str]:
    """What a page's form carries unseen."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def a_wish(amount: int = 2000, interval: str = "once") -> dict[str, Any]:
    """What the widget sends for a new wish to give."""
    attempt = secrets.token_urlsafe(24)
    return {"amount": amount, "currency": "eur", "interval": interval, "attempt": attempt, "locale": "uk"}
