"""What a mail that confirms a payment says in rows: when, how much, for what, by whom, and who received it."""

from typing import TYPE_CHECKING

from chalicelib.ledger.method_words import method_in_words
from chalicelib.mail.rules.mails import Mail, Receipt, Refunded, Renewed, ThanksOnce, ThanksRecurring

if TYPE_CHECKING:
    from chalicelib.i18n.language import Language

Rows = list[tuple[str, str]]
_OF_A_GIFT = ("mail.receipt.date", "mail.receipt.amount", "mail.receipt.reference", "mail.receipt.received_by")
_OF_A_RETURN = (
    *("mail.receipt.returned_on", "mail.receipt.returned"),
    *("mail.receipt.return_reference", "mail.receipt.returned_by"),
)


def rows(mail: Mail, language: "Language", *, to: str, receiver: str) -> Rows:
    """Label and value of each row, in the reader's language; none for a mail that confirms no payment.

    What is not known has no row.

    :param to: the address that the mail goes to.
    :param receiver: who received the money.
    """
    if not isinstance(mail, Receipt):
        return []
    say = language.texts.say
    when, how_much, reference, by_whom = _OF_A_RETURN if isinstance(mail, Refunded) else _OF_A_GIFT
    found = (
        (say("mail.receipt.number"), mail.number),
        (say(when), language.date(mail.paid_at) if mail.paid_at else ""),
        (say(how_much), language.money(mail.amount, mail.currency)),
        (say("mail.receipt.purpose"), _purpose(mail, language)),
        (say("mail.receipt.payer"), mail.payer),
        (say("mail.receipt.address"), to),
        (say("mail.receipt.method"), method_in_words(mail.method, language)),
        (say(reference), mail.reference),
        (say(by_whom), receiver),
    )
    return [(label, value) for label, value in found if value]


def _purpose(mail: Receipt, language: "Language") -> str:
    """What the money was for."""
    say = language.texts.say
    if isinstance(mail, Refunded):
        gift = language.money(mail.gift_amount, mail.currency)
        return say("mail.receipt.gift_of", amount=gift, date=language.date(mail.gift_at))
    if isinstance(mail, ThanksOnce):
        return say("mail.receipt.once")
    if not isinstance(mail, (ThanksRecurring, Renewed)) or mail.gift_amount == 0:
        return say("mail.receipt.support")
    price = mail.amount if mail.gift_amount is None else mail.gift_amount
    gift = language.gift(price, mail.currency, mail.interval, mail.interval_count)
    return say("mail.receipt.recurring", gift=gift)
