"""The template's parameters: from the stage file, and the secret ones from the parameter store."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from ops.output import Refusal
from ops.stages import FROM_THE_STORE, Stage


def parameters_for(template: Mapping[str, Any], stage: Stage, ssm: Any) -> tuple[list[dict[str, str]], list[str]]:
    """The parameters for CloudFormation, and remarks on those of the stage file that the template does not have.

    One that is neither in the stage file nor in the store is left out, and takes the template's default.

    :raises Refusal: one that has no default is missing.
    """
    wanted: Mapping[str, Any] = template.get("Parameters", {})
    given = {name: value for name, value in stage.parameters.items() if value} | _secrets(stage, ssm)
    given["Bucket"] = stage.bucket
    missing = [name for name, declared in wanted.items() if name not in given and "Default" not in declared]
    if missing:
        raise Refusal(
            f"Nowhere to be found: {', '.join(missing)}. `python -m ops setup --stage {stage.name}` asks for it."
        )
    vain = [name for name in given if name not in wanted and name not in FROM_THE_STORE]
    remarks = [
        f"The template has no parameter {name}; what stages/{stage.name}.toml says is left out." for name in vain
    ]
    return [{"ParameterKey": name, "ParameterValue": given[name]} for name in wanted if name in given], remarks


def _secrets(stage: Stage, ssm: Any) -> dict[str, str]:
    paths = {stage.secret_path(secret): parameter for parameter, secret in FROM_THE_STORE.items()}
    try:
        found = ssm.get_parameters(Names=list(paths), WithDecryption=True)["Parameters"]
    except ClientError as error:
        code = error.response["Error"]["Code"]
        raise Refusal(f"The parameter store cannot be read ({code}). Which credentials are these?") from None
    told = {paths[one["Name"]]: one["Value"] for one in found}
    if "ProxySecret" in told:
        # Several are accepted while one is being changed; our own proxy presents the newest, which stands first.
        told["ProxySecret"] = told["ProxySecret"].partition(",")[0].strip()
    return told
