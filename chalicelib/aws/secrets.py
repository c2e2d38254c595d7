"""Secrets: from the environment on the local stage, from SSM Parameter Store on a deployed one.

A deployed function's environment holds no secret but pass and seal keys. A parameter `/spilno/<stage>/<NAME>` is read
when it is first used; every five minutes, all that were used are read again in one call. So a rotated key is picked
up without a deployment, and a function needs permission only for the secrets that it uses.
"""

import time
from collections.abc import Callable, Mapping, Sequence

from chalicelib.observing.log import log
from chalicelib.settings import Settings, SettingsWrong, check_secrets

KEPT_FOR = 300  # seconds
# While the store does not answer, the values read before stay in use, and the store is tried again after this time.
ASKED_AGAIN_AFTER = 30  # seconds


class SecretsUnavailable(Exception):
    """The parameter store did not answer, and nothing was read from it before."""


class Secrets:
    """The secrets by name: `secrets["STRIPE_SECRET_KEY"]`; raises `SettingsWrong` for one that is not set."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._values: Mapping[str, str] = settings.secrets
        self._asked: frozenset[str] = frozenset()
        self._good_until = float("-inf")

    def __getitem__(self, name: str) -> str:
        value = self.get(name)
        if not value:
            raise SettingsWrong(f"{name} is not set. `python -m ops setup` writes it to the parameter store.")
        return value

    def get(self, name: str) -> str:
        """The secret, or an empty string where none is set.

        :raises SettingsWrong: for a value that does not fit the stage.
        :raises SecretsUnavailable: when the store does not answer and this one was not read before.
        """
        if not self._settings.local and (name not in self._asked or self._clock() > self._good_until):
            self._read(self._asked | {name})
        return self._values.get(name, "")

    def _read(self, names: frozenset[str]) -> None:
        try:
            found = {**self._from_ssm(sorted(names)), **self._settings.secrets}
        except SecretsUnavailable:
            if names > self._asked:
                raise
            log.warning("secrets not read anew, the ones before are used")
            self._good_until = self._clock() + ASKED_AGAIN_AFTER
            return
        # Checked before they are cached: otherwise the next call would use a wrong one.
        check_secrets(found, self._settings.stage)
        self._values, self._asked, self._good_until = found, names, self._clock() + KEPT_FOR

    def _from_ssm(self, names: Sequence[str]) -> dict[str, str]:
        """Read parameters in one call by their exact names, so that permissions can be for exactly these."""
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError

        paths = [f"/spilno/{self._settings.stage}/{name}" for name in names]
        # Short enough that a checkout still answers within API Gateway's 29 seconds.
        config = Config(connect_timeout=2, read_timeout=3, retries={"mode": "standard", "max_attempts": 3})
        ssm = boto3.client("ssm", endpoint_url=self._settings.aws_endpoint, config=config)
        try:
            found = ssm.get_parameters(Names=paths, WithDecryption=True)["Parameters"]
        except (BotoCoreError, ClientError) as error:
            # The service's message may quote a name or an account; the error's kind is enough.
            raise SecretsUnavailable(type(error).__name__) from None
        return {parameter["Name"].rpartition("/")[2]: parameter["Value"] for parameter in found}
