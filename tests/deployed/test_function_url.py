"""The way out of API Gateway: the block of docs/function-url.md, deployed as it stands there."""

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import urlsplit

import pytest

from localdev.ports import ROOT
from tests.deployed.cloud import Cloud
from tests.deployed.conftest import package
from tests.deployed.deployment import deploy
from tests.deployed.test_moving import is_signed_in, signed_in
from tests.deployed.visitor import visitor

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]


def block() -> dict[str, Any]:
    """The page's own block: resources by their logical ids."""
    page = (ROOT / "docs" / "function-url.md").read_text(encoding="utf-8")
    (found,) = re.findall(r"^```json function-url\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    return dict(json.loads(found))


def with_a_url(template: dict[str, Any]) -> None:
    """Put the page's block into a template."""
    template["Resources"] |= block()


def test_nobody_may_call_the_function_but_by_the_url() -> None:
    """`*` is everybody at AWS: each permission says by which way. Local AWS calls functions without asking these."""
    permissions = [one["Properties"] for one in block().values() if one["Type"] == "AWS::Lambda::Permission"]
    ways = {one["Action"]: (one.get("FunctionUrlAuthType"), one.get("InvokedViaFunctionUrl")) for one in permissions}
    assert ways == {"lambda:InvokeFunctionUrl": ("NONE", None), "lambda:InvokeFunction": (None, True)}


def test_a_reader_signs_in_by_it_and_refusals_are_the_same(
    clouds: Callable[[], AbstractContextManager[Cloud]],
) -> None:
    with clouds() as cloud:
        deployed = deploy(cloud, package("dev"), "dev", change=with_a_url)
        function = deployed.functions["APIHandler"]
        address = cloud.client("lambda").get_function_url_config(FunctionName=function)["FunctionUrl"]
        url = f"{cloud.endpoint}/_aws/lambda-url/{str(urlsplit(address).hostname).partition('.')[0]}"

        reader = signed_in(cloud, visitor(url))
        assert is_signed_in(reader, url)
        assert is_signed_in(reader, deployed.api), "it is one stage, whichever way in"

        page = visitor(url).get("/sign-in", **{"Accept": "text/html", "Accept-Encoding": "gzip"})
        assert page.headers["content-encoding"] == "gzip"
        assert "</html>" in page.text
        for method, path in (("GET", "/nothing"), ("POST", "/nothing"), ("PATCH", "/v1/newsroom")):
            by_url, by_api = (visitor(one).call(method, path) for one in (url, deployed.api))
            assert (by_url.status, by_url.json) == (by_api.status, by_api.json)
