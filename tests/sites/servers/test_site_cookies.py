"""The website's own server sees none of our cookies, whatever stands before it, and all of its own as they came."""

import http.client
import itertools
import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.http import cookies
from localdev.ports import ROOT
from tests.sites.servers.cookie_cases import CASES, CHECKOUT, PASS, SESSION, Case
from tests.sites.servers.upstream import KEPT, Upstream, upstream
from tests.sites.servers.websites import Ask, apache, cloudflare, files_of_the_site, netlify, nginx, recipe
from tests.template.conftest import finished
from tests.template.edge_function import Handle, runs
from tests.template.resolve import WHOLE, Stack

# A new address each time, for no cache to answer.
_NUMBERS = itertools.count()
ALL_OF_OURS = ("session", "pass", "checkout", "pending", "known", "ask", "asked")


def page() -> str:
    return f"/page?{next(_NUMBERS)}"


@pytest.fixture(scope="module")
def behind() -> Iterator[Upstream]:
    """The website's own program, and the API."""
    with upstream() as server:
        yield server


@pytest.fixture(scope="module", params=[nginx, apache, netlify, cloudflare], ids=lambda made: made.__name__)
def website(request: pytest.FixtureRequest, behind: Upstream) -> Iterator[Ask]:
    """A website with the recipe before it."""
    with (
        tempfile.TemporaryDirectory(prefix="website-") as folder,
        request.param(behind, files_of_the_site(Path(folder))) as asked,
    ):
        yield asked


@pytest.fixture
def site(behind: Upstream) -> Upstream:
    """The same program, having seen nothing yet."""
    behind.seen.clear()
    return behind


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_site_sees_its_own_cookies_only(website: Ask, site: Upstream, case: Case) -> None:
    website("GET", page(), {"Cookie": case.sent} if case.sent else {})
    (seen,) = site.seen
    assert seen.target.startswith("/page")
    assert seen.headers.get("cookie", "") == case.left
    assert ("cookie" in seen.headers) is bool(case.left)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_api_sees_all_of_them(website: Ask, site: Upstream, case: Case) -> None:
    website("GET", "/support/v1/session", {"Cookie": case.sent} if case.sent else {})
    (seen,) = site.seen
    assert seen.headers.get("cookie", "") == case.sent


def test_nothing_of_ours_comes_by_another_way(website: Ask, site: Upstream) -> None:
    website("GET", page(), {"Cookie": f"{SESSION}; {PASS}; {CHECKOUT}; a=1"})
    (seen,) = site.seen
    assert "spilno-" not in json.dumps(
        {name: value for name, value in seen.headers.items() if name != "x-spilno-proxy"}
    )


@pytest.mark.parametrize("target", ["/support/../page", "/support/%2e%2e/page", "//page", "/./page"])
def test_a_crooked_path_does_not_bring_them_to_the_site(website: Ask, site: Upstream, target: str) -> None:
    website("GET", target, {"Cookie": f"{SESSION}; a=1"})
    for seen in site.seen:
        assert seen.headers.get("cookie", "") == "a=1"


def test_several_lines(website: Ask, site: Upstream) -> None:
    """No browser sends two; what comes out is joined as that server joins them."""
    connection = http.client.HTTPConnection("127.0.0.1", website.port, timeout=10)
    connection.putrequest("GET", page())
    for line in (f"a=1; {SESSION}", f"{PASS}; b=2", "c=3", "spilno-ask=1"):
        connection.putheader("Cookie", line)
    connection.endheaders()
    connection.getresponse().read()
    connection.close()
    (seen,) = site.seen
    assert seen.headers["cookie"].replace(", ", "; ") == "a=1; b=2; c=3"


@pytest.mark.parametrize("website", [nginx, apache], indirect=True, ids=["nginx", "apache"])
def test_the_sites_cache_is_not_split_by_them(website: Ask, site: Upstream) -> None:
    for ours in (f"{SESSION}; ", "", f"{PASS}; ", "__Host-spilno-session=another; "):
        assert website("GET", KEPT, {"Cookie": f"{ours}theme=dark"}).status == 200
    assert len(site.seen) == 1
    website("GET", KEPT, {"Cookie": f"{SESSION}; theme=light"})
    assert len(site.seen) == 2, "By its own it still is."


