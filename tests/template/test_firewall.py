"""The firewall holds one address, by whichever way it comes, and nothing that the code allows."""

import json
from typing import Any

import pytest

from chalicelib.kernel.client_limits import WINDOW
from chalicelib.newsroom.rules import Limits
from infra.template import firewall
from tests.template.resolve import GIVEN, WHOLE, Stack

PROXY = "x-spilno-proxy"


@pytest.fixture
def rules(whole: Stack) -> Any:
    """Its rules by their names."""
    return {rule["Name"]: rule for rule in whole.properties("WebAcl")["Rules"]}


def counted(rules: Any, name: str) -> Any:
    return rules[name]["Statement"]["RateBasedStatement"]


def secret(statement: Any) -> Any:
    """The secret that a request must show to match."""
    matched = statement["ByteMatchStatement"]
    assert matched["FieldToMatch"] == {"SingleHeader": {"Name": PROXY}}
    assert (matched["PositionalConstraint"], matched["TextTransformations"][0]["Type"]) == ("EXACTLY", "NONE")
    return matched["SearchString"]


def test_it_is_off_unless_somebody_wants_it(template: dict[str, Any]) -> None:
    assert (told := template["Parameters"]["Firewall"])["Default"] == ""
    assert told["AllowedValues"] == ["", "on"]
    assert not Stack(template, **GIVEN).of_type("AWS::WAFv2::WebACL")
    assert Stack(template, **GIVEN, Firewall="on").of_type("AWS::WAFv2::WebACLAssociation")


def test_it_stands_before_the_apis_stage(whole: Stack) -> None:
    """In the stack's own region; one for CloudFront could only be made in us-east-1."""
    before = whole.properties("WebAclBeforeTheApi")
    assert before == {
        "ResourceArn": "arn:aws:apigateway:eu-central-1::/restapis/ref-of-RestAPI/stages/ref-of-RestAPI.Stage",
        "WebACLArn": "Arn-of-WebAcl",
    }
    acl = whole.properties("WebAcl")
    assert (acl["Scope"], acl["DefaultAction"]) == ("REGIONAL", {"Allow": {}})


def test_behind_our_cloudfront_it_counts_the_readers_network(whole: Stack, rules: Any) -> None:
    rule = counted(rules, "networks")
    assert rule["CustomKeys"][0]["Header"]["Name"] == firewall.NETWORK
    assert secret(rule["ScopeDownStatement"]) == WHOLE["ProxySecret"], "Anybody can claim to be any network."
    assert f"request.headers['{firewall.NETWORK}']" in whole.properties("StripPrefix")["FunctionCode"]
    (api,) = (one for one in whole.properties("Distribution")["DistributionConfig"]["Origins"] if one["Id"] == "api")
    assert api["OriginCustomHeaders"] == [{"HeaderName": "X-Spilno-Proxy", "HeaderValue": WHOLE["ProxySecret"]}]


def test_all_others_are_counted_by_the_address_that_is_seen(template: dict[str, Any], rules: Any) -> None:
    rule = counted(rules, "addresses")
    assert rule["AggregateKeyType"] == "IP"
    assert secret(rule["ScopeDownStatement"]["NotStatement"]["Statement"]) == WHOLE["ProxySecret"]
    without = Stack(template, **GIVEN, Firewall="on").properties("WebAcl")["Rules"]
    assert [one["Name"] for one in without] == ["addresses"]
    assert "ScopeDownStatement" not in without[0]["Statement"]["RateBasedStatement"], (
        "An empty secret matches nothing."
    )


def test_it_refuses_nothing_that_the_code_allows(rules: Any) -> None:
    for name in rules:
        rule = counted(rules, name)
        in_ten_minutes = rule["Limit"] * WINDOW / rule["EvaluationWindowSec"]
        assert in_ten_minutes > 100 * (Limits().checkouts + Limits().sign_ins)
        assert rule["EvaluationWindowSec"] in (60, 120, 300, 600)


def test_who_is_held_back_is_told_so_in_our_words(whole: Stack, rules: Any) -> None:
    body = whole.properties("WebAcl")["CustomResponseBodies"]["TooMany"]
    assert body["ContentType"] == "APPLICATION_JSON"
    assert json.loads(body["Content"])["code"] == "too_many_requests"
    for rule in rules.values():
        answer = rule["Action"]["Block"]["CustomResponse"]
        assert (answer["ResponseCode"], answer["CustomResponseBodyKey"]) == (429, "TooMany")
        told = {one["Name"]: one["Value"] for one in answer["ResponseHeaders"]}
        assert told["Cache-Control"] == "private, no-store"
        assert int(told["Retry-After"]) > 0


def test_it_keeps_no_sample_of_a_request(whole: Stack, rules: Any) -> None:
    """A sample shows the address, the path and the cookies."""
    for one in (whole.properties("WebAcl"), *rules.values()):
        assert one["VisibilityConfig"]["SampledRequestsEnabled"] is False


def test_each_rule_is_paid_for(rules: Any) -> None:
    assert len(rules) == firewall.RULES
