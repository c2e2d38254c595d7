"""Makes what a deployed stage has: the table with its TTL, the bucket, and the verified sender address."""

from typing import Any

from botocore.exceptions import ClientError

from chalicelib.kernel.schema import TABLE, TTL_ATTRIBUTE
from chalicelib.newsroom.sender import read as read_sender


def create_table(dynamodb: Any, name: str) -> bool:
    """Create the table if it is not there; answers whether it was made now."""
    try:
        dynamodb.create_table(TableName=name, **TABLE)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceInUseException":
            raise
        return False
    dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    dynamodb.update_time_to_live(
        TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": TTL_ATTRIBUTE}
    )
    return True


def create_bucket(s3: Any, name: str) -> None:
    """Create the bucket in which erased supporters are kept by their hashes, if it is not there."""
    try:
        s3.create_bucket(Bucket=name)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
            raise


def verify_sender(sesv2: Any, sender: str) -> None:
    """Make the newsroom's sender known to SES; `sender` may hold a display name."""
    address = read_sender(sender).address
    try:
        sesv2.create_email_identity(EmailIdentity=address)
    except ClientError as error:
        if error.response["Error"]["Code"] != "AlreadyExistsException":
            raise
