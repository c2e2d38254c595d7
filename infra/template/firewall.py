"""A firewall before the API, if Firewall is `on`: AWS WAF holds one address below what API Gateway lets through.

Why: API Gateway counts all callers together, and nothing at AWS that counts by address is free. A website's own
server counts in its recipe (docs/same-origin.md); whoever has this stack's distribution, or a domain of the API's
own, has nothing before API Gateway but this. See docs/decisions/0032.

It is attached to the API's stage, so it sees whatever comes in, by whichever name. Two rules:

- by our CloudFront: what the function of strip_prefix.js says, an IPv4 address or the /64 of an IPv6 one. Believed
  only beside our secret. Another proxy that knows the secret counts by itself and says no network: not counted here.
- all others, by the address that API Gateway sees (IPv4: it has no other by itself).

Blocked calls are answered like API Gateway's own 429. No request is sampled: samples show addresses, paths, cookies.

Costs: 5 USD a month, 1 USD for each rule, 0.60 USD a million calls that are looked at.
"""

import json
from pathlib import Path
from typing import Any

from infra.template.cfn import Resources, attribute, given, if_, ref, resource, tags, text

RULES = 2  # of which one only where there is a proxy's secret
# 25 a second. The busiest minute of a newsroom of 10,000 supporters is some ten, of all its readers together.
LIMIT, WINDOW = 1500, 60
NETWORK = "x-spilno-network"
CONDITIONS: dict[str, Any] = {
    "OwnFirewall": given("Firewall"),
    "ProxyIsKnown": given("ProxySecret"),
}
_RESPONSES = json.loads((Path(__file__).parents[1] / "gateway_responses.json").read_text(encoding="utf-8"))
_THROTTLED = _RESPONSES["x-amazon-apigateway-gateway-responses"]["THROTTLED"]
_AS_SENT = [{"Priority": 0, "Type": "NONE"}]
_NOTHING = ref("AWS::NoValue")
_BY_NETWORK = {
    "AggregateKeyType": "CUSTOM_KEYS",
    "CustomKeys": [{"Header": {"Name": NETWORK, "TextTransformations": _AS_SENT}}],
}
_WITH_THE_SECRET = {
    "ByteMatchStatement": {
        "FieldToMatch": {"SingleHeader": {"Name": "x-spilno-proxy"}},
        "PositionalConstraint": "EXACTLY",
        "SearchString": ref("ProxySecret"),
        "TextTransformations": _AS_SENT,
    }
}
_WITHOUT = if_("ProxyIsKnown", {"NotStatement": {"Statement": _WITH_THE_SECRET}}, _NOTHING)


def firewall(stage: str) -> Resources:
    """The web ACL, and what it stands before. Neither exists without Firewall."""
    by_our_cdn = _rule(stage, 0, "networks", {**_BY_NETWORK, "ScopeDownStatement": _WITH_THE_SECRET})
    by_address = _rule(stage, 1, "addresses", {"AggregateKeyType": "IP", "ScopeDownStatement": _WITHOUT})
    told = {"ContentType": "APPLICATION_JSON", "Content": json.dumps(throttled_body())}
    acl = {
        "Name": f"spilno-{stage}",
        "Description": "One address cannot take all that API Gateway lets through.",
        "Scope": "REGIONAL",
        "DefaultAction": {"Allow": {}},
        "CustomResponseBodies": {"TooMany": told},
        "Rules": [if_("ProxyIsKnown", by_our_cdn, _NOTHING), by_address],
        "VisibilityConfig": _seen(f"spilno-{stage}"),
        "Tags": tags(stage),
    }
    place = text(
        "arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${RestAPI}/stages/${stage}",
        stage=ref("RestAPI.Stage"),
    )
    before = {"ResourceArn": place, "WebACLArn": attribute("WebAcl", "Arn")}
    return {
        "WebAcl": resource("AWS::WAFv2::WebACL", acl, Condition="OwnFirewall"),
        "WebAclBeforeTheApi": resource("AWS::WAFv2::WebACLAssociation", before, Condition="OwnFirewall"),
    }


def _rule(stage: str, priority: int, name: str, counts: dict[str, Any]) -> dict[str, Any]:
    answer = {
        "ResponseCode": int(_THROTTLED["statusCode"]),
        "CustomResponseBodyKey": "TooMany",
        "ResponseHeaders": [
            {"Name": "Cache-Control", "Value": "private, no-store"},
            {"Name": "Retry-After", "Value": str(WINDOW)},
        ],
    }
    return {
        "Name": name,
        "Priority": priority,
        "Statement": {"RateBasedStatement": {"Limit": LIMIT, "EvaluationWindowSec": WINDOW, **counts}},
        "Action": {"Block": {"CustomResponse": answer}},
        "VisibilityConfig": _seen(f"spilno-{stage}-{name}"),
    }


def _seen(name: str) -> dict[str, Any]:
    return {"CloudWatchMetricsEnabled": True, "MetricName": name, "SampledRequestsEnabled": False}


def throttled_body() -> dict[str, Any]:
    """What API Gateway says itself to whom it holds back."""
    (body,) = _THROTTLED["responseTemplates"].values()
    return dict(json.loads(body))
