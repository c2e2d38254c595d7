"""Firefox and WebKit at a newsroom's door: over https as in life, and over plain http as under `make run`."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.remote.webdriver import WebDriver

from testkit import firefox, webkit
from testkit.ports import HOST, free_ports
from testkit.secure_front import secure_front
from testkit.stack import Stack
from tests.sites.browsers.reader import Origins, Reader
from tests.stories.conftest import prepared

NewReader = Callable[..., Reader]


@dataclass(frozen=True)
class Engine:
    """One engine: where it is, how it is started, what makes it refuse every cookie, what its console wrote.

    WebKit writes nothing for a browser that is driven, so there only what can be seen is judged.
    """

    executable: Callable[[], str]
    start: Callable[..., AbstractContextManager[WebDriver]]
    no_cookies: Any
    complaints: Callable[[WebDriver], list[str]] | None = None


ENGINES = {
    "firefox": Engine(firefox.executable, firefox.firefox, firefox.NO_COOKIES, firefox.complaints),
    "webkit": Engine(webkit.executable, webkit.webkit, webkit.NO_COOKIES),
}


@pytest.fixture(scope="session", params=list(ENGINES))
def browser_engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn; one that is not installed is skipped, or fails in CI."""
    chosen = ENGINES[request.param]
    chosen.executable()
    return chosen


@pytest.fixture(scope="package")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Origins]:
    """A newsroom on https: website and API on one host, as `__Host-` cookies demand."""
    folder = tmp_path_factory.mktemp("secure")
    running = prepared(folder)
    for_site, for_app = free_ports(2)
    site, app = f"https://{HOST}:{for_site}", f"https://{HOST}:{for_app}"
    running.settings = {
        **running.settings,
        "SPILNO_PUBLIC_URL": app,
        "SPILNO_SITE_ORIGINS": f"{site},{running.site}",
    }
    with secure_front(folder, {for_site: running.site, for_app: running.app}), running.running():
        yield Origins(running, site, app)


@pytest.fixture(scope="package")
def loopback(stack: Stack) -> Origins:
    """A newsroom on http, as `make run` starts it."""
    return Origins(stack, stack.site, stack.app)


@pytest.fixture
def new_reader(browser_engine: Engine, tmp_path: Path) -> Iterator[NewReader]:
    """Call it with a newsroom for a reader with a fresh browser. What its console complained of fails the story."""
    listen = browser_engine.complaints or (lambda _driver: [])
    folders: list[Path] = []
    readers: list[Reader] = []
    with ExitStack() as browsers:

        def walk_in(newsroom: Origins, *, cookies: bool = True, careless: bool = False) -> Reader:
            folders.append(tmp_path / f"browser-{len(folders)}")
            folders[-1].mkdir()
            driver = browsers.enter_context(
                browser_engine.start(folders[-1], () if cookies else browser_engine.no_cookies)
            )
            driver.set_script_timeout(20)
            reader = Reader(driver, newsroom, tmp_path, partial(listen, driver))
            readers.extend([] if careless else [reader])
            return reader

        yield walk_in
        found = [complaint for reader in readers for complaint in reader.complaints()]
    assert found == []
