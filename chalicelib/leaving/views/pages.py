"""The pages of leaving without signing in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from chalicelib.http.pages import Page
from chalicelib.mail import statement_rows
from chalicelib.mail.rules.statement_mails import StatementReceived

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from chalicelib.i18n.language import Language
    from chalicelib.kernel.law import WayOut

EXAMPLE = "2026-000123-K7QX-9M2D"  # of a receipt's reference


@dataclass(frozen=True)
class LeavePage(Page):
    """`GET /cancel` and `GET /withdraw`; posts to `/v1/cancellations`.

    What was typed before stands in the fields again. `today`: the first day that may be chosen. `problem`: what is
    wrong with `field`, or with the whole.
    """

    template = "leave"

    way: WayOut
    attempt: str
    today: str
    email: str = ""
    gift: str = ""
    when: str = ""
    name: str = ""
    comment: str = ""
    problem: str = ""
    field: str = ""

    def more_values(self, language: Language) -> Mapping[str, object]:
        """The other way out, and what a reference looks like."""
        del language
        return {"other": "withdraw" if self.way == "cancel" else "cancel", "example": EXAMPLE}


@dataclass(frozen=True)
class StatementPage(Page):
    """`GET /statements/{token}`: a statement as it was received, to print and keep. The same for every address.

    `mailed`: whether it goes out by mail too, as far as that is known without looking at the address.
    """

    template = "statement"

    statement: StatementReceived
    mailed: bool

    def more_values(self, language: Language) -> Mapping[str, object]:
        """What was declared, in rows."""
        return {"rows": statement_rows.rows(self.statement, language)}


@dataclass(frozen=True)
class ConfirmStep:
    """What pressing the button does to one gift, which has the interval `once` if it was made once.

    Amounts are minor units of `currency`. `what`: `stop` (with the `payments` still to come), `give_back`, which ends
    it now, or `stopped` already.
    """

    what: Literal["stop", "give_back", "stopped"]
    id: str
    amount: int
    currency: str
    interval: str = "once"
    interval_count: int = 1
    ends_at: datetime | None = None
    payments: Sequence[datetime] = ()
    given: int = 0
    given_at: datetime | None = None


@dataclass(frozen=True)
class ConfirmStatementPage(Page):
    """`GET /statements/{token}/confirm`, behind the link that went to a gift's own address.

    `state`: `ask` shows the button; the others say how it stands.
    """

    template = "confirm_statement"

    way: WayOut
    token: str
    reference: str
    received_at: datetime
    state: Literal["ask", "done", "under_way", "desk", "settled"]
    steps: Sequence[ConfirmStep] = ()
    too_late: bool = False
    problem: str = ""

    def more_values(self, language: Language) -> Mapping[str, object]:
        """Each step as a sentence, beside the gift that it is about; and whether any gives money back."""
        gives_back = any(step.what == "give_back" for step in self.steps)
        return {"sentences": [(step.id, _said(step, language)) for step in self.steps], "gives_back": gives_back}


def _said(step: ConfirmStep, language: Language) -> str:
    say = language.texts.say
    gift = language.gift(step.amount, step.currency, step.interval, step.interval_count)
    if step.what == "give_back" or step.ends_at is None:
        given = language.money(step.given, step.currency)
        if step.interval == "once" and step.given_at:
            return say("leaving.confirm.give_back_once", amount=given, date=language.day(step.given_at))
        return say("leaving.confirm.give_back", gift=gift, amount=given)
    until = language.day(step.ends_at)
    if step.what == "stopped":
        return say("leaving.confirm.stopped", gift=gift, date=until)
    if step.payments:
        count = len(step.payments)
        payments = say("leaving.confirm.payments", count=count, dates=language.day(step.payments[0]))
        return say("leaving.confirm.stop_later", gift=gift, date=until, payments=payments)
    return say("leaving.confirm.stop", gift=gift, date=until)
