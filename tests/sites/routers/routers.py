"""A website of a front page and two gated articles, on which one of other people's routers swaps pages in place."""

import json
import os
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import pytest
from flask import Flask, Response, send_from_directory

from tests.widget.fake_api import TEASER
from tests.widget.fake_seal import FakeSeal

FILES = Path(__file__).resolve().parents[3] / ".routers"


@dataclass(frozen=True)
class Router:
    """One library: its files, how a page starts it, what it wants of `<body>`."""

    files: tuple[str, ...]
    start: str = ""
    body: str = ""


BOOST = 'hx-boost="true"'
ROUTERS = {
    "turbo": Router(("turbo.js",)),
    "turbolinks": Router(("turbolinks.js",), "Turbolinks.start()"),
    "htmx 1": Router(("htmx1.js",), body=BOOST),
    "htmx 2": Router(("htmx2.js",), body=BOOST),
    "htmx 4": Router(("htmx4.js", "htmx4-history.js"), body='hx-boost:inherited="true"'),
    "pjax": Router(
        ("jquery.js", "pjax.js"),
        "jQuery(() => jQuery(document).pjax('nav a', '#main', {fragment: '#main', timeout: 5000}))",
    ),
    "swup": Router(("swup.js",), "addEventListener('DOMContentLoaded', () => new Swup({containers: ['#main']}))"),
    "barba": Router(
        ("barba.js",),
        "addEventListener('DOMContentLoaded', () => barba.init({transitions: [{leave() {}, enter() {}}]}))",
        'data-barba="wrapper"',
    ),
    "unpoly": Router(
        ("unpoly.js",), "up.link.config.followSelectors.push('nav a'); up.fragment.config.mainTargets = ['#main']"
    ),
}


@dataclass
class RouterSite:
    """What the pages are made of; `port` is known once it is served."""

    api_url: str
    router: Router = field(default_factory=lambda: Router(()))
    port: int = 0
    seal: FakeSeal | None = None  # of both articles, where their walls have one

    def url(self, path: str = "/article/one") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def page(self, title: str, content: str) -> str:
        scripts = "".join(f'<script src="/routers/{name}"></script>' for name in self.router.files)
        links = "".join(f'<a href="{path}">{name}</a> ' for path, name in LINKS.items())
        return (
            f'<!doctype html><html lang="uk"><head><meta charset="utf-8"><title>{title}</title>'
            f"{self.head()}{scripts}"
            f"<script>{self.router.start}</script></head>"
            f"<body {self.router.body}><nav>{links}</nav>"
            f'<main id="main" class="transition-none" data-barba="container" data-barba-namespace="all">'
            f"<h1>{title}</h1>{content}</main></body></html>"
        )

    def head(self) -> str:
        return f'<script src="{self.api_url}/widget.js" async></script>'

    def wall(self, name: str) -> str:
        asks = {"access": "members", "requires": "members", "opens_at": None, "closes_at": None}
        seal = json.dumps(self.seal.manifest(self.api_url, name, asks)) if self.seal else ""
        return (
            f'<spilno-wall api="{self.api_url}" article="{name}" seal="{escape(seal)}"><p>{TEASER} ({name})</p>'
            "</spilno-wall>"
            f'<p class="appeal">Підтримайте нас</p>'
        )


LINKS = {"/": "front", "/article/one": "one", "/article/two": "two"}


def build(site: RouterSite) -> Flask:
    """The site's pages, and the libraries under /routers/."""
    app = Flask("router_site")
    app.add_url_rule("/", "front", lambda: site.page("front", "<p>Новини дня.</p>"))
    app.add_url_rule("/article/<name>", "article", lambda name: site.page(name, site.wall(name)))

    @app.get("/routers/<name>")
    def routers(name: str) -> Response:
        return send_from_directory(FILES, name)

    return app


def need_the_libraries() -> None:
    """Skips where they were not fetched; fails where CI is set."""
    if not (FILES / ".ready").exists():
        words = "The routers are not here: make .routers/.ready fetches them (npm is needed)."
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
