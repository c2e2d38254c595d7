"""The pages about one recurring gift: changing it, and stopping it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from chalicelib.giving.views.pages import FieldProblem, offer, own_value
from chalicelib.http.pages import Gift, GiftForm, Page

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from chalicelib.account.views.pages import RecurringGiftLine
    from chalicelib.i18n.language import Language


@dataclass(frozen=True)
class Preview:
    """A change before it is made: what is charged now, in minor units, and what the next payment is.

    `opens`: what the changed gift opens, may be empty. `keeps_until`: how long a higher level that is given up stays.
    `raises`: more than now, so that it may be charged now. `token`: what the confirming form sends as `if`.
    """

    was: Gift
    wish: Gift
    charge: Literal["next", "now"]
    charged_now: int
    next_payment_at: datetime | None
    next_amount: int
    token: str
    opens: str = ""
    keeps_until: datetime | None = None
    raises: bool = False


@dataclass(frozen=True)
class ChangePage(Page):
    """`GET /account/gifts/{gift}`: change what is given, pause it, charge another card.

    `form` None: neither amount nor rhythm can be changed now. `own`, `typed`: the reader's own amount, as they wrote
    it. `preview`: what was asked for, with the money before the click; `same`: it is what is given already. `pauses`:
    for each number of months, when the first payment after them is, if that is certain. `declined`: a charge was
    refused, so another card is offered first. `here`: this page's address with the wish, to come back to.
    """

    template = "account_change"

    line: RecurringGiftLine
    form: GiftForm | None = None
    own: bool = False
    typed: str = ""
    preview: Preview | None = None
    same: bool = False
    pauses: Mapping[int, datetime | None] | None = None
    problem: FieldProblem | None = None
    declined: bool = False
    return_to: str = ""
    here: str = ""
    payment_language: str = "en"

    @property
    def script(self) -> bool:
        """With the giving pages' script the button says at once what is chosen."""
        return self.form is not None and self.preview is None

    def more_values(self, language: Language) -> Mapping[str, object]:
        """The reader's own amount as typed, and the data of the page's script."""
        if self.form is None:
            return {}
        words, say = offer(self.form, language), language.texts.say
        button = say("change.see_amount", amount=say(f"amount.{self.form.interval}", amount="{amount}"))
        typed = self.typed or own_value(self.form, language.decimal_mark)
        return {"own_value": typed, "offer": {**words, "button": button, "plain": say("change.see")}}


@dataclass(frozen=True)
class WayOut:
    """Something else than stopping: the gift as it would be, and the query of the page that changes it."""

    gift: Gift
    query: Mapping[str, str | int]


@dataclass(frozen=True)
class StopPage(Page):
    """`GET /account/gifts/{gift}/stop`: stop, or what else there is; after that, what stays open and the way back.

    `open_until`: what stays open; None where nothing does, or something else keeps it open. `closes`: what is open
    ends with stopping, as the last payment has not come. `less` and `yearly`: smaller gifts, and the same
    once a year. `reasons`: the codes of what may be said, in the order in which they stand. `reminder`: the month
    (`2027-03`) for which one waits; empty if none does.
    """

    template = "account_stop"

    line: RecurringGiftLine
    open_until: datetime | None = None
    closes: bool = False
    less: tuple[WayOut, ...] = ()
    yearly: WayOut | None = None
    pauses: Mapping[int, datetime | None] | None = None
    reasons: tuple[str, ...] = ()
    problem: str = ""
    comment: str = ""
    reason: str = ""
    reminder: str = ""
