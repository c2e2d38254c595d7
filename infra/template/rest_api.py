"""The REST API of before, beside the HTTP API for one release: its routes, and what it answers around them.

It is there while the parameter Api is `both` or `rest`, and for AWS WAF, which stands before no HTTP API; see
docs/moving-to-the-http-api.md and decision 0110. Costs: nothing without calls, 3.50 USD a million with. No cache, and
no logs of its own: they would hold paths, and a path may hold a link that signs somebody in (docs/decisions/0021).

- What API Gateway refuses is said in our words, from `infra/gateway_responses.json`; the local stack reads it, too.
- A known address with another method is 405 with Allow, an unknown address 404. API Gateway says both by itself,
  without a function; otherwise it would say 403 to whoever sends an Authorization header. Only GET, what a browser
  asks when somebody types an address, comes to the function in both cases: a person gets a page in their language,
  which no mapping template could choose. It costs what any call costs; who tries addresses by the thousand meets the
  throttle of that one route.
"""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from chalicelib.http.gateway import WORTH_COMPRESSING
from infra.template.cfn import ref, text
from infra.template.throttles import method_settings

_RESPONSES = json.loads((Path(__file__).parents[1] / "gateway_responses.json").read_text(encoding="utf-8"))
_GATEWAY = "x-amazon-apigateway-gateway-responses"
_ANY = "x-amazon-apigateway-any-method"
_ANYTHING = "/{proxy+}"

DOMAIN = text("${RestAPI}.execute-api.${AWS::Region}.${AWS::URLSuffix}")
PATH = text("/${stage}", stage=ref("RestAPI.Stage"))  # which makes whoever leads to it wait for the stage
CONDITION = "RestApiIsThere"


def settle(api: dict[str, Any], stage: str) -> dict[str, Any]:
    """Chalice's `AWS::Serverless::Api`, regional, throttled, speaking our words."""
    properties = api["Properties"]
    return {
        **api,
        "Condition": CONDITION,
        "Properties": {
            "Name": f"spilno-{stage}",
            "StageName": "api",
            "EndpointConfiguration": {"Type": "REGIONAL"},
            # Without it SAM adds a second stage, named Stage, that nobody throttles.
            "OpenApiVersion": "2.0",
            "DefinitionBody": described(properties["DefinitionBody"], stage),
            "MethodSettings": method_settings(),
            "MinimumCompressionSize": WORTH_COMPRESSING,
            "TracingEnabled": False,
            "Tags": {"spilno:stage": stage},
        },
    }


def described(swagger: dict[str, Any], stage: str) -> dict[str, Any]:
    """The routes, each with an answer to any other method, and an answer to any other path."""
    routes = {path: methods for path, methods in swagger["paths"].items() if path != _ANYTHING}
    paths = {path: {**_with_get(methods), _ANY: _wrong_method(methods)} for path, methods in routes.items()}
    return {
        **swagger,
        "info": {**swagger["info"], "title": f"spilno-{stage}"},
        "paths": {**paths, _ANYTHING: {**swagger["paths"].get(_ANYTHING, {}), _ANY: _unknown_path()}},
        _GATEWAY: _RESPONSES[_GATEWAY],
        # TLS 1.2 and newer; by itself a regional API still takes 1.0. BASIC: a proxy need not name us in TLS.
        "x-amazon-apigateway-security-policy": "SecurityPolicy_TLS13_1_2_2021_06",
        "x-amazon-apigateway-endpoint-access-mode": "BASIC",
    }


def _with_get(methods: dict[str, Any]) -> dict[str, Any]:
    """The methods of a path, and GET where there is none: the function says 405, to a person as a page."""
    return {"get": deepcopy(next(iter(methods.values()))), **methods}


def _wrong_method(methods: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = deepcopy(_RESPONSES[_ANY])
    headers = answer["x-amazon-apigateway-integration"]["responses"]["default"]["responseParameters"]
    allow = "method.response.header.Allow"
    headers[allow] = headers[allow].replace("{allow}", ", ".join(sorted(method.upper() for method in methods)))
    return answer


def _unknown_path() -> dict[str, Any]:
    """Answers as the gateway response for an unknown address does."""
    answer: dict[str, Any] = deepcopy(_RESPONSES[_ANY])
    unknown = _RESPONSES[_GATEWAY]["MISSING_AUTHENTICATION_TOKEN"]
    status = unknown["statusCode"]
    answer["responses"] = {status: {**answer["responses"]["405"], "description": "Nothing is here"}}
    del answer["responses"][status]["headers"]["Allow"]
    integration = answer["x-amazon-apigateway-integration"]
    integration["requestTemplates"] = {
        media_type: json.dumps({"statusCode": int(status)}) for media_type in integration["requestTemplates"]
    }
    default = integration["responses"]["default"]
    default |= {"statusCode": status, "responseTemplates": unknown["responseTemplates"]}
    del default["responseParameters"]["method.response.header.Allow"]
    return answer
