"""What the receipt of a statement says in rows: what was declared, by whom, and exactly when it came."""

from datetime import date
from typing import TYPE_CHECKING

from chalicelib.mail.rules.mails import Mail
from chalicelib.mail.rules.quoted import quoted
from chalicelib.mail.rules.statement_mails import StatementReceived

if TYPE_CHECKING:
    from chalicelib.i18n.language import Language

Rows = list[tuple[str, str]]


def rows(mail: Mail, language: "Language") -> Rows:
    """Label and value of each row, in the reader's language; none for any other mail."""
    if not isinstance(mail, StatementReceived):
        return []
    say = language.texts.say
    names_no_end = mail.way == "withdraw" and mail.when == "soonest"
    declared = (
        (say("leaving.row.what"), say(f"leaving.row.{mail.way}")),
        (say("leaving.row.received"), language.moment(mail.received_at)),
        (say("leaving.row.reference"), mail.reference),
        (say("leaving.row.email"), mail.email),
        (say("leaving.row.gift"), quoted(mail.gift)),
        (say("leaving.row.when"), "" if names_no_end else when(mail.when, language)),
        (say("leaving.row.name"), quoted(mail.name)),
        (say("leaving.row.comment"), quoted(mail.comment)),
    )
    return [(label, value) for label, value in declared if value]


def when(wish: str, language: "Language") -> str:
    """When it shall end, in words: `soonest`, or not before a day (`2027-01-31`)."""
    if wish == "soonest":
        return language.texts.say("leaving.soonest")
    return language.texts.say("leaving.not_before", date=language.day_of(date.fromisoformat(wish)))
