"""The certificate's end, from facts and from a real TLS server."""

import shutil
import socket
import ssl
import subprocess
import threading
import time
from pathlib import Path

import pytest

from ops.doctor.areas import certificate
from ops.doctor.areas.certificate import Facts
from testkit.findings import levels

NOW = 1_795_000_000
DAY = 86_400
OPENSSL = shutil.which("openssl")


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (Facts("news.example", NOW + 60 * DAY), {"certificate": "ok"}),
        (Facts("news.example", NOW + 3 * DAY), {"certificate_ends": "warning"}),
        (Facts("news.example", refused="certificate has expired"), {"certificate_refused": "problem"}),
    ],
)
def test_what_is_said_of_it(facts: Facts, found: dict[str, str]) -> None:
    assert levels(certificate.check(facts, NOW)) == found


@pytest.mark.skipif(OPENSSL is None, reason="makes its certificate with openssl")
def test_what_a_server_shows(tmp_path: Path) -> None:
    key, pem = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        [str(OPENSSL), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "5", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", str(key), "-out", str(pem)],
        check=True, capture_output=True,
    )  # fmt: skip
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(pem, key)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            for _ in range(2):
                plain, _ = listening.accept()
                try:
                    served.wrap_socket(plain, server_side=True).close()
                except OSError:
                    plain.close()  # the caller refused the certificate

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        port = listening.getsockname()[1]
        trusting = ssl.create_default_context(cafile=str(pem))
        good = certificate.shown_at("localhost", port, trusting)
        refused = certificate.shown_at("localhost", port, ssl.create_default_context())
        thread.join(5)
    assert 4 * DAY < good.until - time.time() < 5 * DAY + 60
    assert "self" in refused.refused
