"""The REST API of before: what it lets through, what it says itself, and when it is there."""

import json
from typing import Any

import pytest

from bench.prices import read
from chalicelib.http.routes import ROUTES
from infra.template import firewall
from infra.template.throttles import ALL
from tests.template.resolve import GIVEN, Stack

ANY = "x-amazon-apigateway-any-method"
RESPONSES = "x-amazon-apigateway-gateway-responses"
INTEGRATION = "x-amazon-apigateway-integration"
# https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
OWN_STATUS = {
    "ACCESS_DENIED": 403,
    "API_CONFIGURATION_ERROR": 500,
    "BAD_REQUEST_BODY": 400,
    "BAD_REQUEST_PARAMETERS": 400,
    "DEFAULT_4XX": 400,
    "DEFAULT_5XX": 502,
    "INTEGRATION_FAILURE": 502,
    "INTEGRATION_TIMEOUT": 504,
    "MISSING_AUTHENTICATION_TOKEN": 404,
    "QUOTA_EXCEEDED": 429,
    "REQUEST_TOO_LARGE": 413,
    "RESOURCE_NOT_FOUND": 404,
    "THROTTLED": 429,
    "UNAUTHORIZED": 401,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "WAF_FILTERED": 403,
}


@pytest.fixture
def api(stack: Stack) -> Any:
    """The API's properties."""
    return stack.properties("RestAPI")


@pytest.fixture
def paths(api: Any) -> Any:
    """Its paths."""
    return api["DefinitionBody"]["paths"]


def test_it_is_regional_has_one_stage_and_takes_no_old_tls(api: Any) -> None:
    assert api["EndpointConfiguration"] == {"Type": "REGIONAL"}
    assert (api["StageName"], api["OpenApiVersion"]) == ("api", "2.0")
    assert api["DefinitionBody"]["x-amazon-apigateway-security-policy"] == "SecurityPolicy_TLS13_1_2_2021_06"


def test_it_writes_no_log_of_its_own(api: Any) -> None:
    assert "AccessLogSetting" not in api
    assert api["TracingEnabled"] is False
    for setting in api["MethodSettings"]:
        assert (setting["LoggingLevel"], setting["DataTraceEnabled"]) == ("OFF", False)


def test_every_route_of_ours_goes_to_the_function(paths: Any) -> None:
    for route in ROUTES:
        method = paths[route.path][route.method.lower()]
        assert "APIHandler" in method[INTEGRATION]["uri"]
        assert "security" not in method, "Who may do what is decided in the code."


def test_no_route_can_be_closed_more_cheaply_than_another(api: Any) -> None:
    """The throttle counts all callers together: a tighter one for giving would be a switch for one machine."""
    (setting,) = api["MethodSettings"]
    assert (setting["HttpMethod"], setting["ResourcePath"]) == ("*", "/*")
    assert (setting["ThrottlingRateLimit"], setting["ThrottlingBurstLimit"]) == ALL


def test_the_shared_throttle_is_several_times_what_one_address_may_do() -> None:
    assert ALL.rate >= 8 * firewall.LIMIT / firewall.WINDOW
    assert ALL.burst >= ALL.rate
    # Stripe's rush must fit: https://docs.stripe.com/webhooks, 25 a second to one endpoint
    assert ALL.rate >= 4 * 25


def test_it_still_bounds_the_bill() -> None:
    """A route that is called without end for a day costs at most what a small newsroom can bear."""
    prices = read()
    day = ALL.rate * 86_400 * (prices["api_request"].each + prices["lambda_request"].each)
    assert day < 70


