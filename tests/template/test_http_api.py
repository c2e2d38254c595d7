"""The HTTP API: what it hands over, what it holds back, and where readers come in."""

from typing import Any

import pytest

from chalicelib.http.routes import ROUTES
from infra.template import http_api
from infra.template.throttles import ALL
from tests.template.resolve import GIVEN, WHOLE, Stack


def routes(stack: Stack) -> dict[str, Any]:
    """Its routes by their keys."""
    return {route["RouteKey"]: route for route in stack.of_type("AWS::ApiGatewayV2::Route").values()}


def test_every_call_goes_to_the_function_in_the_format_that_names_each_header(stack: Stack) -> None:
    (integration,) = stack.of_type("AWS::ApiGatewayV2::Integration").values()
    assert (integration["IntegrationType"], integration["PayloadFormatVersion"]) == ("AWS_PROXY", "1.0")
    assert integration["IntegrationUri"] == "Arn-of-APIHandler"
    assert {route["Target"] for route in routes(stack).values()} == {"integrations/ref-of-HttpApiFunction"}
    assert "$default" in routes(stack), "whatever no route names: the function matches paths by itself"


def test_aws_answers_no_preflight_and_takes_no_header_away(stack: Stack) -> None:
    assert "CorsConfiguration" not in stack.properties("HttpApi")


def test_there_is_one_stage_with_no_part_in_the_address_and_no_log(stack: Stack) -> None:
    (stage,) = stack.of_type("AWS::ApiGatewayV2::Stage").values()
    assert (stage["StageName"], stage["AutoDeploy"]) == ("$default", True)
    assert "AccessLogSettings" not in stage, "A log would hold paths, and a path may hold a sign-in link."
    assert stage["DefaultRouteSettings"]["DetailedMetricsEnabled"] is False


def test_its_routes_are_few_and_made_one_after_another(stack: Stack) -> None:
    """Side by side they meet a ConflictException at AWS: seen by others from six routes on."""
    made = {name: one for name, one in stack.resources.items() if one["Type"] == "AWS::ApiGatewayV2::Route"}
    assert len(made) <= 11
    waits = {name: one.get("DependsOn", []) for name, one in made.items()}
    (first,) = (name for name, before in waits.items() if not before)
    chain = [first]
    while following := [name for name, before in waits.items() if before == [chain[-1]]]:
        chain += following
    assert sorted(chain) == sorted(made)
    assert stack.resources["HttpApiStage"]["DependsOn"] == [chain[-1]], "Settings name routes that must be there."


def test_what_must_stay_open_has_a_throttle_of_its_own(stack: Stack) -> None:
    """The throttle counts all callers together: a tighter one for giving would be a switch for one machine."""
    settings = stack.properties("HttpApiStage")
    own = settings["RouteSettings"]
    assert set(own) == set(routes(stack)) - {"$default"}
    assert {"POST /v1/stripe/webhook", "POST /v1/checkouts", "POST /v1/sign-in"} <= set(own)
    for throttle in (settings["DefaultRouteSettings"], *own.values()):
        assert (throttle["ThrottlingRateLimit"], throttle["ThrottlingBurstLimit"]) == ALL


def test_each_of_them_is_a_route_of_ours() -> None:
    taken = {(route.method, route.path) for route in ROUTES}
    for key in http_api.OWN_THROTTLE.values():
        method, _, path = key.partition(" ")
        start = path.removesuffix("{proxy+}")
        assert any(route == (method, path) for route in taken) or any(
            one == method and start != path and other.startswith(start) for one, other in taken
        ), key


def test_only_this_api_may_call_the_function_by_it(stack: Stack) -> None:
    permission = stack.properties("HttpApiInvokePermission")
    assert permission["SourceArn"] == "arn:aws:execute-api:eu-central-1:123456789012:ref-of-HttpApi/*"
    assert (permission["Action"], permission["FunctionName"]) == ("lambda:InvokeFunction", "ref-of-APIHandler")


