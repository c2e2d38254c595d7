"""The API: an HTTP API of API Gateway that hands every path to the function, which matches paths by itself.

Costs: 1.00 USD a million calls, where a REST API is 3.50 (decision 0110). No logs of its own: they would hold paths,
and a path may hold a link that signs somebody in (decision 0021).

- **Few routes.** AWS counts a throttle's calls by route. So what each page of the website asks for has a route of its
  own, as it is the first to be too much, and so has what money and sign-ins come by; all the rest shares `$default`.
  Each waits for the one before it: routes of one API that are made side by side meet a ConflictException.
- **No CORS here.** With it, AWS would take our own headers away and answer preflights for every address.
- **The stage `$default`** has no part in the address, and none in the path that the function sees.
- TLS 1.2 is the oldest that an HTTP API speaks.

What API Gateway refuses itself (too many, too large, a function that broke off) it says in its own words, which
nothing can change: docs/errors.md, "Answers that are not ours".
"""

from typing import Any

from infra.template.cfn import Resources, attribute, if_, ref, resource, text
from infra.template.throttles import ALL

API, STAGE, PERMISSION = "HttpApi", "HttpApiStage", "HttpApiInvokePermission"
DOMAIN = text("${HttpApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}")
OWN_THROTTLE = {
    "Webhook": "POST /v1/stripe/webhook",
    "Checkouts": "POST /v1/checkouts",
    "DonateForm": "POST /donate",
    "SignIn": "POST /v1/sign-in",
    "SignInConfirm": "POST /v1/sign-in/confirm",
    # A page of the website that everybody opens at once, without a cache before the API.
    "Access": "GET /v1/access",
    "Articles": "GET /v1/articles/{proxy+}",
    "Newsroom": "GET /v1/newsroom",
    "Widget": "GET /widget.js",
    "WidgetParts": "GET /widget/{proxy+}",
}
_OTHERS = "$default"


def http_api(stage: str) -> Resources:
    """The API, its routes in a chain, its one stage, and the permission to call the function."""
    api = {
        "Name": f"spilno-{stage}-http",
        "ProtocolType": "HTTP",
        "DisableExecuteApiEndpoint": if_("HttpApiIsClosed", True, False),
        "Tags": _tags(stage),
    }
    integration = {
        "ApiId": ref(API),
        "IntegrationType": "AWS_PROXY",
        "IntegrationUri": attribute("APIHandler", "Arn"),
        "PayloadFormatVersion": "1.0",
    }
    routes = _routes()
    settings = {"ThrottlingRateLimit": ALL.rate, "ThrottlingBurstLimit": ALL.burst, "DetailedMetricsEnabled": False}
    of_the_stage = {
        "ApiId": ref(API),
        "StageName": "$default",
        "AutoDeploy": True,
        "DefaultRouteSettings": settings,
        "RouteSettings": dict.fromkeys(OWN_THROTTLE.values(), settings),
        "Tags": _tags(stage),
    }
    permission = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": ref("APIHandler"),
        "Principal": "apigateway.amazonaws.com",
        "SourceArn": text("arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${HttpApi}/*"),
    }
    return {
        API: resource("AWS::ApiGatewayV2::Api", api),
        "HttpApiFunction": resource("AWS::ApiGatewayV2::Integration", integration),
        **routes,
        STAGE: resource("AWS::ApiGatewayV2::Stage", of_the_stage, DependsOn=[list(routes)[-1]]),
        PERMISSION: resource("AWS::Lambda::Permission", permission),
    }


def _routes() -> Resources:
    """The routes by their logical ids, each made after the one before it."""
    made: Resources = {}
    for name, key in {**OWN_THROTTLE, "Others": _OTHERS}.items():
        waits = {"DependsOn": [list(made)[-1]]} if made else {}
        target = text("integrations/${HttpApiFunction}")
        properties = {"ApiId": ref(API), "RouteKey": key, "Target": target}
        made[f"{name}Route"] = resource("AWS::ApiGatewayV2::Route", properties, **waits)
    return made


def _tags(stage: str) -> dict[str, Any]:
    return {"spilno:stage": stage}
