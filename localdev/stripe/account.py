"""The one Stripe account that the stand-in plays: its objects, its clock, and the events that tell of changes."""

from collections.abc import Iterator
from contextlib import contextmanager

from localdev.stripe import ids
from localdev.stripe.config import API_VERSION, Config
from localdev.stripe.deliveries import Deliveries
from localdev.stripe.errors import Json, missing_object
from localdev.stripe.store import Store

NO_REQUEST: Json = {"id": None, "idempotency_key": None}


class Account:
    """Objects, clock and events. `change()` is the only way to change anything."""

    def __init__(self, config: Config, store: Store, deliveries: Deliveries) -> None:
        self.config, self.store, self.deliveries = config, store, deliveries
        self._batch: list[str] = []
        self._request = NO_REQUEST

    def now(self) -> int:
        """Business time in Unix seconds: every `created` follows it."""
        return int(self.config.clock.now().timestamp())

    @contextmanager
    def change(self, request: Json | None = None) -> Iterator[list[str]]:
        """One transaction; yields the list that fills with the ids of the events it causes.

        Deliveries are planned in the same transaction, so an event that exists is also on its way.
        `request` is what the events name as their cause; None for what a person or the clock does.
        """
        with self.store.transaction():
            self._batch, self._request = [], request or NO_REQUEST
            yield self._batch
            self.deliveries.plan(self._batch)
        self.deliveries.wake()

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """What happens within is seen within; then it never happened, and nobody hears of it."""
        told = len(self._batch)
        try:
            with self.store.rehearsal():
                yield
        finally:
            del self._batch[told:]

    def emit(self, kind: str, value: Json, *, before: Json | None = None, at: int | None = None) -> None:
        """Tell of a change: an event with a snapshot of `value`, and what it replaced if `before` is given."""
        data: Json = {"object": value}  # a snapshot all the same: it is written as text right below
        if before is not None:
            data["previous_attributes"] = _replaced(before, value)
        event: Json = {
            "id": ids.new("evt"),
            "object": "event",
            "api_version": API_VERSION,
            "created": self.now() if at is None else at,
            "data": data,
            "livemode": False,
            "pending_webhooks": 1,
            "request": dict(self._request),
            "type": kind,
        }
        self.tell(event)

    def tell(self, event: Json) -> None:
        """Write a whole event and send it on its way; `emit` makes the usual ones."""
        self.store.put(event)
        self._batch.append(event["id"])

    def put(self, value: Json) -> Json:
        """Write an object without telling."""
        return self.store.put(value)

    def update(self, kind: str, value: Json, at: int | None = None, **changes: object) -> Json:
        """Change fields of an object, write it, and tell with `previous_attributes`."""
        before = dict(value)  # what changes below is replaced, not altered
        value.update(changes)
        self.put(value)
        self.emit(kind, value, before=before, at=at)
        return value

    def get(self, kind: str, identifier: str, *, param: str = "id", status: int = 404) -> Json:
        """An object that has to be there.

        :raises ApiRefusal: `resource_missing`.
        """
        found = self.store.get(identifier, kind)
        if found is None:
            raise missing_object(kind, identifier, param, status)
        return found


def _replaced(before: Json, after: Json) -> Json:
    """The old values of what differs; nested objects only with the keys that differ, lists whole, as Stripe does."""
    old: Json = {}
    for key in before | after:
        was, now = before.get(key), after.get(key)
        if was == now:
            continue
        if isinstance(was, dict) and isinstance(now, dict) and was.get("object") != "list":
            old[key] = _replaced(was, now)
        else:
            old[key] = was
    return old
