"""Local AWS: ministack, one process, in an environment of its own because it pins another botocore.

It keeps everything in memory and writes it to `STATE_DIR` only at a graceful end (SIGTERM, SIGINT).
"""

import os
from pathlib import Path
from typing import Any

from localdev.ports import HOST, ROOT

PYTHON = ROOT / ".venv-aws" / "bin" / "python"
KEEPER = Path(__file__).with_name("keeper.py")
HEALTH = "/_ministack/health"
MESSAGES = "/_ministack/ses/messages"
# Where the app's own clients look on the local stage: chalicelib/aws/dynamodb.py.
CREDENTIALS = {"aws_access_key_id": "local", "aws_secret_access_key": "local", "region_name": "us-east-1"}


def command(parent: int) -> list[str]:
    """The command line; `-P` keeps this directory, with its `stripe` package, out of ministack's imports."""
    return [str(PYTHON), "-P", str(KEEPER), str(parent), "ministack"]


def environment(port: int, directory: Path, *, persist: bool = True) -> dict[str, str]:
    """A clean environment: what it inherits, the Lambdas it runs would inherit too.

    It writes below `directory` only, and listens on the loopback address only (its default is every address).
    """
    kept = "1" if persist else "0"
    scratch = directory / "tmp"
    scratch.mkdir(parents=True, exist_ok=True)
    return {
        "PATH": os.defpath,
        "HOME": str(directory),
        "TMPDIR": str(scratch),
        "LANG": "C.UTF-8",
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "LOG_LEVEL": "WARNING",  # at INFO it writes every mail's recipient into its log
        "PERSIST_STATE": kept,
        "S3_PERSIST": kept,
        "STATE_DIR": str(directory / "state"),
        "S3_DATA_DIR": str(directory / "s3"),
    }


def client(service: str, endpoint: str) -> Any:
    """A boto3 client for the local engine, with dummy credentials."""
    import boto3

    return boto3.client(service, endpoint_url=endpoint, **CREDENTIALS)
