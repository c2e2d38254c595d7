"""The pages of giving: the donation page and the thank-you page."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from chalicelib.http.pages import Gift, GiftForm, Page
from chalicelib.kernel.money import Money, decimals, to_decimal_text
from chalicelib.kernel.typed_amount import own_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from chalicelib.http.pages import Earned
    from chalicelib.http.pages.editor import EditorWord
    from chalicelib.i18n.language import Language


@dataclass(frozen=True)
class FieldProblem:
    """Why the last post was refused: the form field it is about (or empty) and a sentence."""

    field: str
    sentence: str


@dataclass(frozen=True)
class Running:
    """The recurring gifts that a signed-in supporter gives already.

    `alone`: only they are shown, and what can be done about them, since nobody asked for a form. `to_raise`: the id
    of the one that can be raised, may be empty. `same_currency`: one is in the form's currency, so that another
    beside it needs a deliberate yes. `coming`: a first payment is on its way. `late`: the id of one whose payment
    failed, to be mended before anything else is asked for.
    """

    gifts: tuple[Gift, ...]
    alone: bool = False
    to_raise: str = ""
    same_currency: bool = False
    coming: bool = False
    late: str = ""


@dataclass(frozen=True)
class DonationPage(Page):
    """`GET /donate`.

    The form posts `amount` (minor units, or `own` with `own_amount` in major units), `currency, interval, attempt,
    campaign, source, return_to, lang` to `/donate`; its buttons `to` send the same by GET, to change one choice.
    `own`: the reader's own amount is chosen, `typed` what they wrote. `editor`, `role`, `picture`: who asks; any of
    them may be empty. `fact`: how many people give.
    """

    template = "donate"
    script = True

    form: GiftForm
    attempt: str
    campaign: str = ""
    campaign_title: str = ""
    source: str = ""
    return_to: str = ""
    problem: FieldProblem | None = None
    own: bool = False
    typed: str = ""
    editor: str = ""
    role: str = ""
    picture: str = ""
    running: Running | None = None
    fact: str = ""
    languages: tuple[str, ...] = ()

    def policy(self) -> tuple[str, ...]:
        """Allow the icon, and the editor's picture from where it is."""
        parts = urlsplit(self.picture)
        return (f"img-src data: {parts.scheme}://{parts.netloc}" if self.picture else "img-src data:",)

    def more_values(self, language: Language) -> Mapping[str, object]:
        """The reader's own amount as typed, and the data of the page's script."""
        own = self.typed or own_value(self.form, language.decimal_mark)
        running = [language.gift(**vars(gift)) for gift in self.running.gifts] if self.running else []
        gifts = language.listed(running) if running else ""
        return {"own_value": own, "offer": offer(self.form, language), "running_gifts": gifts}


class ThanksState(StrEnum):
    """How a checkout stands, as far as this browser may know."""

    PAID = "paid"
    PAID_OTHER_BROWSER = "paid_other_browser"
    PROCESSING = "processing"
    FAILED = "failed"
    EXPIRED = "expired"
    OPEN = "open"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class AskedNext:
    """The one wish after a one-off gift: a monthly one. `query`: the donation page's, with all of the gift before.

    `opens`: what it opens while it goes on, may be empty. `known`: the giver is signed in, so that it is certain that
    they do not give monthly.
    """

    gift: Gift
    query: Mapping[str, str | int]
    opens: str = ""
    known: bool = False


@dataclass(frozen=True)
class WrongAddress:
    """The forms for a mistyped address: for the right one, and, once a code was mailed (`sent`), for the code.

    `typed`: what was sent with a form that was refused, and `problem` why. `done`: the gift has its new address.
    """

    sent: bool = False
    typed: str = ""
    problem: str = ""
    done: bool = False


