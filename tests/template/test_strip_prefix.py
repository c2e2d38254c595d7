"""CloudFront's function takes the site's path off, and lets nothing through that could reach another path."""

import ipaddress
import json

import pytest

from chalicelib.kernel import client_limits as limits
from tests.template.conftest import finished
from tests.template.edge_function import Handle, runs
from tests.template.resolve import WHOLE, Stack

PASSES = {
    "/support/v1/session": "/v1/session",
    "/support": "/",
    "/support/": "/",
    "/support/widget.js": "/widget.js",
    "/support/v1/articles/a.b~c-d_e": "/v1/articles/a.b~c-d_e",
    "/support/v1/articles/...": "/v1/articles/...",
    "/support/v1/session/": "/v1/session/",
    "/support/support/v1": "/support/v1",
    "/support/v1/articles/%D0%B0": "/v1/articles/%D0%B0",
}
REFUSED = (
    "/supporters",
    "/Support/v1/session",
    "/v1/session",
    "/",
    "",
    "/x/../support/v1/session",
    "/support/../v1/session",
    "/support/v1/newsroom/../session",
    "/support/v1/newsroom/..",
    "/support/./v1/session",
    "/support//v1/session",
    "//support/v1/session",
    "/support/v1/%2e%2e/session",
    "/support/v1/.%2E/session",
    "/support/v1%2Fsession",
    "/support/v1%5csession",
    "/support\\v1\\session",
    "/support/v1/session%00.js",
    "/%73upport/v1/session",
)


@pytest.fixture(scope="module")
def handle(request: pytest.FixtureRequest) -> Handle:
    """The deployed function."""
    return runs(Stack(finished("prod"), **WHOLE).properties("StripPrefix")["FunctionCode"], request)


def test_the_path_comes_off(handle: Handle) -> None:
    assert [answer.get("uri") for answer in handle([{"uri": path, "headers": {}} for path in PASSES])] == list(
        PASSES.values()
    )


def test_nothing_unclean_passes(handle: Handle) -> None:
    for path, answer in zip(REFUSED, handle([{"uri": path} for path in REFUSED]), strict=True):
        assert answer.get("statusCode") == 404, path
        assert json.loads(answer["body"])["code"] == "not_found"
        assert answer["headers"]["cache-control"]["value"] == "private, no-store"


def test_the_rest_of_the_request_is_left_alone(handle: Handle) -> None:
    headers = {"accept": {"value": "*/*"}}
    query, cookies = {"lang": {"value": "uk"}}, {"__Host-spilno-session": {"value": "b"}}
    request = {"uri": "/support/donate", "querystring": query, "cookies": cookies, "headers": headers}
    ours = {"x-spilno-network": {"value": "203.0.113.7"}}
    assert handle([request]) == [{**request, "uri": "/donate", "headers": {**headers, **ours}}]


@pytest.mark.parametrize(
    ("viewer", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2"),
        ("2001:db8:1:2::6", "2001:db8:1:2"),
        ("2001:db8::6", "2001:db8:0:0"),
        ("2001:db8:0:0:1::", "2001:db8:0:0"),
        ("2001:db8::1:2:3:4:5", "2001:db8:0:1"),
        ("::1", "0:0:0:0"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
    ],
)
def test_the_firewall_is_told_whose_call_and_the_api_which_country(
    request: pytest.FixtureRequest, viewer: str, network: str
) -> None:
    """Whatever the caller says of itself; an IPv6 network as the code counts it, `kernel/client_limits.py`."""
    told = runs(Stack(finished("prod"), **WHOLE).properties("StripPrefix")["FunctionCode"], request, viewer)
    feigned = {"x-spilno-network": {"value": "198.51.100.1"}, "x-spilno-country": {"value": "US"}}
    known = {"cloudfront-viewer-country": {"value": "UA"}}
    answer, with_country = told([{"uri": "/support/donate", "headers": one} for one in (feigned, feigned | known)])
    assert answer["headers"] == {"x-spilno-network": {"value": network}}
    assert with_country["headers"] == {**answer["headers"], **known, "x-spilno-country": {"value": "UA"}}
    if "." not in viewer:
        expected = ipaddress.ip_network(f"{network}::/64")
        assert limits.network(viewer) == str(expected)
