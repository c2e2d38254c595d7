"""A mail as it is sent: subject, plain text and HTML from the same sentences, under the newsroom's letterhead."""

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_args
from urllib.parse import urlencode

from chalicelib.kernel import link_tokens
from chalicelib.kernel.law import labels_in
from chalicelib.ledger.method_words import method_in_words
from chalicelib.ledger.rules.movements import MethodOfPayment
from chalicelib.mail.rules.classes import switch_of
from chalicelib.mail.rules.mails import Mail
from chalicelib.newsroom import sender
from chalicelib.newsroom.rules import Interval, Newsroom, Words

if TYPE_CHECKING:
    from chalicelib.i18n.language import Language

_WIDEST = 78  # characters of a line of plain text


@dataclass(frozen=True)
class Letterhead:
    """What all mails of a newsroom share: its name, language, links, colours. `public_url` has no trailing slash.

    `contact` is the bare address that a reader may write to, the sender's own; empty: readers can only reply.
    `legal`: name and address of the organisation that receives the money; empty: the newsroom's name stands for it.
    `link_key`: the key of links that need no sign-in (`kernel/link_tokens.py`).
    """

    lang: str
    newsroom: str
    public_url: str
    livemode: bool
    time_zone: str = "Europe/Kyiv"
    accent: str = "#8c2f1b"
    texts: Mapping[str, Words] = field(default_factory=dict)
    contact: str = ""
    legal: str = ""
    link_key: str = ""

    @classmethod
    def of(
        cls, newsroom: Newsroom, *, lang: str, public_url: str, livemode: bool, link_key: str = ""
    ) -> "Letterhead":
        """The letterhead of a newsroom."""
        return cls(
            lang=lang,
            newsroom=newsroom.name[lang],
            public_url=public_url,
            livemode=livemode,
            time_zone=newsroom.time_zone,
            accent=newsroom.accent,
            texts=newsroom.texts,
            contact=sender.read(newsroom.mail_from).address,
            legal=newsroom.legal.in_one_line(lang),
            link_key=link_key,
        )


@dataclass(frozen=True)
class Composed:
    """A finished mail: a subject of one line, the plain text and the HTML document, all in the language `lang`.

    `unsubscribe`: the address that ends mails of its class with one click; empty for one that nobody can end.
    """

    subject: str
    text: str
    html: str
    lang: str
    unsubscribe: str = ""


def compose(mail: Mail, letterhead: Letterhead, to: str = "", supporter: str = "") -> Composed:
    """Write the mail: HTML and plain text from one template, so that both say the same in the same order.

    :param to: the address that it goes to, for a receipt.
    :param supporter: whose mail it is, so that its links lead to the page that they are about, signed in.
    :raises chalicelib.i18n.texts.TextWrong: when one of the newsroom's own texts is wrong.
    """
    # Loaded with the first mail that is composed: putting one in the outbox must not load the template engine.
    from chalicelib.colours import DARK, LIGHT, accent_in
    from chalicelib.i18n.language import Language
    from chalicelib.mail import receipt, statement_rows
    from chalicelib.templating import in_html, mail_environment

    language = Language(letterhead.lang, letterhead.time_zone, letterhead.texts)
    unsubscribe = _unsubscribe(mail, letterhead, supporter)
    values = {
        "unsubscribe": unsubscribe,
        "mail_class": switch_of(mail.kind),
        "mail": mail,
        "letterhead": letterhead,
        "language": language,
        "light": LIGHT,
        "dark": DARK,
        "accent": accent_in(LIGHT, letterhead.accent),
        "dark_accent": accent_in(DARK, letterhead.accent),
        "receipt": receipt.rows(mail, language, to=to, receiver=letterhead.legal or letterhead.newsroom),
        "statement": statement_rows.rows(mail, language),
        **_links(mail, letterhead, supporter),
        **_sums(mail, language),
        "card": _card(mail, language),
        "year_sums": _year_sums(mail, language),
    }

    def part(name: str, form: str) -> str:
        say = in_html(language.texts) if form == "html" else language.texts.say
        template = mail_environment(form).get_template(f"mails/{mail.kind}/{name}")
        return template.render({**values, "form": form, "t": say})

    # A subject is one line: a newline in it would start another header.
    subject = " ".join(part("subject.txt", "txt").split())
    text, html = _as_text(part("body.jinja", "txt")), part("body.jinja", "html")
    return Composed(subject, text, html, letterhead.lang, unsubscribe)


