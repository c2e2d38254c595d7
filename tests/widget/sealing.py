"""A page whose wall is sealed, and what it asked for: for the tests of sealed text."""

import json
from html import escape
from typing import Any

from tests.widget.conftest import Site
from tests.widget.fake_api import CANARY, TEASER, FakeApi
from tests.widget.fake_seal import FakeSeal

ARTICLE = "/v1/articles/demo-members"
SEAL, KEY = f"{ARTICLE}/seal", f"{ARTICLE}/key"
TEXT = f"<p>{TEASER}</p><p>{CANARY}</p>"
ASKS = {"access": "members", "requires": "members", "opens_at": None, "closes_at": None}


def sealed(api: FakeApi, **how: Any) -> dict[str, Any]:
    """The API seals the article; answers the seal that a website's page has, as `PUT` answered it."""
    api.sealed = FakeSeal(TEXT, **how)
    return api.sealed.manifest(api.url, "demo-members", {**ASKS, **api.seal})


def older(seal: dict[str, Any]) -> dict[str, Any]:
    """The same, of a page that was made an hour ago."""
    return {**seal, "ticket": "1700000000." + "A" * 24}


def wall(site: Site, seal: Any, more: str = "") -> str:
    """A wall with this seal; answers the page's address."""
    text = seal if isinstance(seal, str) else json.dumps(seal)
    return site.wall(f'article="demo-members" seal="{escape(text)}" {more}')


def asked(api: FakeApi) -> list[str]:
    """What was asked about the article, as `seal`, `key`, `file` or `article`, in order."""
    names = {ARTICLE: "article", SEAL: "seal", KEY: "key"}
    calls = [call.path for call in api.calls if call.path.startswith("/v1/articles/")]
    return [names.get(path, "file") for path in calls]
