"""What the gate at the edge takes: processor time a call, in node without a compiler, in njs, and in a real nginx.

Time is that of the process, not of the clock, and what it takes without any call is taken off.
"""

import http.client
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import cases
from bench.cases import Event
from bench.sample import Sample, figure
from bench.tables import Table
from integrations.edge.build import HERE
from testkit.ports import free_port

GATE, KEY = "gate check, opened", "key, opened"
_CORE = (HERE / "parts" / "core.js").read_text(encoding="utf-8")
_LOOP = (Path(__file__).parent / "edge_loop.js").read_text(encoding="utf-8")
_NJS_MODULE = Path("/usr/lib/nginx/modules/ngx_http_js_module.so")
_TOLD = {
    "pass_keys": cases.ENVIRONMENT["SPILNO_PASS_KEYS"],
    "seal_keys": cases.ENVIRONMENT["SPILNO_SEAL_KEYS"],
    "issuer": cases.PUBLIC_URL,
    "audience": cases.SITE_ID,
}
_TIMES, _REQUESTS = 4_000, 2_000
Measured = Mapping[str, Mapping[str, Sample]]  # by host, then by what is asked


def asked() -> dict[str, Event]:
    """What is asked, by its name; passes and tickets are fresh."""
    return {
        GATE: cases.gate(cases.pass_of()),
        KEY: cases.key_of_a_text(cases.pass_of()),
        "handed on: no pass": cases.gate(),
        "handed on: a forged pass": cases.gate(cases.pass_of(key="another-key-than-the-benchmarks-0123456789")),
    }


def measured(rounds: int = 3) -> Measured:
    """Microseconds a call; a host that is not on this machine is left out."""
    told: dict[str, Mapping[str, Sample]] = {}
    node, njs, nginx = shutil.which("node"), shutil.which("njs"), shutil.which("nginx", path="/usr/sbin:/usr/bin")
    if node:
        told["node, no compiler"] = _in_turns(rounds, [node, "--jitless"])
    if njs:
        told["njs"] = _in_turns(rounds, [njs])
    if nginx and _NJS_MODULE.exists():
        with _nginx(nginx) as port_and_process:
            told["nginx"] = _served(rounds, *port_and_process)
    return told


def table(told: Measured) -> Table:
    """As it is shown."""
    names = [*asked(), *(["a plain answer"] if "nginx" in told else [])]
    rows = [[name, *(figure(host[name].median) if name in host else "–" for host in told.values())] for name in names]
    note = (
        "The core alone in node and njs; in nginx all that the worker does for a request. CloudFront's own machine "
        "is not here: njs is its nearest kin. A forged pass is the dearest that a stranger can ask for."
    )
    return Table("At the edge", ("a call, µs of CPU", *told), rows, [note])


def _in_turns(rounds: int, command: list[str]) -> Mapping[str, Sample]:
    values: dict[str, list[float]] = {}
    for _ in range(rounds):
        empty = spent(command, asked()[GATE], opens=True, times=0)
        for name, event in asked().items():
            used = spent(command, event, opens=name in (GATE, KEY), times=_TIMES) - empty
            values.setdefault(name, []).append(used / _TIMES * 1e6)
    return {name: Sample(found) for name, found in values.items()}


def spent(command: list[str], event: Event, *, opens: bool, times: int) -> float:
    """Seconds of the processor for so many calls in one process.

    :raises RuntimeError: they did not open, or not all of them were handed on.
    """
    query = "&".join(f"{name}={value}" for name, value in (event["queryStringParameters"] or {}).items())
    work = {
        "asked": {
            "method": event["httpMethod"],
            "path": event["path"],
            "query": query,
            "headers": [[name.lower(), value] for name, value in event["headers"].items()],
        },
        "told": _TOLD,
        "now": int(time.time()),
        "times": times,
        "opens": opens,
    }
    with TemporaryDirectory(prefix="edge-") as made:
        script = Path(made) / "loop.js"
        script.write_text(f"var WORK = {json.dumps(work)};\n{_CORE}\n{_LOOP}", encoding="utf-8")
        silent = subprocess.DEVNULL
        process = subprocess.Popen([*command, str(script)], stdout=silent, stderr=silent)  # noqa: S603 - our own script
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[0]} did not open what it should, or opened more.")
    return usage.ru_utime + usage.ru_stime


@contextmanager
def _nginx(path: str) -> Iterator[tuple[int, int]]:
    """Nginx with one worker and the gate; answers its port and its process."""
    port = free_port()
    with TemporaryDirectory(prefix="edge-") as made:
        names = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        variables = "\n".join(f'js_var $spilno_{name} "{value}";' for name, value in _TOLD.items())
        (Path(made) / "nginx.conf").write_text(
            f"""
            load_module {_NJS_MODULE}; daemon off; master_process off; pid {made}/pid; error_log {made}/error.log;
            events {{}}
            http {{
                {" ".join(f"{name}_temp_path {made}/{name};" for name in names)}
                access_log off; keepalive_requests 1000000;
                js_import spilno from {HERE}/nginx.js;
                {variables}
                server {{
                    listen 127.0.0.1:{port};
                    location / {{ return 200 "plain"; }}
                    location /v1/ {{ js_content spilno.open; }}
                    location @spilno_api {{ return 204; }}
                }}
            }}
            """,
            encoding="utf-8",
        )
        started = [path, "-p", made, "-c", f"{made}/nginx.conf"]
        process = subprocess.Popen(started, stderr=subprocess.DEVNULL)  # noqa: S603 - with our own configuration
        try:
            for _ in range(100):
                with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                time.sleep(0.05)
            yield port, process.pid
        finally:
            process.terminate()
            process.wait(15)


def _served(rounds: int, port: int, pid: int) -> Mapping[str, Sample]:
    values: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name, event in {**asked(), "a plain answer": cases.trivial()}.items():
            wire = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            query = "&".join(f"{key}={value}" for key, value in (event["queryStringParameters"] or {}).items())
            before = _ticks(pid)
            for _ in range(_REQUESTS):
                wire.request("GET", f"{event['path']}?{query}", headers=event["headers"])
                answer = wire.getresponse()
                answer.read()
                if answer.status != (204 if name.startswith("handed on") else 200):
                    raise RuntimeError(f"nginx answered {answer.status} to '{name}'.")
            spent = (_ticks(pid) - before) / os.sysconf("SC_CLK_TCK")
            values.setdefault(name, []).append(spent / _REQUESTS * 1e6)
            wire.close()
    return {name: Sample(found) for name, found in values.items()}


def _ticks(pid: int) -> int:
    """The processor time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
