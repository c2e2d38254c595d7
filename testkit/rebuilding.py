"""A rich life on a harness, and the damage that may be done to what is written of it."""

from functools import cache, partial
from typing import Any

from chalicelib.kernel import keys
from chalicelib.kernel.table import Delete, Item, Put, Update, every
from chalicelib.rails.registry import RAILS
from chalicelib.rebuild.actions.rebuild import COMPARISONS, Rebuilt, rebuild
from localdev.stripe.balance import set_settlement
from testkit.clock import NOW
from testkit.harness import ADA, BEN, EMAIL_KEY, Harness
from testkit.memory_table import MemoryTable

DAY = 86_400
EVE, OLA = "eve@reader.example", "ola@reader.example"


def scenarios(harness: Harness) -> None:
    """Gifts once and monthly, in two currencies and a campaign; refunds whole, in part, failed; disputes; an end."""
    double = harness.stripe
    harness.tell(harness.gives(1000, campaign="winter"))
    harness.tell(harness.gives(500, "month", campaign="winter"))
    month = double.of("payment_intent")[-1]["id"]
    subscription = double.of("subscription")[-1]["id"]
    harness.tell(double.renew(subscription))
    _catches_up(harness)
    harness.tell(double.gives_back(month))
    harness.tell(harness.gives(3000, email=BEN))
    harness.tell(double.bank_disputes(double.of("payment_intent")[-1]["id"]))
    harness.tell(double.bank_decides(double.of("dispute")[-1]["id"], won=False))
    harness.tell(harness.gives(1000, email=BEN))
    harness.tell(double.bank_disputes(double.of("payment_intent")[-1]["id"]))
    harness.pass_time(DAY)
    harness.tell(double.bank_decides(double.of("dispute")[-1]["id"], won=True))
    harness.tell(harness.gives(2000, email=EVE))
    harness.tell(double.gives_back(double.of("payment_intent")[-1]["id"], 700))
    harness.tell(harness.gives(1500, email=EVE))
    harness.tell(double.gives_back(double.of("payment_intent")[-1]["id"]))
    harness.pass_time(DAY)
    harness.tell(double.bank_returns(double.of("refund")[-1]["id"]))
    double.happens(lambda it: set_settlement(it, "usd"))
    harness.tell(harness.gives(30_000, email=OLA, currency="uah"))
    harness.tell(harness.gives(20_000, "month", email=OLA, currency="uah"))
    harness.tell(double.end(double.of("subscription")[-1]["id"]))
    _catches_up(harness)


@cache
def _lived() -> tuple[MemoryTable, int]:
    """The table after that life, and what time it is then."""
    with Harness().installed() as harness:
        scenarios(harness)
        return harness.memory, harness.clock.business


def afterwards() -> Harness:
    """A harness with a table of its own after that life, which may be damaged."""
    table, now = _lived()
    harness = Harness(table.fork())
    harness.pass_time(now - NOW)
    return harness


def rows(harness: Harness) -> list[Any]:
    """Everything in such a table."""
    assert isinstance(harness.table, MemoryTable)
    return harness.table.rows()


def _catches_up(harness: Harness) -> None:
    harness.pass_time(max(0, harness.stripe.account.seconds - harness.clock.business))


def rebuilds(harness: Harness, *, repair: bool = False, without: str | None = None) -> Rebuilt:
    """Compare, and mend if wanted; with one comparison left out, if wanted."""
    comparisons = {name: one for name, one in COMPARISONS.items() if name != without}
    return rebuild(
        harness.table,
        EMAIL_KEY,
        rails=RAILS,
        repair=repair,
        now=harness.now(),
        zone=harness.newsroom.zone,
        comparisons=comparisons,
    )


def found(done: Rebuilt) -> list[str]:
    """What differs, each by its kind."""
    return sorted(one.what for one in done.differences)


def entry(harness: Harness, kind: str = "gift", email: str = ADA, *, recurring: bool = False) -> Item:
    """One of somebody's entries, the oldest of its kind."""
    found = entries(harness, email)
    return next(row for row in found if row["kind"] == kind and ("subscription" in row) == recurring)


def entries(harness: Harness, email: str = ADA) -> list[Item]:
    """The rows of somebody's entries, oldest first."""
    supporter = keys.supporter(harness.state(email).id)
    return list(every(partial(harness.table.query, supporter, prefix=keys.ENTRY_PREFIX)))


def access(harness: Harness, email: str = ADA) -> Item:
    """Somebody's access item."""
    item = harness.table.get(keys.standing(harness.state(email).id))
    assert item
    return item


def key(item: Item) -> tuple[str, str]:
    """Where it stands."""
    return str(item["pk"]), str(item["sk"])


def damaged(harness: Harness, item: Item, **values: Any) -> None:
    """Somebody writes where nobody should."""
    harness.table.write(Update(key(item), set=values))


def lost(harness: Harness, item: Item) -> None:
    """A row is gone."""
    harness.table.write(Delete(key(item)))


def guard(harness: Harness, entry: Item) -> Item:
    """The guard of an entry."""
    found = harness.table.get(keys.movement(str(entry["id"])))
    assert found
    return found


def no_events(harness: Harness) -> None:
    """The raw events are past their time."""
    for row in rows(harness):
        if row["sk"] == "EVT":
            lost(harness, row)


def written(harness: Harness, item: Item, **values: Any) -> None:
    """A whole row, with other values."""
    harness.table.write(Put({**item, **values}))
