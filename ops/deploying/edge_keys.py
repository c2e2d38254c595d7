"""The keys of the gate at the edge, which `ops deploy` writes into CloudFront's KeyValueStore: docs/edge.md.

No template holds them. CloudFormation could fill a store once, from a file in a bucket, and would never change it.
"""

from collections.abc import Mapping
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError, MissingDependencyException

from ops.output import Refusal, one_line, say

# The store's names, and the template's parameters whose values they have.
_NAMES = {"pass_keys": "PassKeys", "seal_keys": "SealKeys", "issuer": "PublicUrl", "audience": "SiteId"}
_LONGEST = 1024  # bytes, https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
_TRIES = 3
_UNSIGNED = (
    "The gate at the edge was told nothing: CloudFront wants that signed by a package that is not here.\n"
    "Without keys it hands everything on to the API; if it was given some before, it still believes those.\n"
    "To tell it, once: .venv/bin/pip install -r ops/requirements-edge.txt, then deploy again (docs/edge.md)."
)


def tell_the_edge(outputs: Mapping[str, str], parameters: Mapping[str, str]) -> None:
    """Write what differs into the stack's store, if the stack has one; says what was done.

    :param parameters: the stack's, by name, with the secret ones.
    :raises Refusal: CloudFront does not take it. No sentence holds a key.
    """
    arn = outputs.get("EdgeKeysArn")
    if not arn:
        return
    wanted = {name: parameters[given] for name, given in _NAMES.items() if parameters.get(given)}
    try:
        changed = fill(boto3.client("cloudfront-keyvaluestore", region_name="us-east-1"), arn, wanted)
    except MissingDependencyException:
        say(_UNSIGNED)
        return
    except ClientError as error:
        raise Refusal(_not_told(error.response["Error"]["Code"])) from None
    except BotoCoreError as error:
        raise Refusal(_not_told(type(error).__name__)) from None
    say(
        f"The gate at the edge was told: {', '.join(changed)}." if changed else "The gate at the edge knows its keys."
    )


def _not_told(why: str) -> str:
    return (
        f"The stack is deployed, but the gate at the edge could not be told its keys ({one_line(why)}).\n"
        "It goes on with those that it has. Mend that, and run the same command again."
    )


def fill(client: Any, arn: str, wanted: Mapping[str, str]) -> list[str]:
    """Bring the store to exactly these of our names; answers the names that changed.

    Each write is on condition of what was read: if somebody else writes meanwhile, it is read again.

    :raises Refusal: a value is longer than the store takes.
    """
    for name, value in wanted.items():
        if len(value.encode()) > _LONGEST:
            raise Refusal(f"CloudFront's store takes {_LONGEST} bytes; {name} has more. Finish the rotation first.")
    for last in (*[False] * (_TRIES - 1), True):
        etag = client.describe_key_value_store(KvsARN=arn)["ETag"]
        pages = client.get_paginator("list_keys").paginate(KvsARN=arn)
        held = {one["Key"]: one["Value"] for page in pages for one in page.get("Items", [])}
        puts = [{"Key": name, "Value": value} for name, value in wanted.items() if held.get(name) != value]
        deletes = [{"Key": name} for name in _NAMES if name in held and name not in wanted]
        if not puts and not deletes:
            return []
        try:
            client.update_keys(KvsARN=arn, IfMatch=etag, Puts=puts, Deletes=deletes)
        except ClientError as error:
            if last or error.response["Error"]["Code"] != "ConflictException":
                raise
        else:
            return [one["Key"] for one in (*puts, *deletes)]
    raise AssertionError("The last try either returns or raises.")
