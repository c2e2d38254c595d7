"""Run by local AWS's own environment: ministack with some things told to it that its settings have no name for.

- Functions run on the interpreter that stands for Lambda's runtime; ministack would take its own, packages and all.
- Each question put to its policy engine is written down: who, which action, on what, allowed or not.
- It asks for `ssm:GetParameters`, `ses:SendEmail` and `events:ListTargetsByRule` on the resource `*`, which no exact
  policy allows. Here it asks for each parameter; for the identity and the configuration set, and for a raw mail for
  `ses:SendRawEmail`, too; for the rule. On the default bus that is `rule/NAME` to AWS, not `rule/default/NAME`.
- In a template's conditions it knows `Ref` alone; here it works out `Fn::Sub`, `Fn::Split` and the like first.

Decision 0022 says why each.

    local_aws.py PARENT_PID RUNTIME_PYTHON RECORD
"""

import json
import os
import runpy
import sys
from collections.abc import Iterator
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from ministack.core import iam_evaluator  # type: ignore[import-not-found]  # another environment's
from ministack.core.responses import get_account_id  # type: ignore[import-not-found]
from ministack.services.cloudformation import (  # type: ignore[import-not-found]  # the same
    changesets,
    engine,
    handlers,
    stacks,
)

KEEPER = Path(__file__).parents[2] / "localdev" / "keeper.py"
WORKED_OUT = frozenset({"Fn::Select", "Fn::Split", "Fn::Sub", "Fn::Join", "Fn::FindInMap"})
_ask = iam_evaluator.enforce
_evaluate = engine._evaluate_conditions


def exact_questions(action: str, region: str) -> Iterator[tuple[str, str]]:
    """Actions and resources that a call's body names, where ministack would ask for `*`; nothing for other calls."""
    request = iam_evaluator._signed_request.get()
    if request is None:  # the account's owner, whom no policy holds
        return
    account = get_account_id()
    if action == "ssm:GetParameters":
        for name in json.loads(request.body)["Names"]:
            yield action, f"arn:aws:ssm:{region}:{account}:parameter/{name.lstrip('/')}"
    if action == "events:ListTargetsByRule":
        yield action, f"arn:aws:events:{region}:{account}:rule/{json.loads(request.body)['Rule']}"
    if action == "ses:SendEmail":
        mail = json.loads(request.body)
        resources = [f"identity/{_identity_of(mail['FromEmailAddress'])}"]
        if mail.get("ConfigurationSetName"):
            resources.append(f"configuration-set/{mail['ConfigurationSetName']}")
        for asked in (action, "ses:SendRawEmail") if "Raw" in mail["Content"] else (action,):
            yield from ((asked, f"arn:aws:ses:{region}:{account}:{resource}") for resource in resources)


def _identity_of(sender: str) -> str:
    """The address where that is verified itself, else its domain."""
    from ministack.services import ses_v2  # type: ignore[import-not-found]

    address = parseaddr(sender)[1]
    return address if address in ses_v2._identities else address.rpartition("@")[2]


def evaluate(template: dict[str, Any], parameters: dict[str, Any]) -> Any:
    """The template's conditions by name, whatever functions stand in them."""

    def plain(value: Any) -> Any:
        if isinstance(value, list):
            return [plain(one) for one in value]
        if not isinstance(value, dict):
            return value
        if WORKED_OUT & value.keys():
            mappings = template.get("Mappings", {})
            return engine._resolve_refs(value, {}, parameters, {}, mappings, "", "")
        return {name: plain(one) for name, one in value.items()}

    return _evaluate({**template, "Conditions": plain(template.get("Conditions", {}))}, parameters)


def watch(path: str) -> None:
    """Ask exactly from now on, and append each question to a file, one JSON object a line."""
    record = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def enforce(
        access_key_id: str, iam_action: str, service: str, region: str, resource_arn: str = "*", **more: Any
    ) -> Any:
        denied = None
        as_aws_says = resource_arn.replace(":rule/default/", ":rule/")
        for action, resource in [*exact_questions(iam_action, region)] or [(iam_action, as_aws_says)]:
            denied = _ask(access_key_id, action, service, region, resource_arn=resource, **more)
            who = iam_evaluator.resolve_principal(access_key_id or "", get_account_id())
            line = {
                "who": getattr(who, "arn", ""), "action": action, "resource": resource, "allowed": denied is None,
            }  # fmt: skip
            os.write(record, json.dumps(line).encode() + b"\n")
            if denied is not None:
                break
        return denied

    iam_evaluator.enforce = enforce


def main(parent: str, runtime: str, record: str) -> None:
    """Become ministack, tied to the parent as every part of the local stack is."""
    watch(record)
    for module in (changesets, engine, handlers, stacks):
        module._evaluate_conditions = evaluate
    sys.executable = runtime
    runpy.run_path(str(KEEPER))["main"]([parent, "ministack"])


if __name__ == "__main__":
    main(*sys.argv[1:])
