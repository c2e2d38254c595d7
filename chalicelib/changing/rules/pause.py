"""How long a pause lasts: exactly so many payments are skipped, and the one after them is taken again."""

from dataclasses import dataclass

from chalicelib.kernel.billing_days import payment_day, payment_from
from chalicelib.kernel.rhythm import Rhythm


@dataclass(frozen=True)
class Pause:
    """A pause: when the provider collects again, and the first payment that is then taken."""

    resumes_at: int
    next_payment_at: int


def pause_from(first: int, anchor: int, rhythm: Rhythm, skipped: int) -> Pause:
    """Skip so many payments, the `first` of them included.

    The provider makes an invoice at each payment's time and voids those of a pause. So that neither its clock nor
    ours decides about a payment at the border, it collects again half a period before the one that is taken:

        first            +1               +2                 taken again
        |----------------|----------------|--------x---------|
        skipped          skipped          skipped  resumes_at
    """
    number = payment_from(anchor, rhythm, first) + skipped
    last, again = payment_day(anchor, rhythm, number - 1), payment_day(anchor, rhythm, number)
    return Pause((last + again) // 2, again)
