"""The recipes of docs/same-origin.md, taken from the page and run: nginx, Apache, and the two scripts in node."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from localdev.ports import ROOT
from tests.support.ports import free_port
from tests.template.upstream import COOKIES, SITE, Answer, Upstream, ask, upstream

PAGE = (ROOT / "docs" / "same-origin.md").read_text(encoding="utf-8")
API = "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com"
SECRET = "the-secret"
# The last three only so that there is a cache, which the recipe must keep away from the API.
MODULES = ("mpm_event", "authz_core", "alias", "setenvif", "log_config", "proxy", "proxy_http", "ssl", "headers",
           "socache_shmcb", "cache", "cache_disk")  # fmt: skip
TOKEN = "a-token-that-signs-in"
Ask = Callable[..., Answer]


def recipe(language: str) -> str:
    """One block of code of the page."""
    found = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert len(found) == 1, language
    return str(found[0])


def program(name: str) -> str:
    """Where it is installed; else the test is skipped."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if path is None:
        pytest.skip(f"{name} is not installed here")
    return path


@contextmanager
def running(command: list[str], port: int, folder: Path) -> Iterator[None]:
    """A server of ours until the end of the test, and only that one."""
    with (folder / "out").open("w") as out, subprocess.Popen(command, stdout=out, stderr=out) as process:
        try:
            deadline = time.monotonic() + 15
            while process.poll() is None and time.monotonic() < deadline:
                with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                time.sleep(0.05)
            else:
                raise AssertionError((folder / "out").read_text())
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(15)


def files_of_the_site(folder: Path) -> Path:
    """The website's own files, in a folder of their own."""
    site = folder / "site"
    site.mkdir(mode=0o755)
    (site / "supporters").write_text("our supporters")
    (site / "secret").write_text("not the API")
    # A server started by root works as somebody else, who must get here.
    for parent in (site, *site.parents):
        if parent.stat().st_uid == os.getuid() and parent != Path(tempfile.gettempdir()):
            parent.chmod(parent.stat().st_mode | 0o055)
    return site


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


@contextmanager
def nginx(api: Upstream, site: Path) -> Iterator[Ask]:
    """Nginx with the recipe in its `server` block, and the API in the place of AWS's."""
    path, port, folder = program("nginx"), free_port(), site.parent
    ours = recipe("nginx").replace("https://$spilno", "http://$spilno").replace(API, f"127.0.0.1:{api.server_port}")
    temporary = "\n".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"""
        daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
        events {{}}
        http {{
            {temporary}
            access_log {folder}/access.log;
            server {{
                listen 127.0.0.1:{port};
                root {site};
                proxy_set_header Host $host;  # as many sites have it; the recipe must not take it over
                {ours}
            }}
        }}
        """
    )
    with running([path, "-p", str(folder), "-c", str(folder / "nginx.conf")], port, folder):
        yield lambda *told, **more: ask(port, *told, **more)


@contextmanager
def apache(api: Upstream, site: Path) -> Iterator[Ask]:
    """Apache with the recipe in its server, and the API in the place of AWS's."""
    path, port, folder = program("apache2"), free_port(), site.parent
    ours = recipe("apache").replace(f"https://{API}", f"http://127.0.0.1:{api.server_port}")
    folders = (Path("/usr/lib/apache2/modules"), Path("/usr/lib64/httpd/modules"))
    files = [modules / f"mod_{name}.so" for modules in folders for name in MODULES]
    # What is not there as a file is built in.
    modules = "\n".join(f"LoadModule {file.stem[4:]}_module {file}" for file in files if file.exists())
    user = "User www-data\nGroup www-data" if os.getuid() == 0 else ""
    (folder / "cache").mkdir()
    (folder / "cache").chmod(0o777)
    (folder / "apache.conf").write_text(
        f"""
        ServerRoot {folder}
        DefaultRuntimeDir {folder}
        PidFile {folder}/pid
        {modules}
        {user}
        Listen 127.0.0.1:{port}
        ServerName news.example
        DocumentRoot {site}
        <Directory {site}>
            Require all granted
        </Directory>
        ErrorLog {folder}/error.log
        CacheRoot {folder}/cache
        CacheEnable disk /
        CacheIgnoreNoLastMod On
        CacheStoreNoStore On
        CacheStorePrivate On
        {ours}
        CustomLog {folder}/access.log "%r" env=!spilno
        """
    )
    with running([path, "-X", "-f", str(folder / "apache.conf")], port, folder):
        yield lambda *told, **more: ask(port, *told, **more)


SERVER = """
import http from "node:http";
import handle from "./recipe.mjs";
http.createServer(async (incoming, outgoing) => {
  const url = "https://news.example" + incoming.url;
  if (!/^[/]support([/]|$)/.test(new URL(url).pathname)) { outgoing.end("our supporters"); return; }
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const hasBody = !["GET", "HEAD"].includes(incoming.method);
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers))
    if (!["connection", "content-length", "transfer-encoding"].includes(name)) headers.set(name, value);
  headers.set("CF-Connecting-IP", "127.0.0.1");
  const body = hasBody ? Buffer.concat(chunks) : undefined;
  const request = new Request(url, { method: incoming.method, headers, body });
  const answer = await ANSWER(request);
  outgoing.writeHead(answer.status, [...answer.headers].flat());
  outgoing.end(Buffer.from(await answer.arrayBuffer()));
}).listen(PORT, "127.0.0.1");
"""


