"""The cost model as tables: what goes in, every line as amount × price, and how it grows."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from pathlib import Path

from bench.cost import Fixed, Handler, Line, at_the_edge, bill, billed_ms, firewall, million, stripe_keeps, total
from bench.month import Activity, Habits, Units, month
from bench.prices import FROM_MEMORY, PriceList
from bench.tables import BEGIN, END, Table

SIZES = (1_000, 10_000, 100_000)
SHOWN = 10_000


def units_of(page: Path) -> Units:
    """Read and write units of every operation, from the table in docs/units.md, at its largest size.

    :raises ValueError: there is no such table.
    """
    table = page.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line[:1] == "|"]
    if len(rows) < 3:  # noqa: PLR2004 - heading, rule, and at least one operation
        raise ValueError(f"{page} holds no table of units. `make bench` writes it.")
    reads, writes = ([at for at, name in enumerate(rows[0]) if name.startswith(kind)] for kind in ("read", "write"))
    return {row[0]: (float(row[reads[-1]]), float(row[writes[-1]])) for row in rows[2:]}


def tables(units: Units, prices: PriceList, handlers: Mapping[str, Handler]) -> list[Table]:
    """All of them. `handlers`: what was measured of each way to write the gate; empty leaves that table out."""
    fixed = Fixed()
    activities = month(SHOWN, units)
    told = [_inputs(activities), _lines(bill(activities, prices, fixed), prices)]
    told.append(_firewall(firewall(activities, prices)))
    told.append(_growth(units, prices, fixed))
    if handlers:
        told.append(_million(handlers, prices, fixed))
    return [*told, _edge(prices), _prices(prices)]


def _inputs(activities: Sequence[Activity]) -> Table:
    columns = ("in a month", "how often", "API calls", "s billed", "read", "write", "mails", "KB", "log lines")
    rows = [
        [
            one.name,
            _many(one.count),
            _calls(one),
            f"{one.seconds:g}",
            f"{one.read:g}",
            f"{one.written:g}",
            f"{one.mails}",
            f"{one.kilobytes:g}",
            f"{one.lines}",
        ]
        for one in activities
    ]
    habits = ", ".join(f"{field.name} {getattr(Habits(), field.name):g}" for field in fields(Habits))
    each = (
        "Each figure but the first is for one of them. Units are measured (units.md); how often, seconds and bytes "
        "are assumptions, and stand in bench/month.py."
    )
    notes = [each, f"A supporter's month: {habits}."]
    return Table(f"What happens in a month, {_many(SHOWN)} supporters", columns, rows, notes)


def _calls(one: Activity) -> str:
    return "cached" if one.cached else "site" if one.of_the_site else "job" if one.job else f"{one.requests}"


def _firewall(lines: Sequence[Line]) -> Table:
    rows = [
        [line.price.name, _amount(line.amount), f"{line.price.price:f} / {_many(line.price.per)}", _money(line.gross)]
        for line in lines
    ]
    rows.append(["**sum, USD a month**", "", "", f"**{_money(total(lines, free_tier=False))}**"])
    note = "Off unless you want it (`Firewall`), and not in the sums above and below. Nothing of it is free."
    return Table("With the firewall, in addition", ("line", "amount", "USD", "amount × price"), rows, [note])


def _lines(lines: Sequence[Line], prices: PriceList) -> Table:
    rows = [
        [
            line.price.name,
            _amount(line.amount),
            line.price.unit,
            f"{line.price.price:f} / {_many(line.price.per)}",
            _money(line.gross),
            _many(line.price.free) if line.price.free else "",
            _money(line.net),
        ]
        for line in lines
    ]
    gross, net = (total(lines, free_tier=free) for free in (False, True))
    rows.append(["**sum, USD a month**", "", "", "", f"**{_money(gross)}**", "", f"**{_money(net)}**"])
    columns = ("line", "amount", "unit", "USD", "amount × price", "free", "after what is free")
    # Renewals, first monthly gifts and one-off ones all pay Stripe's fee.
    habits = Habits()
    gifts = SHOWN * (habits.renewals + habits.new_monthly + habits.one_off)
    kept = stripe_keeps(gifts, habits.gift, prices)
    note = (
        f"Not AWS's and not ours: of {_many(gifts)} gifts of {habits.gift:g} euros Stripe keeps {_money(kept)}, "
        f"{kept / Decimal(str(gifts * habits.gift)):.1%} of them. Taxes are not in here."
    )
    return Table(f"The bill, {_many(SHOWN)} supporters, behind CloudFront", columns, rows, [note])


def _growth(units: Units, prices: PriceList, fixed: Fixed) -> Table:
    rows = []
    for cdn in (True, False):
        for size in SIZES:
            lines = bill(month(size, units), prices, fixed, cdn=cdn)
            gross, net = (total(lines, free_tier=free) for free in (False, True))
            largest = max(lines, key=lambda line: line.net)
            place = "behind CloudFront" if cdn else "behind a proxy of one's own"
            share = f"{largest.price.name}: {largest.net / net:.0%}"
            rows.append([_many(size), place, _money(gross), _money(net), _cents(net / size), share])
    columns = ("supporters", "", "USD, all", "USD, after what is free", "US cents each", "the largest part")
    return Table("How it grows", columns, rows, words=2)


def _million(handlers: Mapping[str, Handler], prices: PriceList, fixed: Fixed) -> Table:
    rows = []
    for name, handler in handlers.items():
        parts = million(handler, prices, fixed.api_mb)
        cold, warm = (billed_ms(value, fixed.api_mb) for value in (handler.cold_ms, handler.warm_ms))
        shown = [f"{part:.2f}" if part >= 1 else f"{part:.4f}" for part in parts.values()]
        rows.append([name, f"{cold}", f"{warm}", *shown, f"{sum(parts.values()):.2f}"])
    columns = ("a million gate checks, USD", "ms cold", "ms warm", "API", "starts", "time", "sum")
    reads = 2_000_000 * prices["read_unit"].each
    waiting = 10_000 * Decimal(fixed.api_mb) / 1024 * prices["lambda_gb_second"].each
    note = (
        f"At {fixed.api_mb} MB; one check in a hundred starts a process. Whole milliseconds are billed, so a warm "
        "check is one for everybody, and API Gateway is most of it: what a light gate saves is the reader's "
        f"time, not money. With a session looked up in the table instead of a pass, {reads:.2f} for reading and "
        f"{waiting:.2f} for some 10 ms of waiting each would come on top."
    )
    return Table("A million gate checks", columns, rows, [note])


def _edge(prices: PriceList) -> Table:
    rows = [[host, *(f"{sum_:.2f}" for sum_ in sums)] for host, sums in at_the_edge(prices).items()]
    through = sum(1_000_000 * prices[name].each for name in ("api_request", "lambda_request"))
    note = (
        f"With a valid pass, answered before the API ([edge.md](edge.md)); through it, the same million costs "
        f"{through:.2f} and its milliseconds. CloudFront's function runs for each call of the API anyway."
    )
    return Table("A million calls at the edge", ("USD", "gate checks", "keys"), rows, [note])


def _prices(prices: PriceList) -> Table:
    rows = [
        [price.name, "from memory" if price.source == FROM_MEMORY else price.source, f"{price.read}"]
        for price in prices.prices.values()
    ]
    note = (
        f"As of {prices.day}, region {prices.region}: bench/prices.toml. Change it there and run `make bench` again."
    )
    return Table("Where the prices are from", ("price", "source", "read"), rows, [note], words=3)


def _many(value: float) -> str:
    return f"{round(value):,}".replace(",", " ")


def _amount(value: Decimal) -> str:
    return _many(float(value)) if value >= 100 else f"{value:.3f}".rstrip("0").rstrip(".")  # noqa: PLR2004 - whole ones then


def _money(value: Decimal) -> str:
    return f"{value:,.2f}".replace(",", " ")


def _cents(value: Decimal) -> str:
    return f"{value * 100:.2f}"
