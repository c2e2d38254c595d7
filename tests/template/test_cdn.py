"""CloudFront keeps what says that it may be kept, and nothing else."""

import ast
from fnmatch import fnmatchcase
from typing import Any

import pytest

from chalicelib.http.call import NO_STORE
from chalicelib.http.routes import ROUTES
from infra.template import cdn
from tests.template.reach import Node, ours
from tests.template.resolve import WHOLE, Stack

CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html, without 416: never kept
KEPT_BY_ITSELF = {400, 403, 404, 405, 414, 500, 501, 502, 503, 504}


@pytest.fixture
def config(whole: Stack) -> Any:
    """The distribution's configuration."""
    return whole.properties("Distribution")["DistributionConfig"]


# A path of ours -> CloudFront's pattern for it. An asterisk stands for anything, slashes too.
PATTERNS = {
    "/v1/articles/{id}/seal": "/v1/articles/*/seal",
    "/v1/articles/{id}/sealed/{version}": "/v1/articles/*/sealed/*",
    "/widget/{name}": "/widget/*",
}
# What a public route does not have is kept for a moment, too: tests/reading/test_seal.py.
REFUSALS = Node("chalicelib.http.endpoint", "_problem_answer")
# Kept by browsers alone: its address ends with a query, which is no part of CloudFront's key.
BY_BROWSERS = {"/donate.js"}


def cacheable() -> set[str]:
    """The paths of the routes whose view answers with a cache header of its own, read from the sources.

    For how long each is kept, and that it is the same for everybody: tests/http/test_kept_by_all.py.
    """
    found = set()
    seen = set()
    for route in ROUTES:
        module, _, function = route.view.partition(":")
        node = Node(f"chalicelib.{module}", function)
        for part in (part for body in ours().bodies[node] for part in ast.walk(body)):
            if isinstance(part, ast.keyword) and part.arg == "cache":
                seen.add(node)
                found.add(route.path)
    others = {
        node
        for node, bodies in ours().bodies.items()
        if node not in {*seen, REFUSALS} and (".views." in node.module or node.module.startswith("chalicelib.http"))
        for part in (part for body in bodies for part in ast.walk(body))
        if isinstance(part, ast.keyword) and part.arg == "cache"
    }
    assert not others, f"{others} set a cache header where this test does not look."
    return found - BY_BROWSERS


def test_what_is_kept_is_what_the_views_allow(config: Any) -> None:
    allowed = {PATTERNS.get(path, path) for path in cacheable()}
    kept = {one["PathPattern"] for one in config["CacheBehaviors"] if one["CachePolicyId"] != CACHING_DISABLED}
    assert kept == {f"/support{path}" for path in allowed}


def test_no_pattern_takes_in_another_route(config: Any) -> None:
    """An asterisk takes in slashes: what a reader's cookies decide must not come under what is kept."""
    kept = [one["PathPattern"] for one in config["CacheBehaviors"] if one["CachePolicyId"] != CACHING_DISABLED]
    allowed = cacheable()
    for route in ROUTES:
        path = f"/support{route.path}".replace("{id}", "a.b~c-d").replace("{token}", "a.b")
        is_kept = any(fnmatchcase(path, pattern) for pattern in kept)
        assert is_kept == (route.path in allowed), route.path


def test_everything_else_is_private() -> None:
    assert NO_STORE == "private, no-store"


def test_the_api_comes_first_and_the_rest_is_the_website(config: Any) -> None:
    patterns = [one["PathPattern"] for one in config["CacheBehaviors"]]
    assert patterns[-2:] == ["/support/*", "/support"], "What is kept must be tried before."
    assert {one["TargetOriginId"] for one in config["CacheBehaviors"]} == {"api"}
    assert config["DefaultCacheBehavior"]["TargetOriginId"] == "site"


def test_of_the_rest_nothing_is_kept_and_everything_is_passed_on(config: Any) -> None:
    for one in config["CacheBehaviors"]:
        assert set(one["AllowedMethods"]) == {"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"}
        assert one["ViewerProtocolPolicy"] == "redirect-to-https"
        if one["CachePolicyId"] == CACHING_DISABLED:
            assert one["OriginRequestPolicyId"] == ALL_VIEWER_EXCEPT_HOST


def test_no_error_is_kept(config: Any) -> None:
    """CloudFront keeps these for ten seconds whatever they say: one reader's 404 would be another's, too."""
    kept = {one["ErrorCode"]: one["ErrorCachingMinTTL"] for one in config["CustomErrorResponses"]}
    assert kept == dict.fromkeys(KEPT_BY_ITSELF, 0)


