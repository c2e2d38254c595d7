"""A mail as it is sent: subject, plain text and HTML from the same sentences, under the newsroom's letterhead."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.mail.rules.mails import Mail
from chalicelib.newsroom import sender
from chalicelib.newsroom.rules import Newsroom, Words


@dataclass(frozen=True)
class Letterhead:
    """What all mails of a newsroom share: its name, language, links, colours. `public_url` has no trailing slash.

    `contact` is the bare address that a reader may write to, the sender's own; empty: readers can only reply.
    """

    lang: str
    newsroom: str
    public_url: str
    livemode: bool
    time_zone: str = "Europe/Kyiv"
    accent: str = "#8c2f1b"
    texts: Mapping[str, Words] = field(default_factory=dict)
    contact: str = ""

    @classmethod
    def of(cls, newsroom: Newsroom, *, lang: str, public_url: str, livemode: bool) -> "Letterhead":
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
        )


@dataclass(frozen=True)
class Composed:
    """A finished mail: a subject of one line, the plain text and the HTML document."""

    subject: str
    text: str
    html: str


def compose(mail: Mail, letterhead: Letterhead) -> Composed:
    """Write the mail.

    :raises chalicelib.i18n.texts.TextWrong: when one of the newsroom's own texts is wrong.
    """
    # Loaded with the first mail that is composed: putting one in the outbox must not load the template engine.
    from chalicelib.colours import LIGHT, accent_in
    from chalicelib.i18n.language import Language
    from chalicelib.templating import environment, in_html

    language = Language(letterhead.lang, letterhead.time_zone, letterhead.texts)
    colours = accent_in(LIGHT, letterhead.accent)
    values = {
        "mail": mail,
        "letterhead": letterhead,
        "language": language,
        "account": f"{letterhead.public_url}/account?lang={letterhead.lang}",
        "donate": f"{letterhead.public_url}/donate?lang={letterhead.lang}",
        "sign_in": f"{letterhead.public_url}/sign-in?lang={letterhead.lang}",
        "accent": colours.accent_text,
        "ground": colours.accent,
        "on_ground": colours.on_accent,
    }

    def part(name: str) -> str:
        say = in_html(language.texts) if name.endswith(".html") else language.texts.say
        return environment().get_template(f"mails/{mail.kind}/{name}").render({**values, "t": say})

    # A subject is one line: a newline in it would start another header.
    return Composed(" ".join(part("subject.txt").split()), part("body.txt").strip() + "\n", part("body.html"))
