"""Reversals: what went back of a gift, and whether that closes what the gift earned.

A full refund closes it. So does a dispute for as long as it holds the money: until it is won, or for good if it is
lost. A partial refund closes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from chalicelib.ledger.rules.movements import Period

Span = tuple[int, int]


@dataclass(frozen=True)
class Reversal:
    """What refunds and disputes hold of one `gift` of `amount` minor units.

    `refunds` and `disputes`: minor units by the id of each; 0 once the money is with us again. `recurring`, `period`
    and `invoice`: which time of which recurring gift it had paid for; a one-off gift's grant has the gift's own id.
    """

    gift: str
    amount: int
    refunds: Mapping[str, int] = field(default_factory=dict)
    disputes: Mapping[str, int] = field(default_factory=dict)
    recurring: str | None = None
    period: Period | None = None
    invoice: str | None = None

    @property
    def refunded(self) -> int:
        """Minor units that all refunds hold."""
        return sum(self.refunds.values())

    @property
    def closed(self) -> bool:
        """Whether what the gift earned is closed: all of it is refunded, or a dispute holds money of it."""
        return self.refunded >= self.amount or any(self.disputes.values())

    def merged(self, newer: "Reversal") -> "Reversal":
        """Merge with `newer`: its refunds and disputes replace those of the same id, the others stay."""
        return replace(
            newer,
            refunds={**self.refunds, **newer.refunds},
            disputes={**self.disputes, **newer.disputes},
            recurring=newer.recurring or self.recurring,
            period=newer.period or self.period,
            invoice=newer.invoice or self.invoice,
        )


def with_reversal(known: Sequence[Reversal], newer: Reversal) -> tuple[Reversal, ...]:
    """Add a reversal, merged with the known one of the same gift. Sorted by gift, whatever order they arrived in."""
    before = {reversal.gift: reversal for reversal in known}
    old = before.get(newer.gift)
    before[newer.gift] = old.merged(newer) if old else newer
    return tuple(before[name] for name in sorted(before))


def without(spans: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """Cut the holes out of the spans."""
    left = [span for span in spans if span[0] < span[1]]
    for hole_start, hole_end in holes:
        cut: list[Span] = []
        for start, end in left:
            pieces = ((start, min(end, hole_start)), (max(start, hole_end), end))
            cut.extend(piece for piece in pieces if piece[0] < piece[1])
        left = cut
    return left
