"""The template's parameters: from the stage file, and the secret ones from the parameter store."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from ops.access_keys import complaints
from ops.output import Refusal
from ops.stages import FROM_THE_STORE, Stage


def parameters_for(template: Mapping[str, Any], stage: Stage, ssm: Any) -> tuple[list[dict[str, str]], list[str]]:
    """The parameters for CloudFormation, and remarks on those of the stage file that the template does not have.

    One that is neither in the stage file nor in the store is left out, and takes the template's default.

    :raises Refusal: one that has no default is missing, or the app would not start with a key.
    """
    wanted: Mapping[str, Any] = template.get("Parameters", {})
    given = {name: value for name, value in stage.parameters.items() if value} | _secrets(stage, ssm)
    given["Bucket"] = stage.bucket
    missing = [name for name, declared in wanted.items() if name not in given and "Default" not in declared]
    if missing:
        raise Refusal(
            f"Nowhere to be found: {', '.join(missing)}. `python -m ops setup --stage {stage.name}` asks for it."
        )
    _check_keys(given, stage.name)
    vain = [name for name in given if name not in wanted and name not in FROM_THE_STORE]
    remarks = [
        f"The template has no parameter {name}; what stages/{stage.name}.toml says is left out." for name in vain
    ]
    return [{"ParameterKey": name, "ParameterValue": given[name]} for name in wanted if name in given], remarks


def _check_keys(given: Mapping[str, str], stage: str) -> None:
    """Refuse keys that open articles with which the app would not start: with them readers would find nothing."""
    wrong = list(complaints({FROM_THE_STORE[name]: given.get(name, "") for name in ("PassKeys", "SealKeys")}, stage))
    if wrong:
        raise Refusal("\n".join([*(f"{one}." for one in wrong), "The functions would not start with it."]))


def _secrets(stage: Stage, ssm: Any) -> dict[str, str]:
    paths = {stage.secret_path(secret): parameter for parameter, secret in FROM_THE_STORE.items()}
    told = {paths[path]: value for path, value in values(ssm, list(paths)).items()}
    if "ProxySecret" in told:
        # Several are accepted while one is being changed; our own proxy presents the newest, which stands first.
        told["ProxySecret"] = told["ProxySecret"].partition(",")[0].strip()
    return told


def values(ssm: Any, paths: list[str]) -> dict[str, str]:
    """Those of the parameters that are in the store, by their paths.

    :raises Refusal: the store does not let us read.
    """
    try:
        found = ssm.get_parameters(Names=paths, WithDecryption=True)["Parameters"]
    except ClientError as error:
        code = error.response["Error"]["Code"]
        raise Refusal(f"The parameter store cannot be read ({code}). Which credentials are these?") from None
    return {one["Name"]: one["Value"] for one in found}
