"""The wiring of the stage that a command is for. Settings of the local stack and of deployed stages never mix."""

import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

import click
from dotenv import dotenv_values, load_dotenv

from chalicelib import settings, wiring
from chalicelib.i18n.texts import TextWrong
from chalicelib.newsroom.file import NewsroomFileWrong
from chalicelib.settings import SettingsWrong
from ops import stages
from ops.output import say
from ops.stages import ROOT, SECRET_NAMES, Stage, StageWrong

ENV_FILE = ROOT / ".env"


def connect() -> wiring.Wiring:
    """The wiring of the chosen stage. A wrong setting ends the command with exit code 2.

    Local: the environment, with `.env` as `make run` reads it. A deployed stage: its stage file and the parameter
    store; `.env` is not read, and secrets in the environment are not used. A wiring that the caller of the command
    handed over as click's `obj` is taken as it is.
    """
    context = click.get_current_context(silent=True)
    if context and isinstance(handed := context.find_root().obj, wiring.Wiring):
        return handed
    try:
        name = chosen_stage()
        wired = _local() if name == "local" else _deployed(name)
        assert wired.newsroom, "Read here, so that a mistake in it is told before anything is done."
    except (SettingsWrong, NewsroomFileWrong, TextWrong, StageWrong) as error:
        say(str(error), err=True)
        sys.exit(2)
    return wired


def chosen_stage(given: str | None = None) -> str:
    """The stage that is meant: `given` or `ops --stage`, else SPILNO_STAGE, else the local one.

    :raises StageWrong: for an unknown one, and when two places name different ones.
    """
    context = click.get_current_context(silent=True)
    asked = given or (context.find_root().params.get("stage") if context else None)
    set_one = os.environ.get("SPILNO_STAGE", "").strip()
    if asked and set_one and asked != set_one:
        raise StageWrong(f"You ask for the stage '{asked}', and SPILNO_STAGE is '{set_one}'. Take one of them away.")
    filed = (dotenv_values(ENV_FILE).get("SPILNO_STAGE") or "").strip()
    if not asked and not set_one and filed not in ("", "local"):
        raise StageWrong(
            f"`.env` is for the local stack, and names the stage '{filed}'. Say --stage {filed} instead."
        )
    name = asked or set_one or "local"
    return name if name == "local" else stages.check_name(name)


def newsroom_file() -> Path:
    """The newsroom's own file: SPILNO_NEWSROOM, else `newsroom.toml` at the project's top, which may not be there."""
    return Path(os.environ.get("SPILNO_NEWSROOM") or ROOT / "newsroom.toml")


def _local() -> wiring.Wiring:
    # On the local stack, business time is the stack's movable clock.
    from localdev.wired import install_business_clock

    load_dotenv(ENV_FILE, override=False)
    return install_business_clock()


def _deployed(name: str) -> wiring.Wiring:
    if stages.exists(name):
        stage = stages.read(name)
        chosen = settings.from_environment(environment_of(stage, os.environ))
        enter(stage)
    else:
        # Whoever sets everything by hand may do without a stage file; nobody else is asked for settings one by one.
        if not os.environ.get("SPILNO_SITE_ID", "").strip():
            stages.read(name)
        chosen = settings.from_environment({**os.environ, "SPILNO_STAGE": name})
    wired = wiring.Wiring(chosen)
    wiring.install(wired)
    return wired


def environment_of(stage: Stage, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of a deployed stage: `environ` without secrets, filled from the stage file.

    :raises StageWrong: `environ` says otherwise than the file, as when a shell is still set up for another stage.
    """
    filled = {
        "SPILNO_STAGE": stage.name,
        "SPILNO_SITE_ID": stage.site_id,
        "SPILNO_PUBLIC_URL": stage.public_url,
        "SPILNO_SITE_ORIGINS": stage.parameters.get("SiteOrigins", ""),
        "SPILNO_TABLE": stage.table,
        "SPILNO_MAIL_SET": stage.stack,
        "SPILNO_BUCKET": stage.bucket,
        "SPILNO_PAYMENT_METHODS": stage.parameters.get("PaymentMethods", ""),
        "SPILNO_PORTAL": stage.parameters.get("PortalConfiguration", ""),
        "SPILNO_PRODUCT": stage.parameters.get("Product", ""),
    }
    for name, value in filled.items():
        found = environ.get(name, "").strip()
        if found and found.rstrip("/") != value:
            raise StageWrong(
                f"{name} is '{found}' in your environment, and '{value}' in stages/{stage.name}.toml. "
                "Unset it, or change the file."
            )
    own = newsroom_file()
    if own.exists():
        filled["SPILNO_NEWSROOM"] = str(own)
    # Commands issue no passes and seal nothing, so they need not hold the keys that this is done with.
    filled["SPILNO_PASS_KEYS"] = f"ops:{secrets.token_urlsafe(32)}"
    kept = {name: value for name, value in environ.items() if name not in SECRET_NAMES}
    return kept | filled


def enter(stage: Stage) -> None:
    """Work in this stage's region and account from now on, and say so on standard error.

    :raises StageWrong: there are no credentials, or they belong to another account.
    """
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    from chalicelib.aws import clients

    boto3.setup_default_session(region_name=stage.region)
    # The app's own clients are made by a session of their own, which is to begin anew with each stage.
    clients.session.cache_clear()
    clients.session().set_config_variable("region", stage.region)
    try:
        account = boto3.client("sts").get_caller_identity()["Account"]
    except (BotoCoreError, ClientError) as error:
        raise StageWrong(
            f"AWS does not say who you are ({type(error).__name__}). Sign in, or set AWS_PROFILE; "
            "`aws sts get-caller-identity` shows it."
        ) from None
    if stage.account and account != stage.account:
        raise StageWrong(
            f"You are in the AWS account {account}; the stage '{stage.name}' is in {stage.account}. "
            "Choose the other credentials (AWS_PROFILE)."
        )
    elsewhere = os.environ.get("AWS_ENDPOINT_URL")
    where = f"{stage.stack} in {stage.region}, account {account}" + (f", at {elsewhere}" if elsewhere else "")
    say(f"Stage {stage.name}: {where}.", err=True)
