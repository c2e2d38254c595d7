"""Secrets: from the environment on the local stage, from SSM Parameter Store on a deployed one.

A deployed function's environment holds no secret but the pass keys. The parameters `/spilno/<stage>/<NAME>` are read
together on first use and again every five minutes, so that a rotated key is picked up without a deployment.
"""

import time
from collections.abc import Mapping

from chalicelib.settings import Settings, SettingsError, check_secrets

KEPT_FOR = 300  # seconds


class Secrets:
    """`secrets["STRIPE_SECRET_KEY"]`; raises `SettingsError` when it is nowhere."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._values: Mapping[str, str] = settings.secrets
        self._read_at = float("-inf")

    def __getitem__(self, name: str) -> str:
        if not self._settings.local and time.monotonic() - self._read_at > KEPT_FOR:
            found = {**self._from_ssm(), **self._settings.secrets}
            # Judged before they are kept: a wrong one must not be used at the second asking either.
            check_secrets(found, self._settings.stage)
            self._values, self._read_at = found, time.monotonic()
        value = self._values.get(name, "")
        if not value:
            raise SettingsError(f"{name} is not set. `python -m ops setup` writes it to the parameter store.")
        return value

    def _from_ssm(self) -> dict[str, str]:
        import boto3

        pages = boto3.client("ssm", endpoint_url=self._settings.aws_endpoint).get_paginator("get_parameters_by_path")
        path = f"/spilno/{self._settings.stage}"
        found = [
            parameter for page in pages.paginate(Path=path, WithDecryption=True) for parameter in page["Parameters"]
        ]
        return {parameter["Name"].rpartition("/")[2]: parameter["Value"] for parameter in found}
