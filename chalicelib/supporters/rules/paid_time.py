"""Which times a recurring gift has paid for, and which tier each of them opens.

Each paid invoice pays for one period. The newest one decides: from its beginning on, what was paid for before counts
no more. So a raise that is charged in the middle of a month takes over from that day, a lowered gift opens the lower
tier from the day for which the difference was credited, and a yearly gift that became a monthly one, with the rest of
its year credited, is paid for by the months:

    5 EUR      |=============================|        member
    raised            |======================|        patron, from the day of the raise
    in force   |member|======== patron ======|

A payment that was given back pays for nothing, and what it had taken over is in force again. A time that the newsroom
gave (`free`) takes nothing over: it opens what nothing else does.

Periods are kept one by one for a good year, so that a yearly gift and all the months that followed it stand side by
side; older ones are kept as one for each tier: all they tell is how long a supporter has been one without a break.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from chalicelib.supporters.rules.reversals import Reversal, Span, without

_ONE_BY_ONE = 400 * 86_400  # seconds before the newest period began


@dataclass(frozen=True)
class PaidPeriod:
    """A time that was paid for, in seconds, the end excluded. `tier` None: it was too little to open anything.

    `invoice` None: several periods as one. They are long over; or, in a row of before each was kept, they are all
    that was paid for, up to a day that may be still to come. `free`: nothing was charged for it.
    """

    start: int
    end: int
    tier: str | None = None
    invoice: str | None = None
    free: bool = False


def with_period(known: Sequence[PaidPeriod], new: PaidPeriod) -> tuple[PaidPeriod, ...]:
    """The periods with one more, in a stable order. One that is known stays: later rules do not change its tier."""
    if any(one.invoice == new.invoice and one.invoice for one in known):
        return tuple(known)
    return _compact([*known, new])


def in_force(periods: Sequence[PaidPeriod], reversals: Iterable[Reversal]) -> tuple[PaidPeriod, ...]:
    """The periods without those whose payment was taken back."""
    closed = [one for one in reversals if one.period]
    invoices = {one.invoice for one in closed if one.invoice}
    named = {one.invoice for one in periods if one.invoice}
    # A period that stands by itself goes whole; whatever it had taken over from is not touched by that.
    holes = [_span(one) for one in closed if one.invoice not in named]
    unnamed = {_span(one) for one in closed if not one.invoice}  # of before invoices were kept with them
    left: list[PaidPeriod] = []
    for period in periods:
        if period.invoice is None:
            spans = without([(period.start, period.end)], holes)
            left.extend(replace(period, start=start, end=end) for start, end in spans)
        elif period.invoice not in invoices and (period.start, period.end) not in unnamed:
            left.append(period)
    return _ordered(left)


def _span(reversal: Reversal) -> Span:
    assert reversal.period, "Only of what had paid for a time."
    return reversal.period.start, reversal.period.end


def timeline(periods: Sequence[PaidPeriod]) -> list[PaidPeriod]:
    """What each period pays for once newer ones have taken over, in order of time."""
    charged = [one for one in periods if one.invoice and not one.free]
    pieces: list[PaidPeriod] = []
    for period in _ordered(periods):
        spans = without([(period.start, period.end)], _taken_over(period, charged, periods))
        pieces.extend(replace(period, start=start, end=end) for start, end in spans)
    return sorted(pieces, key=lambda one: (one.start, one.end))


def _taken_over(period: PaidPeriod, charged: Iterable[PaidPeriod], periods: Sequence[PaidPeriod]) -> list[Span]:
    """The times in which another period counts in the place of this one."""
    if period.free:
        return [(one.start, one.end) for one in periods if not one.free]
    newer = [one for one in charged if one.start > period.start]
    if period.invoice:
        return [(one.start, max(one.start, period.end)) for one in newer]
    # Several as one may reach beyond a period among them that is told once more: that takes its own time only.
    return [(one.start, one.end) for one in newer]


def newest(periods: Sequence[PaidPeriod]) -> PaidPeriod | None:
    """The one that comes last; None where nothing is paid for."""
    return max(timeline(periods), key=lambda one: (one.end, one.start), default=None)


def _compact(periods: list[PaidPeriod]) -> tuple[PaidPeriod, ...]:
    border = max((one.start for one in periods if one.invoice), default=0) - _ONE_BY_ONE
    over = [one for one in periods if one.invoice is None or one.end <= border]
    kept = [one for one in periods if one not in over]
    for tier in {one.tier for one in over}:
        spans = _union((one.start, one.end) for one in over if one.tier == tier)
        kept += [PaidPeriod(start, end, tier) for start, end in spans]
    return _ordered(kept)


def _union(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _ordered(periods: Iterable[PaidPeriod]) -> tuple[PaidPeriod, ...]:
    return tuple(sorted(periods, key=lambda one: (one.start, one.end, one.invoice or "", one.tier or "")))
