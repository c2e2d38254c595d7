"""Real servers with the gate at the edge, set up as docs/edge.md says; their clock is what a request says."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from os import environ
from pathlib import Path

import pytest

from integrations.edge.build import HERE
from localdev.ports import ROOT
from testkit.ports import free_port
from tests.edge.material import TOLD
from tests.sites.servers import websites
from tests.sites.servers.websites import files_of_the_site, program, running

PAGE = (ROOT / "docs" / "edge.md").read_text(encoding="utf-8")
WORKERD = ROOT / ".workerd" / "workerd"
_MODULES = (Path("/usr/lib/nginx/modules"), Path("/usr/lib64/nginx/modules"))


def recipe(language: str) -> str:
    """One block of code of the page."""
    _, _, rest = PAGE.partition(f"\n```{language}\n")
    assert rest, language
    return rest.partition("\n```")[0]


def with_clock(script: str, seconds: str) -> str:
    """A host's script, which takes the time from where a test says it."""
    assert script.count("Date.now()") == 1
    return script.replace("Date.now()", f"({seconds} * 1000)")


@contextmanager
def nginx(api: int) -> Iterator[tuple[int, Path]]:
    """Nginx with the recipe before the API at this port; answers its own, and the folder of the website's files."""
    path, port = program("nginx"), free_port()
    module = next((found for one in _MODULES if (found := one / "ngx_http_js_module.so").exists()), None)
    if module is None:
        pytest.skip("nginx's njs is not installed here")
    with tempfile.TemporaryDirectory(prefix="edge-") as made:
        folder = Path(made)
        site = files_of_the_site(folder)
        script = with_clock((HERE / "nginx.js").read_text(encoding="utf-8"), "Number(r.headersIn['X-Test-Now'])")
        (folder / "spilno-edge.js").write_text(script, encoding="utf-8")
        (folder / "spilno-keys.conf").write_text(_keys(), encoding="utf-8")
        ours = websites.recipe("nginx").replace("https://$spilno", "http://$spilno")
        whole = ours.replace(websites.API, f"127.0.0.1:{api}")
        inside = whole.partition("location /support/ {\n")[2].partition("\n}\n")
        (folder / "spilno-api.conf").write_text(inside[0], encoding="utf-8")
        beside = websites.recipe("nginx http").replace(websites.NGINX_CACHE, f"{folder}/kept-api")
        temporary = " ".join(
            f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"""
            load_module {module};
            daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
            events {{}}
            http {{
                {temporary}
                access_log off;
                {beside}
                {recipe("nginx edge http")}
                {recipe("nginx edge variants http")}
                server {{
                    listen 127.0.0.1:{port};
                    root {site};
                    {recipe("nginx edge")}
                    {recipe("nginx edge variants")}
                    {inside[2]}
                }}
            }}
            """.replace("/etc/nginx/", f"{folder}/"),
            encoding="utf-8",
        )
        with running([path, "-p", made, "-c", str(folder / "nginx.conf")], port, folder):
            yield port, site


def _keys() -> str:
    """The page's file of keys, with the table's."""
    text = recipe("nginx edge keys")
    pages = {
        "b:THE-PASS-KEY,a:THE-ONE-BEFORE": TOLD["pass_keys"],
        "k1:THE-ROOT": TOLD["seal_keys"],
        "https://news.example/support": TOLD["issuer"],
        "herald": TOLD["audience"],
    }
    for ours, table in pages.items():
        assert f'"{ours}"' in text
        text = text.replace(f'"{ours}"', f'"{table}"')
    return text


@contextmanager
def worker(api: int) -> Iterator[int]:
    """The Worker in the server that Cloudflare runs it in; what it fetches comes from the API at this port."""
    if not WORKERD.exists():
        words = "Workerd is not here: make .workerd/workerd fetches it (npm is needed)."
        if environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="edge-") as made:
        folder = Path(made)
        seconds = "Number(request.headers.get('X-Test-Now'))"
        script = with_clock((HERE / "cloudflare.js").read_text(encoding="utf-8"), seconds)
        (folder / "cloudflare.js").write_text(script, encoding="utf-8")
        bindings = ", ".join(
            f"(name = {json.dumps('SPILNO_' + name.upper())}, text = {json.dumps(value)})"
            for name, value in TOLD.items()
        )
        (folder / "config.capnp").write_text(
            f"""
            using Workerd = import "/workerd/workerd.capnp";
            const config :Workerd.Config = (
              services = [
                (name = "worker", worker = (
                  modules = [(name = "cloudflare.js", esModule = embed "cloudflare.js")],
                  compatibilityDate = "2026-11-01", compatibilityFlags = ["nodejs_compat"],
                  bindings = [{bindings}], globalOutbound = "origin")),
                (name = "origin", external = (address = "127.0.0.1:{api}", http = ())),
              ],
              sockets = [(name = "http", address = "127.0.0.1:{port}", http = (), service = "worker")]
            );
            """,
            encoding="utf-8",
        )
        with running([str(WORKERD), "serve", str(folder / "config.capnp")], port, folder):
            yield port
