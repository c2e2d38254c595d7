"""What AWS billed beside what the model says: from Cost Explorer or a CSV, or refused with a reason."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bench import cost_report, prices
from bench.cost import bill, firewall, total
from bench.month import month
from bench.prices import FILE
from bench.services import SERVICES, by_service
from chalicelib.supporters.rows import how_many
from chalicelib.supporters.rules.givers import HowMany
from ops.__main__ import main
from ops.billed import BillUnreadable, first_of, next_first, of_cost_explorer, of_csv
from ops.cost import compared
from testkit.harness import Harness

NOVEMBER = date(2026, 11, 1)
BILL = """\
InvoiceID,RecordType,BillingPeriodStartDate,ProductName,UsageType,TotalCost
1,LinkedLineItem,2026/11/01 00:00:00,Amazon DynamoDB,EU-ReadRequestUnits,0.350000
1,LinkedLineItem,2026/11/01 00:00:00,Amazon DynamoDB,EU-WriteRequestUnits,0.54
1,LinkedLineItem,2026/11/01 00:00:00,AWS Lambda,EU-Request,
1,LinkedLineItem,2026/10/01 00:00:00,Amazon DynamoDB,EU-WriteRequestUnits,99
1,PayerLineItem,2026/11/01 00:00:00,Amazon Elastic Compute Cloud,EU-BoxUsage,7.25
1,AccountTotal,2026/11/01 00:00:00,,,8.14
1,StatementTotal,,,,8.14
"""
TABLE = """\
\ufeffService,Amazon DynamoDB($),AWS Lambda($),Total costs($)
Service total,1.29,0,1.29
2026-10-01,0.40,,0.40
2026-11-01,0.89,0,0.89
"""


def test_the_bills_items_are_added_and_its_totals_not_once_more() -> None:
    assert of_csv(BILL.splitlines(keepends=True), NOVEMBER) == {
        "Amazon DynamoDB": Decimal("0.89"),
        "AWS Lambda": 0,
        "Amazon Elastic Compute Cloud": Decimal("7.25"),
    }


def test_cost_explorers_table_is_read_by_its_month() -> None:
    assert of_csv(TABLE.splitlines(keepends=True), NOVEMBER) == {"Amazon DynamoDB": Decimal("0.89"), "AWS Lambda": 0}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "neither"),
        ("a,b\n1,2\n", "neither"),
        (TABLE.replace("0.89", "a lot"), "no number"),
        (BILL.replace("0.54", "some"), "no number"),
        (TABLE.replace("2026-11", "2026-12"), "nothing of 2026-11"),
        (BILL.replace("2026/11", "2026/12"), "nothing of 2026-11"),
    ],
    ids=["empty", "other", "table-amount", "bill-amount", "table-month", "bill-month"],
)
def test_what_is_no_bill_is_refused(text: str, why: str) -> None:
    with pytest.raises(BillUnreadable, match=why):
        of_csv(text.splitlines(keepends=True), NOVEMBER)


class _Explorer:
    """Cost Explorer with two pages."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def get_cost_and_usage(self, **asked: Any) -> dict[str, Any]:
        self.asked.append(asked)

        def group(amount: str, name: str) -> dict[str, Any]:
            return {"Keys": [name], "Metrics": {"UnblendedCost": {"Amount": amount, "Unit": "USD"}}}

        if "NextPageToken" in asked:
            return {"ResultsByTime": [{"Groups": [group("0.0000001", "AWS Lambda")]}]}
        groups = [group("0.35", "Amazon DynamoDB"), group("1.1", "AmazonCloudWatch")]
        return {"ResultsByTime": [{"Groups": groups}], "NextPageToken": "more"}


def test_cost_explorer_is_asked_for_one_month_to_its_last_page() -> None:
    explorer = _Explorer()
    assert of_cost_explorer(explorer, NOVEMBER, date(2026, 12, 1)) == {
        "Amazon DynamoDB": Decimal("0.35"),
        "AmazonCloudWatch": Decimal("1.1"),
        "AWS Lambda": Decimal("0.0000001"),
    }
    assert [one["TimePeriod"] for one in explorer.asked] == [{"Start": "2026-11-01", "End": "2026-12-01"}] * 2


def test_a_year_ends_in_december() -> None:
    assert next_first(date(2026, 12, 1)) == date(2027, 1, 1)
    with pytest.raises(BillUnreadable, match="no month"):
        first_of("2026-13")


def test_every_line_of_the_model_is_billed_under_a_service() -> None:
    read, happens = prices.read(), month(10_000, cost_report.units_of(FILE.parent.parent / "docs" / "units.md"))
    lines = [*bill(happens, read), *bill(happens, read, cdn=False), *firewall(happens, read)]
    assert {line.price.name for line in lines} <= {read[key].name for keys in SERVICES.values() for key in keys}
    assert sum(by_service(bill(happens, read), read).values()) == total(bill(happens, read), free_tier=True)


def test_what_else_the_account_runs_stands_apart_and_is_in_the_sum() -> None:
    rows = compared(
        {"AWS Lambda": Decimal(0), "Amazon DynamoDB": Decimal("1.5")}, of_csv(BILL.splitlines(), NOVEMBER)
    )
    assert rows == [
        {"service": "Amazon DynamoDB", "model": "1.50", "billed": "0.89", "difference": "-0.61"},
        {"service": "not ours, or not in the model", "model": "0.00", "billed": "7.25", "difference": "+7.25"},
        {"service": "sum", "model": "1.50", "billed": "8.14", "difference": "+6.64"},
    ]


def asked(harness: Harness, *words: str) -> Result:
    env = {"SPILNO_STAGE": "local"}
    return CliRunner().invoke(main, ["cost", *words], env=env, obj=harness.wiring)


def test_the_command_compares_a_file_with_the_model(harness: Harness, tmp_path: Path) -> None:
    file = tmp_path / "bill.csv"
    file.write_text(TABLE, encoding="utf-8")
    words = ("--month", "2026-10", "--csv", str(file))
    refused = asked(harness, *words)
    assert refused.exit_code == 1
    assert "--supporters" in refused.output
    how_many.write(harness.table, HowMany(10_000, 3, "2026-11", harness.now()))
    told = asked(harness, *words)
    assert told.exit_code == 0, told.output
    assert told.output.splitlines()[0] == "2026-10-01 to 2026-10-31, 10,000 supporters, USD."
    assert "Amazon DynamoDB" in told.output
    services = json.loads(asked(harness, *words, "--json").output)["services"]
    assert services[-1]["service"] == "sum"
    assert services[-1]["billed"] == "0.40"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--month", "2026-1"), "no month"),
        (("--month", "2999-01"), "billed yet"),
        (("--month", "2026-10", "--supporters", "10"), "costs nothing"),
    ],
    ids=["month", "later", "local"],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(harness: Harness, words: tuple[str, ...], why: str) -> None:
    refused = asked(harness, *words)
    assert refused.exit_code == 1
    assert why in refused.output
