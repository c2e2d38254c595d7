"""With a real test key: fetches Stripe's events and posts them to the app's webhook, so that no tunnel is needed.

The events come in the order in which Stripe made them, signed with the stack's own webhook secret. The place in
the list is kept in the data directory; a first start begins with what happens from then on.
"""

import hashlib
import hmac
import json
import logging
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import requests

from chalicelib.settings import LOCAL_WEBHOOK_SECRET
from localdev import parts
from localdev.ports import data_directory, ports

SECONDS = 3.0
VERSION = "2026-10-28.endive"
_log = logging.getLogger("scheduler")


class Poller:
    """Polls `base` (Stripe's API) with `key` and posts to `webhook`, signed with `secret`."""

    def __init__(self, base: str, key: str, webhook: str, secret: str, place: Path) -> None:
        self._base, self._webhook, self._secret, self._place = base, webhook, secret, place
        self._headers = {"Authorization": f"Bearer {key}", "Stripe-Version": VERSION}
        self._due = 0.0
        self._local = requests.Session()
        self._local.trust_env = False  # a proxy set for the world is not for our own webhook

    def poll(self) -> int:
        """Hand over what is new; how many events that were. Does nothing more often than every 3 seconds."""
        if time.monotonic() < self._due:
            return 0
        self._due = time.monotonic() + SECONDS
        handed = 0
        try:
            for event in self._new_events():
                self._post(event)
                self._place.write_text(json.dumps({"last": event["id"]}))
                handed += 1
        except requests.RequestException as error:
            # The address may hold nothing secret, but an answer's text may: only the kind of failure is logged.
            _log.warning("Stripe's events could not be handed over: %s", type(error).__name__)
        return handed

    def _new_events(self) -> list[dict[str, Any]]:
        """Oldest first. `ending_before` answers the page just after a known event; newest first within it."""
        if not self._place.exists():
            newest = self._list({"limit": "1"})["data"]
            self._place.write_text(json.dumps({"last": newest[0]["id"] if newest else None}))
            return []
        last = json.loads(self._place.read_text())["last"]
        found: list[dict[str, Any]] = []
        while True:
            page = self._list({"limit": "100", **({"ending_before": last} if last else {})})
            found += reversed(page["data"])
            if not page["has_more"] or not last:
                return found
            last = page["data"][0]["id"]

    def _list(self, query: Mapping[str, str]) -> Any:
        answer = requests.get(f"{self._base}/v1/events", params=query, headers=self._headers, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def _post(self, event: Mapping[str, Any]) -> None:
        body = json.dumps(event, indent=2, ensure_ascii=False).encode()
        now = int(time.time())
        signature = hmac.new(self._secret.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {"Stripe-Signature": f"t={now},v1={signature}", "Content-Type": "application/json; charset=utf-8"}
        self._local.post(self._webhook, data=body, headers=headers, timeout=30).raise_for_status()


def poller_from_environment() -> Poller | None:
    """A poller when the stack works with Stripe itself; with the stand-in, which delivers by itself, none."""
    if parts.needs_stand_in(os.environ):
        return None
    secrets = os.environ.get("STRIPE_WEBHOOK_SECRET") or LOCAL_WEBHOOK_SECRET
    return Poller(
        os.environ.get("STRIPE_API_BASE") or parts.STRIPE,
        os.environ["STRIPE_SECRET_KEY"],
        ports().url("app") + "/v1/stripe/webhook",
        secrets.split(",")[0].strip(),
        data_directory() / "stripe-events.json",
    )
