"""Stage files, `stages/<stage>.toml`: where a deployed stage is, and its settings. They hold no secrets.

`ops setup` writes one, `ops deploy` and `ops doctor` read it, and so does every other command with `--stage`.
"""

import json
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chalicelib.settings import SECRETS, STAGES
from ops.access_keys import PASS_KEYS, SEAL_KEYS

ROOT = Path(__file__).resolve().parent.parent
DEPLOYED = tuple(name for name in STAGES if name != "local")
SECRET_NAMES = (*SECRETS, PASS_KEYS, SEAL_KEYS)  # the last two are the operator's copies, for `ops deploy`
# The template's parameters that come from the parameter store and never from a file.
FROM_THE_STORE = {"PassKeys": PASS_KEYS, "SealKeys": SEAL_KEYS, "ProxySecret": "SPILNO_PROXY_SECRET"}
_KEYS = ("region", "account", "stack", "bucket")
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
_HEADER = """\
# Stage '{name}', written by `python -m ops setup --stage {name}`. Nothing here is secret: keep it in your repository.
# Change it by running setup again, or by hand; `python -m ops deploy --stage {name}` puts a change into effect.
"""


class StageWrong(Exception):
    """A stage file is missing or has a mistake; the sentence says what to do."""


@dataclass(frozen=True)
class Stage:
    """One deployed stage. `account` is the AWS account's number, "" when the file does not say it.

    `parameters` are the template's own, by their names there, without the secret ones.
    """

    name: str
    region: str
    stack: str
    bucket: str
    account: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def site_id(self) -> str:
        """The newsroom's id, its mark on objects at Stripe."""
        return self.parameters.get("SiteId", "")

    @property
    def public_url(self) -> str:
        """The API's public base, without a slash at the end."""
        return self.parameters.get("PublicUrl", "").rstrip("/")

    @property
    def site_origins(self) -> tuple[str, ...]:
        """The websites' origins."""
        return tuple(part.strip() for part in self.parameters.get("SiteOrigins", "").split(",") if part.strip())

    @property
    def mail_identity(self) -> str:
        """The domain or address that SES sends for."""
        return self.parameters.get("MailIdentity", "")

    @property
    def table(self) -> str:
        """The table's name: the stack's own, or a restored one."""
        return self.parameters.get("TableInUse") or self.stack

    def secret_path(self, name: str) -> str:
        """The name of a secret in the parameter store."""
        return f"/spilno/{self.name}/{name}"


def check_name(name: str) -> str:
    """Check that this can be the name of a deployed stage, and return it.

    :raises StageWrong: it cannot.
    """
    if name not in DEPLOYED:
        raise StageWrong(f"'{name}' is no deployed stage. Write one of: {', '.join(DEPLOYED)}.")
    return name


def path_of(name: str, directory: Path | None = None) -> Path:
    """The path of this stage's file, whether it is there or not."""
    folder = directory or Path(os.environ.get("SPILNO_STAGES") or ROOT / "stages")
    return folder / f"{check_name(name)}.toml"


def exists(name: str, directory: Path | None = None) -> bool:
    """Whether the stage was ever set up from here."""
    return path_of(name, directory).exists()


def read(name: str, directory: Path | None = None) -> Stage:
    """The stage's file, checked.

    :raises StageWrong: it is missing, or has a mistake.
    """
    path = path_of(name, directory)
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StageWrong(f"There is no {path.name} yet. Run `python -m ops setup --stage {name}` first.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StageWrong(f"{path.name} cannot be read: {error}.") from None
    return _checked(name, raw, path.name)


def _checked(name: str, raw: Mapping[str, Any], where: str) -> Stage:
    for key in raw:
        if key not in (*_KEYS, "parameters"):
            raise StageWrong(f"{where}: '{key}' is unknown. It may hold {', '.join(_KEYS)} and [parameters].")
    parameters = raw.get("parameters", {})
    if not isinstance(parameters, dict):
        raise StageWrong(f"{where}: [parameters] is a table of texts.")
    for key, value in [*((key, raw.get(key, "")) for key in _KEYS), *parameters.items()]:
        if not isinstance(value, str):
            raise StageWrong(f"{where}: '{key}' is a text: put it in quotes.")
        if key in FROM_THE_STORE:
            raise StageWrong(f"{where}: '{key}' is secret. It belongs into the parameter store, not into a file.")
    _check_place(name, raw, where)
    return Stage(name, raw["region"], raw["stack"], raw["bucket"], raw.get("account", ""), dict(parameters))


def _check_place(name: str, raw: Mapping[str, Any], where: str) -> None:
    for key in ("region", "stack", "bucket"):
        if not raw.get(key):
            raise StageWrong(f"{where}: '{key}' is missing. `python -m ops setup --stage {name}` writes it.")
    if not REGION.fullmatch(raw["region"]):
        raise StageWrong(f"{where}: region is '{raw['region']}'. Write one such as eu-central-1.")
    if raw["stack"] != f"spilno-{name}":
        # Everything in the template carries this name: the table, the roles, the parameters of the store.
        raise StageWrong(f"{where}: stack is '{raw['stack']}'. It has to be spilno-{name}.")


def as_text(stage: Stage) -> str:
    """The text of the stage's file."""
    # JSON's strings are valid basic strings of TOML: both have the same escapes.
    lines = [f"{key} = {json.dumps(getattr(stage, key), ensure_ascii=False)}" for key in _KEYS]
    lines += ["", "[parameters]"]
    lines += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in stage.parameters.items()]
    return _HEADER.format(name=stage.name) + "\n".join(lines) + "\n"


def write(stage: Stage, directory: Path | None = None) -> Path:
    """Write the stage's file, whole or not at all; answers its path."""
    path = path_of(stage.name, directory)
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".toml.new")
    half.write_text(as_text(stage), encoding="utf-8")
    half.replace(path)
    return path
