"""`receipts`: numbers of receipts."""

import sys
from collections.abc import Mapping
from typing import Any

import click

from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.moments import local, rfc3339
from chalicelib.ledger.actions.check_receipts import wrong_numbers
from chalicelib.ledger.actions.number_all import number_all
from chalicelib.ledger.actions.number_receipts import NoReceipt, ReceiptNumbers
from chalicelib.ledger.rows import receipts as store
from chalicelib.ledger.rows import sums
from chalicelib.ledger.rules import receipt_reference
from chalicelib.ledger.rules.receipt_reference import ReceiptNumber
from chalicelib.ledger.rules.receipts import NumberedReceipt
from chalicelib.rails.registry import RAILS
from chalicelib.wiring import Wiring
from ops.context import connect
from ops.output import Refusal, emit, end_with_unreadable, one_line, say

_MEANS = {
    "gap": "was counted, and there is no such receipt",
    "double": "is of a gift that has another one, which does not replace it",
    "lost": "is of a gift that says no number",
}


@click.group()
def receipts() -> None:
    """Numbers of receipts: give them to gifts from before, look for gaps, show one, correct one."""


@receipts.command()
@click.option("--check", is_flag=True, help="Only say how many gifts have no number; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def number(*, check: bool, as_json: bool) -> None:
    """Give a number to the receipt of every gift that has none, in order of time.

    Without it a gift from before gets its number when its receipt is first mailed or looked at. It may run beside
    everything else and any number of times; after an interruption it goes on where it was.
    """
    wired = connect()
    numbers = ReceiptNumbers(wired.table, wired.newsroom)
    length = sum(one.sums.payments for one in sums.totals_by_month(wired.table))
    livemode = wired.settings.livemode
    with click.progressbar(length=length, label="Gifts", file=sys.stderr) as bar:
        done = number_all(numbers, RAILS, livemode=livemode, write=not check, now=wired.now(), progress=bar.update)
    if as_json:
        emit({"gifts": done.gifts, "lacking": done.lacking, "given": done.given, "unreadable": done.unreadable})
    else:
        say(f"{done.gifts} gifts, {done.lacking} without a number, {done.given} numbered now.")
    end_with_unreadable("Entries", done.unreadable)


@receipts.command("check")
@click.argument("year", type=click.IntRange(2000, 9998))
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def check_command(year: int, *, as_json: bool) -> None:
    """Look for gaps and doubles in the numbers of a year. Ends with code 1 if there are any."""
    wired = connect()
    length = store.count(wired.table, year)
    with click.progressbar(wrong_numbers(wired.table, year), length=length, label="Numbers", file=sys.stderr) as bar:
        wrong = [one for one in bar if one]
    if as_json:
        emit({"year": year, "numbers": length, "wrong": {one.number: one.what for one in wrong}})
    else:
        for one in wrong:
            say(f"{one.number} {_MEANS[one.what]}.")
        say(f"{length} numbers in {year}, {len(wrong) or 'none'} wrong.")
    if wrong:
        sys.exit(1)


@receipts.command()
@click.argument("receipt")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def show(receipt: str, *, as_json: bool) -> None:
    """Show the receipt with this number or reference: whose gift it is, and what replaced it."""
    wired = connect()
    found = _found(wired, receipt)
    if as_json:
        emit(_told(wired, found))
        return
    told = {**_told(wired, found), "given_at": local(found.given_at, wired.newsroom.zone)}
    for name, value in told.items():
        if value is not None:
            say(f"{name}: {one_line(value)}")


@receipts.command()
@click.argument("receipt")
@click.option("--payer", help="The name that the new receipt says; without it the one of before.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def correct(receipt: str, *, payer: str | None, as_json: bool) -> None:
    """Replace a receipt by a new number that names the old one, with the receiver that the newsroom's file names now.

    For a name or a receiver that was wrong. A refund needs none: it is a line on the same receipt.
    """
    wired = connect()
    was = _found(wired, receipt)
    name = was.payer if payer is None else " ".join(payer.split())[:100] or None
    try:
        new = ReceiptNumbers(wired.table, wired.newsroom).correct(was, name, wired.now())
    except NoReceipt as error:
        raise Refusal(f"{error} Its number is now {was.replaced_by or 'another one'}.") from None
    if as_json:
        emit({"number": new, "replaces": was.number, "reference": _reference(wired, new)})
    else:
        say(f"{new} replaces {was.number}.")


def _found(wired: Wiring, text: str) -> NumberedReceipt:
    number = receipt_reference.read(text, wired.secrets["SPILNO_EMAIL_KEY"]) or ReceiptNumber(text.strip())
    found = store.read(wired.table, number)
    if found is None:
        raise NotFound(f"There is no receipt {one_line(text)}.", code="unknown_receipt")
    return found


def _told(wired: Wiring, receipt: NumberedReceipt) -> Mapping[str, Any]:
    return {
        "number": receipt.number,
        "reference": _reference(wired, receipt.number),
        "gift": receipt.gift,
        "supporter": receipt.supporter,
        "given_at": rfc3339(receipt.given_at),
        "payer": receipt.payer,
        "replaces": receipt.replaces,
        "replaced_by": receipt.replaced_by,
    }


def _reference(wired: Wiring, number: ReceiptNumber) -> str:
    return receipt_reference.reference(number, wired.secrets["SPILNO_EMAIL_KEY"])
