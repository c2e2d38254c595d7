"""The table of units: what it says, when it says that something is wrong, and where it is written."""

from pathlib import Path

import pytest

from bench.meter import Bill, Request
from bench.report import Run, markdown, plain, write_into
from bench.tables import BEGIN, END
from bench.targets import TARGETS
from tests.proofs.units.conftest import Bills


def bill(read: float = 0, written: float = 0, reported: float | None = None) -> Bill:
    return Bill([Request("PutItem", "EVT", read, written, written, reported)])


def run(small: Bills, large: Bills) -> Run:
    return Run("an engine 1.0", "2026-11-22", {1000: small, 100_000: large})


def test_within_target_and_flat_is_ok() -> None:
    told = run({"webhook stored": bill(written=3)}, {"webhook stored": bill(written=3)})
    assert told.failed == []
    assert "webhook stored" in plain(told)
    assert "| webhook stored | 0 | 0 | 3 | 3 | 3 write | ok |" in markdown(told)


def test_over_its_target_at_any_size_is_said() -> None:
    told = run({"webhook stored": bill(written=3)}, {"webhook stored": bill(written=4)})
    assert told.verdict("webhook stored") == "over"
    assert told.failed == ["webhook stored"]


def test_growth_is_said_even_without_a_target() -> None:
    assert run({"a": bill(read=1)}, {"a": bill(read=2)}).verdict("a") == "grows"


def test_what_may_grow_and_does_is_said_and_fails_nothing() -> None:
    told = run({"ops totals": bill(read=9)}, {"ops totals": bill(read=17)})
    assert told.verdict("ops totals") == "may"
    assert told.failed == []


def test_a_raw_event_that_compresses_worse_is_no_growth() -> None:
    one, other = (Bill([Request("PutItem", "EVT", 0, written, 1, written)]) for written in (1, 2))
    assert run({"a": one}, {"a": other}).verdict("a") == "ok"


def test_it_says_how_far_the_engine_agrees() -> None:
    told = plain(run({"a": bill(written=3, reported=3)}, {"a": bill(written=3, reported=2), "b": bill(written=1)}))
    assert "3 requests. The engine told what 2 consumed, 1 times otherwise" in told
    assert "an engine 1.0" in told


def test_it_is_written_between_the_markers_and_nowhere_else(tmp_path: Path) -> None:
    page = tmp_path / "units.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    told = run({"a": bill(read=1)}, {"a": bill(read=1)})
    write_into(page, told)
    write_into(page, told)
    text = page.read_text(encoding="utf-8")
    assert text == f"before\n{BEGIN}\n{markdown(told)}\n{END}\nafter\n"


def test_a_page_without_markers_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "units.md"
    page.write_text("mine", encoding="utf-8")
    with pytest.raises(ValueError, match="must hold"):
        write_into(page, run({"a": bill()}, {"a": bill()}))
    assert page.read_text(encoding="utf-8") == "mine"


def test_every_target_is_measured(bills: dict[int, Bills]) -> None:
    for measured in bills.values():
        assert set(TARGETS) <= set(measured)
