"""A reader of a deployed newsroom: a browser that sees the site's own address, with the site's proxy in between.

The proxy is what docs/same-origin.md sets up: it strips `/support`, proves itself by the secret, and says whose call
it passes on. Cookies are kept as a browser keeps them.
"""

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

import requests

from tests.deployed.deployment import PROXY_SECRET, PUBLIC, SITE

ADDRESS = "192.0.2.7"


@dataclass(frozen=True)
class Reply:
    """An answer. Header names in lower case."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        """The body, which must be JSON."""
        return json.loads(self.text)


@dataclass
class Reader:
    """Somebody with a browser and an address that mail comes to."""

    api: str
    email: str = field(default_factory=lambda: f"reader-{uuid.uuid4().hex[:10]}@reader.example")
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Reply:
        """A GET; `path` may be a whole address of the site's."""
        return self.call("GET", path, headers=headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Reply:
        """A POST of JSON by a script of the site's."""
        sent = {"Content-Type": "application/json", "Origin": SITE, **headers}
        return self.call("POST", path, json.dumps(body or {}, ensure_ascii=False), sent)

    def put(self, path: str, body: Any, **headers: str) -> Reply:
        """A PUT of JSON by a program."""
        sent = {"Content-Type": "application/json", **headers}
        return self.call("PUT", path, json.dumps(body, ensure_ascii=False), sent)

    def delete(self, path: str, **headers: str) -> Reply:
        """A DELETE."""
        return self.call("DELETE", path, headers={"Origin": SITE, **headers})

    def submit(self, path: str, fields: Mapping[str, str]) -> Reply:
        """A form of a hosted page."""
        sent = {"Content-Type": "application/x-www-form-urlencoded", "Origin": SITE, "Accept": "text/html"}
        return self.call("POST", path, urlencode(fields), sent)

    def call(self, method: str, path: str, body: str = "", headers: Mapping[str, str] | None = None) -> Reply:
        """Any call. Redirects are not followed: each step is to be seen."""
        sent = {"X-Spilno-Proxy": PROXY_SECRET, "X-Forwarded-For": ADDRESS, **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        url = self.api + path.removeprefix(PUBLIC)
        with requests.Session() as session:
            session.trust_env = False
            answer = session.request(method, url, data=body.encode(), headers=sent, timeout=60, allow_redirects=False)
        answer.encoding = "utf-8"
        for line in answer.raw.headers.getlist("Set-Cookie"):
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
        return Reply(answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, answer.text)


def hidden_fields(page: str) -> dict[str, str]:
    """What a page's form carries unseen."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
