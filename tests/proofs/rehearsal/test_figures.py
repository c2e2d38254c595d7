"""What a rehearsal tells at the end."""

from typing import Any

from ops.rehearsal.check import Found
from ops.rehearsal.figures import Figures, told_in_order


def event(seq: int, kind: str, created: int, customer: str = "cus_1") -> tuple[int, dict[str, Any]]:
    value = {"id": "x", "customer": customer}
    return seq, {"id": f"evt_{seq}", "type": kind, "created": created, "data": {"object": value}}


HAPPENED = [
    event(1, "a", 100), event(2, "b", 101),  # one happening
    event(3, "a", 900), event(4, "b", 900),  # the same a while later
    event(5, "a", 900, "cus_2"), event(6, "b", 900, "cus_2"),  # somebody else's
]  # fmt: skip


def arrived(*numbers: int) -> list[str]:
    return [f"evt_{number}" for number in numbers]


def test_the_same_order_of_two_happenings_counts_once() -> None:
    assert told_in_order(HAPPENED, arrived(1, 2, 3, 4, 5, 6)) == (0, 0, 1)


def test_another_order_a_gap_and_a_repetition_are_orders_of_their_own() -> None:
    assert told_in_order(HAPPENED, arrived(2, 1, 3, 3, 4, 6)) == (1, 1, 3)


def test_somebody_elses_later_event_makes_nothing_late() -> None:
    assert told_in_order(HAPPENED, arrived(5, 6, 1, 2)) == (0, 0, 1)


def test_an_event_that_was_never_made_is_left_out() -> None:
    assert told_in_order(HAPPENED, arrived(7, 1)) == (0, 0, 1)


def test_it_passes_only_without_a_cent_in_doubt() -> None:
    for wrong in (Found(lost=1), Found(doubled=1), Found(unexplained=1)):
        assert not Figures(1, 1, 1, found=wrong).passed
    assert Figures(1, 1, 1, found=Found(told_twice=1)).passed


def test_the_table_has_a_line_for_every_promise() -> None:
    names = [name for name, _ in Figures(1, 1, 1).rows()]
    assert {"lost", "doubled", "unexplained", "mails told twice", "orders tried", "fault points"} <= set(names)
    told = Figures(1, 1, 1).as_json()
    assert (told["passed"], told["lost"], told["doubled"], told["unexplained"]) == (True, 0, 0, 0)
