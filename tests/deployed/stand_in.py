"""The Stripe stand-in beside a deployed stage: it tells the deployed API of its events."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from localdev.ports import ROOT
from testkit.engine import serving
from testkit.ports import HOST, free_port


@dataclass(frozen=True)
class StandIn:
    """A running one."""

    url: str

    def control(self, what: str, /, **body: Any) -> Any:
        """What happens at Stripe: a POST to its control address."""
        answer = self._session.post(f"{self.url}/_control/{what}", json=body, timeout=20)
        assert answer.ok, answer.text
        return answer.json()

    def books(self) -> Any:
        """What it would say was paid, refunded and lost, per currency."""
        return self._session.get(f"{self.url}/_control/books", timeout=10).json()

    @property
    def _session(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        return session


@contextlib.contextmanager
def running_stand_in(directory: Path, *, key: str, secret: str, webhook: str) -> Iterator[StandIn]:
    """Start one; wait until it answers; end it afterwards."""
    port = free_port()
    url = f"http://{HOST}:{port}"
    environment = {
        "PATH": os.defpath, "LANG": "C.UTF-8", "HOME": str(directory), "SPILNO_DATA": str(directory),
        "SPILNO_STRIPE_PORT": str(port), "STRIPE_SECRET_KEY": key, "STRIPE_WEBHOOK_SECRET": secret,
        "SPILNO_STANDIN_WEBHOOK_URL": webhook,
    }  # fmt: skip
    with (directory / "stripe.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "localdev.keeper", str(os.getpid()), "localdev.stripe"],
            cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
    with serving(process, f"{url}/_control/books", f"the Stripe stand-in on {url}"):
        yield StandIn(url)
