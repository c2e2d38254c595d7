"""Access to AWS: as whom, and in which account and region."""

import os
from dataclasses import replace

import click
from botocore.exceptions import BotoCoreError, ClientError

from ops import stages
from ops.setup.asking import Asker
from ops.setup.connections import Connections, SetupRefused
from ops.setup.outside import Outside
from ops.stages import Stage

_REGION = "eu-central-1"  # proposed: Frankfurt, in the EU, with every service that the stack uses


def begin(name: str, ask: Asker, outside: Outside) -> Stage:
    """The stage from its file, or a new one in a region that is asked for.

    :raises StageWrong: its file has a mistake.
    """
    if stages.exists(name):
        return stages.read(name)
    known = os.environ.get("AWS_REGION") or outside.session.region_name or _REGION
    region = ask.text("AWS region", known, check=_a_region)
    return Stage(name, region, stack=f"spilno-{name}", bucket="")


def _a_region(answer: str) -> str:
    if not stages.REGION.fullmatch(answer):
        raise click.BadParameter("Write a region such as eu-central-1.")
    return answer


def check_aws(connections: Connections) -> None:
    """Ask AWS who we are; the account must be the stage's.

    :raises SetupRefused: no credentials, or those of another account.
    """
    connections.journal.heading("AWS")
    try:
        identity = connections.aws("sts").get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        raise SetupRefused(
            f"AWS does not say who you are ({type(error).__name__}). Sign in (`aws configure sso`, `aws login`) or "
            "set AWS_PROFILE; `aws sts get-caller-identity` shows who you are."
        ) from None
    account, arn, stage = identity["Account"], str(identity["Arn"]), connections.stage
    if stage.account and stage.account != account:
        raise SetupRefused(
            f"You are in the AWS account {account}, and stages/{stage.name}.toml belongs to {stage.account}. "
            "Choose the other credentials (AWS_PROFILE)."
        )
    connections.journal.right(f"you are {arn.rpartition(':')[2]} in the account {account}, region {stage.region}")
    if arn.endswith(":root"):
        connections.journal.remains(
            "You use the account's root user. Make an administrator of your own for daily work."
        )
    connections.stage = replace(
        stage, account=account, bucket=stage.bucket or f"{stage.stack}-{account}-{stage.region}"
    )
