"""The table port on the chosen engine: `pytest --engine dynoxide` runs the same contract on the second one."""

from typing import Any

import pytest

from chalicelib.aws import dynamodb
from chalicelib.aws.dynamodb import DynamoTable
from testkit.engine import Engine


@pytest.fixture
def client(engine: Engine) -> Any:
    """What the app asks it with."""
    return dynamodb.client(engine.endpoint, local=True)


@pytest.fixture(params=[pytest.param("engine", marks=pytest.mark.engine)])
def table(client: Any, table_name: str) -> DynamoTable:
    """The port's one implementation on it."""
    return DynamoTable(client, table_name)
