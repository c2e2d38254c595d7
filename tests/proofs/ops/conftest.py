"""A package to deploy, and an account of the test's own on local AWS."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from testkit.engine import Engine
from tests.ops.small_package import PASS_KEYS, PROXY, REGION, SEAL_KEYS, Bench


@pytest.fixture
def own_account(ministack: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An account that nobody else has, for every client that is made meanwhile."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", ministack.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", str(10**11 + uuid.uuid4().int % 10**11))
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    boto3.DEFAULT_SESSION = None
    yield
    boto3.DEFAULT_SESSION = None


@pytest.fixture
def bench(own_account: None, tmp_path: Path) -> Bench:
    """Set up, packaged, not deployed yet."""
    del own_account
    made = Bench(tmp_path, f"spilno-packages-{uuid.uuid4().hex[:12]}")
    made.write_stage()
    made.pack()
    s3, ssm = made.aws("s3"), made.aws("ssm")
    s3.create_bucket(Bucket=made.bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    for name, value in (
        ("SPILNO_PASS_KEYS", PASS_KEYS),
        ("SPILNO_SEAL_KEYS", SEAL_KEYS),
        ("SPILNO_PROXY_SECRET", PROXY),
    ):
        ssm.put_parameter(Name=f"/spilno/dev/{name}", Value=value, Type="SecureString")
    return made
