"""Numbers of receipts: no gap and no double, with sixty-four at once and with a fault at every single call."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

import pytest

from chalicelib.kernel import keys
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Change, Delete, Put, Table, TableUnavailable, Update
from chalicelib.ledger.actions.number_receipts import MOST_AT_ONCE, NoReceipt
from chalicelib.ledger.rows import receipts
from chalicelib.ledger.rules.receipt_reference import ReceiptNumber, number_of
from chalicelib.ledger.rules.receipts import Receiver
from localdev.around import Around
from testkit.at_once import at_once
from testkit.clock import NOW
from testkit.harness import Harness
from tests.ledger.numbering import booked, given, numbers, wrong

YEAR = datetime.fromtimestamp(NOW).year  # noqa: DTZ006 - far from any year's end
Result = TypeVar("Result")


def expected(count: int) -> list[str]:
    return [number_of(YEAR, one) for one in range(1, count + 1)]


def test_the_first_receipt_of_the_year_is_number_one_and_stays_so(harness: Harness) -> None:
    first, second = booked(harness, 2)
    assert numbers(harness).number([first], harness.now()) == {"pi_0": f"{YEAR}-000001"}
    harness.pass_time(400 * 86_400)
    assert numbers(harness).number([first], harness.now()) == {"pi_0": f"{YEAR}-000001"}
    assert numbers(harness).number([second], harness.now()) == {"pi_1": f"{YEAR + 1}-000001"}


def test_it_says_for_good_who_paid_and_who_received(harness: Harness) -> None:
    (gift,) = booked(harness, 1)
    numbers(harness).number([gift], harness.now())
    found = receipts.read(harness.table, ReceiptNumber(f"{YEAR}-000001"))
    legal = harness.newsroom.legal
    assert found
    assert (found.gift, found.supporter, found.payer, found.given_at) == ("pi_0", gift.supporter, "Марія К.", NOW)
    assert found.receiver == Receiver(legal.name, legal.address, legal.id)
    harness.wiring.newsroom = replace(harness.newsroom, legal=replace(legal, name={"uk": "Інші", "en": "Others"}))
    numbers(harness).number([gift], harness.now())
    assert receipts.read(harness.table, found.number) == found


def test_the_year_is_the_newsrooms(harness: Harness) -> None:
    """22:30 UTC on 31 December is the next year in Kyiv."""
    before, after = booked(harness, 2)
    end = int(datetime.fromisoformat("2026-12-31T21:30:00Z").timestamp())
    assert numbers(harness).number([before], BusinessTime(end)) == {"pi_0": "2026-000001"}
    assert numbers(harness).number([after], BusinessTime(end + 3600)) == {"pi_1": "2027-000001"}


def test_several_get_theirs_together_in_order_of_time(harness: Harness) -> None:
    gifts = booked(harness, MOST_AT_ONCE + 3)
    numbers(harness).number([gifts[7]], harness.now())
    found = numbers(harness).number(reversed(gifts), harness.now())
    assert found["pi_7"] == f"{YEAR}-000001"
    others = [found[gift.entry.movement.id] for gift in gifts if gift is not gifts[7]]
    assert others == sorted(others) == expected(MOST_AT_ONCE + 3)[1:]
    assert wrong(harness.table, YEAR) == []


def test_a_correction_is_a_new_number_that_names_the_old(harness: Harness) -> None:
    (gift,) = booked(harness, 1)
    number = numbers(harness).number([gift], harness.now())["pi_0"]
    was = receipts.read(harness.table, number)
    assert was
    new = numbers(harness).correct(was, "Марія Коваленко", harness.now())
    old, now = receipts.read(harness.table, number), receipts.read(harness.table, new)
    assert (new, old, now) == (
        f"{YEAR}-000002",
        replace(was, replaced_by=new),
        replace(was, number=new, payer="Марія Коваленко", replaces=number),
    )
    assert receipts.number_of_gift(harness.table, gift.supporter, "pi_0") == new
    assert numbers(harness).number([gift], harness.now()) == {"pi_0": new}
    assert wrong(harness.table, YEAR) == []
    with pytest.raises(NoReceipt):
        numbers(harness).correct(was, None, harness.now())
    assert receipts.count(harness.table, YEAR) == 2


# ---- many at once ----


@pytest.mark.engine
@pytest.mark.parametrize("threads", [2, 16, 64])
def test_many_at_once_leave_no_gap_and_no_double(
    harness: Harness, threads: int, record_property: Callable[[str, object], None]
) -> None:
    gifts = booked(harness, threads)
    results = at_once(threads, lambda one: numbers(harness).number([gifts[one]], harness.now()))
    assert not [one for one in results if isinstance(one, BaseException)]
    assert given(harness.table, gifts) == expected(threads)
    assert wrong(harness.table, YEAR) == []
    record_property("figures", f"{threads} receipts numbered from a barrier: gaps 0, doubled 0")


@pytest.mark.engine
def test_many_who_ask_for_the_same_receipts_get_the_same_numbers(harness: Harness) -> None:
    gifts = booked(harness, 8)

    def ask(one: int) -> Any:
        wanted = gifts[one % 8 :] + gifts[: one % 8]
        return numbers(harness).number(wanted[: 1 + one % 5], harness.now())

    results = at_once(64, ask)
    said: dict[str, str] = {}
    for found in results:
        assert isinstance(found, dict), found
        for gift, number in found.items():
            assert said.setdefault(gift, number) == number
    assert sorted(said.values()) == given(harness.table, gifts) == expected(8)
    assert wrong(harness.table, YEAR) == []


class Unguarded(Around):
    """A table that holds no conditions in transactions, and lets `faster` go before each."""

    def __init__(self, inner: Table, faster: Callable[[], object]) -> None:
        super().__init__(inner)
        self._faster = faster

    def transact(self, changes: Sequence[Change]) -> None:
        self._faster()
        self.inner.transact([replace(one, only_if=()) for one in changes if isinstance(one, Put | Update | Delete)])


def test_without_the_conditions_two_at_once_have_the_same_number(harness: Harness) -> None:
    """The negative control of those above."""
    first, second = booked(harness, 2)
    table = Unguarded(harness.table, lambda: numbers(harness).number([second], harness.now()))
    numbers(harness, table).number([first], harness.now())
    assert given(harness.table, [first, second]) == [f"{YEAR}-000001"] * 2


# ---- a fault at every single call ----


class Killed(BaseException):
    """The process ends here."""


class Fails(Around):
    """A table of which the call with this number fails, before it is made or after."""

    def __init__(self, inner: Table, chosen: int, fault: type[BaseException], *, after: bool) -> None:
        super().__init__(inner)
        self._count, self._chosen, self._fault, self._after = itertools.count(), chosen, fault, after
        self.failed = False

    def _call(self, name: str, what: object, work: Callable[[], Result]) -> Result:
        chosen = next(self._count) == self._chosen
        self.failed = self.failed or chosen
        if chosen and not self._after:
            raise self._fault
        result = super()._call(name, what, work)
        if chosen:
            raise self._fault
        return result


@pytest.mark.engine
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("fault", [TableUnavailable, Killed])
@pytest.mark.parametrize("corrects", [False, True], ids=["first", "correction"])
def test_a_fault_at_any_call_leaves_no_gap_and_no_double(
    harness: Harness,
    fault: type[BaseException],
    after: bool,
    corrects: bool,
    record_property: Callable[[str, object], None],
) -> None:
    """Then somebody else's receipt, then the same again."""
    for chosen in itertools.count():
        gifts = booked(harness, 3, first=3 * chosen)
        was = None
        if corrects:
            number = numbers(harness).number(gifts[:1], harness.now())[gifts[0].entry.movement.id]
            was = receipts.read(harness.table, number)
        table = Fails(harness.table, chosen, fault, after=after)

        def work(on: Table, was: Any = was, gifts: Any = gifts) -> None:
            if was:
                numbers(harness, on).correct(was, "Марія", harness.now())
            else:
                numbers(harness, on).number(gifts[:2], harness.now())

        try:
            work(table)
        except fault:
            assert table.failed
        numbers(harness).number(gifts[2:], harness.now())
        try:
            work(harness.table)
        except NoReceipt:
            assert after or not table.failed, "the correction had been made"
        numbers(harness).number(gifts, harness.now())
        assert wrong(harness.table, YEAR) == []
        if not table.failed:
            break
    assert chosen >= 4, "every call was tried"
    all_given = receipts.count(harness.table, YEAR)
    assert all_given == 3 * (chosen + 1) + (chosen + 1 if corrects else 0)
    record_property("figures", f"a fault at each of {chosen} calls: gaps 0, doubled 0")


def test_a_gap_and_a_double_are_seen(harness: Harness) -> None:
    """The negative control of the look at all numbers."""
    gifts = booked(harness, 3)
    numbers(harness).number(gifts, harness.now())
    assert wrong(harness.table, YEAR) == []
    harness.table.write(Delete(keys.receipt(f"{YEAR}-000002")))
    harness.table.write(Update(keys.receipt_of(gifts[2].supporter, "pi_2"), set={"number": "x", "numbers": ["x"]}))
    harness.table.write(Delete(keys.receipt_of(gifts[0].supporter, "pi_0")))
    assert [(one.number[-1], one.what) for one in wrong(harness.table, YEAR)] == [
        ("1", "lost"),
        ("2", "gap"),
        ("3", "double"),
    ]
