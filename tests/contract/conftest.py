"""The table port on the chosen engine: `pytest --engine dynoxide` runs the same contract on the second one."""

import pytest

from chalicelib.aws import dynamodb
from chalicelib.aws.dynamodb import DynamoTable
from tests.support.engine import Engine


@pytest.fixture
def table(engine: Engine, table_name: str) -> DynamoTable:
    """The port's one implementation on it."""
    return DynamoTable(dynamodb.client(engine.endpoint, local=True), table_name)
