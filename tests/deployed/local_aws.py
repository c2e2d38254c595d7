"""Run by local AWS's own environment: ministack with some things told to it that its settings have no name for.

- Functions run on the interpreter that stands for Lambda's runtime; ministack would take its own, packages and all.
- Each question put to its policy engine is written down: who, which action, on what, allowed or not.
- It asks for `ssm:GetParameters`, `ses:SendEmail` and `events:ListTargetsByRule` on the resource `*`, which no exact
  policy allows. Here it asks for each parameter; for the identity and the configuration set, and for a raw mail for
  `ses:SendRawEmail`, too; for the rule. On the default bus that is `rule/NAME` to AWS, not `rule/default/NAME`.
- It stores an integration's payload format and sends 2.0 whatever it is; here 1.0 is sent where it is asked for, and
  answers in it are read. It answers OPTIONS itself where an HTTP API has no CORS; AWS hands it to the route.
- In a template's conditions it knows `Ref` alone; here it works out `Fn::Sub`, `Fn::Split` and the like first.

Decisions 0022 and 0110 say why each.

    local_aws.py PARENT_PID RUNTIME_PYTHON RECORD
"""

import json
import os
import runpy
import sys
from base64 import b64decode
from collections.abc import Iterator
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from ministack.core import iam_evaluator  # type: ignore[import-not-found]  # another environment's
from ministack.core.concurrency import run_reentrant  # type: ignore[import-not-found]
from ministack.core.responses import get_account_id  # type: ignore[import-not-found]
from ministack.services import apigateway, apigateway_v1, lambda_svc  # type: ignore[import-not-found]
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
_invoke = apigateway._invoke_lambda_proxy
_execute = apigateway._handle_execute_in_scope


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
    from ministack.services import ses_v2

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


async def invoke(integration: Any, *given: Any, **more: Any) -> Any:
    """What an HTTP API does with a function that wants payload format 1.0; any other format is ministack's own."""
    if integration.get("payloadFormatVersion") != "1.0":
        return await _invoke(integration, *given, **more)
    api, stage, path, method, headers, body, query, route_key, params = given
    function = apigateway._extract_lambda_ref_from_integration_uri(integration["integrationUri"])
    account, region = more["owner_account_id"], more["owner_region"]
    data, config, _ = lambda_svc._get_func_record_for_ref_in_scope(function, account_id=account, region=region)
    route = {"path": route_key.partition(" ")[2] or route_key, "id": route_key}
    event = apigateway_v1._build_lambda_event_v1(
        api, stage, {}, route, path, method, headers, body, query, params, binary_media_types=_binary(headers)
    )
    # AWS: all but the stage itself is the same in an HTTP API's 1.0; `$default` is no part of the path.
    event["requestContext"]["path"] = path
    record = lambda_svc._execution_record_for_config(data, config)
    result = await run_reentrant(lambda_svc._execute_function_with_config_scope, record, event)
    answer, _ = lambda_svc.lambda_execute_result_to_api_proxy_response(result)
    several = {name.lower(): values for name, values in (answer.get("multiValueHeaders") or {}).items()}
    single = {name.lower(): value for name, value in (answer.get("headers") or {}).items()}
    sent = {"content-type": "application/json", **single, **several}
    text = answer.get("body") or ""
    # An HTTP API decodes whenever the function says so, whatever the caller accepts.
    return answer["statusCode"], sent, b64decode(text) if answer.get("isBase64Encoded") else text.encode()


def _binary(headers: dict[str, str]) -> list[str]:
    """Bodies that AWS hands to a function in base64: all but those that it takes for text."""
    media_type = headers.get("content-type", "")
    return [] if apigateway._v2_request_body_is_text(media_type) else ["*/*"]


async def execute(*given: Any) -> Any:
    """A call to an HTTP API, whose own answer to OPTIONS AWS gives only where the API has a CORS configuration."""
    api, stage, path, method, headers, body, query, account, region, *_ = given
    found = apigateway._apis.get(api) or {}
    if method != "OPTIONS" or found.get("corsConfiguration"):
        return await _execute(*given)
    route = apigateway._match_route(api, method, path)
    integration = apigateway._integrations[api][route["target"].rpartition("/")[2]]
    told = {name.lower(): value for name, value in headers.items()}
    return await invoke(integration, api, stage, path, method, told, body, query, route["routeKey"], None,
                        owner_account_id=account, owner_region=region)  # fmt: skip


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
    apigateway._invoke_lambda_proxy = invoke
    apigateway._handle_execute_in_scope = execute
    sys.executable = runtime
    runpy.run_path(str(KEEPER))["main"]([parent, "ministack"])


if __name__ == "__main__":
    main(*sys.argv[1:])
