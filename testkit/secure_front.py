"""HTTPS before a local stack, as in life: nginx with a certificate that nobody signed."""

import contextlib
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from testkit.installed import installed
from testkit.ports import HOST
from testkit.waiting import until

_SERVER = """
server {{
    listen {host}:{port} ssl;
    ssl_certificate {folder}/certificate.pem;
    ssl_certificate_key {folder}/key.pem;
    location / {{
        proxy_pass {to};
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-Proto https;
    }}
}}
"""


@contextmanager
def secure_front(folder: Path, ways: dict[int, str]) -> Iterator[None]:
    """For each port on this machine the http address that it leads to."""
    program = installed("nginx", ("nginx",), package="nginx-light")
    _certificate(folder)
    temporary = "\n".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    servers = "".join(_SERVER.format(host=HOST, port=port, folder=folder, to=to) for port, to in ways.items())
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{temporary}\n{servers}}}\n"
    )
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            until(lambda: all(map(_listens, ways)), f"nginx; see {folder}/error.log")
            yield
        finally:
            process.terminate()


def _certificate(folder: Path) -> None:
    program = installed("openssl", ("openssl",), package="openssl")
    wanted = ("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")
    files = ("-keyout", f"{folder}/key.pem", "-out", f"{folder}/certificate.pem")
    name = ("-subj", "/CN=Spilno's tests", "-addext", f"subjectAltName=IP:{HOST}")
    subprocess.run([program, *wanted, *files, *name], check=True, capture_output=True)


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
        return True
    return False
