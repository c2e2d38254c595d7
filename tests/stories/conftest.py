"""A newsroom with its whole stack, and readers who walk in."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

import chalicelib
from testkit.stack import Stack
from tests.stories.reader import Reader
from tests.widget.fake_api import serve

# Every reader of these stories has the same client address; in life they have their own.
ROOMY = "\n[limits]\ncheckouts = 100000\nsign_ins = 100000\n"
OTHER_HOST = "hazeta.example"  # mapped to this machine by a flag of the browser

NewReader = Callable[..., Reader]


class Elsewhere:
    """A website on another host than the API, with one page that the test writes."""

    def __init__(self) -> None:
        self.html, self.port = "", 0

    @property
    def origin(self) -> str:
        """Its origin, under the name that only the mapped browser resolves."""
        return f"http://{OTHER_HOST}:{self.port}"

    def page(self) -> str:
        """What it serves."""
        return self.html


@pytest.fixture(scope="package")
def elsewhere() -> Iterator[Elsewhere]:
    """That website, running."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    site, app = Elsewhere(), Flask("elsewhere")
    app.add_url_rule("/", view_func=site.page)
    server, site.port = serve(app)
    yield site
    server.shutdown()
    server.server_close()


def prepared(folder: Path, *other_origins: str) -> Stack:
    """A stack of the stories' own, not started: theirs alone is the hour, and nobody else uses up its limits."""
    newsroom = Path(chalicelib.__file__).with_name("newsroom.toml").read_text("utf-8")
    (folder / "newsroom.toml").write_text(newsroom + ROOMY, "utf-8")
    made = Stack(folder / "data")
    made.settings = {
        "SPILNO_NEWSROOM": str(folder / "newsroom.toml"),
        "SPILNO_SITE_ORIGINS": ",".join((made.site, *other_origins)),
    }
    return made


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory, elsewhere: Elsewhere) -> Iterator[Stack]:
    """The newsroom of these stories. The other website is listed, though its cookies cannot work."""
    with prepared(tmp_path_factory.mktemp("stories"), elsewhere.origin).running() as stack:
        yield stack


@pytest.fixture
def new_reader(browser: Browser, stack: Stack) -> Iterator[NewReader]:
    """Call it for a reader with a browser of their own; whatever went wrong unseen there fails the story."""
    readers: list[Reader] = []

    def walk_in(
        email: str | None = None, *, phone: bool = False, lang: str = "uk", javascript: bool = True,
        inside: Browser | None = None, at: Stack | None = None, dark: bool = False,
    ) -> Reader:  # fmt: skip
        context = (inside or browser).new_context(
            viewport={"width": 360, "height": 740} if phone else {"width": 1280, "height": 900},
            locale=lang,
            timezone_id="Europe/Kyiv",
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
        )
        context.set_default_timeout(10_000)
        reader = Reader(context, at or stack, email)
        readers.append(reader)
        return reader

    yield walk_in
    for reader in readers:
        reader.context.close()
    assert [trouble for reader in readers for trouble in reader.troubles] == []


@pytest.fixture
def reader(new_reader: NewReader) -> Reader:
    """One reader at a desk, Ukrainian."""
    return new_reader()
