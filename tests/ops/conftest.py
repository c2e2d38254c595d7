"""The operator's commands on a till whose table stands on a real engine."""

from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner, Result

from chalicelib import wiring
from ops.__main__ import main
from tests.support.engine import Engine
from tests.support.till import Till

Run = Callable[..., Result]


@pytest.fixture
def till(engine: Engine, table_name: str) -> Iterator[Till]:
    """A fresh newsroom with a Stripe in memory."""
    till = Till(engine.endpoint, table_name)
    wiring.install(till)
    yield till
    wiring._installed.clear()


@pytest.fixture
def run(till: Till) -> Run:
    """`run("totals", "--json")`: a command in this till's environment; what it printed, and its exit code."""
    environ = {
        "SPILNO_STAGE": "local",
        "SPILNO_SITE_ID": till.settings.site_id,
        "SPILNO_TABLE": till.settings.table,
        "SPILNO_NEWSROOM": str(till.settings.newsroom_file),
        "AWS_ENDPOINT_URL": str(till.settings.aws_endpoint),
    }

    def run(*words: str) -> Result:
        result = CliRunner().invoke(main, list(words), env=environ, catch_exceptions=False)
        wiring.install(till)  # the command has wired the process anew
        return result

    return run
