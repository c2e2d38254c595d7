"""Optimistic writes: who is overtaken reads and decides anew, and whoever always is ends as their caller needs it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.account.actions.grant import grant_access
from chalicelib.checkouts.rows import declines
from chalicelib.kernel import keys
from chalicelib.kernel.browser import Started
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.table import Change, Contended, Table, TransactionLost, Update, compare_and_swap
from chalicelib.rails.stripe.events.envelope import Event
from chalicelib.rails.stripe.side_effects.forget_customer import forget_customer
from chalicelib.signing_in.actions.adopt_customers import adopt_customers
from chalicelib.supporters.actions.sessions import end_everywhere
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.state import State
from tests.support import rebuilding
from tests.support.memory_till import MemoryTill
from tests.support.tables import Around, Unguarded
from tests.support.world import EMAIL_KEY

TRIES = 20


class Overtaking(Around):
    """Before each write but those of others, somebody else signs this supporter out everywhere."""

    def __init__(self, inner: Table, supporter: str, times: int = 1_000) -> None:
        super().__init__(inner, self._overtake)
        self.left, self.writes, self._key = times, 0, keys.standing(supporter)

    def _overtake(self, call: str, what: Any) -> None:
        if call not in ("write", "transact"):
            return
        changes: Sequence[Change] = what if call == "transact" else [what]
        if not any(isinstance(one, Update) and one.key == self._key for one in changes):
            return
        self.writes += 1
        if self.left:
            self.left -= 1
            self.inner.write(Update(self._key, add={"version": 1, "epoch": 1}))


@pytest.fixture
def table(till: MemoryTill) -> Overtaking:
    """Ada gave, and somebody is always faster at her state."""
    till.tell(till.gives(1000))
    return Overtaking(till.table, till.state().id)


def signed_out_once(state: State) -> State:
    return replace(state, customers={**state.customers, "eur": f"cus_{state.epoch}"})


def test_who_is_overtaken_decides_anew_on_what_is_there_now(till: MemoryTill, table: Overtaking) -> None:
    table.left = TRIES - 1
    supporters.change_state(table, till.state().id, signed_out_once)
    after = till.state()
    assert (table.writes, after.epoch, after.customers) == (TRIES, TRIES - 1, {"eur": f"cus_{TRIES - 1}"})


def test_without_the_version_the_others_change_would_be_lost(till: MemoryTill, table: Overtaking) -> None:
    """The negative control of the test above."""
    table.left, table.inner = 1, Unguarded(table.inner, "SUP#", "ACCESS")
    supporters.change_state(table, till.state().id, signed_out_once)
    assert (table.writes, till.state().epoch) == (1, 0)


def test_where_there_is_nothing_to_change_nothing_is_written(till: MemoryTill, table: Overtaking) -> None:
    before = till.state()
    supporters.change_state(table, before.id, lambda _: None)
    assert (table.writes, till.state()) == (0, before)


def test_a_plan_may_ask_to_be_made_anew(till: MemoryTill) -> None:
    asked = iter([True, True, False])

    def plan() -> tuple[list[Change], str]:
        if next(asked):
            raise TransactionLost([])
        return [], "done"

    assert compare_and_swap(till.table, plan) == "done"
    assert next(asked, None) is None


def signs_out(till: MemoryTill, table: Table) -> None:
    end_everywhere(table, till.state().id)


def grants(till: MemoryTill, table: Table) -> None:
    how: dict[str, Any] = {"tier": "member", "until": till.business + 1, "reason": "a friend", "now": till.business}
    grant_access(table, till.newsroom, "ada@reader.example", email_key=EMAIL_KEY, **how)


def forgets(till: MemoryTill, table: Table) -> None:
    (customer,) = (one["id"] for one in till.double.of("customer"))
    supporters.change_state(till.table, till.state().id, lambda state: replace(state, customers={"eur": customer}))
    gone = {"id": "evt_1", "object": "event", "type": "customer.deleted", "created": 1, "livemode": False}
    event = Event.model_validate(gone | {"data": {"object": {"id": customer, "object": "customer"}}})
    forget_customer(event, replace(till.deps, table=table), till.business)


@pytest.mark.parametrize(("does", "ends"), [(signs_out, Conflict), (grants, Conflict), (forgets, Contended)])
def test_whoever_always_is_hears_of_it(
    till: MemoryTill, table: Overtaking, does: Callable[..., None], ends: type[Exception]
) -> None:
    with pytest.raises(ends) as caught:
        does(till, table)
    assert table.writes == TRIES
    assert getattr(caught.value, "code", "busy") == "busy"
    table.left = 0
    does(till, table)


def test_a_customer_is_adopted_quietly_or_not_at_all(till: MemoryTill, table: Overtaking) -> None:
    (row,) = (row for row in till.kinds("CHECKOUT") if row.get("status") == "paid")
    started = Started("a secret", (row["id"],))
    till.table.write(Update((row["pk"], row["sk"]), set={"browser": started.fingerprint()}))
    adopt_customers(table, till.state(), started)
    assert (table.writes, till.state().customers) == (TRIES, {})
    table.left = 0
    adopt_customers(table, till.state(), started)
    assert till.state().customers == {"eur": row["customer"]}


def test_what_a_repair_cannot_put_right_is_left(till: MemoryTill, table: Overtaking) -> None:
    supporter = till.state().id
    till.table.write(Update(keys.standing(supporter), set={"grants": []}))
    real, till.table = till.table, table
    done = rebuilding.rebuilds(till, repair=True)
    assert ([one.what for one in done.left], table.writes) == (["grant"], TRIES)
    till.table = real
    assert rebuilding.rebuilds(till, repair=True).left == []
    (line,) = [row for row in till.kinds("SUP") if row.get("tags") == ["access:standing:rebuilt"]]
    assert line["found"] == ["grant"]


def test_refused_cards_are_counted_later_then(till: MemoryTill) -> None:
    real = till.table

    def others_count(call: str, what: Any) -> None:
        if call == "write":
            real.write(Update(what.key, set={"events": [*(real.get(what.key) or {}).get("events", []), "evt_other"]}))

    with pytest.raises(Contended):
        declines.count(Around(real, others_count), "cs_1", "evt_1", 100, till.business)
    assert declines.count(real, "cs_1", "evt_1", 100, till.business) == [*["evt_other"] * TRIES, "evt_1"]
