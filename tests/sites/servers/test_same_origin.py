"""The recipes of docs/same-origin.md, taken from the page and run: nginx, Apache, and the two scripts in node."""

import json
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from localdev.ports import ROOT
from tests.sites.servers.upstream import COOKIES, ONE_READERS, PUBLIC, SITE, Upstream, upstream
from tests.sites.servers.websites import (
    NGINX_CACHE,
    SECRET,
    Ask,
    apache,
    cloudflare,
    files_of_the_site,
    netlify,
    nginx,
    program,
    recipe,
)

TOKEN = "a-token-that-signs-in"


@pytest.fixture(scope="module")
def behind() -> Iterator[Upstream]:
    """The API behind the websites."""
    with upstream() as server:
        yield server


@pytest.fixture
def api(behind: Upstream) -> Upstream:
    """The same, having seen nothing yet."""
    behind.seen.clear()
    return behind


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that a server's own user can reach: pytest closes the one above its folders at each start of it."""
    with tempfile.TemporaryDirectory(prefix="website-") as made:
        yield Path(made)


@pytest.fixture(scope="module", params=[nginx, apache, netlify, cloudflare], ids=lambda made: made.__name__)
def website(request: pytest.FixtureRequest, behind: Upstream, folder: Path) -> Iterator[Ask]:
    """A website with the API under `/support/`."""
    own = Path(tempfile.mkdtemp(dir=folder))
    with request.param(behind, files_of_the_site(own)) as asked:
        yield asked


def test_the_prefix_comes_off_and_nothing_else_changes(website: Ask, api: Upstream) -> None:
    answer = website("GET", "/support/v1/session?everywhere=true&q=%D0%B0%26", {"Cookie": "__Host-a=1; b=2"})
    (seen,) = api.seen
    assert (seen.method, seen.target) == ("GET", "/v1/session?everywhere=true&q=%D0%B0%26")
    assert seen.headers["cookie"] == "__Host-a=1; b=2"
    assert seen.headers["host"] == f"127.0.0.1:{api.server_port}", "API Gateway knows itself by its own name only."
    assert answer.status == 200
    assert answer.header("Set-Cookie") == list(COOKIES)
    assert answer.header("Cache-Control") == ["private, no-store"]


def test_the_reader_is_told_and_cannot_be_feigned(website: Ask, api: Upstream) -> None:
    feigned = {"X-Forwarded-For": "6.6.6.6", "X-Spilno-Proxy": "guessed", "X-Spilno-Country": "US"}
    website("GET", "/support/v1/session", feigned)
    (seen,) = api.seen
    assert not seen.headers.get("x-spilno-country"), "none of them knows the country here"
    assert seen.headers["x-spilno-proxy"] == SECRET
    assert seen.headers["x-forwarded-for"] == "127.0.0.1"


def test_nothing_that_one_reader_sees_is_kept(website: Ask, api: Upstream) -> None:
    """Not even where the answer says that it may be: the path decides, too."""
    paths = ("/v1/session", "/v1/articles/unknown", *ONE_READERS)
    for _ in range(2):
        for path in paths:
            website("GET", f"/support{path}")
    assert sorted(one.target for one in api.seen) == sorted(2 * paths)


def _with_a_cache(request: pytest.FixtureRequest) -> bool:
    return request.node.callspec.params["website"] in (nginx, apache)


@pytest.mark.parametrize("path", PUBLIC)
def test_what_is_the_same_for_everybody_is_kept_for_everybody(
    request: pytest.FixtureRequest, website: Ask, api: Upstream, path: str
) -> None:
    """Cookies and tokens split nothing, the origin does (one answer names it); HEAD is answered from what is kept.

    The recipes without a cache are the negative control: each call goes on to the API.
    """
    address = f"/support{path}"
    origin = {
        "Origin": f"https://{abs(hash((path, website.port)))}.example"
    }  # of this test alone: the server goes on
    readers: list[dict[str, str]] = [{}, {"Cookie": "__Host-spilno-session=a"}, {"Authorization": "Bearer b"}]
    readers += [{"Accept-Language": "uk"}, {"Cookie": "spilno-ask=1; theme=dark"}]
    answers = [website("GET", address, {**origin, **reader}) for reader in readers]
    looked = website("HEAD", address, origin)
    assert len({(one.status, one.body, *one.header("Cache-Control")) for one in answers}) == 1
    assert (looked.status, looked.body) == (answers[0].status, b"")
    assert not [cookie for one in answers for cookie in one.header("Set-Cookie")]
    assert len(api.seen) == (1 if _with_a_cache(request) else len(readers) + 1)
    website("GET", address, {"Origin": "https://another.example"})
    if path == "/v1/newsroom":
        assert api.seen[-1].headers["origin"] == "https://another.example"


def test_what_changes_something_always_goes_on(website: Ask, api: Upstream) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        for path in PUBLIC:
            website(method, f"/support{path}")
    assert len(api.seen) == 4 * len(PUBLIC)


