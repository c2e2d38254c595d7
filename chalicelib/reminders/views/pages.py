"""The page behind the link that ends mails of one class."""

from dataclasses import dataclass

from chalicelib.http.pages import Page
from chalicelib.mail.rules.classes import Switch


@dataclass(frozen=True)
class UnsubscribePage(Page):
    """`GET /unsubscribe/{token}`: a button that ends mails of the class `switch`. `done`: it was pressed."""

    template = "unsubscribe"

    token: str
    switch: Switch
    off: bool = False
    done: bool = False
