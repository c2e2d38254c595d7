"""What was taken back of a payment, and what that closes.

A full refund ends what the payment earned; so does a dispute, for as long as it holds the money: withdrawn funds
suspend, a lost dispute leaves them withdrawn for good, a won one brings them back. A partial refund closes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from chalicelib.ledger.rules.movements import Period

Span = tuple[int, int]


@dataclass(frozen=True)
class Reversal:
    """What is held back of one `gift` of `amount` minor units, by refund and by dispute (0: given back).

    `recurring`, `period` and `invoice` say which time of which recurring gift it had paid for; a one-off gift's grant
    is named by the gift itself.
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
        """Minor units given back."""
        return sum(self.refunds.values())

    @property
    def closed(self) -> bool:
        """Whether what the payment earned is closed."""
        return self.refunded >= self.amount or any(self.disputes.values())

    def merged(self, newer: "Reversal") -> "Reversal":
        """With what `newer` says of its own refunds and disputes; the others stay."""
        return replace(
            newer,
            refunds={**self.refunds, **newer.refunds},
            disputes={**self.disputes, **newer.disputes},
            recurring=newer.recurring or self.recurring,
            period=newer.period or self.period,
            invoice=newer.invoice or self.invoice,
        )


def with_reversal(known: Sequence[Reversal], newer: Reversal) -> tuple[Reversal, ...]:
    """All that was taken back, in a stable order, whatever order it was told in."""
    before = {reversal.gift: reversal for reversal in known}
    old = before.get(newer.gift)
    before[newer.gift] = old.merged(newer) if old else newer
    return tuple(before[name] for name in sorted(before))


def without(spans: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """The spans less the holes."""
    left = [span for span in spans if span[0] < span[1]]
    for hole_start, hole_end in holes:
        cut: list[Span] = []
        for start, end in left:
            pieces = ((start, min(end, hole_start)), (max(start, hole_end), end))
            cut.extend(piece for piece in pieces if piece[0] < piece[1])
        left = cut
    return left
