"""What a failed first deployment leaves: a table that no stack knows, since the template retains it whatever happens.

The next deployment could not make it again. An empty one may go; one that holds anything stays, whoever asks.
"""

from typing import Any

from botocore.exceptions import ClientError

from chalicelib.kernel import keys
from chalicelib.upgrade.steps import STEPS


def left_table(dynamodb: Any, name: str) -> str:
    """`none`, `empty` or `used`, by a consistent look at the table itself."""
    try:
        found = dynamodb.scan(TableName=name, Limit=len(STEPS) + 1, ConsistentRead=True)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return "none"
        raise
    # What `ops deploy` notes in a new table is nobody's.
    held = [item for item in found["Items"] if not item["pk"]["S"].startswith(keys.UPGRADED_PREFIX)]
    return "used" if held or found.get("LastEvaluatedKey") else "empty"


def take_away(dynamodb: Any, name: str) -> None:
    """Delete the table, its protection first. Only for one that `left_table` has just called empty."""
    dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
    dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 2})
    dynamodb.delete_table(TableName=name)
    dynamodb.get_waiter("table_not_exists").wait(TableName=name, WaiterConfig={"Delay": 2})
