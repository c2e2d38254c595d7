"""Somebody who calls the API over HTTP, with a browser's cookies kept between."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any, Protocol
from urllib.parse import urlencode

from testkit.calls import API, SITE, Reply, in_process


class Transport(Protocol):
    """How a call gets there."""

    def __call__(self, method: str, url: str, body: str, headers: Mapping[str, str], client: str) -> Reply:
        """One call from this client's address; redirects are not followed."""
        ...


@dataclass
class Visitor:
    """A browser (cookies kept, `origin` sent with what changes something) or a program (origin None).

    `pages`: the origin of the API's own pages. `client`: the address that the call comes from. `transport`: into the
    app of this process, unless another is given.
    """

    origin: str | None = SITE
    client: str = "192.0.2.1"
    cookies: dict[str, str] = field(default_factory=dict)
    email: str = field(default_factory=lambda: f"reader-{uuid.uuid4().hex[:10]}@reader.example")
    pages: str = API
    transport: Transport = in_process

    def get(self, url: str, **headers: str) -> Reply:
        """A GET; a query may stand in the address."""
        return self.call("GET", url, headers=headers)

    def navigate(self, url: str) -> Reply:
        """A GET as a person's browser sends it."""
        return self.call("GET", url, headers={"Accept": "text/html,*/*"})

    def post(self, url: str, body: Any = None, **headers: str) -> Reply:
        """A POST of JSON."""
        return self.call("POST", url, json.dumps(body or {}), {"Content-Type": "application/json", **headers})

    def submit(self, url: str, fields: Mapping[str, str]) -> Reply:
        """A form of a page of the API's own."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.pages, "Accept": "text/html"}
        return self.call("POST", url, urlencode(fields), headers)

    def put(self, url: str, body: Any, **headers: str) -> Reply:
        """A PUT of JSON."""
        return self.call("PUT", url, json.dumps(body), {"Content-Type": "application/json", **headers})

    def delete(self, url: str, **headers: str) -> Reply:
        """A DELETE."""
        return self.call("DELETE", url, headers=headers)

    def call(self, method: str, url: str, body: str = "", headers: Mapping[str, str] | None = None) -> Reply:
        """Any call. A header given as an empty string is not sent."""
        sent = {"Host": "api.example", **({"Origin": self.origin} if self.origin and method != "GET" else {})}
        sent |= headers or {}
        if self.cookies:
            sent.setdefault("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        told = {name: value for name, value in sent.items() if value}
        reply = self.transport(method, url, body, told, self.client)
        for header in reply.set_cookies:
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
                if morsel["max-age"] == "0":
                    del self.cookies[name]
        return reply
