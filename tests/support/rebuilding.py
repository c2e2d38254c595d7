"""A rich life at the till, and the damage that may be done to what is written of it."""

from functools import cache, partial
from typing import Any

from chalicelib.kernel import keys
from chalicelib.kernel.table import Delete, Item, Put, Update, every
from chalicelib.rails.registry import RAILS
from chalicelib.rebuild.actions.rebuild import COMPARISONS, Rebuilt, rebuild
from localdev.stripe.balance import set_settlement
from tests.support.memory_table import MemoryTable
from tests.support.memory_till import MemoryTill
from tests.support.till import ADA, BEN, Till
from tests.support.wired import wired_to
from tests.support.world import EMAIL_KEY, NOW

DAY = 86_400
EVE, OLA = "eve@reader.example", "ola@reader.example"


def lives(till: Till) -> None:
    """Gifts once and monthly, in two currencies and a campaign; refunds whole, in part, failed; disputes; an end."""
    double = till.double
    till.tell(till.gives(1000, campaign="winter"))
    till.tell(till.gives(500, "month", campaign="winter"))
    month = double.of("payment_intent")[-1]["id"]
    subscription = double.of("subscription")[-1]["id"]
    till.tell(double.renew(subscription))
    _catches_up(till)
    till.tell(double.gives_back(month))
    till.tell(till.gives(3000, email=BEN))
    till.tell(double.bank_disputes(double.of("payment_intent")[-1]["id"]))
    till.tell(double.bank_decides(double.of("dispute")[-1]["id"], won=False))
    till.tell(till.gives(1000, email=BEN))
    till.tell(double.bank_disputes(double.of("payment_intent")[-1]["id"]))
    till.pass_time(DAY)
    till.tell(double.bank_decides(double.of("dispute")[-1]["id"], won=True))
    till.tell(till.gives(2000, email=EVE))
    till.tell(double.gives_back(double.of("payment_intent")[-1]["id"], 700))
    till.tell(till.gives(1500, email=EVE))
    till.tell(double.gives_back(double.of("payment_intent")[-1]["id"]))
    till.pass_time(DAY)
    till.tell(double.bank_returns(double.of("refund")[-1]["id"]))
    double.happens(lambda it: set_settlement(it, "usd"))
    till.tell(till.gives(30_000, email=OLA, currency="uah"))
    till.tell(till.gives(20_000, "month", email=OLA, currency="uah"))
    till.tell(double.end(double.of("subscription")[-1]["id"]))
    _catches_up(till)


@cache
def _lived() -> tuple[MemoryTable, int]:
    """The table after that life, and what time it is then."""
    with wired_to(MemoryTill()) as till:
        lives(till)
        return till.memory, till.business


def afterwards() -> Till:
    """A till with a table of its own after that life, which may be damaged."""
    table, now = _lived()
    till = MemoryTill(table.fork())
    till.pass_time(now - NOW)
    return till


def rows(till: Till) -> list[Any]:
    """Everything in such a table."""
    assert isinstance(till.table, MemoryTable)
    return till.table.rows()


def _catches_up(till: Till) -> None:
    till.pass_time(max(0, till.double.account.seconds - till.business))


def rebuilds(till: Till, *, repair: bool = False, without: str | None = None) -> Rebuilt:
    """Compare, and mend if wanted; with one comparison left out, if wanted."""
    comparisons = {name: one for name, one in COMPARISONS.items() if name != without}
    return rebuild(
        till.table,
        EMAIL_KEY,
        rails=RAILS,
        repair=repair,
        now=till.business,
        zone=till.newsroom.zone,
        comparisons=comparisons,
    )


def found(done: Rebuilt) -> list[str]:
    """What differs, each by its kind."""
    return sorted(one.what for one in done.differences)


def entry(till: Till, kind: str = "gift", email: str = ADA, *, recurring: bool = False) -> Item:
    """One of somebody's entries, the oldest of its kind."""
    found = entries(till, email)
    return next(row for row in found if row["kind"] == kind and ("subscription" in row) == recurring)


def entries(till: Till, email: str = ADA) -> list[Item]:
    """The rows of somebody's entries, oldest first."""
    supporter = keys.supporter(till.state(email).id)
    return list(every(partial(till.table.query, supporter, prefix=keys.ENTRY_PREFIX)))


def access(till: Till, email: str = ADA) -> Item:
    """Somebody's access item."""
    item = till.table.get(keys.standing(till.state(email).id))
    assert item
    return item


def key(item: Item) -> tuple[str, str]:
    """Where it stands."""
    return str(item["pk"]), str(item["sk"])


def damaged(till: Till, item: Item, **values: Any) -> None:
    """Somebody writes where nobody should."""
    till.table.write(Update(key(item), set=values))


def lost(till: Till, item: Item) -> None:
    """A row is gone."""
    till.table.write(Delete(key(item)))


def guard(till: Till, entry: Item) -> Item:
    """The guard of an entry."""
    found = till.table.get(keys.movement(str(entry["id"])))
    assert found
    return found


def no_events(till: Till) -> None:
    """The raw events are past their time."""
    for row in rows(till):
        if row["sk"] == "EVT":
            lost(till, row)


def written(till: Till, item: Item, **values: Any) -> None:
    """A whole row, with other values."""
    till.table.write(Put({**item, **values}))
