"""`deploy`: upload the package, show what CloudFormation would change, and change it once a person agrees."""

import hashlib
import json
import os
import sys
import time
import zipfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import boto3
import click
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.aws.dynamodb import DynamoTable
from chalicelib.i18n.texts import TextWrong
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import TableRefused, TableUnavailable
from chalicelib.newsroom.editor import hold_against
from chalicelib.newsroom.file import NewsroomFileWrong
from chalicelib.newsroom.texts import read as read_newsroom
from chalicelib.upgrade import rows as upgrades
from chalicelib.upgrade.steps import STEPS
from ops import stages
from ops.context import chosen_stage, enter
from ops.deploying.artefact import Artefact, check_fresh, placed, read_artefact
from ops.deploying.changes import Change, asked_for, between, harm, in_words, read_changes
from ops.deploying.edge_keys import tell_the_edge
from ops.deploying.leftovers import left_table, take_away
from ops.deploying.parameters import parameters_for
from ops.deploying.progress import Progress
from ops.deploying.seal_key import NewSealKey
from ops.deploying.stack import Stack, StackRefused, State
from ops.output import Refusal, one_line, say
from ops.stages import FROM_THE_STORE, ROOT, Stage, StageWrong

_MOST_REASONS = 5
_NEWSROOM = "chalicelib/newsroom.toml"
_HELP = """Put a package into effect: upload it, show what would change, ask, and wait until it is done.

`make package STAGE=prod` makes the package, `python -m ops setup --stage prod` the stage file and the secrets. The
same with AWS's own command line:

\b
aws cloudformation package --template-file build/prod/template.json --s3-bucket <bucket> \\
    --use-json --output-template-file build/prod/packaged.json
aws cloudformation deploy --template-file build/prod/packaged.json --stack-name spilno-prod \\
    --s3-bucket <bucket> --capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND \\
    --parameter-overrides SiteId=… PublicUrl=… SiteOrigins=… MailIdentity=… PassKeys=… SealKeys=… ProxySecret=…
"""


@click.command(help=_HELP)
@click.option("--stage", type=click.Choice(stages.DEPLOYED), help="Which stage.")
@click.option("--yes", is_flag=True, help="Do not ask before the change. The table is never taken away all the same.")
@click.option("--dry-run", is_flag=True, help="Compare and say what would change; upload and change nothing.")
@click.option("--directory", type=click.Path(path_type=Path), help="Where the package is; build/<stage> otherwise.")
@click.option("--template", type=click.Path(path_type=Path), help="A template in place of the package's own.")
def deploy(stage: str | None, *, yes: bool, dry_run: bool, directory: Path | None, template: Path | None) -> None:
    """See `_HELP`."""
    try:
        name = chosen_stage(stage)
        if name == "local":
            raise click.UsageError("Say which stage: --stage prod.")
        chosen = stages.read(name)
        artefact = read_artefact(directory or ROOT / "build" / name, name, template)
        check_fresh(artefact)
        _check_newsroom(artefact)
        _check_picture(artefact, chosen)
        enter(chosen)
        Deployment(chosen, artefact).run(yes=yes, dry=dry_run)
    except (StageWrong, StackRefused) as error:
        raise Refusal(str(error)) from None
    except ClientError as error:
        raise Refusal(_aws_said(error)) from None
    except BotoCoreError as error:
        raise Refusal(f"No answer from AWS ({type(error).__name__}).") from None


def _aws_said(error: ClientError) -> str:
    said = error.response["Error"]
    return f"AWS refused {error.operation_name}: {said['Code']}. {said.get('Message', '')}"


def _check_newsroom(artefact: Artefact) -> None:
    if artefact.manifest.get("newsroom") != "demo":
        return
    sentence = "The package carries the made-up newsroom's settings: there was no newsroom.toml when it was made."
    if artefact.manifest["stage"] == "prod":
        raise Refusal(f"{sentence} `python -m ops setup` makes one; then package again.")
    say(f"Mind: {sentence}")


def _check_picture(artefact: Artefact, stage: Stage) -> None:
    """Refuse a picture that is on none of the stage's websites: the functions would not start with it."""
    with zipfile.ZipFile(artefact.zip) as zipped:
        if _NEWSROOM not in zipped.namelist():
            return
        content = zipped.read(_NEWSROOM)
    try:
        hold_against(read_newsroom(content), stage.site_origins)
    except (NewsroomFileWrong, TextWrong) as error:
        raise Refusal(f"newsroom.toml: {error}") from None


