"""The rehearsal's own stack: `make run` on free ports, with data of its own and faults between its parts."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import requests

from chalicelib.settings import LOCAL_STRIPE_KEY
from localdev import parts
from localdev.ports import HOST, ROOT, Ports, ports
from localdev.trouble.proxy import CONTROL

_PORT_SETTINGS = ("SPILNO_PORT", "SPILNO_SITE_PORT", "SPILNO_STRIPE_PORT", "SPILNO_MAIL_PORT", "SPILNO_AWS_PORT")
# An operator's own settings must not reach this stack: set but empty, `.env` does not fill them either.
_UNSET = (
    "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "STRIPE_API_BASE", "SPILNO_STAGE", "SPILNO_TABLE",
    "SPILNO_SITE_ID", "SPILNO_PUBLIC_URL", "SPILNO_SITE_ORIGINS", "SPILNO_PASS_KEYS", "SPILNO_SEAL_KEYS",
    "SPILNO_PROXY_SECRET", "SPILNO_EMAIL_KEY",
)  # fmt: skip
# Hundreds of readers give from one address here; and a suspected gift of at most 6 euro is given back at once.
_LIMITS = "\n[limits]\ncheckouts = 1000000\nsign_ins = 1000000\nmails_per_address_and_hour = 1000000\n"
_EUR, _SUSPECTED = "[currencies.eur]\n", "refund_suspected_up_to = 600\n"
_START_SECONDS, _END_SECONDS = 120, 90


class StackFailed(Exception):
    """The stack did not start, or a part of it ended; the message has its last output."""


class Stack:
    """A local stack, running until `stop`. Its processes end with this one, whatever ends it."""

    def __init__(self, data: Path, seed: int) -> None:
        self.data, self._seed = data, seed
        numbers = _free_ports(7)
        self._aws_port, self._road_port = numbers[5:]
        self._ports = Ports(*numbers[:5])
        self.newsroom = data / "newsroom.toml"
        self._said = data / "stack.out"
        self._processes: list[subprocess.Popen[bytes]] = []
        self._http = requests.Session()
        self._http.trust_env = False

    @property
    def ports(self) -> Ports:
        """The ports that its parts listen on."""
        return self._ports

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its parts and of the operator's commands, whose calls to the table fail, too."""
        numbers = (self._ports.app, self._ports.site, self._ports.stripe, self._ports.mail, self._ports.aws)
        return {
            **os.environ,
            **dict.fromkeys(_UNSET, ""),
            **dict(zip(_PORT_SETTINGS, map(str, numbers), strict=True)),
            "SPILNO_DATA": str(self.data),
            "SPILNO_NEWSROOM": str(self.newsroom),
            "SPILNO_STANDIN_WEBHOOK_URL": f"http://{HOST}:{self._road_port}/v1/stripe/webhook",
            "AWS_ENDPOINT_URL": f"http://{HOST}:{self._aws_port}",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def start(self) -> None:
        """Start the stack and wait until the app answers.

        :raises StackFailed: it does not.
        """
        self.data.mkdir(parents=True, exist_ok=True)
        text = (ROOT / "chalicelib" / "newsroom.toml").read_text(encoding="utf-8")
        self.newsroom.write_text(text.replace(_EUR, _EUR + _SUSPECTED) + _LIMITS, encoding="utf-8")
        between = ("--aws-port", self._aws_port, "--aws", self._ports.url("aws"), "--seed", self._seed)
        road = ("--road-port", self._road_port, "--app", self._ports.url("app"))
        self._run(*parts.python("localdev.trouble", *map(str, (*between, *road))))
        # Nobody looks at the site, and mails end before local AWS (localdev/trouble/aws.py).
        self._run(sys.executable, "-m", "localdev", "--without", "site", "--without", "mailbox")
        deadline = time.monotonic() + _START_SECONDS
        while not self.answers():
            self.check()
            if time.monotonic() > deadline:
                raise StackFailed(f"The stack does not start. It said:\n{self._words()}")
            time.sleep(0.2)

    def check(self) -> None:
        """Check that all of it runs.

        :raises StackFailed: a part has ended.
        """
        if any(process.poll() is not None for process in self._processes):
            raise StackFailed(f"The stack has ended. It said:\n{self._words()}")

    def stop(self) -> None:
        """End the stack; local AWS takes a moment to write its state."""
        for process in reversed(self._processes):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(_END_SECONDS)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    @property
    def supervisor(self) -> int:
        """The id of the process that started the others."""
        return self._processes[-1].pid

    def tell_aws(self, **wishes: Any) -> Mapping[str, Any]:
        """Set what is to go wrong between the app and local AWS (`localdev.trouble.aws`); answers what did."""
        return self._tell(self._aws_port, wishes)

    def tell_road(self, **wishes: Any) -> Mapping[str, Any]:
        """Set what is to go wrong between Stripe and the app (`localdev.trouble.road`); answers what did."""
        return self._tell(self._road_port, wishes)

    def _tell(self, port: int, wishes: Mapping[str, Any]) -> Mapping[str, Any]:
        answer = self._http.post(f"http://{HOST}:{port}{CONTROL}", json=wishes, timeout=10)
        answer.raise_for_status()
        figures: Mapping[str, Any] = answer.json()
        return figures

    def _run(self, *command: str) -> None:
        with self._said.open("ab") as output:
            process = subprocess.Popen(  # noqa: S603 - our own programs
                command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for us: we end it in order
            )
        self._processes.append(process)

    def answers(self) -> bool:
        """Whether the app is up."""
        try:
            return bool(
                requests.get(self._ports.url("app") + "/v1/health", timeout=5).status_code == requests.codes.ok
            )
        except requests.RequestException:
            return False

    def _words(self) -> str:
        return self._said.read_text(errors="replace")[-3000:]


@contextmanager
def own_stack(seed: int, *, keep: bool) -> Iterator[Stack]:
    """A started stack with data of its own, ended afterwards; `keep` leaves the data where `stack.data` says.

    :raises StackFailed: it does not start.
    """
    data = Path(tempfile.mkdtemp(prefix="spilno-rehearsal-"))
    with ExitStack() as after:
        if not keep:
            after.callback(shutil.rmtree, data, ignore_errors=True)
        stack = Stack(data, seed)
        after.callback(stack.stop)
        stack.start()
        yield stack


def work_on(stack: Stack) -> None:
    """Make this process an operator of that stack from now on: it gets the stack's environment."""
    os.environ.update(stack.environment)
    assert ports() == stack.ports
    assert os.environ.get("STRIPE_SECRET_KEY") in ("", LOCAL_STRIPE_KEY)


def _free_ports(number: int) -> list[int]:
    """Ports that nobody listens on at this moment."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(number)]
        for one in sockets:
            one.bind((HOST, 0))
        return [int(one.getsockname()[1]) for one in sockets]
