"""The bucket that packages are uploaded to: private, encrypted, versioned. It costs a cent a month."""

import json
from typing import Any

from botocore.exceptions import ClientError

from ops.setup.connections import Connections, SetupRefused
from ops.setup.outside import aws_code

_PRIVATE = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"),
    True,
)
_ENCRYPTED = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
_KEPT_DAYS = 90  # for replaced or deleted versions; packages themselves stay, to go back to


def make_bucket(connections: Connections) -> None:
    """Create the bucket if it is not there, and correct settings that are not as they should be.

    :raises SetupRefused: the name belongs to somebody else.
    """
    connections.journal.heading("The bucket for packages")
    s3, name = connections.aws("s3"), connections.stage.bucket
    there = _is_there(s3, name, connections.stage.account)
    if not there:
        place = {} if connections.stage.region == "us-east-1" else {"LocationConstraint": connections.stage.region}
        more: dict[str, Any] = {"CreateBucketConfiguration": place} if place else {}
        connections.journal.change(f"create the bucket {name}", lambda: s3.create_bucket(Bucket=name, **more))
    mended = False
    for sentence, needed, make in _settings(s3, name):
        if not there or needed():
            mended = True
            connections.journal.change(sentence, make)
    if there and not mended:
        connections.journal.right(f"the bucket {name} is private, encrypted and versioned")


def _is_there(s3: Any, name: str, account: str) -> bool:
    try:
        s3.head_bucket(Bucket=name, ExpectedBucketOwner=account)
    except ClientError as error:
        if aws_code(error) in ("404", "NoSuchBucket", "NotFound"):
            return False
        raise SetupRefused(
            f"The bucket {name} is not yours to read ({aws_code(error)}). Write another name into the stage file."
        ) from None
    return True


def _settings(s3: Any, name: str) -> Any:
    policy = json.dumps(_only_https(name))
    expiry = {
        "Rules": [
            {
                "ID": "spilno-old-versions",
                "Status": "Enabled",
                "Filter": {"Prefix": ""},
                "NoncurrentVersionExpiration": {"NoncurrentDays": _KEPT_DAYS},
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
            }
        ]
    }
    yield (
        "keep everybody else out of the bucket",
        lambda: _asked(s3.get_public_access_block, name).get("PublicAccessBlockConfiguration") != _PRIVATE,
        lambda: s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=_PRIVATE),
    )
    yield (
        "encrypt what lies in the bucket",
        lambda: not _asked(s3.get_bucket_encryption, name).get("ServerSideEncryptionConfiguration"),
        lambda: s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration=_ENCRYPTED),
    )
    yield (
        "keep older versions of what lies in the bucket",
        lambda: _asked(s3.get_bucket_versioning, name).get("Status") != "Enabled",
        lambda: s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"}),
    )
    yield (
        f"forget replaced versions in the bucket after {_KEPT_DAYS} days",
        lambda: not _asked(s3.get_bucket_lifecycle_configuration, name).get("Rules"),
        lambda: s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration=expiry),
    )
    yield (
        "refuse connections to the bucket without TLS",
        lambda: "aws:SecureTransport" not in str(_asked(s3.get_bucket_policy, name).get("Policy")),
        lambda: s3.put_bucket_policy(Bucket=name, Policy=policy),
    )


def _asked(read: Any, name: str) -> dict[str, Any]:
    """A setting of the bucket; empty for one that was never set, which S3 answers with an error."""
    try:
        return dict(read(Bucket=name))
    except ClientError as error:
        if aws_code(error).startswith("NoSuch") or aws_code(error).endswith("NotFoundError"):
            return {}
        raise


def _only_https(name: str) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "OnlyTLS",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ],
    }