@dataclass(frozen=True)
class ThanksPage(Page):
    """`GET /thanks/{checkout}`.

    `gift`, `opens`, `until`, `again`, `share`, `asked_next` and `sent_to` (masked, see `mask_email`) only for the
    browser that started the checkout. `again`: the wish, as the query of the donation page. `opens` is empty when the
    gift opens nothing; `until` is None while a recurring gift goes on. `signed_in`: no code is asked for.
    `payment_url`: the unpaid Checkout page. `retry_at`: of a recurring gift whose first payment failed, when it is
    tried again. `write_to`: the newsroom's address, where no mail can reach the giver. `wait`: not Stripe is away, it
    was looked at too often, and is asked again in so many seconds. `typed` and `remember`: what was sent with a code
    that was refused. `code_over`: no code of this browser works any more; `sent_again`: another was mailed just now.
    `editor`: their word of thanks. `share`: the address to pass on. `asked_next`: what is asked for next, if
    anything. `may_remind`: whether a reminder is offered; `reminder`: the month for which one was asked here.
    `wrong_address`: what is offered to whoever mistyped theirs; None: nothing.
    """

    template = "thanks"

    checkout: str
    state: ThanksState
    gift: Gift | None = None
    opens: str = ""
    until: datetime | None = None
    sent_to: str = ""
    signed_in: bool = False
    return_to: str = ""
    payment_url: str = ""
    problem: str = ""
    retry_at: datetime | None = None
    write_to: str = ""
    wait: int = 0
    typed: str = ""
    remember: bool = True
    again: Mapping[str, str | int] = field(default_factory=dict)
    code_over: bool = False
    sent_again: bool = False
    editor: EditorWord | None = None
    share: str = ""
    asked_next: AskedNext | None = None
    may_remind: bool = False
    reminder: str = ""
    wrong_address: WrongAddress | None = None

    def policy(self) -> tuple[str, ...]:
        """Allow the icon, and the editor's picture from the newsroom's website."""
        return (f"img-src data: {self.editor.image_source() if self.editor else ''}".strip(),)

    @property
    def script(self) -> bool:
        """While the payment is on its way, the script asks again by itself."""
        return self.state is ThanksState.PROCESSING


def offer(form: GiftForm, language: Language) -> dict[str, str]:
    """The `data-` attributes from which the page's script rewrites its sentences when the amount changes."""
    say = language.texts.say
    amount = say(f"amount.{form.interval}", amount="{amount}")
    return {
        "earns": json.dumps([[rule.from_amount, opens(rule, language)] for rule in form.earns], ensure_ascii=False),
        "nothing": say("donate.opens_nothing"),
        "button": say(form.button, amount=amount),
        "plain": say("donate.button"),
        "chosen": say("donate.chosen", amount=amount),
        "least": say("code.amount_too_small", minimum=language.money(form.minimum, form.currency)),
        "most": say("code.amount_too_large", maximum=language.money(form.maximum, form.currency)),
        "money": language.money_pattern(form.currency),
        "grouping": say("number.grouping"),
        "decimals": str(decimals(form.currency)),
        "words": json.dumps(own_words(form.currency), ensure_ascii=False),
        "minimum": str(form.minimum),
        "maximum": str(form.maximum),
    }


def opens(rule: Earned, language: Language) -> str:
    """The words for what a gift opens, with the end if it has one."""
    if rule.until is None:
        return language.texts.say("donate.opens", opens=rule.opens)
    return language.texts.say("donate.opens_until", opens=rule.opens, until=language.date(rule.until))


def own_value(form: GiftForm, decimal_mark: str) -> str:
    """The text in the field of the reader's own amount: `7,50`, as the language writes decimals."""
    if form.own_text:
        return form.own_text
    if form.amount is None or form.amount in form.presets:
        return ""
    # Never three decimals, which might mean thousands: the form asks what was meant by them.
    text = _THIRD_NOUGHT.sub("", to_decimal_text(Money(form.amount, form.currency)).removesuffix(".00"))
    return text.replace(".", decimal_mark)


_THIRD_NOUGHT = re.compile(r"(?:\.00|(?<=\.\d\d))0$")
