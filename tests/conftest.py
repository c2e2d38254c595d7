"""Fixtures for every test. The expensive ones live as long as the test run (or its xdist worker)."""

import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from chalicelib.observing import log_context
from localdev.table import verify_sender
from testkit.alarms import alarms, lines
from testkit.chromium import ARGUMENTS, executable
from testkit.dynoxide import running_dynoxide
from testkit.engine import Engine, fresh_table, running_engine
from testkit.erasing import undescribed
from testkit.harness import Harness
from testkit.memory_table import MemoryTable
from testkit.stack import Stack

__all__ = ["alarms", "lines"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--engine ministack` or `--engine dynoxide` puts every newsroom of a test on that DynamoDB engine."""
    parser.addoption(
        "--engine", choices=["memory", "ministack", "dynoxide"], default="memory", help="where tables of tests stand"
    )


def pytest_report_header(config: pytest.Config) -> str:
    """Which one it is, at the top of the run."""
    return f"engine: {config.getoption('engine')}"


def pytest_collection_finish() -> None:
    """In a worker of a whole run, what was collected stays to its end: no search for garbage goes over it again."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        gc.collect()
        gc.freeze()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The figures that proofs recorded with `record_property("figures", "…")`, whichever worker they ran in."""
    done = [report for outcome in ("passed", "failed") for report in terminalreporter.stats.get(outcome, [])]
    figures = [(report.nodeid, text) for report in done for name, text in report.user_properties if name == "figures"]
    if figures:
        terminalreporter.section("figures")
    for nodeid, text in sorted(set(figures)):
        terminalreporter.write_line(f"{nodeid.rpartition('::')[2]}: {text}")


@pytest.fixture
def harness(request: pytest.FixtureRequest) -> Iterator[Harness]:
    """A newsroom with nothing in its books, which the app is wired to; its table is where `--engine` says."""
    table = None
    if request.config.getoption("engine") != "memory":
        table = request.getfixturevalue("engine").table(request.getfixturevalue("table_name"))
    with Harness(table).installed() as harness:
        yield harness
        if table is None and isinstance(harness.stored, MemoryTable):
            unsaid = undescribed(harness.stored.rows())
            assert not unsaid or "surprise" in str(unsaid).lower(), (
                f"Say in chalicelib/privacy/rules what becomes of {unsaid}; see docs/data-model.md."
            )


@pytest.fixture(scope="session")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Local AWS, empty at the start of the run; the demo newsroom's sender is verified."""
    with running_engine(tmp_path_factory.mktemp("aws")) as engine:
        verify_sender(engine.client("sesv2"), "support@nadrichchia.example")
        yield engine


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The chosen engine, local AWS if none is, for whatever needs a table and nothing else of AWS."""
    if request.config.getoption("engine") != "dynoxide":
        yield request.getfixturevalue("ministack")
        return
    with running_dynoxide(tmp_path_factory.mktemp("dynoxide")) as started:
        yield started.engine


@pytest.fixture
def table_name(engine: Engine) -> Iterator[str]:
    """A fresh, empty table of Spilno's own shape, for this test alone."""
    with fresh_table(engine.client("dynamodb")) as name:
        yield name


@pytest.fixture(autouse=True)
def _log() -> Iterator[None]:
    """Whoever imports the app makes this process write a function's log; the next test starts as an operator does."""
    log_context.stage = ""
    yield
    log_context.stage = ""


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole local stack with its demo data, shared by all tests of the run: use addresses of your own."""
    with Stack(tmp_path_factory.mktemp("stack") / "data").running() as stack:
        yield stack


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    path = executable()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser without any cookie, as a new reader has it."""
    made = browser.new_context(locale="uk-UA")
    made.set_default_timeout(10_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """One tab in it."""
    return context.new_page()
