"""Signed webhooks to every endpoint: in order, retried with back-off, and every way of losing or mixing them.

Signatures carry real time; the business clock does not touch them. What is waiting survives a restart.
"""

import hashlib
import hmac
import json
import logging
import random
import threading
import time
from typing import Any

import requests

from localdev.stripe import receivers, versions
from localdev.stripe.config import API_VERSION, Config
from localdev.stripe.errors import Json
from localdev.stripe.store import Store

MODES = ("normal", "drop", "hold", "duplicate", "shuffle")
# Stripe waits hours between tries; a person at a local stack waits seconds.
_BACK_OFF_SECONDS = (1, 2, 5, 10, 30)
_LAST_BACK_OFF_SECONDS = 60
_TIME_OUT_SECONDS = (2, 20)
_IDLE_SECONDS = 1.0
_GIVE_UP_SECONDS = 3 * 86_400

log = logging.getLogger("stand-in.webhooks")


def signature(payload: bytes, secret: str, at: int) -> str:
    """The `Stripe-Signature` header: https://docs.stripe.com/webhooks#verify-manually."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + payload, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def payload_of(event: Json) -> bytes:
    """The bytes Stripe would send: JSON, indented by two spaces."""
    return json.dumps(event, indent=2, ensure_ascii=False).encode()


class Deliveries:
    """The queue of webhooks and the one thread that empties it."""

    def __init__(self, config: Config, store: Store) -> None:
        self._config, self._store = config, store
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy of the developer's machine has no business on loopback
        self._news = threading.Condition()
        self._stopping = False

    @property
    def mode(self) -> str:
        """How new events travel; one of MODES. Kept over a restart."""
        return str(self._store.note("deliveries").get("mode", "normal"))

    def set_mode(self, mode: str) -> None:
        """Change how new events travel. What is already held stays held until it is released."""
        self._store.write_note("deliveries", mode=mode)

    def plan(self, events: list[str]) -> None:
        """Queue these events for every endpoint that wants them, within the transaction that made them."""
        mode = self.mode
        order = [(event, endpoint) for event in events for endpoint in self._wanting(event)]
        if mode == "shuffle":
            random.shuffle(order)
        if mode == "duplicate":
            order = [one for one in order for _ in range(2)]
        state = {"drop": "dropped", "hold": "held"}.get(mode, "waiting")
        for event, endpoint in order:
            self._queue(event, endpoint, state)

    def _wanting(self, event: str) -> list[str]:
        thin = self._store.get(event, receivers.THIN)
        if thin is not None:
            return [thin["related_object"]["id"]]
        found = self._store.get(event, "event")
        return [] if found is None else receivers.wanting(self._store, found["type"])

    def _queue(self, event: str, endpoint: str, state: str) -> None:
        self._store.run(
            "INSERT INTO deliveries (event, endpoint, state, next_at) VALUES (?, ?, ?, ?)",
            event,
            endpoint,
            state,
            time.time(),
        )

    def wake(self) -> None:
        """Let the sending thread look at the queue now."""
        with self._news:
            self._news.notify_all()

    def release(self) -> list[str]:
        """Send all that was held, in the order it happened (in `shuffle` mode: mixed); answers the event ids."""
        with self._store.transaction():
            rows = self._store.run("SELECT event, endpoint FROM deliveries WHERE state = 'held' ORDER BY seq")
            held = [(row["event"], row["endpoint"]) for row in rows]
            self._store.run("DELETE FROM deliveries WHERE state = 'held'")
            if self.mode == "shuffle":
                random.shuffle(held)
            for event, endpoint in held:
                self._queue(event, endpoint, "waiting")
        self.wake()
        return [event for event, _ in held]

    def resend(self, event: str) -> None:
        """Send one event once more to all who want it, whatever the mode, as the dashboard's button does."""
        for endpoint in self._wanting(event):
            self._queue(event, endpoint, "waiting")
        self.wake()

    def park(self, endpoint: str, *, parked: bool) -> None:
        """Set aside what waits for an endpoint that is disabled, or queue it again."""
        old, new = ("waiting", "parked") if parked else ("parked", "waiting")
        self._store.run("UPDATE deliveries SET state = ? WHERE state = ? AND endpoint = ?", new, old, endpoint)

    def wait(self, events: list[str], seconds: float) -> bool:
        """Wait until each of these was tried at least once, for at most `seconds`; True when all were."""
        until = time.monotonic() + seconds
        with self._news:
            while self._untried(events):
                left = until - time.monotonic()
                if left <= 0 or self._stopping:
                    return False
                self._news.wait(min(left, 0.25))
        return True

    def _untried(self, events: list[str]) -> bool:
        waiting = "SELECT event FROM deliveries WHERE state = 'waiting' AND attempts = 0"
        return bool({row["event"] for row in self._store.run(waiting)}.intersection(events))

    def of(self, event: str) -> list[Json]:
        """Every delivery of an event: `{endpoint, state, attempts, status, note}`; the receiver's HTTP status."""
        rows = self._store.run("SELECT * FROM deliveries WHERE event = ? ORDER BY seq", event)
        kept = ("endpoint", "state", "attempts", "status", "note")
        return [{key: row[key] for key in kept} for row in rows]

    def pending(self, event: str) -> int:
        """`pending_webhooks`: how many endpoints have not taken the event yet."""
        taken: dict[str, bool] = {}
        for one in self.of(event):
            taken[one["endpoint"]] = taken.get(one["endpoint"], False) or one["state"] == "delivered"
        return sum(not done for done in taken.values())

    def start(self) -> None:
        """Start the sending thread; it ends with the process."""
        threading.Thread(target=self._loop, name="webhooks", daemon=True).start()

    def stop(self) -> None:
        """Let the thread end after the delivery it is at."""
        self._stopping = True
        self.wake()

    def _loop(self) -> None:
        while not self._stopping:
            if not self.send_next():
                with self._news:
                    self._news.wait(self._pause())

    def _pause(self) -> float:
        rows = self._store.run("SELECT MIN(next_at) AS at FROM deliveries WHERE state = 'waiting'")
        return _IDLE_SECONDS if rows[0]["at"] is None else min(_IDLE_SECONDS, max(0.01, rows[0]["at"] - time.time()))

    def send_next(self) -> bool:
        """Send what is due first; False when nothing is due."""
        rows = self._store.run(
            "SELECT * FROM deliveries WHERE state = 'waiting' AND next_at <= ? ORDER BY next_at, seq LIMIT 1",
            time.time(),
        )
        if not rows:
            return False
        row: Any = rows[0]
        try:
            status, note = self._post(row["event"], row["endpoint"])
        except Exception as error:  # the others must still go out
            log.exception("%s could not be sent", row["event"])
            status, note = None, type(error).__name__
        attempts = row["attempts"] + 1
        done = status is not None and 200 <= status < 300  # noqa: PLR2004 - Stripe takes any 2xx and nothing else
        pause = _BACK_OFF_SECONDS[row["attempts"]] if attempts <= len(_BACK_OFF_SECONDS) else _LAST_BACK_OFF_SECONDS
        given_up = not done and self._is_old(row["event"])
        self._store.run(
            "UPDATE deliveries SET state = ?, attempts = ?, status = ?, note = ?, next_at = ? WHERE seq = ?",
            "delivered" if done else "failed" if given_up else self._still_wanted(row["endpoint"]),
            attempts,
            status,
            note,
            time.time() + pause,
            row["seq"],
        )
        if not done:
            log.warning(
                "%s was not taken (%s); %s",
                row["event"],
                status or note,
                "given up" if given_up else f"next try in {pause} s",
            )
        self.wake()
        return True

    def _still_wanted(self, endpoint: str) -> str:
        """The state of what is to be tried again: set aside if its endpoint was disabled in the meantime."""
        found = self._store.get(endpoint, "webhook_endpoint")
        return "parked" if found is not None and found["status"] == "disabled" else "waiting"

    def _is_old(self, event: str) -> bool:
        """Stripe gives up after three days; the event stays listed as undelivered."""
        found = self._store.get(event, "event")
        return found is not None and found["created"] < self._config.clock.now().timestamp() - _GIVE_UP_SECONDS

    def _post(self, event_id: str, endpoint_id: str) -> tuple[int | None, str]:
        letter = self._letter(event_id, endpoint_id)
        if letter is None:
            return 200, "forgotten"
        url, payload = letter
        secret = receivers.secret_of(self._config, self._store, endpoint_id)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature(payload, secret, int(time.time())),
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        try:
            answer = self._session.post(
                url, data=payload, headers=headers, timeout=_TIME_OUT_SECONDS, allow_redirects=False
            )
        except requests.RequestException as error:
            return None, type(error).__name__
        return answer.status_code, answer.text[:200]

    def _letter(self, event_id: str, endpoint_id: str) -> tuple[str, bytes] | None:
        """Address and payload: a snapshot in the endpoint's version, or a thin event."""
        thin = self._store.get(event_id, receivers.THIN)
        if thin is not None:
            url = receivers.address_of(self._store, endpoint_id)
            return None if url is None else (url, payload_of(thin))
        event, endpoint = self._store.get(event_id, "event"), self._store.get(endpoint_id, "webhook_endpoint")
        if event is None or endpoint is None:
            return None
        version = endpoint["api_version"] or API_VERSION
        return endpoint["url"], payload_of(versions.rendered(self._store, event, version))
