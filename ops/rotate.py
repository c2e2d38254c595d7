"""`rotate`: put a new key in the place of one that opens articles."""

from datetime import UTC, datetime

import boto3
import click
from botocore.exceptions import BotoCoreError, ClientError

from ops import stages
from ops.access_keys import ABOUT, PASS_KEYS, SEAL_KEYS
from ops.context import chosen_stage, enter
from ops.deploying.parameters import values
from ops.deploying.running import setting_of_functions
from ops.output import Refusal, say
from ops.rotating.plan import NotNow, Step, name_of, plan
from ops.stages import Stage, StageWrong

_SETTINGS = {name_of(setting): setting for setting in (PASS_KEYS, SEAL_KEYS)}


@click.command()
@click.argument("keys", type=click.Choice(tuple(_SETTINGS)))
@click.option("--stage", type=click.Choice(stages.DEPLOYED), help="Which stage.")
@click.option("--finish", is_flag=True, help="The second step: drop the old key, once nothing needs it any more.")
@click.option(
    "--leaked", is_flag=True, help="Drop every key at once. Copies that were sealed with them are dead then."
)
@click.option("--yes", is_flag=True, help="Do not ask.")
def rotate(keys: str, stage: str | None, *, finish: bool, leaked: bool, yes: bool) -> None:
    """Change the keys that open articles: the pass keys, or the seal keys.

    In two steps, so that nobody is shut out: the new key is put first and deployed; later the old one is dropped
    (--finish) and that is deployed. What each step means is said before anything is changed, which is only the
    parameter store: `ops deploy` puts it into effect.
    """
    if finish and leaked:
        raise click.UsageError("--leaked drops every key at once, so there is nothing to finish.")
    step: Step = "leaked" if leaked else "finish" if finish else "begin"
    try:
        name = chosen_stage(stage)
        if name == "local":
            raise click.UsageError("Say which stage: --stage prod. The local stack's keys are public.")
        chosen = stages.read(name)
        enter(chosen)
        _step(chosen, _SETTINGS[keys], step, yes=yes)
    except (StageWrong, NotNow) as error:
        raise Refusal(str(error)) from None
    except ClientError as error:
        raise Refusal(f"AWS refused {error.operation_name} ({error.response['Error']['Code']}).") from None
    except BotoCoreError as error:
        raise Refusal(f"No answer from AWS ({type(error).__name__}).") from None


def _step(stage: Stage, setting: str, step: Step, *, yes: bool) -> None:
    ssm, path = boto3.client("ssm", region_name=stage.region), stage.secret_path(setting)
    held = values(ssm, [path]).get(path, "")
    running = setting_of_functions(stage, setting) if step == "finish" else ()
    planned = plan(setting, step, held, running, stage.name, datetime.now(UTC).date())
    say(planned.means)
    if not yes and not click.confirm(f"Change {setting} in the parameter store?"):
        raise Refusal("Nothing was changed.")
    ssm.put_parameter(Name=path, Value=planned.keys, Description=ABOUT[setting], Type="SecureString", Overwrite=True)
    say("Changed. The functions go on with what they have until the deployment. Next:")
    for number, one in enumerate(planned.then, 1):
        say(f"  {number}. {one}")