@pytest.mark.parametrize(("api", "firewall"), [("rest", ""), ("both", "on"), ("http", "on")])
def test_it_is_no_way_around_a_firewall(template: dict[str, Any], api: str, firewall: str) -> None:
    stack = Stack(template, **GIVEN, Api=api, Firewall=firewall)
    assert stack.properties("HttpApi")["DisableExecuteApiEndpoint"] is True
    assert stack.outputs["ApiUrl"] == stack.outputs["RestApiUrl"]
    assert stack.outputs["ApiId"] == "ref-of-RestAPI"


def test_it_is_not_closed_before_cloudfront_has_moved(template: dict[str, Any]) -> None:
    """A distribution takes minutes; closed in the same deployment, readers would meet a closed door."""
    stack = Stack(template, **{**WHOLE, "Firewall": "on", "Api": "moving"})
    (ours,) = (one for one in stack.properties("Distribution")["DistributionConfig"]["Origins"] if one["Id"] == "api")
    assert ours["DomainName"].startswith("ref-of-RestAPI.")
    assert stack.properties("HttpApi")["DisableExecuteApiEndpoint"] is False


@pytest.mark.parametrize("api", ["both", "http", "moving"])
def test_readers_come_by_it_wherever_it_is_there(template: dict[str, Any], api: str) -> None:
    stack = Stack(template, **GIVEN, Api=api)
    assert stack.properties("HttpApi")["DisableExecuteApiEndpoint"] is False
    assert stack.outputs["ApiUrl"] == "https://ref-of-HttpApi.execute-api.eu-central-1.amazonaws.com"


@pytest.mark.parametrize(
    ("api", "firewall", "mapping", "leads_to"),
    [
        ("both", "", "ApiDomainMapping", "RestAPI"),
        ("both", "on", "ApiDomainMapping", "RestAPI"),
        ("rest", "", "ApiDomainMapping", "RestAPI"),
        ("moving", "", None, None),
        ("moving", "on", None, None),
        ("http", "", "ApiMapping", "HttpApi"),
        ("http", "on", "ApiMapping", "RestAPI"),
    ],
)
def test_a_domain_of_its_own_leads_to_one_api_by_one_mapping(
    template: dict[str, Any], api: str, firewall: str, mapping: str | None, leads_to: str | None
) -> None:
    """A name has one mapping, and CloudFormation makes what is new before it deletes what is old."""
    stack = Stack(template, **{**WHOLE, "Firewall": firewall, "Api": api})
    assert {"ApiDomainMapping", "ApiMapping"} & set(stack.resources) == ({mapping} if mapping else set())
    if mapping:
        found = stack.properties(mapping)
        assert found["ApiId" if mapping == "ApiMapping" else "RestApiId"] == f"ref-of-{leads_to}"
        assert not {"ApiMappingKey", "BasePath"} & set(found), "a path of its own would be part of every address"
        assert found["Stage"] == {"RestAPI": "ref-of-RestAPI.Stage", "HttpApi": "ref-of-HttpApiStage"}[str(leads_to)]
    domain = stack.properties("ApiDomain")
    assert (domain["SecurityPolicy"], domain["EndpointConfiguration"]) == ("TLS_1_2", {"Types": ["REGIONAL"]})
    assert stack.outputs["ApiDomainTarget"] == "RegionalDomainName-of-ApiDomain", "DNS need not change."


def test_a_firewall_moves_a_domain_in_place(template: dict[str, Any]) -> None:
    """What changes of the mapping is what AWS changes without making it anew: its create-only property stays."""
    with_, without = (
        Stack(template, **{**WHOLE, "Firewall": value, "Api": "http"}).properties("ApiMapping")
        for value in ("on", "")
    )
    assert {name for name in with_ if with_[name] != without[name]} == {"ApiId", "Stage"}


def test_cloudfront_waits_for_what_it_leads_to(template: dict[str, Any]) -> None:
    assert set(template["Resources"]["Distribution"]["DependsOn"]) == {"HttpApiStage", "HttpApiInvokePermission"}
