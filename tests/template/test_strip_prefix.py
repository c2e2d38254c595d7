"""CloudFront's function takes the site's path off, and lets nothing through that could reach another path."""

import json

import pytest

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
    assert [answer.get("uri") for answer in handle([{"uri": path} for path in PASSES])] == list(PASSES.values())


def test_nothing_unclean_passes(handle: Handle) -> None:
    for path, answer in zip(REFUSED, handle([{"uri": path} for path in REFUSED]), strict=True):
        assert answer.get("statusCode") == 404, path
        assert json.loads(answer["body"])["code"] == "not_found"
        assert answer["headers"]["cache-control"]["value"] == "private, no-store"


def test_the_rest_of_the_request_is_left_alone(handle: Handle) -> None:
    request = {"uri": "/support/donate", "querystring": {"lang": {"value": "uk"}}, "cookies": {"a": {"value": "b"}}}
    assert handle([request]) == [{**request, "uri": "/donate"}]