class Deployment:
    """The deployment of one package to one stage."""

    def __init__(self, stage: Stage, artefact: Artefact) -> None:
        self.stage, self.artefact = stage, artefact
        self.s3 = boto3.client("s3", region_name=stage.region)
        self.stack = Stack(boto3.client("cloudformation", region_name=stage.region), stage.stack)
        self.template = placed(artefact, stage.bucket)

    def run(self, *, yes: bool, dry: bool) -> None:
        """Deploy, asking a person unless `yes`; with `dry` only show what would change.

        :raises Refusal: with what to do.
        """
        ssm = boto3.client("ssm", region_name=self.stage.region)
        new_key = NewSealKey(self.template, self.stage, ssm, datetime.now(UTC).date())
        parameters, remarks = new_key.beside(*parameters_for(self.template, self.stage, ssm))
        for remark in remarks:
            say(remark)
        size = self.artefact.zip.stat().st_size / 1_000_000
        say(f"Package {self.artefact.zip.name}, {size:.1f} MB, version {self.artefact.manifest['version']}.")
        before = self._settled(yes=yes, dry=dry)
        if dry:
            self._compare(before)
            return
        if before is None:
            self._clear_table(yes=yes)
        url = self._upload()
        tag = self.artefact.hash[:8]
        say("Asking CloudFormation what would change …")
        secret = [one["ParameterValue"] for one in parameters if one["ParameterKey"] in FROM_THE_STORE]
        try:
            change_set = self.stack.propose(url, parameters, new=before is None, tag=tag)
        except (ClientError, StackRefused) as error:
            # The one call that carries secrets: its refusal may quote a parameter.
            said = _aws_said(error) if isinstance(error, ClientError) else str(error)
            raise Refusal(_without(said, secret)) from None
        if change_set is None:
            new_key.store()
            say("Nothing would change: this is deployed already.")
            found = self.stack.state()
            self._tell(found, first=False)
            tell_the_edge(_outputs(found), _by_name(parameters))
            return
        try:
            self._agree(read_changes(self.stack.changes(change_set)), yes=yes)
            new_key.store()
        except BaseException:
            # Refused, declined or Ctrl-C: the stack stays as it was, and an unused change set is taken back.
            self.stack.withdraw(change_set, new=before is None)
            raise
        found = self._execute(change_set, first=before is None)
        tell_the_edge(_outputs(found), _by_name(parameters))

    def _settled(self, *, yes: bool, dry: bool) -> State | None:
        """The stack's state, once one can deploy to it; None: there is none, or a failed first one was deleted."""
        found = self.stack.state()
        status = found["StackStatus"] if found else ""
        if status.endswith("_IN_PROGRESS"):
            raise Refusal(f"The stack is just being changed ({status}). Wait until that has ended.")
        if status == "UPDATE_ROLLBACK_FAILED":
            raise Refusal(
                "An earlier change could not be taken back. Mend what its events tell, then: "
                f"aws cloudformation continue-update-rollback --stack-name {self.stack.name}"
            )
        if status not in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"):
            return found
        say(f"The first deployment failed ({status}); what is left of it has to go before the next.")
        for reason in self.stack.reasons()[:_MOST_REASONS]:
            say(f"  {one_line(reason)}")
        if dry:
            return None
        if not yes and not click.confirm(
            "Delete the failed stack? (It never worked; a table that holds data stays.)"
        ):
            raise click.Abort
        self.stack.delete_failed()
        return None

    def _clear_table(self, *, yes: bool) -> None:
        """Delete, before a first deployment, the empty table that a failed one left under the same name."""
        dynamodb = boto3.client("dynamodb", region_name=self.stage.region)
        name = self.stage.stack
        found = left_table(dynamodb, name)
        if found == "used":
            raise Refusal(
                f"There is no stack {name}, but a table of that name, and it holds data. To use it again, restore a\n"
                f"backup of it under another name and set TableInUse in stages/{self.stage.name}.toml."
            )
        if found == "empty":
            if not yes and not click.confirm(
                f"The empty table {name} is left of an earlier try, and in the way. Delete it?"
            ):
                raise Refusal("Nothing was changed.")
            take_away(dynamodb, name)
            say(f"Deleted the empty table {name}.")

    def _compare(self, before: State | None) -> None:
        # The stage file's parameters serve for both templates: those of the last deployment are not looked up here.
        old = asked_for(self.stack.template(), self.stage.parameters) if before else {}
        changes = between(old, asked_for(self.template, self.stage.parameters))
        _show(changes, "By the templates, this would change:")
        _refuse_harm(changes)
        say("This was a dry run: nothing was uploaded or changed. Changed parameters are not compared here.")

    def _upload(self) -> str:
        """Upload the zip and the template to the bucket, each under its own hash; answers the template's address."""
        bucket, key = self.stage.bucket, self.artefact.key
        if self._is_there(key):
            say(f"{key} is in the bucket already.")
        else:
            size = self.artefact.zip.stat().st_size
            with click.progressbar(length=size, label=f"Uploading {key}", file=sys.stderr) as bar:
                self.s3.upload_file(str(self.artefact.zip), bucket, key, Callback=bar.update)
        body = json.dumps(self.template, separators=(",", ":"), sort_keys=True).encode()
        name = f"templates/{hashlib.sha256(body).hexdigest()[:12]}.json"
        self.s3.put_object(Bucket=bucket, Key=name, Body=body, ContentType="application/json")
        return _address(bucket, self.stage.region, name)

    def _is_there(self, key: str) -> bool:
        try:
            self.s3.head_object(Bucket=self.stage.bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in ("404", "NoSuchKey", "NotFound"):
                return False
            raise
        return True

    def _agree(self, changes: list[Change], *, yes: bool) -> None:
        _show(changes, "This would change:")
        _refuse_harm(changes)
        if not yes and not click.confirm("Go ahead?"):
            raise Refusal("Nothing was changed.")

    def _execute(self, change_set: str, *, first: bool) -> State:
        say("Under way. Ctrl-C only ends the waiting: CloudFormation goes on, or back, by itself.")
        shown = Progress()
        found = self.stack.execute(change_set, shown.show)
        shown.end()
        if found["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            reasons = self.stack.reasons() or [str(found.get("StackStatusReason", "no reason given"))]
            lines = "\n  ".join(reasons[:_MOST_REASONS])
            back = "As before" if not first else "Nothing works yet"
            raise Refusal(f"It failed ({found['StackStatus']}). {back}. What failed:\n  {lines}")
        say("Deployed.")
        if first and self.stage.table == self.stage.stack:
            self._note_new_table()
        self._tell(found, first=first)
        return found

    def _note_new_table(self) -> None:
        """Note in a table that was just made that nothing is to be upgraded; without that, doctor asks for it."""
        dynamodb = boto3.client("dynamodb", region_name=self.stage.region)
        with suppress(TableUnavailable, TableRefused):
            upgrades.note(DynamoTable(dynamodb, self.stage.table), STEPS, RealTime(int(time.time())))

    def _tell(self, found: State | None, *, first: bool) -> None:
        outputs = _outputs(found)
        width = max(map(len, outputs), default=0)
        for name, value in sorted(outputs.items()):
            say(f"  {name:<{width}}  {one_line(value)}")
        steps = []
        if first:
            steps = [
                f"let {self.stage.public_url} lead to ApiUrl: docs/same-origin.md",
                "press the link in AWS's mail to AlarmEmail, so that alarms reach you",
            ]
        steps.append(f".venv/bin/python -m ops doctor --stage {self.stage.name}")
        say("Next:")
        for number, step in enumerate(steps, 1):
            say(f"  {number}. {step}")


def _outputs(found: State | None) -> dict[str, str]:
    return {one["OutputKey"]: one["OutputValue"] for one in (found or {}).get("Outputs", [])}


def _by_name(parameters: list[dict[str, str]]) -> dict[str, str]:
    return {one["ParameterKey"]: one["ParameterValue"] for one in parameters}


def _address(bucket: str, region: str, key: str) -> str:
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if endpoint:
        return f"{endpoint.rstrip('/')}/{bucket}/{key}"
    return f"https://{bucket}.s3.{region}.amazonaws.com/{key}"


def _without(text: str, secret: list[str]) -> str:
    for value in filter(None, secret):
        text = text.replace(value, "***")
    return text


def _show(changes: list[Change], title: str) -> None:
    say(title)
    for line in in_words(changes) or ["nothing"]:
        say(f"  {line}")


def _refuse_harm(changes: list[Change]) -> None:
    if reason := harm(changes):
        raise Refusal(reason)
