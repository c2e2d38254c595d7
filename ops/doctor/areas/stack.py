"""AWS access and the stack: whose account this is, the stack's state, and whether it was changed by hand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError

from ops.doctor.findings import Finding, note, ok, problem, warning
from ops.doctor.obstacles import obstacle
from ops.doctor.probe import Probe
from ops.doctor.subject import Subject

_LOCAL = "the local stack is no CloudFormation stack"


@dataclass(frozen=True)
class Access:
    """The account that answers, or why none does; `wanted`: the stage file's, empty when it does not say."""

    account: str
    wanted: str
    refused: str = ""
    mend: str = ""


def gather_access(subject: Subject) -> Access:
    """Ask AWS who we are."""
    wanted = subject.account
    try:
        told = subject.aws("sts").get_caller_identity()
    except EndpointConnectionError:
        raise
    except (ClientError, BotoCoreError) as error:
        kept = obstacle(error)
        return Access("", wanted, kept.says, kept.mend)
    return Access(str(told["Account"]), wanted)


def check_access(facts: Access, _now: int) -> Iterable[Finding]:
    """Judge the access: without it half of the checks cannot be made, so that it counts as a problem."""
    if facts.refused:
        yield problem("aws_access", f"AWS cannot be asked: {facts.refused}.", facts.mend)
    elif facts.wanted and facts.account != facts.wanted:
        says = f"You are signed in to AWS account {facts.account}; this stage is in {facts.wanted}."
        yield problem("aws_account", says, "Choose the right profile: AWS_PROFILE=… python -m ops doctor …")
    else:
        yield ok("aws_access", f"AWS answers, account {facts.account}.")


@dataclass(frozen=True)
class Facts:
    """CloudFormation's description; None when there is no such stack."""

    stage: str
    name: str
    stack: Mapping[str, Any] | None


def gather(subject: Subject) -> Facts:
    """Read the stack's description."""
    return Facts(subject.stage, subject.stack_name, subject.stack if subject.stack_is_there() else None)


def check(facts: Facts, _now: int) -> Iterable[Finding]:
    """Judge the stack's state, its drift and its protection."""
    deploy = f"make package STAGE={facts.stage}, then python -m ops deploy --stage {facts.stage}."
    if facts.stack is None:
        yield problem("stack_missing", f"There is no stack {facts.name}: nothing is deployed yet.", deploy)
        return
    status = str(facts.stack["StackStatus"])
    if status.endswith("_IN_PROGRESS"):
        yield note("stack_busy", f"The stack is being changed just now ({status}).", "Look again when it is done.")
    elif status in ("UPDATE_ROLLBACK_COMPLETE", "IMPORT_ROLLBACK_COMPLETE"):
        says = "The last deployment failed and was taken back: what runs is the version before."
        yield warning(
            "stack_rolled_back", says, f"The stack's events in the AWS console say why; then again: {deploy}"
        )
    elif not status.endswith("_COMPLETE") or status == "ROLLBACK_COMPLETE":
        says = f"The stack is {status}."
        yield problem("stack_failed", says, "The stack's events in the AWS console say why and what AWS needs.")
    drift = facts.stack.get("DriftInformation", {}).get("StackDriftStatus")
    if drift == "DRIFTED":
        says = "Somebody changed the stack's resources by hand; the next deployment may undo it."
        yield warning(
            "stack_drift", says, f"aws cloudformation describe-stack-resource-drifts --stack-name {facts.name}"
        )
    if facts.stage == "prod" and not facts.stack.get("EnableTerminationProtection", False):
        yield note(
            "stack_protection",
            "The stack can be deleted with one click (the table would stay).",
            "aws cloudformation update-termination-protection --enable-termination-protection "
            f"--stack-name {facts.name}",
        )
    if status.endswith("_COMPLETE") and "ROLLBACK" not in status and drift != "DRIFTED":
        yield ok("stack", f"The stack {facts.name} is {status}.")


PROBES = (
    Probe("aws", "access to AWS", gather_access, check_access, not_local=_LOCAL),
    Probe("aws", "the stack", gather, check, not_local=_LOCAL),
)