def _unsubscribe(mail: Mail, letterhead: Letterhead, supporter: str) -> str:
    switch = switch_of(mail.kind)
    if switch is None or not supporter:
        return ""
    # No language behind it: a mail program posts to exactly this address.
    token = link_tokens.make("unsubscribe", f"{supporter}.{switch}", letterhead.link_key)
    return f"{letterhead.public_url}/unsubscribe/{token}"


def _links(mail: Mail, letterhead: Letterhead, supporter: str) -> dict[str, Any]:
    """Where a mail may lead, each a whole address in its language.

    `ways_out`: at the foot of every mail about money the two ways out of a contract, each with the law's label; of a
    receipt with its reference, so that it need not be typed.
    """

    def page(path: str, **more: Any) -> str:
        given = {name: value for name, value in more.items() if value}
        return f"{letterhead.public_url}{path}?{urlencode({'lang': letterhead.lang, **given}, safe='/')}"

    def signed_in(back: str, otherwise: str) -> str:
        """On to a page by way of a sign-in, if need be, without asking for the address that the mail came to."""
        if not supporter:
            return otherwise
        return page(f"/go/{link_tokens.make('mail', supporter, letterhead.link_key)}", return_to=back)

    receipt = f"/account/receipts/{gift}" if (gift := getattr(mail, "gift", "")) else ""
    year = f"/account/statements/{of}" if (of := getattr(mail, "year", 0)) else ""
    statement = getattr(mail, "statement", "")
    to_confirm = link_tokens.make("statement", statement, letterhead.link_key) if statement else ""
    recurring = getattr(mail, "recurring", "")
    card = f"/account/gifts/{recurring}/card" if recurring else "/account"
    undo, source = getattr(mail, "undo", ""), getattr(mail, "source", "")
    wish = {name: getattr(mail, name, None) for name in ("amount", "currency", "interval")}
    usual = wish["interval"] in get_args(Interval) and getattr(mail, "interval_count", 1) == 1
    about_money = hasattr(mail, "amount") and switch_of(mail.kind) is None
    ways_out = labels_in(letterhead.lang).entry.items() if about_money else ()
    return {
        "ways_out": [(label, page(f"/{way}", gift=getattr(mail, "number", ""))) for way, label in ways_out],
        "statement_link": page(f"/statements/{to_confirm}/confirm") if statement else "",
        "account": signed_in("/account", page("/account")),
        "new_card": signed_in(card, page(card)),
        "receipt_page": signed_in(receipt, page(receipt)) if receipt else "",
        "statement_page": signed_in(year, page(year)) if year else "",
        # The same gift again. One that is given every six months cannot be asked for there.
        "donate_again": page("/donate", **(wish if usual else {})),
        "undo": page(f"/undo/{link_tokens.make('undo', undo, letterhead.link_key)}") if undo else "",
        "read_on": signed_in(source, page("/read-on", return_to=source)),
    }


def _card(mail: Mail, language: "Language") -> str:
    """The card that a mail is about, as its holder knows it; empty for a mail that names none."""
    last4 = getattr(mail, "card_last4", "")
    brand = getattr(mail, "card_brand", "")
    return method_in_words(MethodOfPayment("card", brand, last4), language) if last4 else ""


def _year_sums(mail: Mail, language: "Language") -> str:
    sums = [language.money(*one) for one in getattr(mail, "sums", ())]
    return language.listed(sums) if sums else ""


def _sums(mail: Mail, language: "Language") -> dict[str, Any]:
    """A recurring gift with its rhythm, on one line: as a mail's `amount` says it, and as its own price does.

    `usual`: both are the same. `for_gift`: the payment was for time of the gift.
    """
    if not hasattr(mail, "interval") or getattr(mail, "amount", None) is None:
        return {}
    said: Any = mail
    paid = said.amount
    amount = getattr(mail, "gift_amount", None)
    price = paid if amount is None else amount

    def gift(sum_of_it: int) -> str:
        return language.gift(sum_of_it, said.currency, said.interval, said.interval_count)

    return {"gift": gift(paid), "price": gift(price), "usual": price == paid, "for_gift": bool(price)}


def _as_text(written: str) -> str:
    """Plain text of lines that can be read anywhere. An address stays whole on its line."""
    lines = [
        textwrap.wrap(line, _WIDEST, break_long_words=False, break_on_hyphens=False) or [""]
        for line in written.strip().splitlines()
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(one for several in lines for one in several)) + "\n"
