"""CloudFront's function takes the site's path off, and lets nothing through that could reach another path."""

import json
import shutil
import subprocess
from typing import Any

import pytest

from tests.template.conftest import finished
from tests.template.resolve import WHOLE, Stack

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="needs node, which runs the script as CloudFront would")

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


def run(*paths: str) -> list[dict[str, Any]]:
    """What the deployed script makes of each path."""
    script = Stack(finished("prod"), **WHOLE).properties("StripPrefix")["FunctionCode"]
    ask = f"{script}\nconsole.log(JSON.stringify({json.dumps(paths)}.map(uri => handler({{request: {{uri}}}}))))"
    assert NODE
    done = subprocess.run([NODE, "-e", ask], capture_output=True, text=True, check=True)
    return list(json.loads(done.stdout))


def test_the_path_comes_off() -> None:
    assert [answer.get("uri") for answer in run(*PASSES)] == list(PASSES.values())


def test_nothing_unclean_passes() -> None:
    for path, answer in zip(REFUSED, run(*REFUSED), strict=True):
        assert answer.get("statusCode") == 404, path
        assert json.loads(answer["body"])["code"] == "not_found"
        assert answer["headers"]["cache-control"]["value"] == "private, no-store"


def test_the_rest_of_the_request_is_left_alone() -> None:
    script = Stack(finished("prod"), **WHOLE).properties("StripPrefix")["FunctionCode"]
    request = {"uri": "/support/donate", "querystring": {"lang": {"value": "uk"}}, "cookies": {"a": {"value": "b"}}}
    ask = f"{script}\nconsole.log(JSON.stringify(handler({{request: {json.dumps(request)}}})))"
    assert NODE
    done = subprocess.run([NODE, "-e", ask], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {**request, "uri": "/donate"}
