"""Which times a recurring gift has paid for, and which tier each of them opens.

Each paid invoice pays for one period. The newest one decides: from its beginning on, what was paid for before counts
no more. So a raise that is charged in the middle of a month takes over from that day, a lowered gift opens the lower
tier from the day for which the difference was credited, and a yearly gift that became a monthly one, with the rest of
its year credited, is paid for by the months:

    5 EUR      |=============================|        member
    raised            |======================|        patron, from the day of the raise
    in force   |member|======== patron ======|

A payment that was given back pays for nothing, and what it had taken over is in force again.

Periods are kept one by one for a good year, so that a yearly gift and all the months that followed it stand side by
side; older ones are kept as one for each tier: all they tell is how long a supporter has been one without a break.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chalicelib.domain.reversals import Reversal, Span, without

_ONE_BY_ONE = 400 * 86_400  # seconds before the newest period began


@dataclass(frozen=True)
class PaidPeriod:
    """A time that was paid for, in seconds, the end excluded. `tier` None: it was too little to open anything.

    `invoice` None: many periods that are over, as one.
    """

    start: int
    end: int
    tier: str | None = None
    invoice: str | None = None


def with_period(known: Sequence[PaidPeriod], new: PaidPeriod) -> tuple[PaidPeriod, ...]:
    """The periods with one more, in a stable order. One that is known stays: later rules do not change its tier."""
    if any(one.invoice == new.invoice and one.invoice for one in known):
        return tuple(known)
    return _compact([*known, new])


def in_force(periods: Sequence[PaidPeriod], taken_back: Iterable[Reversal]) -> tuple[PaidPeriod, ...]:
    """The periods without those whose payment was taken back."""
    closed = list(taken_back)
    invoices = {one.invoice for one in closed if one.invoice}
    holes: list[Span] = [(one.period.start, one.period.end) for one in closed if one.period]
    unnamed = {
        (one.period.start, one.period.end) for one in closed if one.period and not one.invoice
    }  # of before invoices were kept with them
    left: list[PaidPeriod] = []
    for period in periods:
        if period.invoice is None:
            spans = without([(period.start, period.end)], holes)
            left.extend(PaidPeriod(start, end, period.tier) for start, end in spans)
        elif period.invoice not in invoices and (period.start, period.end) not in unnamed:
            left.append(period)
    return _ordered(left)


def timeline(periods: Sequence[PaidPeriod]) -> list[PaidPeriod]:
    """What each period pays for once newer ones have taken over, in order of time."""
    pieces = []
    for period in _ordered(periods):
        newer = [one.start for one in periods if one.invoice and one.start > period.start]
        end = min(period.end, *newer) if newer else period.end
        if period.start < end:
            pieces.append(PaidPeriod(period.start, end, period.tier, period.invoice))
    return pieces


def newest(periods: Sequence[PaidPeriod]) -> PaidPeriod | None:
    """The one that decides what comes last; None where nothing is paid for."""
    one_by_one = [period for period in periods if period.invoice]
    if one_by_one:
        return max(one_by_one, key=lambda period: (period.start, period.end, str(period.invoice)))
    return max(periods, key=lambda period: (period.end, period.start, str(period.tier)), default=None)


def _compact(periods: list[PaidPeriod]) -> tuple[PaidPeriod, ...]:
    latest = newest(periods)
    if latest is None or latest.invoice is None:
        return _ordered(periods)
    border = latest.start - _ONE_BY_ONE
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
