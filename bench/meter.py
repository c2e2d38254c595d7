"""Reads the meter: what each request to the table consumed, as the engine reports it and by AWS's rules.

A hook of botocore's asks for `ReturnConsumedCapacity`, so nothing of the app knows that it is measured. Beside that,
a second client looks at every item before and after it is written, and `rules` says what AWS charges for it. Where
neither an engine nor AWS reports anything, because a condition did not hold, only the rules speak.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bench import rules
from bench.rules import Wire

_READS = ("GetItem", "Query", "Scan")
_WRITES = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems")


@dataclass(frozen=True)
class Request:
    """One request, and the kinds of items it is about.

    `written_bare`: what it would have written if Stripe's raw events were empty. How far one compresses differs from
    event to event, which must not look like growth. `reported` is None where the engine said nothing.
    """

    operation: str
    about: str
    read: float
    written: float
    written_bare: float
    reported: float | None

    @property
    def disputed(self) -> bool:
        """Whether the engine reported something else than the rules say."""
        return self.reported not in (None, self.read + self.written)


@dataclass
class Bill:
    """What one operation of the app consumed, request by request."""

    requests: list[Request] = field(default_factory=list)

    @property
    def read(self) -> float:
        """Read units."""
        return sum(request.read for request in self.requests)

    @property
    def written(self) -> float:
        """Write units, of the table and its index."""
        return sum(request.written for request in self.requests)

    def alike(self, other: "Bill") -> bool:
        """Whether the same requests consumed the same, whatever size the raw events were of."""
        return self.shape == other.shape

    @property
    def shape(self) -> list[tuple[str, str, float, float]]:
        """What `alike` compares; in which of several partitions something was found is chance."""
        return sorted((one.operation, one.about, one.read, one.written_bare) for one in self.requests)


class Meter:
    """Measures every request of one boto3 client, between `with meter.reading() as bill:` and its end.

    :param client: the client of the app's table.
    :param aside: another client on the same table, whose requests are not measured.
    """

    def __init__(self, client: Any, aside: Any, table: str) -> None:
        self._aside, self._table = aside, table
        self._bill: Bill | None = None
        self._keys: list[Wire] = []
        self._befores: list[Wire | None] = []
        self._wanted: list[Wire | None] = []
        self._consistent = False
        events = client.meta.events
        for operation in (*_READS, *_WRITES):
            events.register(f"provide-client-params.dynamodb.{operation}", self._before)
            events.register(f"after-call.dynamodb.{operation}", self._after)

    @contextmanager
    def reading(self) -> Iterator[Bill]:
        """What happens inside is on the bill."""
        assert self._bill is None, "one at a time"
        self._bill = Bill()
        try:
            yield self._bill
        finally:
            self._bill = None

    def _before(self, params: dict[str, Any], model: Any, **_: object) -> dict[str, Any] | None:
        if self._bill is None:
            return None
        self._consistent = params.get("ConsistentRead", False)
        if model.name in _WRITES:
            changes = (
                [change for one in params["TransactItems"] for change in one.values()] if _many(model) else [params]
            )
            self._wanted = [change.get("Item") for change in changes]
            self._keys = [_key(change.get("Key") or change["Item"]) for change in changes]
            self._befores = self._look()
        return {**params, "ReturnConsumedCapacity": "INDEXES"}

    def _after(self, parsed: Mapping[str, Any], model: Any, **_: object) -> None:
        if self._bill is None:
            return
        reported = _reported(parsed.get("ConsumedCapacity"))
        if model.name in _READS:
            items = [parsed["Item"]] if "Item" in parsed else parsed.get("Items", [])
            units = rules.read(items, consistent=self._consistent)
            about = items[0]["pk"]["S"].partition("#")[0] if items else "nothing"
            self._bill.requests.append(Request(model.name, about, units, 0.0, 0.0, reported))
            return
        # What was refused is charged as if it had been done: that is what it wanted to write, as far as it says.
        done = "Error" not in parsed
        pairs = list(zip(self._befores, self._look() if done else self._wanted, strict=True))
        bare = [(_bare(was), _bare(is_now)) for was, is_now in pairs]
        to_index = sum(rules.write_to_index(was, is_now) for was, is_now in pairs) if done else 0.0
        written, written_bare = (
            to_index + sum(rules.write(was, is_now, transaction=_many(model)) for was, is_now in some)
            for some in (pairs, bare)
        )
        about = " ".join(key["pk"]["S"].partition("#")[0] for key in self._keys)
        self._bill.requests.append(Request(model.name, about, 0.0, written, written_bare, reported))

    def _look(self) -> list[Wire | None]:
        found = (self._aside.get_item(TableName=self._table, Key=key, ConsistentRead=True) for key in self._keys)
        return [answer.get("Item") for answer in found]


def _many(model: Any) -> bool:
    return bool(model.name == "TransactWriteItems")


def _bare(item: Wire | None) -> Wire | None:
    """Without the raw event; an article's text is its own."""
    raw_event = item is not None and item["pk"]["S"].startswith("EVT#")
    return {name: value for name, value in item.items() if name != "body"} if item and raw_event else item


def _key(item: Wire) -> Wire:
    return {"pk": item["pk"], "sk": item["sk"]}


def _reported(consumed: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None) -> float | None:
    if not consumed:
        return None
    several = consumed if isinstance(consumed, Sequence) else [consumed]
    return sum(float(one["CapacityUnits"]) for one in several)
