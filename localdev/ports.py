"""Where the parts of one local stack listen and keep their data. Several stacks can run side by side."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Ports:
    """TCP ports on 127.0.0.1, each with a setting of its own."""

    app: int
    site: int
    stripe: int
    mail: int
    aws: int

    def url(self, name: str) -> str:
        """`http://127.0.0.1:<port>` of one part: app, site, stripe, mail or aws."""
        return f"http://{HOST}:{getattr(self, name)}"


def ports(environ: Mapping[str, str] | None = None) -> Ports:
    """The ports this environment asks for."""
    env = os.environ if environ is None else environ
    return Ports(
        app=int(env.get("SPILNO_PORT") or 8000),
        site=int(env.get("SPILNO_SITE_PORT") or 8080),
        stripe=int(env.get("SPILNO_STRIPE_PORT") or 8420),
        mail=int(env.get("SPILNO_MAIL_PORT") or 8025),
        aws=int(env.get("SPILNO_AWS_PORT") or 4566),
    )


def data_directory(environ: Mapping[str, str] | None = None) -> Path:
    """Where the stack keeps everything: `.local/`, or what SPILNO_DATA names."""
    env = os.environ if environ is None else environ
    return Path(env.get("SPILNO_DATA") or ROOT / ".local").resolve()
