"""A rich life at the till, and the damage that may be done to what is written of it."""

from typing import Any

from chalicelib.actions.rebuild import COMPARISONS, Rebuilt, rebuild
from chalicelib.store import keys
from chalicelib.store.table import Delete, Item, Put, Update
from localdev.stripe.balance import set_settlement
from tests.support.till import ADA, BEN, Till
from tests.support.world import EMAIL_KEY

DAY = 86_400
EVE, OLA = "eve@reader.example", "ola@reader.example"


def lives(till: Till) -> None:
    """Gifts once and monthly, in two currencies and a campaign; refunds whole, in part and failed; disputes; an end."""
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


def _catches_up(till: Till) -> None:
    till.pass_time(max(0, till.double.account.seconds - till.business))


def rebuilds(till: Till, *, mend: bool = False, without: str | None = None) -> Rebuilt:
    """Compare, and mend if wanted; with one comparison left out, if wanted."""
    comparisons = {name: one for name, one in COMPARISONS.items() if name != without}
    return rebuild(till.table, EMAIL_KEY, mend=mend, now=till.business, comparisons=comparisons)


def found(done: Rebuilt) -> list[str]:
    """What differs, each by its kind."""
    return sorted(one.what for one in done.differences)


def entry(till: Till, kind: str = "gift", email: str = ADA, *, recurring: bool = False) -> Item:
    """One of somebody's entries, the oldest of its kind."""
    supporter = till.state(email).id
    rows = [row for row in till.books.entries if row["supporter"] == supporter and row["kind"] == kind]
    return next(row for row in rows if ("subscription" in row) == recurring)


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


def put(till: Till, item: Item) -> None:
    """A whole row, as it says."""
    till.table.write(Put(item))
