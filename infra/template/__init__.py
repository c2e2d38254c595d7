"""The template of one stage's stack: what Chalice writes of the code, and what the code needs around it.

One part a module; each says what it costs, by the prices of bench/prices.toml, which docs/cost.md adds up. That is
before the free tier unless it says so.
"""

import re
from typing import Any

from infra.template import (
    alarms,
    budget,
    cdn,
    dashboard,
    domain,
    firewall,
    functions,
    http_api,
    logs,
    mail,
    operators,
    outputs,
    permissions,
    rest_api,
    table,
)
from infra.template.alarm_list import STAGE
from infra.template.parameters import CONDITIONS, RULES, parameters

_FUNCTION = "AWS::Serverless::Function"


def finish(
    sam: dict[str, Any], *, stage: str, code_uri: str, runtime: str, architecture: str, version: str = ""
) -> dict[str, Any]:
    """The deployable template, from what `chalice package --template-format json` wrote. Changes nothing in `sam`.

    :param code_uri: where the zip is, relative to the template, or in S3.
    :param runtime: such as `python3.13`; `architecture`: `arm64` or `x86_64`.
    :param version: what `GET /v1/health` will say, for the output Version; else the zip's name.
    :raises permissions.FunctionUnknown: the code has a function whose permissions nobody has written down.
    """
    by_chalice = sam["Resources"]
    ours = {name: found for name, found in by_chalice.items() if found["Type"] == _FUNCTION}
    settled = functions.settle(ours, stage=stage, code_uri=code_uri, runtime=runtime, architecture=architecture)
    resources: dict[str, Any] = {
        **table.table(stage),
        **{name: role for function in ours for name, role in permissions.role(function, stage).items()},
        **logs.logs(stage, ours),
        **settled,
        **http_api.http_api(stage),
        "RestAPI": rest_api.settle(by_chalice["RestAPI"], stage),
        "APIHandlerInvokePermission": {
            **by_chalice["APIHandlerInvokePermission"],
            "Condition": rest_api.CONDITION,
        },
        **mail.mail(stage),
        **alarms.alarms(stage),
        **budget.budget(stage),
        **(dashboard.dashboard(stage) if stage == STAGE else {}),
        **domain.domain(stage),
        **operators.policy(stage, sorted(ours)),
        **cdn.distribution(stage),
        **firewall.firewall(stage),
    }
    _nothing_lost(by_chalice, resources)
    return {
        "AWSTemplateFormatVersion": sam["AWSTemplateFormatVersion"],
        "Transform": sam["Transform"],
        "Description": f"Spilno ({stage}): reader donations and a paywall",
        "Parameters": {**parameters(stage), **budget.parameter(stage)},
        "Rules": RULES,
        "Conditions": {**CONDITIONS, **cdn.CONDITIONS, **firewall.CONDITIONS},
        "Resources": resources,
        "Outputs": outputs.outputs(stage, version or re.sub(r"^.*/|\.zip$", "", code_uri)),
    }


def _nothing_lost(by_chalice: dict[str, Any], resources: dict[str, Any]) -> None:
    """Whatever Chalice writes one day that we do not know must not vanish. Its roles do: ours take their place."""
    lost = {name for name, found in by_chalice.items() if found["Type"] != "AWS::IAM::Role"} - set(resources)
    if lost:
        raise ValueError(f"Chalice wrote {', '.join(sorted(lost))}; say in infra/template what becomes of that.")
