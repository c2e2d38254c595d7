"""The headers that guard every hosted page, whoever it is shown to and whatever went wrong."""

import pytest

from testkit.harness import Harness
from testkit.visitor import Visitor

HSTS = "strict-transport-security"
PAGES = ["/donate", "/sign-in", "/sign-in?sent=1", "/v1/sign-in/nobody.knows", "/thanks/cs_unknown", "/read/unknown"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_guarded(harness: Harness, path: str) -> None:
    reply = Visitor().navigate(path)
    assert reply.headers["content-type"].startswith("text/html")
    assert reply.headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in reply.headers["permissions-policy"]
    assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]
    assert HSTS not in reply.headers, "nothing insists on https where there is none"
    harness.wiring.settings = harness.settings._replace(public_url="https://news.example/support")
    assert Visitor().navigate(path).headers[HSTS] == "max-age=31536000"


@pytest.mark.usefixtures("harness")
def test_an_answer_for_scripts_has_no_need_of_them() -> None:
    reply = Visitor().get("/v1/newsroom")
    assert {"cross-origin-opener-policy", "permissions-policy", HSTS} & set(reply.headers) == set()
    assert reply.headers["x-content-type-options"] == "nosniff"
