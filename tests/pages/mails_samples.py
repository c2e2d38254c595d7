"""The pages of one's mails, one of each state, and the mails about what is to come."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.account.views.pages import CardPage, MailsPage, MailSwitch
from chalicelib.http.pages import Gift, Page
from chalicelib.mail.rules import mails, mails_ahead
from chalicelib.mail.rules.year_mail import YearOfGifts
from chalicelib.reminders.views.pages import UnsubscribePage


def mails_pages(sentence: Callable[[int, str], str], *, until: datetime) -> Mapping[str, Page]:
    """One of each, by a name for it. `sentence`: a refusal in the page's language, by status and code."""
    reminders, statements = MailSwitch("reminders", on=True), MailSwitch("statements", on=True)
    return {
        "account-mails": MailsPage((reminders, statements), reminder="2027-03"),
        "account-mails-off": MailsPage(
            (MailSwitch("reminders", on=False), statements), problem=sentence(400, "bad_input")
        ),
        "account-card": CardPage(
            "sub_1",
            Gift(500, "eur", "month"),
            "Visa\N{NO-BREAK SPACE}····\N{NO-BREAK SPACE}4242",
            "2026-11",
            next_at=until,
        ),
        "account-card-late": CardPage("sub_1", Gift(500, "eur", "month"), late=True, next_at=until),
        "unsubscribe": UnsubscribePage("maria.reminders.0", "reminders"),
        "unsubscribe-done": UnsubscribePage("maria.reminders.0", "reminders", off=True, done=True),
        "unsubscribe-back": UnsubscribePage("maria.statements.0", "statements", done=True),
    }


def ahead_mails(opens: str, *, until: datetime) -> Mapping[str, mails.Mail]:
    """Reminders, announcements, cards that are about to end."""
    yearly = mails_ahead.YearlyAhead(amount=3000, currency="eur", interval="year", next_payment_at=until, opens=opens)
    return {
        "yearly_ahead": yearly,
        "yearly_ahead_card": replace(yearly, card_brand="visa", card_last4="4242", card_expires="2026-11"),
        "yearly_ahead_credit": replace(yearly, gift_amount=5000),
        "card_expires": mails_ahead.CardExpires(
            amount=500,
            currency="eur",
            interval="month",
            next_payment_at=until,
            card_brand="visa",
            card_last4="4242",
            card_expires="2026-11",
        ),
        "year_of_gifts": YearOfGifts(2026, [(6000, "eur"), (20_050, "uah")]),
        "reminder": mails_ahead.ReminderMail(500, "eur", "month"),
        "reminder_plain": mails_ahead.ReminderMail(),
        "reminder_late": mails_ahead.ReminderMail(late_for="2026-09"),
    }