@pytest.mark.parametrize("kind", sorted(OWN_STATUS))
def test_its_own_answers_are_problems_of_ours(api: Any, kind: str) -> None:
    answer = api["DefinitionBody"][RESPONSES][kind]
    (body,) = answer["responseTemplates"].values()
    problem = json.loads(body)
    assert problem["status"] == int(answer["statusCode"]) == OWN_STATUS[kind]
    assert problem["type"] == f"urn:spilno:problem:{problem['code']}"
    headers = answer["responseParameters"]
    assert headers["gatewayresponse.header.Content-Type"] == "'application/problem+json'"
    assert headers["gatewayresponse.header.Cache-Control"] == "'private, no-store'"
    assert "$" not in body, "Nothing of the request, nor of the error, is repeated."


def test_all_its_own_answers_are_looked_at(api: Any) -> None:
    assert set(api["DefinitionBody"][RESPONSES]) == set(OWN_STATUS)


def test_who_is_held_back_is_told_for_how_long(api: Any) -> None:
    for kind in ("THROTTLED", "QUOTA_EXCEEDED"):
        headers = api["DefinitionBody"][RESPONSES][kind]["responseParameters"]
        assert int(headers["gatewayresponse.header.Retry-After"].strip("'")) > 0


def test_another_method_of_a_known_path_is_405(paths: Any) -> None:
    taken = {path: {route.method for route in ROUTES if route.path == path} for path in paths if path != "/{proxy+}"}
    for path, methods in taken.items():
        default = paths[path][ANY][INTEGRATION]["responses"]["default"]
        assert default["statusCode"] == "405"
        allow = set(default["responseParameters"]["method.response.header.Allow"].strip("'").split(", "))
        assert allow - {"OPTIONS"} == methods | ({"HEAD"} if "GET" in methods else set())


def test_head_is_taken_wherever_get_is(paths: Any) -> None:
    for path, methods in paths.items():
        taken = any((route.method, route.path) == ("GET", path) for route in ROUTES)
        assert ("head" in methods) == (taken or path == "/{proxy+}")
        if "head" in methods:
            assert methods["head"][INTEGRATION] == methods["get"][INTEGRATION]


def test_what_a_person_may_type_comes_to_the_function(paths: Any) -> None:
    """API Gateway's own answers are JSON in English: a browser's GET never meets one."""
    for path, methods in paths.items():
        assert methods["get"][INTEGRATION]["type"] == "aws_proxy", path


def test_an_unknown_path_is_404_whatever_is_sent_along(paths: Any) -> None:
    """Without a path for the rest, API Gateway takes an Authorization header for its own and answers 403."""
    methods = paths["/{proxy+}"]
    assert set(methods) == {"get", "head", ANY}
    integration = methods[ANY][INTEGRATION]
    assert integration["type"] == "mock"
    for template in integration["requestTemplates"].values():
        assert json.loads(template) == {"statusCode": 404}
    default = integration["responses"]["default"]
    (body,) = default["responseTemplates"].values()
    assert json.loads(body)["code"] == "not_found"
    assert set(default["responseParameters"]) == {
        f"method.response.header.{name}" for name in methods[ANY]["responses"]["404"]["headers"]
    }


@pytest.mark.parametrize(
    ("api", "firewall", "there"),
    [
        ("both", "", True),
        ("rest", "", True),
        ("moving", "", True),
        ("http", "", False),
        ("http", "on", True),
    ],
)
def test_it_is_there_until_one_has_moved_and_with_a_firewall(
    template: dict[str, Any], api: str, firewall: str, *, there: bool
) -> None:
    """AWS WAF stands before no HTTP API."""
    stack = Stack(template, **GIVEN, Api=api, Firewall=firewall)
    for resource in ("RestAPI", "APIHandlerInvokePermission"):
        assert (resource in stack.resources) is there
    assert ("RestApiUrl" in stack.outputs) is there


def test_a_deployment_that_says_nothing_keeps_it(template: dict[str, Any]) -> None:
    """Whoever comes from the version before has a server that still asks its address."""
    assert template["Parameters"]["Api"]["Default"] == "both"
    stack = Stack(template, **GIVEN)
    assert stack.outputs["RestApiUrl"] == "https://ref-of-RestAPI.execute-api.eu-central-1.amazonaws.com/api"
