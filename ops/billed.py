"""What AWS billed an account for a month, by service: from Cost Explorer, or from a CSV that was downloaded."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

Billed = Mapping[str, Decimal]
"""US dollars by service, as AWS names them."""

_TOTALS = frozenset({"Total costs", "Service total", ""})


class BillUnreadable(Exception):
    """This is no bill that we can read; the sentence says why, and quotes no amount."""


def first_of(month: str) -> date:
    """The first day of a month such as `2026-11`.

    :raises BillUnreadable: it is none.
    """
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        raise BillUnreadable(f"'{month}' is no month. Write one such as 2026-11.") from None


def next_first(first: date) -> date:
    """The first day of the month after."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def of_cost_explorer(explorer: Any, first: date, until: date) -> Billed:
    """What was billed from `first` to `until` (that day no more), by one call, for which AWS takes 0.01 USD a page.

    :param explorer: boto3's client of Cost Explorer.
    """
    asked: dict[str, Any] = {
        "TimePeriod": {"Start": f"{first}", "End": f"{until}"},
        "Granularity": "MONTHLY",
        "Metrics": ["UnblendedCost"],
        "GroupBy": [{"Type": "DIMENSION", "Key": "SERVICE"}],
    }
    sums: dict[str, Decimal] = defaultdict(Decimal)
    while True:
        told = explorer.get_cost_and_usage(**asked)
        for group in (group for time in told["ResultsByTime"] for group in time["Groups"]):
            sums[group["Keys"][0]] += Decimal(group["Metrics"]["UnblendedCost"]["Amount"])
        if not told.get("NextPageToken"):
            return sums
        asked["NextPageToken"] = told["NextPageToken"]


def of_csv(lines: Iterable[str], first: date) -> Billed:
    """What a CSV says of this month: the bill's own (a row for each item), or Cost Explorer's table of services.

    :raises BillUnreadable: it is neither, an amount is none, or the month is not in it.
    """
    rows = [row for row in csv.reader(line.lstrip("\ufeff") for line in lines) if row]
    heading = rows[0] if rows else []
    try:
        if {"ProductName", "TotalCost", "RecordType"} <= set(heading):
            return _of_items(heading, rows[1:], first)
        if heading[:1] == ["Service"]:
            return _of_table(heading, rows[1:], first)
    except InvalidOperation as error:
        raise BillUnreadable("An amount in this file is no number.") from error
    raise BillUnreadable("This is neither a bill's CSV (ProductName, TotalCost) nor Cost Explorer's (Service, …).")


def _of_items(heading: Sequence[str], rows: Sequence[Sequence[str]], first: date) -> Billed:
    """The bill: items add up; its rows of totals would count them again."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    found = False
    for row in rows:
        one = dict(zip(heading, row, strict=False))
        begins = one.get("BillingPeriodStartDate") or one.get("UsageStartDate", "")
        if not one["RecordType"].endswith("LineItem") or (begins and not _within(begins, first)):
            continue
        found = True
        sums[one["ProductName"]] += Decimal(one["TotalCost"] or "0")
    if not found:
        raise BillUnreadable(f"There is nothing of {first:%Y-%m} in this file.")
    return sums


def _within(written: str, first: date) -> bool:
    """Whether a time lies in the month, as `2026/11/01 00:00:00` or with hyphens."""
    return written.replace("/", "-").startswith(f"{first:%Y-%m}")


def _of_table(heading: Sequence[str], rows: Sequence[Sequence[str]], first: date) -> Billed:
    """Cost Explorer: a column a service, a row a month or a day."""
    names = [name.removesuffix("($)").strip() for name in heading]
    ours = [row for row in rows if row[0].startswith(f"{first:%Y-%m}")]
    if not ours:
        raise BillUnreadable(f"There is nothing of {first:%Y-%m} in this file.")
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in ours:
        for name, amount in zip(names[1:], row[1:], strict=False):
            if name not in _TOTALS:
                sums[name] += Decimal(amount or "0")
    return sums
