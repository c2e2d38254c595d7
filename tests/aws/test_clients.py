"""Clients are botocore's own, of the services that we use."""

import subprocess
import sys

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import UnknownServiceError

from chalicelib.aws import clients
from localdev.ports import ROOT

NOWHERE = "http://127.0.0.1:9"


@pytest.mark.parametrize("service", ["dynamodb", "s3", "sesv2", "ssm"])
def test_they_are_as_boto3_makes_them(service: str) -> None:
    ours = clients.client(service, NOWHERE, Config(), local=True)
    dummy = {"aws_access_key_id": "local", "aws_secret_access_key": "local", "region_name": "us-east-1"}
    theirs = boto3.client(service, endpoint_url=NOWHERE, config=Config(), **dummy)
    assert ours.meta.service_model.api_version == theirs.meta.service_model.api_version
    assert ours.meta.endpoint_url == theirs.meta.endpoint_url
    assert ours.meta.region_name == theirs.meta.region_name
    assert set(theirs.meta.method_to_api_mapping) == set(ours.meta.method_to_api_mapping)
    assert ours.meta.config.retries == theirs.meta.config.retries
    assert ours.meta.config.signature_version == theirs.meta.config.signature_version


def test_without_an_address_each_is_amazons_own() -> None:
    """What boto3 would ask, in the region that the process is told."""
    for service in ("dynamodb", "s3", "sesv2", "ssm"):
        ours = clients.session().create_client(service, region_name="eu-central-1")
        assert ours.meta.endpoint_url == boto3.client(service, region_name="eu-central-1").meta.endpoint_url


def test_a_service_that_is_not_named_is_refused() -> None:
    with pytest.raises(UnknownServiceError):
        clients.client("sqs", NOWHERE, Config(), local=True)


def test_neither_boto3_nor_its_transfers_are_loaded() -> None:
    program = "import chalicelib.aws.dynamodb as d, sys; d.client('http://x', local=True); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "botocore" in loaded
    assert loaded.isdisjoint({"boto3", "s3transfer"})
