"""What the stand-in is told by its environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from chalicelib.settings import LOCAL_STRIPE_KEY, LOCAL_WEBHOOK_SECRET
from localdev.business_clock import BusinessClock, of_the_stack
from localdev.ports import data_directory, ports

API_VERSION = "2026-10-28.endive"
# The one account that is played.
ACCOUNT = "acct_1SpilnoStandIn"


@dataclass(frozen=True)
class Config:
    """Addresses and secrets of one stand-in. `repr` shows no secret."""

    base_url: str
    webhook_url: str
    database: Path
    api_keys: frozenset[str] = field(repr=False)
    webhook_secret: str = field(repr=False)
    clock: BusinessClock = field(default_factory=of_the_stack)


def from_environment(environ: Mapping[str, str] | None = None) -> Config:
    """Read the environment; everything has a default, so `python -m localdev.stripe` just runs."""
    env = os.environ if environ is None else environ
    own = ports(env)
    secrets = [part.strip() for part in env.get("STRIPE_WEBHOOK_SECRET", "").split(",") if part.strip()]
    keys = {LOCAL_STRIPE_KEY, env.get("STRIPE_SECRET_KEY", "").strip()} - {""}
    return Config(
        base_url=own.url("stripe"),
        webhook_url=env.get("SPILNO_STANDIN_WEBHOOK_URL") or f"{own.url('app')}/v1/stripe/webhook",
        database=data_directory(env) / "stripe.sqlite",
        api_keys=frozenset(keys),
        # Stripe signs with each secret of a rolling endpoint; the stand-in has one endpoint and signs with the first.
        webhook_secret=secrets[0] if secrets else LOCAL_WEBHOOK_SECRET,
        clock=of_the_stack(env),
    )
