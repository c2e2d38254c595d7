"""Secrets: from the environment on the local stage, from SSM Parameter Store on a deployed one.

A deployed function's environment holds no secret but pass and seal keys. A parameter `/spilno/<stage>/<NAME>` is read
when it is first used; every five minutes the store is asked in one call which of all that were used have changed, and
only those are read again. So a rotated key is picked up without a deployment, and a function needs permission only
for the secrets that it uses. What did not change is not decrypted again, which is what the account pays for.
Decision 0111.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from chalicelib.observing.log import log
from chalicelib.settings import Settings, SettingsWrong, check_secrets

KEPT_FOR = 300  # seconds
# While the store does not answer, the values read before stay in use, and the store is tried again after this time.
ASKED_AGAIN_AFTER = 30  # seconds


class SecretsUnavailable(Exception):
    """The parameter store did not answer, and nothing was read from it before."""


class Parameter(NamedTuple):
    """A parameter as the store tells of it; of one that was not decrypted the value is of no use.

    `written`: its version and when that was made, the same text as long as the value is the same. The version alone
    would not do: it begins with one again for a parameter that was deleted and made anew.
    """

    value: str
    written: str


class Secrets:
    """The secrets by name: `secrets["STRIPE_SECRET_KEY"]`; raises `SettingsWrong` for one that is not set."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._values: Mapping[str, str] = settings.secrets
        self._written: Mapping[str, str | None] = {}  # of all that were asked for; None for one that is not there
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
        if self._settings.local:
            return self._values.get(name, "")
        if not self._written:
            self._read([name])
            self._good_until = self._clock() + KEPT_FOR
        elif name not in self._written:
            self._read([name])
        elif self._clock() > self._good_until:
            self._read_changed()
        return self._values.get(name, "")

    def _read_changed(self) -> None:
        names = sorted(self._written)
        try:
            found = self._from_ssm(names, decrypted=False)
            if changed := [name for name in names if _written(found, name) != self._written[name]]:
                self._read(changed)
        except SecretsUnavailable:
            log.warning("secrets not read anew, the ones before are used")
            self._good_until = self._clock() + ASKED_AGAIN_AFTER
            return
        self._good_until = self._clock() + KEPT_FOR

    def _read(self, names: Sequence[str]) -> None:
        found = self._from_ssm(names, decrypted=True)
        others = {name: value for name, value in self._values.items() if name not in names}
        values = {**others, **{name: one.value for name, one in found.items()}, **self._settings.secrets}
        # Checked before they are cached: otherwise the next call would use a wrong one.
        check_secrets(values, self._settings.stage)
        # What it was when it was decrypted, not when it was found to have changed: it may have changed once more.
        self._values, self._written = values, {**self._written, **{name: _written(found, name) for name in names}}

    def _from_ssm(self, names: Sequence[str], *, decrypted: bool) -> dict[str, Parameter]:
        """Ask for parameters in one call by their exact names, so that permissions can be for exactly these."""
        from botocore.exceptions import BotoCoreError, ClientError

        paths = [f"/spilno/{self._settings.stage}/{name}" for name in names]
        try:
            found = self._ssm.get_parameters(Names=paths, WithDecryption=decrypted)["Parameters"]
        except (BotoCoreError, ClientError) as error:
            # The service's message may quote a name or an account; the error's kind is enough.
            raise SecretsUnavailable(type(error).__name__) from None
        return {
            one["Name"].rpartition("/")[2]: Parameter(one["Value"], f"{one['Version']} {one['LastModifiedDate']}")
            for one in found
        }

    @cached_property
    def _ssm(self) -> Any:
        from botocore.config import Config

        from chalicelib.aws import clients

        # Short enough that a checkout still answers within API Gateway's 29 seconds.
        config = Config(connect_timeout=2, read_timeout=3, retries={"mode": "standard", "max_attempts": 3})
        return clients.client("ssm", self._settings.aws_endpoint, config, local=False)


def _written(found: Mapping[str, Parameter], name: str) -> str | None:
    return found[name].written if name in found else None
