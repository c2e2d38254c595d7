"""Our own handlers as they are measured: the app itself, with a table that costs nothing where one is needed.

Runs in `.venv-bench`, like the peers.
"""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from app import app
from chalicelib import settings, wiring
from chalicelib.inbox import rows as inbox
from chalicelib.kernel.table import Change, Item, Key
from chalicelib.rails.stripe import receive as receive_event

SECRETS = {"STRIPE_WEBHOOK_SECRET": "whsec_bench", "SPILNO_EMAIL_KEY": "bench", "SPILNO_PROXY_SECRET": ""}


class _Kept:
    """Stands for the table: takes every put, holds nothing."""

    def write(self, change: Change) -> Item | None:
        """See the port."""
        del change
        return None

    def get(self, key: Key) -> Item | None:
        """See the port."""
        del key
        return None


class _AtHand(wiring.Wiring):
    """The app's wiring with secrets at hand instead of in SSM, and nobody behind it."""

    secrets: Any = SECRETS
    table: Any = _Kept()
    stripe: Any = SimpleNamespace()
    mailer: Any = SimpleNamespace()


wiring.install(_AtHand(settings.from_environment()))
handler = app


def checked(event: Mapping[str, Any], context: object) -> Mapping[str, Any]:
    """The signature and the envelope of a webhook alone, without a framework."""
    del context
    body = event["body"].encode()
    ours = wiring.current().signed_by_stripe(body, event["headers"]["Stripe-Signature"])
    return {"statusCode": 200 if ours and receive_event.envelope(body).id else 400}


def compressed(event: Mapping[str, Any], context: object) -> Mapping[str, Any]:
    """What keeping the raw event adds: its row is small, so that it costs few write units."""
    del context
    inbox.store(_Kept(), "evt_bench", "invoice.paid", event["body"].encode(), 0, "ignored")  # type: ignore[arg-type]
    return {"statusCode": 200}
