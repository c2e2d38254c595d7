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
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.table import Change, Contended, Table, TransactionLost, Update, compare_and_swap
from chalicelib.rails.stripe.events.envelope import Event
from chalicelib.rails.stripe.side_effects.forget_customer import forget_customer
from chalicelib.signing_in.actions.adopt_customers import adopt_customers
from chalicelib.supporters.actions.sessions import end_everywhere
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.state import State
from testkit import rebuilding
from testkit.harness import EMAIL_KEY, Harness
from testkit.tables import Around, Unguarded

TRIES = 20


class Overtaking(Around):
    """Before each write but those of others, somebody else signs this supporter out everywhere."""

    def __init__(self, inner: Table, supporter: SupporterId, times: int = 1_000) -> None:
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
def table(harness: Harness) -> Overtaking:
    """Ada gave, and somebody is always faster at her state."""
    harness.tell(harness.gives(1000))
    return Overtaking(harness.table, harness.state().id)


def signed_out_once(state: State) -> State:
    return replace(state, customers={**state.customers, "eur": f"cus_{state.epoch}"})


def test_who_is_overtaken_decides_anew_on_what_is_there_now(harness: Harness, table: Overtaking) -> None:
    table.left = TRIES - 1
    supporters.change_state(table, harness.state().id, signed_out_once)
    after = harness.state()
    assert (table.writes, after.epoch, after.customers) == (TRIES, TRIES - 1, {"eur": f"cus_{TRIES - 1}"})


def test_without_the_version_the_others_change_would_be_lost(harness: Harness, table: Overtaking) -> None:
    """The negative control of the test above."""
    table.left, table.inner = 1, Unguarded(table.inner, "SUP#", "ACCESS")
    supporters.change_state(table, harness.state().id, signed_out_once)
    assert (table.writes, harness.state().epoch) == (1, 0)


def test_where_there_is_nothing_to_change_nothing_is_written(harness: Harness, table: Overtaking) -> None:
    before = harness.state()
    supporters.change_state(table, before.id, lambda _: None)
    assert (table.writes, harness.state()) == (0, before)


def test_a_plan_may_ask_to_be_made_anew(harness: Harness) -> None:
    asked = iter([True, True, False])

    def plan() -> tuple[list[Change], str]:
        if next(asked):
            raise TransactionLost([])
        return [], "done"

    assert compare_and_swap(harness.table, plan) == "done"
    assert next(asked, None) is None


def signs_out(harness: Harness, table: Table) -> None:
    end_everywhere(table, harness.state().id)


def grants(harness: Harness, table: Table) -> None:
    how: dict[str, Any] = {
        "tier": "member",
        "until": harness.clock.business + 1,
        "reason": "a friend",
        "now": harness.clock.business,
    }
    grant_access(table, harness.newsroom, "ada@reader.example", email_key=EMAIL_KEY, **how)


def forgets(harness: Harness, table: Table) -> None:
    (customer,) = (one["id"] for one in harness.stripe.of("customer"))
    supporters.change_state(
        harness.table, harness.state().id, lambda state: replace(state, customers={"eur": customer})
    )
    gone = {"id": "evt_1", "object": "event", "type": "customer.deleted", "created": 1, "livemode": False}
    event = Event.model_validate(gone | {"data": {"object": {"id": customer, "object": "customer"}}})
    forget_customer(event, replace(harness.stripe_deps, table=table), harness.now(), harness.real_now())


@pytest.mark.parametrize(("does", "ends"), [(signs_out, Conflict), (grants, Conflict), (forgets, Contended)])
def test_whoever_always_is_hears_of_it(
    harness: Harness, table: Overtaking, does: Callable[..., None], ends: type[Exception]
) -> None:
    with pytest.raises(ends) as caught:
        does(harness, table)
    assert table.writes == TRIES
    assert getattr(caught.value, "code", "busy") == "busy"
    table.left = 0
    does(harness, table)


def test_a_customer_is_adopted_quietly_or_not_at_all(harness: Harness, table: Overtaking) -> None:
    (row,) = (row for row in harness.kinds("CHECKOUT") if row.get("status") == "paid")
    started = Started("a secret", (row["id"],))
    harness.table.write(Update((row["pk"], row["sk"]), set={"browser": started.fingerprint()}))
    adopt_customers(table, harness.state(), started)
    assert (table.writes, harness.state().customers) == (TRIES, {})
    table.left = 0
    adopt_customers(table, harness.state(), started)
    assert harness.state().customers == {"eur": row["customer"]}


def test_what_a_repair_cannot_put_right_is_left(harness: Harness, table: Overtaking) -> None:
    supporter = harness.state().id
    harness.table.write(Update(keys.standing(supporter), set={"grants": []}))
    real, harness.table = harness.table, table
    done = rebuilding.rebuilds(harness, repair=True)
    assert ([one.what for one in done.left], table.writes) == (["grant"], TRIES)
    harness.table = real
    assert rebuilding.rebuilds(harness, repair=True).left == []
    (line,) = [row for row in harness.kinds("SUP") if row.get("tags") == ["access:standing:rebuilt"]]
    assert line["found"] == ["grant"]


def test_refused_cards_are_counted_later_then(harness: Harness) -> None:
    real = harness.table

    def others_count(call: str, what: Any) -> None:
        if call == "write":
            real.write(Update(what.key, set={"events": [*(real.get(what.key) or {}).get("events", []), "evt_other"]}))

    with pytest.raises(Contended):
        declines.count(Around(real, others_count), "cs_1", "evt_1", 100, harness.real_now())
    assert declines.count(real, "cs_1", "evt_1", 100, harness.real_now()) == [*["evt_other"] * TRIES, "evt_1"]