@contextmanager
def script(api: Upstream, site: Path, *, name: str, prelude: str, answer: str) -> Iterator[Ask]:
    """A script of the page in node, which knows the same Request, Headers and fetch."""
    path, port, folder = program("node"), free_port(), site.parent
    env = json.dumps({"SPILNO_API": f"http://127.0.0.1:{api.server_port}/api", "SPILNO_PROXY_SECRET": SECRET})
    (folder / "recipe.mjs").write_text(recipe(f"js {name}"))
    server = SERVER.replace("ANSWER", answer).replace("PORT", str(port))
    (folder / "server.mjs").write_text(f"const ENV = {env};\n{prelude}\n{server}")
    with running([path, str(folder / "server.mjs")], port, folder):
        yield lambda *told, **more: ask(port, *told, **more)


def netlify(api: Upstream, site: Path) -> object:
    """Netlify's edge function."""
    prelude = "globalThis.Netlify = { env: { get: (name) => ENV[name] } };"
    return script(api, site, name="netlify", prelude=prelude, answer="((r) => handle(r, { ip: '127.0.0.1' }))")


def cloudflare(api: Upstream, site: Path) -> object:
    """Cloudflare's Worker."""
    return script(api, site, name="cloudflare", prelude="", answer="((r) => handle.fetch(r, ENV))")


@pytest.fixture(scope="module", params=[nginx, apache, netlify, cloudflare], ids=lambda made: made.__name__)
def website(
    request: pytest.FixtureRequest, behind: Upstream, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ask]:
    """A website with the API under `/support/`."""
    with request.param(behind, files_of_the_site(tmp_path_factory.mktemp("website"))) as asked:
        yield asked


def test_the_prefix_comes_off_and_nothing_else_changes(website: Ask, api: Upstream) -> None:
    answer = website("GET", "/support/v1/session?everywhere=true&q=%D0%B0%26", {"Cookie": "__Host-a=1; b=2"})
    (seen,) = api.seen
    assert (seen.method, seen.target) == ("GET", "/api/v1/session?everywhere=true&q=%D0%B0%26")
    assert seen.headers["cookie"] == "__Host-a=1; b=2"
    assert seen.headers["host"] == f"127.0.0.1:{api.server_port}", "API Gateway knows itself by its own name only."
    assert answer.status == 200
    assert answer.header("Set-Cookie") == list(COOKIES)
    assert answer.header("Cache-Control") == ["private, no-store"]


def test_the_reader_is_told_and_cannot_be_feigned(website: Ask, api: Upstream) -> None:
    website("GET", "/support/v1/session", {"X-Forwarded-For": "6.6.6.6", "X-Spilno-Proxy": "guessed"})
    (seen,) = api.seen
    assert seen.headers["x-spilno-proxy"] == SECRET
    assert seen.headers["x-forwarded-for"] == "127.0.0.1"


def test_nothing_is_kept(website: Ask, api: Upstream) -> None:
    for _ in range(2):
        website("GET", "/support/v1/session")
        website("GET", "/support/v1/newsroom")
        website("GET", "/support/v1/articles/unknown")
    assert len(api.seen) == 6


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
    assert [one.target for one in api.seen] == ["/api/"]
    assert website("GET", "/supporters").body == b"our supporters"
    assert len(api.seen) == 1


@pytest.mark.parametrize("target", ["/support/../secret", "/support/%2e%2e/secret", "/support/v1/../../../prod/x"])
def test_nothing_climbs_out_of_the_api(website: Ask, api: Upstream, target: str) -> None:
    website("GET", target)
    assert all(one.target.startswith("/api/") and ".." not in one.target for one in api.seen)


@pytest.mark.parametrize("made", [nginx, apache], ids=lambda made: made.__name__)
def test_no_log_holds_a_sign_in_link(made: Callable[..., object], api: Upstream, tmp_path: Path) -> None:
    with made(api, files_of_the_site(tmp_path)) as asked:  # type: ignore[attr-defined] # a context manager
        asked("GET", f"/support/v1/sign-in/{TOKEN}")
        asked("GET", "/supporters")
    assert len(api.seen) == 1
    written = "".join(file.read_text() for file in tmp_path.glob("*.log"))
    assert TOKEN not in written
    assert "/supporters" in written, "The site's own log goes on."


def test_nginx_takes_the_recipe_as_it_stands(tmp_path: Path) -> None:
    path = program("nginx")
    if not Path("/etc/ssl/certs/ca-certificates.crt").exists():
        pytest.skip("This machine has no list of certificate authorities.")
    conf = tmp_path / "nginx.conf"
    server = f"http {{ access_log off; server {{ {recipe('nginx')} }} }}"
    conf.write_text(f"pid {tmp_path}/pid; error_log {tmp_path}/e; events {{}} {server}")
    command = [path, "-t", "-p", str(tmp_path), "-c", str(conf)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_page_tells_of_the_headers_that_the_api_reads() -> None:
    proxy = (ROOT / "chalicelib" / "web" / "proxy.py").read_text(encoding="utf-8")
    for header in ("X-Spilno-Proxy", "X-Forwarded-For"):
        assert header.lower() in proxy
        for language in ("nginx", "apache", "js netlify", "js cloudflare"):
            assert header in recipe(language)
    assert "X-Spilno-Proxy" in recipe("yaml")
