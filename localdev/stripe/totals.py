"""What the lines of an invoice come to: discounts first, then tax on what is left of each line. Pure arithmetic.

Rounding as recorded of Stripe: a percentage is rounded half up on the sum and shared out over the lines, rounded
down, what is left goes to the first ones; tax is rounded half up line by line. A proration is never discounted (its
amount already is what was paid), but it names the discount, with 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from localdev.stripe.errors import Json


@dataclass(frozen=True)
class Cut:
    """A discount on a whole invoice: per cent of it, or an amount in minor units."""

    discount: str
    percent: Decimal | None = None
    amount: int | None = None

    def of(self, base: int, step: int = 1) -> int:
        """What comes off `base`, never more than all of it; a multiple of `step`."""
        if base <= 0:
            return 0
        if self.amount is not None:
            return min(self.amount, base)
        assert self.percent is not None
        return min(base, _half_up(base * self.percent / 100, step))


@dataclass(frozen=True)
class Rate:
    """A tax rate; `inclusive`: the price holds the tax already."""

    id: str
    percent: Decimal
    inclusive: bool = False

    def of(self, net: int, step: int = 1) -> int:
        """The tax on this amount (negative for a credit); a multiple of `step`."""
        whole = 100 + self.percent if self.inclusive else Decimal(100)
        return _half_up(net * self.percent / whole, step)


def reckon(lines: Sequence[Json], cuts: Sequence[Cut] = (), rates: Sequence[Rate] = (), step: int = 1) -> Json:
    """Write discounts and taxes into the lines; answers the invoice's own sums.

    `step`: what an amount that is charged has to be a multiple of, in minor units.
    """
    subtotal = sum(line["amount"] for line in lines)
    discounted = _discount(lines, cuts, step)
    taxes, inclusive = _tax(lines, rates, step)
    off = sum(one["amount"] for one in discounted)
    net = subtotal - off
    exclusive = sum(one["amount"] for one in taxes) - inclusive
    return {
        "discounts": [cut.discount for cut in cuts],
        "subtotal": subtotal,
        "subtotal_excluding_tax": subtotal - inclusive,
        "total": net + exclusive,
        "total_discount_amounts": discounted,
        "total_excluding_tax": net - inclusive,
        "total_pretax_credit_amounts": [{**one, "type": "discount"} for one in discounted],
        "total_taxes": taxes,
    }


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """`total` over the weights, rounded down; what is left goes to the first that have any weight."""
    whole = sum(weights)
    if whole <= 0:
        return [0] * len(weights)
    found = [total * weight // whole for weight in weights]
    left = total - sum(found)
    for index, weight in enumerate(weights):
        if left and weight:
            found[index] += 1
            left -= 1
    return found


def _discount(lines: Sequence[Json], cuts: Sequence[Cut], step: int) -> list[Json]:
    bases = [max(0, line["amount"]) if line["discountable"] else 0 for line in lines]
    told = []
    for cut in cuts:
        off = cut.of(sum(bases), step)
        parts = shares(off, bases)
        for index, part in enumerate(parts):
            one = {"amount": part, "discount": cut.discount}
            lines[index]["discount_amounts"].append(one)
            lines[index]["pretax_credit_amounts"].append({**one, "type": "discount"})
            bases[index] -= part
        told.append({"amount": off, "discount": cut.discount})
    return told


def _tax(lines: Sequence[Json], rates: Sequence[Rate], step: int) -> tuple[list[Json], int]:
    told, inclusive = [], 0
    for rate in rates:
        amount = taxable = 0
        for line in lines:
            net = net_of(line)
            line["taxes"].append(_tax_told(rate, rate.of(net, step), net))
            amount += rate.of(net, step)
            taxable += net
        told.append(_tax_told(rate, amount, taxable))
        inclusive += amount if rate.inclusive else 0
    return told, inclusive


def net_of(line: Json) -> int:
    """A line's amount after discounts, before exclusive tax."""
    off: int = sum(one["amount"] for one in line["discount_amounts"])
    return int(line["amount"]) - off


def _tax_told(rate: Rate, amount: int, taxable: int) -> Json:
    return {
        "amount": amount,
        "tax_behavior": "inclusive" if rate.inclusive else "exclusive",
        "tax_rate_details": {"tax_rate": rate.id},
        "taxability_reason": "not_available",
        "taxable_amount": taxable,
        "type": "tax_rate_details",
    }


def _half_up(value: Decimal, step: int) -> int:
    return int((value / step).quantize(Decimal(1), ROUND_HALF_UP)) * step
