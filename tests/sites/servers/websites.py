"""Websites that hand `/support/` on to the API, each set up by a recipe of docs/same-origin.md."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import pytest

from localdev.ports import ROOT
from testkit.ports import free_port
from tests.sites.servers import fastcgi
from tests.sites.servers.upstream import Answer, Upstream, ask

PAGE = (ROOT / "docs" / "same-origin.md").read_text(encoding="utf-8")
NGINX_CACHE = "/var/cache/nginx-spilno"
API = "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com"
SECRET = "the-secret"
# The last three only so that there is a cache, which the recipe must keep away from the API.
MODULES = ("mpm_event", "authz_core", "alias", "setenvif", "log_config", "proxy", "proxy_http", "ssl", "headers",
           "socache_shmcb", "cache", "cache_disk")  # fmt: skip
_APACHE_MODULES = (Path("/usr/lib/apache2/modules"), Path("/usr/lib64/httpd/modules"))


class Ask:
    """Asks a website, as `upstream.ask` does."""

    def __init__(self, port: int) -> None:
        self.port = port

    def __call__(self, method: str, target: str, headers: dict[str, str] | None = None, body: bytes = b"") -> Answer:
        """What a browser would get."""
        return ask(self.port, method, target, headers, body)


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


@contextmanager
def nginx(api: Upstream, site: Path, rate: str = "25r/s") -> Iterator[Ask]:
    """Nginx with the recipe, and the API in the place of AWS's; the site's own programs at /page, /kept and /php.

    :param rate: instead of the page's own, for a test that shall not depend on how fast this machine is.
    """
    with fastcgi.program() as php, _nginx(api, site, php, rate) as asked:
        yield asked


@contextmanager
def _nginx(api: Upstream, site: Path, php: int, rate: str) -> Iterator[Ask]:
    path, port, folder = program("nginx"), free_port(), site.parent
    ours = recipe("nginx").replace("https://$spilno", "http://$spilno").replace(API, f"127.0.0.1:{api.server_port}")
    site_itself = f"http://127.0.0.1:{api.server_port}"
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
            set_real_ip_from 127.0.0.1;  # so that a test can come from anywhere
            real_ip_header X-Test-Address;
            proxy_cache_path {folder}/kept keys_zone=kept:1m;
            proxy_intercept_errors on;
            error_page 404 503 /supporters;
            {recipe("nginx http").replace("rate=25r/s", f"rate={rate}").replace(NGINX_CACHE, f"{folder}/kept-api")}
            server {{
                listen 127.0.0.1:{port};
                root {site};
                proxy_set_header Host $host;  # as many sites have it; the recipe must not take it over
                {ours}
                location /page {{
                    proxy_pass {site_itself};
                    {recipe("nginx proxy")}
                }}
                location /kept {{
                    proxy_pass {site_itself};
                    proxy_cache kept;
                    {recipe("nginx proxy")}
                    {recipe("nginx cache")}
                }}
                location /php {{
                    fastcgi_pass 127.0.0.1:{php};
                    fastcgi_param REQUEST_URI $request_uri;
                    {recipe("nginx php")}
                }}
            }}
        }}
        """
    )
    with running([path, "-p", str(folder), "-c", str(folder / "nginx.conf")], port, folder):
        yield Ask(port)


def apache_module(name: str) -> Path:
    """Where a module that comes in a package of its own lies; else the test is skipped."""
    for folder in _APACHE_MODULES:
        if (found := folder / f"mod_{name}.so").exists():
            return found
    pytest.skip(f"mod_{name} is not installed here")


