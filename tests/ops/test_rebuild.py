"""`ops rebuild`: exit codes, what a person reads, what a machine gets."""

import json

from chalicelib.kernel import keys
from chalicelib.kernel.table import Delete, Update
from testkit.harness import ADA, Harness
from tests.ops.conftest import Run


def test_books_that_agree(harness: Harness, run: Run) -> None:
    harness.tell(harness.gives(1000))
    result = run("rebuild", "--check")
    assert result.exit_code == 0
    assert result.output.splitlines()[0] == "Everything agrees."
    assert f"1 entries, {len(harness.kinds('EVT'))} events, 1 supporters compared." in result.output
    told = json.loads(run("rebuild", "--check", "--json").output)
    assert (told["differences"], told["entries"], told["supporters"]) == ([], 1, 1)
    assert told["totals"]["eur"]["gross"] == 1000


def test_a_difference_is_told_and_mended(harness: Harness, run: Run) -> None:
    harness.tell(harness.gives(1000))
    harness.table.write(Update(keys.total("2026-09", "eur", 5), add={"gross": 5}))
    checked = run("rebuild", "--check")
    assert checked.exit_code == 1
    assert "month 2026-09 eur gross" in checked.output
    assert "mended by rebuild" in checked.output
    assert "10.05" in checked.output, "major units for a person"
    told = json.loads(run("rebuild", "--check", "--json").output)
    assert told["differences"] == [
        {
            "what": "total",
            "where": "month 2026-09 eur gross",
            "stored": 1005,
            "derived": 1000,
            "mendable": True,
            "mended": False,
        }
    ]
    assert harness.totals() == {"eur": (1005, 1)}, "--check writes nothing"
    repaired = run("rebuild")
    assert (repaired.exit_code, harness.totals()) == (0, {"eur": (1000, 1)})
    assert " mended" in repaired.output
    assert run("rebuild", "--check").exit_code == 0


def test_what_a_person_must_look_at_stays_a_failure(harness: Harness, run: Run) -> None:
    harness.tell(harness.gives(1000))
    (entry,) = harness.books.entries
    harness.table.write(Delete((entry["pk"], entry["sk"])))
    for words in (["rebuild", "--check"], ["rebuild"]):
        result = run(*words)
        assert result.exit_code == 1
        assert "a person must look" in result.output
        assert entry["id"] in result.output
        assert "more may only follow" in result.output
        assert ADA not in result.output


def test_what_is_not_applied_yet_is_no_difference(harness: Harness, run: Run) -> None:
    events = harness.gives(1000)
    harness.stripe.down = True
    harness.deliver(next(event for event in events if event["type"] == "payment_intent.succeeded"))
    result = run("rebuild", "--check")
    assert result.exit_code == 0
    assert "Not applied yet, so not compared: 1 pending events" in result.output


def test_another_amount_than_stripe_told_is_told_in_major_units(harness: Harness, run: Run) -> None:
    harness.tell(harness.gives(1000))
    (entry,) = harness.books.entries
    harness.table.write(Update((entry["pk"], entry["sk"]), set={"amount": 99_000}))
    checked = run("rebuild", "--check")
    assert checked.exit_code == 1
    assert "990.00 eur" in checked.output
    assert "10.00 eur" in checked.output
