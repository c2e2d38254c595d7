"""The wish to give otherwise, as it stands in a link or a form: text that is checked here."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from chalicelib.account.rules.ways_out import RHYTHMS, as_often, rhythm_name
from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.typed_amount import from_decimal_text
from chalicelib.newsroom.presets import of_same_rank
from chalicelib.newsroom.rules import Interval, Newsroom
from chalicelib.supporters.rules.access import RecurringGift

OWN = "own"  # in the place of an amount: the supporter writes one
_WHOLE = re.compile(r"[0-9]{1,8}")  # Stripe's ceiling for an amount is eight digits


@dataclass(frozen=True)
class TypedWish:
    """A wish as it was chosen and typed. `see`: its money is to be shown, before anything is done."""

    amount: str = ""
    own_amount: str = ""
    interval: Literal["month", "year"] = "month"
    charge: Literal["next", "now"] = "next"
    see: bool = False

    def in_minor_units(self, currency: str) -> int:
        """The amount.

        :raises BadInput: `bad_amount`, `other_currency`, `ambiguous_amount`: it is none.
        """
        if self.amount and self.amount != OWN:
            if not _WHOLE.fullmatch(self.amount):
                raise BadInput("Please choose an amount.", code="bad_amount", field="amount")
            return int(self.amount)
        return from_decimal_text(self.own_amount, currency).amount

    def shown(self, gift: RecurringGift) -> int | None:
        """The amount that is chosen when the page opens: what was asked for, else what is given now."""
        if self.amount == OWN:
            return None
        return int(self.amount) if _WHOLE.fullmatch(self.amount) else as_often(gift, self.interval)

    def changed(self, to: str, gift: RecurringGift, newsroom: Newsroom) -> "TypedWish":
        """The wish with another rhythm; an amount that was offered gives way to the one of the same rank."""
        interval = _rhythm(to.removeprefix("interval."), gift)
        presets = newsroom.currencies[gift.currency].presets
        return replace(self, interval=interval, amount=self._of_same_rank(gift, presets, interval), see=False)

    def _of_same_rank(
        self, gift: RecurringGift, presets: Mapping[Interval, Sequence[int]], interval: Interval
    ) -> str:
        chosen = self.shown(gift)
        if chosen is None:
            return OWN
        if chosen == as_often(gift, self.interval):
            return ""  # what is given now comes to another amount
        rank = of_same_rank(chosen, presets[self.interval], presets[interval])
        return str(rank) if rank else ""

    def query(self) -> dict[str, str]:
        """The wish as a page's query."""
        asked = {"amount": self.amount, "own_amount": self.own_amount, "interval": self.interval}
        more = {"charge": "now" if self.charge == "now" else "", "see": "1" if self.see else ""}
        return {name: value for name, value in {**asked, **more}.items() if value}


def typed_wish(fields: Mapping[str, str], gift: RecurringGift) -> TypedWish:
    """The wish in a query or a form; what is not known is left out."""
    return TypedWish(
        fields.get("amount", ""),
        fields.get("own_amount", "")[:100],
        _rhythm(fields.get("interval", ""), gift),
        "now" if fields.get("charge") == "now" else "next",
        see=bool(fields.get("see")),
    )


def _rhythm(asked: str, gift: RecurringGift) -> Literal["month", "year"]:
    return next((one for one in RHYTHMS if one == asked), rhythm_name(gift) or "month")
