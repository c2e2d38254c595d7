"""CloudFront's function takes the site's path off, and lets nothing through that could reach another path."""

import json
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from tests.template.conftest import finished
from tests.template.resolve import WHOLE, Stack

NODE = shutil.which("node")
Handle = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]

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
    """Runs the deployed script on requests: in node, or where there is none in Chromium."""
    script = Stack(finished("prod"), **WHOLE).properties("StripPrefix")["FunctionCode"]

    def written(requests: list[dict[str, Any]]) -> str:
        return f"{json.dumps(requests)}.map(request => handler({{request}}))"

    if NODE is None:
        page = request.getfixturevalue("browser").new_page()
        request.addfinalizer(page.close)  # noqa: PT021 - only of the page that is opened here
        return lambda requests: list(page.evaluate(f"(() => {{ {script}; return {written(requests)} }})()"))

    def in_node(requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
        program = f"{script}\nconsole.log(JSON.stringify({written(requests)}))"
        done = subprocess.run([NODE, "-e", program], capture_output=True, text=True, check=True)
        return list(json.loads(done.stdout))

    return in_node


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
