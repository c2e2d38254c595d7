"""The whole local stack for tests: `make run` without make, on free ports, with data of its own."""

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from localdev.ports import ROOT, Ports
from testkit.ports import free_ports
from testkit.waiting import until

# A developer's own settings must not reach a test's stack: set but empty, `.env` does not fill them either.
_UNSET = (
    "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "STRIPE_API_BASE", "AWS_ENDPOINT_URL", "SPILNO_STAGE",
    "SPILNO_TABLE", "SPILNO_SITE_ID", "SPILNO_PUBLIC_URL", "SPILNO_SITE_ORIGINS", "SPILNO_PASS_KEYS",
    "SPILNO_SEAL_KEYS", "SPILNO_PROXY_SECRET", "SPILNO_EMAIL_KEY", "SPILNO_NEWSROOM",
)  # fmt: skip


@dataclass
class Stack:
    """One stack. `data` is its SPILNO_DATA; `settings` are set for it beside its ports."""

    data: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.ports = Ports(*free_ports(5))
        self.output = self.data.parent / f"{self.data.name}.out"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def app(self) -> str:
        """The app's address, without a slash at the end."""
        return self.ports.url("app")

    @property
    def site(self) -> str:
        """The demo news site's."""
        return self.ports.url("site")

    @property
    def stripe(self) -> str:
        """The Stripe stand-in's."""
        return self.ports.url("stripe")

    @property
    def mail(self) -> str:
        """The mailbox's."""
        return self.ports.url("mail")

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which `python -m ops` works on this stack."""
        return {
            **os.environ,
            **dict.fromkeys(_UNSET, ""),
            "SPILNO_PORT": str(self.ports.app),
            "SPILNO_SITE_PORT": str(self.ports.site),
            "SPILNO_STRIPE_PORT": str(self.ports.stripe),
            "SPILNO_MAIL_PORT": str(self.ports.mail),
            "SPILNO_AWS_PORT": str(self.ports.aws),
            "SPILNO_DATA": str(self.data),
            **self.settings,
        }

    def start(self, command: tuple[str, ...] = ()) -> None:
        """Start the supervisor, or `command` in its place, and do not wait."""
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                command or (sys.executable, "-m", "localdev", *self.arguments),
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @contextmanager
    def running(self) -> Iterator[Self]:
        """Started and ready as long as the block lasts."""
        self.start()
        try:
            self.wait_until_ready()
            yield self
        finally:
            self.stop()

    def wait_until_ready(self, seconds: float = 120) -> None:
        """Wait until the app answers for its health.

        :raises AssertionError: the stack ended instead; with what it said.
        """
        until(self._ready, f"{self.app}/v1/health; it said: {self.said()}", seconds)

    def said(self) -> str:
        """What the supervisor printed so far."""
        return self.output.read_text(errors="replace") if self.output.exists() else ""

    def send(self, number: signal.Signals) -> None:
        """A signal to the started process alone."""
        assert self.process
        self.process.send_signal(number)

    def wait_for_the_end(self, seconds: float = 120) -> int:
        """Its exit status."""
        assert self.process
        return self.process.wait(seconds)

    def stop(self) -> None:
        """End it, whatever state it is in."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def _ready(self) -> bool:
        assert self.process
        assert self.process.poll() is None, self.said()
        return answers(f"{self.app}/v1/health")


def answers(url: str) -> bool:
    """Whether a GET is answered with 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own servers
            return bool(answer.status == 200)
    except OSError:
        return False