def test_the_very_bytes_arrive(website: Ask, api: Upstream) -> None:
    body = b'{"id": "evt_1",\r\n "object":\t"event", "x": "\xd0\x96"}'
    website("POST", "/support/v1/stripe/webhook", {"Stripe-Signature": "t=1,v1=a"}, body=body)
    website("POST", "/support/v1/sign-in", {"Content-Type": "application/x-www-form-urlencoded"}, body=b"email=a%40b")
    assert api.seen[0].body == body
    assert api.seen[0].headers["stripe-signature"] == "t=1,v1=a"
    assert api.seen[1].headers["content-type"] == "application/x-www-form-urlencoded"


def test_a_large_article_passes(website: Ask, api: Upstream) -> None:
    body = b"a" * (3 * 1024 * 1024)
    website("PUT", "/support/v1/articles/long", {"Authorization": "Bearer key"}, body=body)
    assert api.seen[0].body == body
    assert api.seen[0].headers["authorization"] == "Bearer key"


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS"])
def test_every_method_passes(website: Ask, api: Upstream, method: str) -> None:
    website(method, "/support/v1/session", {"Origin": "https://news.example"})
    assert [(one.method, one.headers["origin"]) for one in api.seen] == [(method, "https://news.example")]


def test_redirects_and_errors_are_the_apis_own(website: Ask) -> None:
    back = website("GET", "/support/v1/checkouts/return?session_id=cs_1")
    assert (back.status, back.header("Location")) == (303, [f"{SITE}/thanks/cs_1"])
    down = website("GET", "/support/v1/health")
    assert (down.status, json.loads(down.body)) == (503, {"code": "table_down"})
    unknown = website("GET", "/support/v1/unknown")
    assert (unknown.status, json.loads(unknown.body)) == (404, {"code": "not_found"})


def test_the_bare_address_leads_to_the_api_and_a_neighbour_to_the_site(website: Ask, api: Upstream) -> None:
    bare = website("GET", "/support")
    if bare.status == 308:
        assert re.fullmatch(r"(https?://news\.example(:\d+)?)?/support/", bare.header("Location")[0])
        website("GET", "/support/")
    assert [one.target for one in api.seen] == ["/"]
    assert website("GET", "/supporters").body == b"our supporters"
    assert len(api.seen) == 1


@pytest.mark.parametrize("target", ["/support/../secret", "/support/%2e%2e/secret", "/support/v1/../../../prod/x"])
def test_nothing_climbs_out_of_the_api(website: Ask, api: Upstream, target: str) -> None:
    website("GET", target)
    assert not [one.target for one in api.seen if ".." in one.target or one.target.endswith(("/secret", "/prod/x"))]


@pytest.mark.parametrize("made", [nginx, apache], ids=lambda made: made.__name__)
def test_no_log_holds_a_sign_in_link(made: Callable[..., object], api: Upstream, folder: Path) -> None:
    own = Path(tempfile.mkdtemp(dir=folder))
    with made(api, files_of_the_site(own)) as asked:  # type: ignore[attr-defined] # a context manager
        asked("GET", f"/support/v1/sign-in/{TOKEN}")
        asked("GET", "/supporters")
    assert len(api.seen) == 1
    written = "".join(file.read_text() for file in own.glob("*.log"))
    assert TOKEN not in written
    assert "/supporters" in written, "The site's own log goes on."


def test_nginx_takes_the_recipe_as_it_stands(tmp_path: Path) -> None:
    path = program("nginx")
    if not Path("/etc/ssl/certs/ca-certificates.crt").exists():
        pytest.skip("This machine has no list of certificate authorities.")
    conf = tmp_path / "nginx.conf"
    lines = f"proxy_cache x; {recipe('nginx proxy')} {recipe('nginx cache')}"
    site = f"location / {{ proxy_pass http://127.0.0.1:81; {lines} }}"
    php = f"location /php {{ fastcgi_pass 127.0.0.1:82; {recipe('nginx php')} }}"
    cache = f"proxy_cache_path {tmp_path}/cache keys_zone=x:1m;"
    ours = recipe("nginx http").replace(NGINX_CACHE, f"{tmp_path}/kept-api")
    server = f"http {{ access_log off; {cache} {ours} server {{ {recipe('nginx')} {site} {php} }} }}"
    conf.write_text(f"pid {tmp_path}/pid; error_log {tmp_path}/e; events {{}} {server}")
    command = [path, "-t", "-p", str(tmp_path), "-c", str(conf)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_page_tells_of_the_headers_that_the_api_reads() -> None:
    proxy = (ROOT / "chalicelib" / "http" / "proxy.py").read_text(encoding="utf-8")
    for header in ("X-Spilno-Proxy", "X-Forwarded-For"):
        assert header.lower() in proxy
        for language in ("nginx", "apache", "js netlify", "js cloudflare"):
            assert header in recipe(language)
    for language in ("nginx", "apache", "js netlify", "js cloudflare"):
        assert "X-Spilno-Country" in recipe(language)
    assert "X-Spilno-Proxy" in recipe("yaml")
