"""Which times a recurring gift has paid for, and which tier each of them opens.

Each paid invoice pays for one period. The newest period decides: from its beginning on, earlier ones no longer
count. So a raise that is charged in the middle of a month takes over from that day, a lowered gift opens the lower
tier from the day for which the difference was credited, and a yearly gift that became a monthly one, with the rest of
its year credited, is paid for by the months:

    5 EUR      |=============================|        member
    raised            |======================|        patron, from the day of the raise
    in force   |member|======== patron ======|

A payment that was taken back pays for nothing, and the periods that it had replaced are in force again. A period
without a charge (`free`) replaces nothing: it counts only where no other period does. One that lies within a charged
one gives nothing, also once that charge was taken back: Stripe makes it for a gift whose interval changes at the end
of what is paid, and for which nobody meant to give anything.

Periods are stored one by one for 400 days, so that a yearly gift and all the months that followed it are both known.
Older ones are merged, by tier: they only show since when somebody has been a supporter without a break.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from chalicelib.supporters.rules.reversals import Reversal, Span, without

_ONE_BY_ONE = 400 * 86_400  # seconds before the newest period began


@dataclass(frozen=True)
class PaidPeriod:
    """A time that was paid for, in seconds since 1970, the end excluded. `tier` None: too little to open anything.

    `invoice` None: several periods merged into one. They are long over; or, in a row of an earlier release, they are
    all that was paid for, and may end in the future. `free`: nothing was charged for it.
    """

    start: int
    end: int
    tier: str | None = None
    invoice: str | None = None
    free: bool = False


def with_period(known: Sequence[PaidPeriod], new: PaidPeriod) -> tuple[PaidPeriod, ...]:
    """Add a period, in a stable order. One of a known invoice stays as it is: later rules do not change its tier."""
    if any(one.invoice == new.invoice and one.invoice for one in known):
        return tuple(known)
    return _compact([*known, new])


def in_force(periods: Sequence[PaidPeriod], reversals: Iterable[Reversal]) -> tuple[PaidPeriod, ...]:
    """Remove the periods whose payments were taken back."""
    periods = _without_idle(periods)
    closed = [one for one in reversals if one.period]
    invoices = {one.invoice for one in closed if one.invoice}
    named = {one.invoice for one in periods if one.invoice}
    # A period with its own invoice is removed whole, below, and cuts no hole into merged ones that it had replaced.
    holes = [_span(one) for one in closed if one.invoice not in named]
    unnamed = {_span(one) for one in closed if not one.invoice}  # from releases that did not store the invoice
    left: list[PaidPeriod] = []
    for period in periods:
        if period.invoice is None:
            spans = without([(period.start, period.end)], holes)
            left.extend(replace(period, start=start, end=end) for start, end in spans)
        elif period.invoice not in invoices and (period.start, period.end) not in unnamed:
            left.append(period)
    return _ordered(left)


def _without_idle(periods: Sequence[PaidPeriod]) -> list[PaidPeriod]:
    """The periods without free ones that lie within what was charged."""
    charged = [(one.start, one.end) for one in periods if not one.free]
    return [one for one in periods if not one.free or without([(one.start, one.end)], charged)]


def _span(reversal: Reversal) -> Span:
    assert reversal.period, "Only of what had paid for a time."
    return reversal.period.start, reversal.period.end


def timeline(periods: Sequence[PaidPeriod]) -> list[PaidPeriod]:
    """The times that each period still pays for, after newer ones have replaced it, in order of time."""
    charged = [one for one in periods if one.invoice and not one.free]
    pieces: list[PaidPeriod] = []
    for period in _ordered(periods):
        spans = without([(period.start, period.end)], _taken_over(period, charged, periods))
        pieces.extend(replace(period, start=start, end=end) for start, end in spans)
    return sorted(pieces, key=lambda one: (one.start, one.end))


def _taken_over(period: PaidPeriod, charged: Iterable[PaidPeriod], periods: Sequence[PaidPeriod]) -> list[Span]:
    """The times in which another period replaces this one."""
    if period.free:
        return [(one.start, one.end) for one in periods if not one.free]
    newer = [one for one in charged if one.start > period.start]
    if period.invoice:
        return [(one.start, max(one.start, period.end)) for one in newer]
    # Merged periods may end after one of them that is reported again: that one replaces its own time only.
    return [(one.start, one.end) for one in newer]


def newest(periods: Sequence[PaidPeriod]) -> PaidPeriod | None:
    """The part of the `timeline` that ends last; None if nothing is paid for."""
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
