"""The stage's secrets in SSM Parameter Store, as SecureStrings. A value is never shown, and never in an error."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.settings import SettingsWrong, check_secrets
from ops.access_keys import ABOUT, PASS_KEYS, SEAL_KEYS, drawn
from ops.setup.connections import Connections, SetupRefused
from ops.setup.outside import aws_code
from ops.stages import SECRET_NAMES

_WHAT_FOR = {
    "STRIPE_SECRET_KEY": "Spilno: the Stripe key that the functions use",
    "SPILNO_EMAIL_KEY": "Spilno: addresses are hashed under it. Never change it, never lose it",
    **ABOUT,
    "SPILNO_PROXY_SECRET": "Spilno: the proxy before the API shows it, so that its word on addresses is believed",
}


class SecretStore:
    """The stored secrets. `values` and `described`: what was there when they were read, and what was put since."""

    def __init__(self, connections: Connections) -> None:
        self._ssm, self._stage, self._journal = connections.aws("ssm"), connections.stage, connections.journal
        paths = [self._stage.secret_path(name) for name in SECRET_NAMES]
        found = self._ssm.get_parameters(Names=paths, WithDecryption=True)["Parameters"]
        self.values: dict[str, str] = {one["Name"].rpartition("/")[2]: one["Value"] for one in found}
        self.described: dict[str, str] = {}
        if self.values:
            there = [self._stage.secret_path(name) for name in self.values]
            wanted = [{"Key": "Name", "Option": "Equals", "Values": there}]
            pages = self._ssm.get_paginator("describe_parameters").paginate(ParameterFilters=wanted)
            for one in (one for page in pages for one in page["Parameters"]):
                self.described[one["Name"].rpartition("/")[2]] = one.get("Description", "")
        try:
            check_secrets(self.values, self._stage.name)
        except SettingsWrong as error:
            self._journal.remains(f"In the parameter store: {error}")

    def put(self, name: str, value: str, sentence: str, *, about: str = "", once: bool = False) -> None:
        """Write one secret. `about` is stored with it, in the clear. `once`: never over one that is there."""
        described = about or _WHAT_FOR[name]

        def make() -> None:
            try:
                self._ssm.put_parameter(
                    Name=self._stage.secret_path(name),
                    Value=value,
                    Description=described,
                    Type="SecureString",
                    Overwrite=not once,
                )
            except ClientError as error:
                if aws_code(error) == "ParameterAlreadyExists":
                    raise SetupRefused(f"{name} was written by somebody else meanwhile. Run setup again.") from None
                raise

        self._journal.change(sentence, make)
        self.values[name], self.described[name] = value, described


def make_secrets(connections: Connections, store: SecretStore) -> None:
    """Generate the secrets that are missing, of those that setup makes itself."""
    connections.journal.heading("Secrets of our own")
    _email_key(connections, store)
    today = datetime.now(UTC).date()
    made: dict[str, tuple[Callable[[], str], str]] = {
        PASS_KEYS: (lambda: drawn(today), "the key of readers' passes"),
        SEAL_KEYS: (lambda: drawn(today), "the key that articles are sealed with"),
        "SPILNO_PROXY_SECRET": (lambda: secrets.token_urlsafe(32), "the proxy's secret"),
    }
    for name, (generate, words) in made.items():
        if store.values.get(name):
            connections.journal.right(f"{words} is in the parameter store ({name})")
        else:
            store.put(name, generate(), f"generate {words} ({name}) and store it encrypted", once=True)


def _email_key(connections: Connections, store: SecretStore) -> None:
    name = "SPILNO_EMAIL_KEY"
    if store.values.get(name):
        connections.journal.right(
            f"the key that addresses are hashed under is in the parameter store ({name}); is a copy in safety?"
        )
        return
    value = ""
    if _table_exists(connections):
        connections.journal.say(
            f"The table {connections.stage.table} is there already, and the key of its addresses ({name}) is not."
        )
        value = connections.ask.secret("Paste your copy of it (empty: go on without)")
        if not value:
            connections.journal.remains(
                f"{name} is missing, and the table is in use: with a new key nobody is found by their address.\n"
                "Find the copy and run setup again. If the table is empty, put a new key there yourself."
            )
            return
    store.put(
        name,
        value or secrets.token_urlsafe(32),
        f"{'store' if value else 'generate'} the key that addresses are hashed under ({name}), encrypted, ONCE",
        once=True,
    )
    if connections.journal.dry:
        return
    connections.journal.remains(
        f"KEEP A COPY OF {name}, apart from this AWS account. Without it nobody is found by their address any more,\n"
        "and no backup brings it back. This shows it; put it into your password manager:\n"
        f"aws ssm get-parameter --region {connections.stage.region} --name {connections.stage.secret_path(name)} "
        "--with-decryption --query Parameter.Value --output text",
        loud=True,
    )


def _table_exists(connections: Connections) -> bool:
    dynamodb: Any = connections.aws("dynamodb")
    try:
        dynamodb.describe_table(TableName=connections.stage.table)
    except ClientError as error:
        if aws_code(error) == "ResourceNotFoundException":
            return False
        raise
    return True
