"""Our own handlers as they are measured: the app itself, with a table that costs nothing where one is needed.

Runs in `.venv-bench`, like the peers.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from app import app
from chalicelib import settings, wiring
from chalicelib.inbox import rows as inbox
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Change, Item, ItemPage, Key, Table
from chalicelib.rails.stripe import receive as receive_event

SECRETS = {"STRIPE_WEBHOOK_SECRET": "whsec_bench", "SPILNO_EMAIL_KEY": "bench", "SPILNO_PROXY_SECRET": ""}


class _Kept:
    """`Table` that takes every change and holds nothing."""

    def get(self, key: Key, *, hurried: bool = False, eventual: bool = False) -> Item | None:
        """See the port."""
        del key, hurried, eventual
        return None

    def write(self, change: Change) -> Item | None:
        """See the port."""
        del change
        return None

    def transact(self, changes: Sequence[Change]) -> None:
        """See the port."""

    def query(self, pk: str, **_where: object) -> ItemPage:
        """See the port."""
        del pk
        return ItemPage([])

    def query_index(self, pk: str, **_where: object) -> ItemPage:
        """See the port."""
        del pk
        return ItemPage([])

    def scan(self, *, start: object = None) -> ItemPage:
        """See the port."""
        del start
        return ItemPage([])

    def describe(self) -> bool:
        """See the port."""
        return True


class _AtHand(wiring.Wiring):
    """The app's wiring with secrets at hand instead of in SSM; nothing that is measured asks Stripe or the post."""

    secrets: Any = SECRETS

    @cached_property
    def table(self) -> Table:
        """See Wiring."""
        return _Kept()


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
    inbox.store(_Kept(), "evt_bench", "invoice.paid", event["body"].encode(), BusinessTime(0), "ignored")
    return {"statusCode": 200}
