"""`ops receipts`: numbers for gifts from before, gaps, one receipt, and a correction."""

import json
from datetime import datetime

from chalicelib.kernel import keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.table import Delete, Put
from chalicelib.ledger.rows import receipts
from chalicelib.ledger.rules.receipt_reference import ReceiptNumber
from testkit.clock import NOW
from testkit.harness import BEN, Harness
from tests.ledger.numbering import booked, given, numbers
from tests.ops.conftest import Run

YEAR = datetime.fromtimestamp(NOW).year  # noqa: DTZ006 - far from any year's end


def test_gifts_from_before_get_numbers_in_order_of_time(harness: Harness, run: Run) -> None:
    gifts = booked(harness, 60)
    numbers(harness).number([gifts[5]], harness.now())
    checked = run("receipts", "number", "--check", "--json")
    assert json.loads(checked.stdout) == {"gifts": 60, "lacking": 59, "given": 0, "unreadable": []}
    assert len(given(harness.table, gifts)) == 1, "a look writes nothing"
    done = run("receipts", "number", "--json")
    assert json.loads(done.stdout) == {"gifts": 60, "lacking": 59, "given": 59, "unreadable": []}
    others = [receipts.number_of_gift(harness.table, one.supporter, one.entry.movement.id) for one in gifts]
    del others[5]
    assert others == [f"{YEAR}-{count:06}" for count in range(2, 61)]
    again = run("receipts", "number")
    assert "60 gifts, 0 without a number, 0 numbered now." in again.output
    assert "none wrong" in run("receipts", "check", str(YEAR)).output


def test_test_money_and_what_cannot_be_read_have_none(harness: Harness, run: Run) -> None:
    harness.tell(harness.gives(500, email=BEN))
    (row,) = harness.books.entries
    for rest in [one for one in harness.rows() if one["pk"].startswith("RECEIPT")]:
        harness.table.write(Delete((rest["pk"], rest["sk"])))
    supporter = SupporterId(row["supporter"])
    harness.table.write(Delete(keys.receipt_of(supporter, row["id"])))
    harness.table.write(Put({**row, "livemode": True}))
    assert json.loads(run("receipts", "number", "--json").stdout)["gifts"] == 0
    harness.table.write(Put({**row, "tier": 5}))
    done = run("receipts", "number")
    assert done.exit_code == 1
    assert row["id"] in done.output
    assert receipts.number_of_gift(harness.table, supporter, row["id"]) is None


def test_a_gap_ends_with_one(harness: Harness, run: Run) -> None:
    numbers(harness).number(booked(harness, 2), harness.now())
    harness.table.write(Delete(keys.receipt(f"{YEAR}-000001")))
    result = run("receipts", "check", str(YEAR))
    assert result.exit_code == 1
    assert f"{YEAR}-000001 was counted, and there is no such receipt." in result.output
    assert json.loads(run("receipts", "check", str(YEAR), "--json").stdout)["wrong"] == {f"{YEAR}-000001": "gap"}


def test_one_is_shown_and_corrected_by_its_number_or_its_reference(harness: Harness, run: Run) -> None:
    (gift,) = booked(harness, 1)
    number = numbers(harness).number([gift], harness.now())["pi_0"]
    shown = json.loads(run("receipts", "show", number, "--json").stdout)
    assert (shown["gift"], shown["payer"], shown["replaced_by"]) == ("pi_0", "Марія К.", None)
    assert json.loads(run("receipts", "show", shown["reference"].lower(), "--json").stdout) == shown
    done = json.loads(
        run("receipts", "correct", shown["reference"], "--payer", " Марія  Коваленко ", "--json").stdout
    )
    assert (done["number"], done["replaces"]) == (f"{YEAR}-000002", number)
    new = receipts.read(harness.table, ReceiptNumber(done["number"]))
    assert new
    assert (new.payer, new.replaces) == ("Марія Коваленко", number)
    refused = run("receipts", "correct", number)
    assert refused.exit_code == 1
    assert f"replaced already. Its number is now {YEAR}-000002." in refused.output
    assert f"replaced_by: {YEAR}-000002" in run("receipts", "show", number).output
    assert "none wrong" in run("receipts", "check", str(YEAR)).output