@pytest.mark.parametrize("website", [nginx], indirect=True, ids=["nginx"])
class TestNginx:
    @pytest.mark.parametrize("case", CASES.values(), ids=CASES)
    def test_php_sees_its_own_cookies_only(self, website: Ask, case: Case) -> None:
        told = json.loads(website("GET", "/php", {"Cookie": case.sent} if case.sent else {}).body)
        assert told["REQUEST_URI"] == "/php"
        assert told.get("HTTP_COOKIE", "") == case.left

    def test_marks_of_the_meter_between_the_sites_own_are_all_taken_out(self, website: Ask, site: Upstream) -> None:
        read = "; ".join(f"a{number}=1; __Host-spilno-m-{number:05}=x" for number in range(11))
        website("GET", page(), {"Cookie": f"{SESSION}; {read}; b=2"})
        (seen,) = site.seen
        assert seen.headers["cookie"] == "; ".join([*(f"a{number}=1" for number in range(11)), "b=2"])

    def test_more_of_ours_than_it_takes_apart_leave_none(self, website: Ask, site: Upstream) -> None:
        """A plugin that sets names like ours between the real ones must not bring one of these through."""
        stirred = "".join(f"spilno-{number}=x; a{number}=1; " for number in range(14))
        website("GET", page(), {"Cookie": f"{stirred}{SESSION}; b=2"})
        (seen,) = site.seen
        assert "cookie" not in seen.headers


# ---- CloudFront ----


@pytest.fixture(scope="module")
def handle(request: pytest.FixtureRequest) -> Handle:
    """The deployed function."""
    script = Stack(finished("prod"), **WHOLE).properties("SiteCookies")["FunctionCode"]
    return runs(script, request)


def as_cloudfront_tells(sent: str) -> dict[str, Any]:
    """As in https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html ."""
    cookies: dict[str, Any] = {}
    for part in filter(None, (part.strip(" \t") for part in sent.split(";"))):
        name, _, value = part.partition("=")
        if name in cookies:
            cookies[name].setdefault("multiValue", [{"value": cookies[name]["value"]}]).append({"value": value})
        else:
            cookies[name] = {"value": value}
    return {"method": "GET", "uri": "/page", "headers": {"host": {"value": "news.example"}}, "cookies": cookies}


def test_cloudfront_takes_them_away(handle: Handle) -> None:
    sent = [as_cloudfront_tells(case.sent) for case in CASES.values()]
    assert handle(sent) == [as_cloudfront_tells(case.left) for case in CASES.values()]


def test_cloudfront_does_it_where_a_name_comes_with_its_white_space(handle: Handle) -> None:
    request = {"uri": "/", "cookies": {" \t__Host-spilno-session": {"value": "s"}, "\xa0spilno-a": {"value": "1"}}}
    assert handle([request]) == [{"uri": "/", "cookies": {"\xa0spilno-a": {"value": "1"}}}]


def test_every_way_to_the_website_has_the_function_and_no_way_to_the_api() -> None:
    config = Stack(finished("prod"), **WHOLE).properties("Distribution")["DistributionConfig"]
    ways = [config["DefaultCacheBehavior"], *config["CacheBehaviors"]]
    for way in ways:
        (runs_first,) = way["FunctionAssociations"]
        assert runs_first["EventType"] == "viewer-request", "Later, the cache key is made already."
        expected = {"site": "SiteCookies", "api": "StripPrefix"}[way["TargetOriginId"]]
        assert runs_first["FunctionARN"] == f"FunctionMetadata.FunctionARN-of-{expected}"
    assert {way["TargetOriginId"] for way in ways} == {"site", "api"}


def test_the_table_knows_every_cookie_of_ours() -> None:
    """And that each of them begins as the recipes expect."""
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "chalicelib").rglob("*.py"))
    used = set(re.findall(r'(?:cookies\.(?:write|read|forget|started)\(call, |"Set-Cookie: )"([a-z]+)"', source))
    told = set(re.findall(r"^    ([a-z]+) {3,}\S", cookies.__doc__ or "", re.MULTILINE))
    assert used <= told == set(ALL_OF_OURS)
    runs = recipe("nginx http").count("$spilno_b$spilno_e;")
    a_months_marks = 5  # one a metered article, as the newsroom's file has it for the signed-in
    assert len(told) + a_months_marks <= runs, f"nginx takes {runs} runs of them out: add a line to its recipe."
    sent = " ".join(case.sent for case in CASES.values())
    assert all(re.search(rf"(^|[ ;])(__Host-)?spilno-{purpose}=", sent) for purpose in told)
