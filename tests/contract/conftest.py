"""The table port runs against every engine we know. A new engine is one more name here and a fixture of that name."""

from collections.abc import Iterator

import pytest

from chalicelib.gateways import dynamodb
from chalicelib.gateways.dynamodb import DynamoTable
from tests.support.engine import Engine, fresh_table

ENGINES = ("ministack",)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn."""
    found: Engine = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def name(engine: Engine) -> Iterator[str]:
    """A fresh table on it."""
    with fresh_table(engine.client("dynamodb")) as name:
        yield name


@pytest.fixture
def table(engine: Engine, name: str) -> DynamoTable:
    """The port's one implementation on it."""
    return DynamoTable(dynamodb.client(engine.endpoint, local=True), name)
