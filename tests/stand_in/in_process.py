"""The stand-in as an app within the test's own process: no port, no webhooks, the same answers."""

from pathlib import Path

from flask import Flask

from chalicelib.settings import LOCAL_STRIPE_KEY, LOCAL_WEBHOOK_SECRET
from localdev.stripe.config import Config
from localdev.stripe.server import create
from testkit.ports import HOST


def stand_in(data: Path, base_url: str = "https://checkout.stripe.test", key: str = "") -> Flask:
    """One whose file is in `data`; `key` is another secret key than the local one, which is taken too.

    Its clock is the stack's: `SPILNO_DATA` says whose.
    """
    nowhere = f"http://{HOST}:9/v1/stripe/webhook"
    keys = frozenset({LOCAL_STRIPE_KEY, key} - {""})
    app = create(Config(base_url, nowhere, data / "stripe.sqlite", keys, LOCAL_WEBHOOK_SECRET))
    # Nothing is sent, so nobody has to wait for a delivery.
    app.config["ACCOUNT"].store.run("DELETE FROM objects WHERE kind = 'webhook_endpoint'")
    return app