@contextmanager
def apache(api: Upstream, site: Path, more: str = "") -> Iterator[Ask]:
    """Apache with the recipe in its server, and the API in the place of AWS's; `more` stands before all of it."""
    path, port, folder = program("apache2"), free_port(), site.parent
    ours = recipe("apache").replace(f"https://{API}", f"http://127.0.0.1:{api.server_port}")
    files = [modules / f"mod_{name}.so" for modules in _APACHE_MODULES for name in MODULES]
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
        {more}
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
        CacheQuickHandler off
        ProxyPass "/page" "http://127.0.0.1:{api.server_port}/page"
        ProxyPass "/kept" "http://127.0.0.1:{api.server_port}/kept"
        {ours}
        CustomLog {folder}/access.log "%r" env=!spilno
        """
    )
    with running([path, "-X", "-f", str(folder / "apache.conf")], port, folder):
        yield Ask(port)


SERVER = """
import http from "node:http";
import handle from "./recipe.mjs";
import site from "./site.mjs";
const toApi = globalThis.fetch;
const toSite = async (request) => {
  const { pathname, search } = new URL(request.url);
  if (!["/page", "/kept"].includes(pathname)) return new Response("our supporters");
  return toApi(ORIGIN + pathname + search, { method: request.method, headers: request.headers });
};
http.createServer(async (incoming, outgoing) => {
  const url = "https://news.example" + incoming.url;
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const hasBody = !["GET", "HEAD"].includes(incoming.method);
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers))
    if (!["connection", "content-length", "transfer-encoding"].includes(name)) headers.set(name, value);
  if (!headers.has("CF-Connecting-IP")) headers.set("CF-Connecting-IP", "127.0.0.1");
  const body = hasBody ? Buffer.concat(chunks) : undefined;
  const request = new Request(url, { method: incoming.method, headers, body });
  const ours = /^[/]support([/]|$)/.test(new URL(url).pathname);
  const answer = await (ours ? ANSWER(request) : SITE_ANSWER(request));
  outgoing.writeHead(answer.status, [...answer.headers].flat());
  outgoing.end(Buffer.from(await answer.arrayBuffer()));
}).listen(PORT, "127.0.0.1");
"""


@contextmanager
def script(api: Upstream, site: Path, *, name: str, prelude: str, answer: str, site_answer: str) -> Iterator[Ask]:
    """A script of the page in node, which knows the same Request, Headers and fetch."""
    path, port, folder = program("node"), free_port(), site.parent
    env = json.dumps({"SPILNO_API": f"http://127.0.0.1:{api.server_port}", "SPILNO_PROXY_SECRET": SECRET})
    (folder / "recipe.mjs").write_text(recipe(f"js {name}"))
    (folder / "site.mjs").write_text(recipe(f"js {name}-site"))
    server = SERVER.replace("SITE_ANSWER", site_answer).replace("ANSWER", answer)
    server = server.replace("ORIGIN", json.dumps(f"http://127.0.0.1:{api.server_port}")).replace("PORT", str(port))
    (folder / "server.mjs").write_text(f"const ENV = {env};\n{prelude}\n{server}")
    with running([path, str(folder / "server.mjs")], port, folder):
        yield Ask(port)


def netlify(api: Upstream, site: Path) -> AbstractContextManager[Ask]:
    """Netlify's edge functions."""
    prelude = "globalThis.Netlify = { env: { get: (name) => ENV[name] } };"
    answer = "((r) => handle(r, { ip: '127.0.0.1' }))"
    site_answer = "(async (r) => (await site(r, { next: toSite })) ?? toSite(r))"
    return script(api, site, name="netlify", prelude=prelude, answer=answer, site_answer=site_answer)


def cloudflare(api: Upstream, site: Path) -> AbstractContextManager[Ask]:
    """Cloudflare's Workers, and a limit of the kind that Cloudflare binds to them."""
    prelude = """
    const counted = {};
    ENV.SPILNO_LIMIT = { limit: async ({ key }) => ({ success: (counted[key] = (counted[key] ?? 0) + 1) <= 250 }) };
    """
    answer = "((r) => handle.fetch(r, ENV))"
    # A Worker's fetch of its own zone goes to the website.
    site_answer = """((r) => {
      globalThis.fetch = toSite;
      try { return site.fetch(r, ENV); } finally { globalThis.fetch = toApi; }
    })"""
    return script(api, site, name="cloudflare", prelude=prelude, answer=answer, site_answer=site_answer)