def test_what_is_kept_knows_nothing_of_the_reader(whole: Stack, config: Any) -> None:
    policy = whole.properties("CachePolicy")["CachePolicyConfig"]
    assert (policy["MinTTL"], policy["DefaultTTL"], policy["MaxTTL"]) == (0, 0, 31_536_000)
    key = policy["ParametersInCacheKeyAndForwardedToOrigin"]
    # The answer allows one origin to read it, so each origin has its own copy.
    assert key["HeadersConfig"] == {"HeaderBehavior": "whitelist", "Headers": ["Origin"]}
    assert key["CookiesConfig"] == {"CookieBehavior": "none"}
    assert key["QueryStringsConfig"] == {"QueryStringBehavior": "none"}
    assert key["EnableAcceptEncodingGzip"]
    assert key["EnableAcceptEncodingBrotli"]
    for one in config["CacheBehaviors"]:
        if one["CachePolicyId"] != CACHING_DISABLED:
            assert "OriginRequestPolicyId" not in one, "It would send cookies to what is kept for everybody."
            assert one["Compress"] is True


def test_the_api_believes_it_about_addresses(config: Any) -> None:
    api = next(origin for origin in config["Origins"] if origin["Id"] == "api")
    # With the firewall, which stands before no HTTP API.
    assert (api["DomainName"], api["OriginPath"]) == (
        "ref-of-RestAPI.execute-api.eu-central-1.amazonaws.com",
        "/ref-of-RestAPI.Stage",
    )
    assert api["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert api["OriginCustomHeaders"] == [{"HeaderName": "X-Spilno-Proxy", "HeaderValue": WHOLE["ProxySecret"]}]
    site = next(origin for origin in config["Origins"] if origin["Id"] == "site")
    assert "OriginCustomHeaders" not in site, "The website's host need not know the secret."


@pytest.mark.parametrize("api", ["both", "http", "moving"])
def test_it_leads_to_the_http_api_as_soon_as_there_is_one(template: dict[str, Any], api: str) -> None:
    stack = Stack(template, **{**WHOLE, "Firewall": "", "Api": api})
    origins = stack.properties("Distribution")["DistributionConfig"]["Origins"]
    (ours,) = (origin for origin in origins if origin["Id"] == "api")
    assert ours["DomainName"] == "ref-of-HttpApi.execute-api.eu-central-1.amazonaws.com"
    assert "OriginPath" not in ours


def test_it_speaks_what_is_current_and_writes_no_log(config: Any) -> None:
    assert config["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert (config["HttpVersion"], config["IPV6Enabled"]) == ("http2and3", True)
    assert config["Aliases"] == ["nadrichchia.example"]
    assert "Logging" not in config, "A log would hold paths, and a path may hold a sign-in link."


def test_the_path_is_that_of_the_public_address(template: dict[str, Any]) -> None:
    stack = Stack(template, **{**WHOLE, "PublicUrl": "https://nadrichchia.example/members"})
    patterns = {
        one["PathPattern"] for one in stack.properties("Distribution")["DistributionConfig"]["CacheBehaviors"]
    }
    assert patterns == {
        *(f"/members/{path}" for path in cdn.CACHED),
        "/members/*",
        "/members",
    }
    assert "var PREFIX = '/members', " in stack.properties("StripPrefix")["FunctionCode"]


@pytest.mark.parametrize(
    "address",
    [
        "https://nadrichchia.example",
        "https://other.example/support",
        "https://nadrichchia.example/a/b",
        "http://nadrichchia.example/support",
        "https://www.nadrichchia.example/support",
    ],
)
def test_an_address_that_does_not_fit_stops_the_deployment(template: dict[str, Any], address: str) -> None:
    stack = Stack(template, **{**WHOLE, "PublicUrl": address})
    (alias,) = stack.properties("Distribution")["DistributionConfig"]["Aliases"]
    assert alias.endswith(".invalid"), "CloudFront refuses it: no certificate is for that."


def test_the_script_fits_into_a_function_of_cloudfront(whole: Stack) -> None:
    function = whole.properties("StripPrefix")
    assert len(function["FunctionCode"].encode()) < 10_000
    assert function["FunctionConfig"]["Runtime"] == "cloudfront-js-2.0"
    assert function["AutoPublish"] is True
    assert "function stripPrefix(event)" in function["FunctionCode"]
    assert function["FunctionCode"].count("function handler(event)") == 1


def test_the_gate_at_the_edge_has_its_keys_from_a_store_and_none_in_the_template(whole: Stack) -> None:
    function = whole.properties("StripPrefix")
    assert function["FunctionConfig"]["KeyValueStoreAssociations"] == [
        {"KeyValueStoreARN": whole.outputs["EdgeKeysArn"]}
    ]
    assert whole.resources["StripPrefix"]["DependsOn"] == ["EdgeKeys"], "It can be associated once it is ready only."
    assert set(whole.properties("EdgeKeys")) == {"Name", "Comment"}, "ImportSource would be a file with keys in it."
    assert WHOLE["PassKeys"].partition(":")[2] not in str(function)
    assert "SPILNO_ISSUER = 'https://nadrichchia.example/support'" in function["FunctionCode"]
    assert "SPILNO_AUDIENCE = 'nadrichchia'" in function["FunctionCode"]
