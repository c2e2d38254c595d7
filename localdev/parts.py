"""The parts of the local stack: what each is called, how it is started and how it says that it is ready."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from chalicelib.settings import LOCAL_STRIPE_KEY
from localdev import aws
from localdev.gateway.pool import REQUESTS_LOG
from localdev.ports import Ports

STRIPE = "https://api.stripe.com"


@dataclass(frozen=True)
class Part:
    """One child process. `url` answers when it is ready (any status below `below`); None: ready once it runs."""

    name: str
    title: str
    command: tuple[str, ...]
    url: str | None = None
    below: int = 500
    environment: Mapping[str, str] = field(default_factory=dict)


def python(module: str, *arguments: str) -> tuple[str, ...]:
    """A module of ours, tied to this process by the keeper."""
    return (sys.executable, "-m", "localdev.keeper", str(os.getpid()), module, *arguments)


def local_aws(ports: Ports, data: Path) -> Part:
    """Local AWS: first up, last down."""
    return Part(
        "aws",
        "local AWS",
        tuple(aws.command(os.getpid())),
        ports.url("aws") + aws.HEALTH,
        environment=aws.environment(ports.aws, data / "aws"),
    )


def neighbours(ports: Ports, environ: Mapping[str, str]) -> list[Part]:
    """What the app talks to, or a person looks at: started side by side."""
    parts = [
        Part("mailbox", "the mailbox", python("localdev.mailbox"), ports.url("mail") + "/messages"),
        Part("site", "the demo news site", python("localdev.site"), ports.url("site") + "/"),
    ]
    if needs_stand_in(environ):
        parts.append(
            Part("stripe", "the Stripe stand-in", python("localdev.stripe"), ports.url("stripe") + "/_control/books")
        )
    return parts


def scheduler(requests_log: Path) -> Part:
    """The scheduled jobs."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", REQUESTS_LOG: str(requests_log)}
    return Part("scheduler", "the scheduled jobs", python("localdev.scheduler"), environment=environment)


def app(ports: Ports, requests_log: Path) -> Part:
    """The app itself, which opens its port last of all."""
    command = python("localdev.gateway", "--requests-log", str(requests_log))
    return Part("app", "the app", command, ports.url("app") + "/v1/health", below=300)


def needs_stand_in(environ: Mapping[str, str]) -> bool:
    """No stand-in for a real Stripe key that talks to Stripe itself.

    With STRIPE_API_BASE alone there is one: a recording proxy may stand between it and the app.
    """
    key = environ.get("STRIPE_SECRET_KEY") or LOCAL_STRIPE_KEY
    base = environ.get("STRIPE_API_BASE") or STRIPE
    return key == LOCAL_STRIPE_KEY or not base.startswith(STRIPE)
