"""The table that a failed first deployment leaves: the template retains it, and then no stack knows it.

The next deployment could not create it again. An empty one may be deleted; one that holds anything never is.
"""

from typing import Any

from botocore.exceptions import ClientError

from chalicelib.kernel import keys
from chalicelib.upgrade.steps import STEPS


def left_table(dynamodb: Any, name: str) -> str:
    """The state of the table by that name: `none`, `empty` or `used`, by a strongly consistent read."""
    try:
        found = dynamodb.scan(TableName=name, Limit=len(STEPS) + 1, ConsistentRead=True)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return "none"
        raise
    # The note that `ops deploy` writes into a new table does not count as data.
    held = [item for item in found["Items"] if not item["pk"]["S"].startswith(keys.UPGRADED_PREFIX)]
    return "used" if held or found.get("LastEvaluatedKey") else "empty"


def take_away(dynamodb: Any, name: str) -> None:
    """Delete the table, its protection first. Only for one that `left_table` has just called empty."""
    dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
    dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 2})
    dynamodb.delete_table(TableName=name)
    dynamodb.get_waiter("table_not_exists").wait(TableName=name, WaiterConfig={"Delay": 2})
