"""The base class of hosted pages, and values that pages of several rooms show.

A page is plain values: no table, no Stripe, the view decides. Amounts are minor units of `currency` (lower case),
times are aware datetimes, `return_to` and other addresses have been checked by the view. `problem` is a finished
sentence in the page's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from chalicelib.kernel.email_address import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.i18n.language import Language


@dataclass(frozen=True)
class Page:
    """The base class of hosted pages; each room has its own ones. A template gets its page as `page`."""

    template: ClassVar[str]  # its name under `templates/pages`, without the ending

    @property
    def script(self) -> bool:
        """Whether the page loads `/donate.js`."""
        return False

    def policy(self) -> tuple[str, ...]:
        """The page's own rules of the Content-Security-Policy: what it loads beside the style and the script."""
        return ("img-src data:",)  # the icon

    def more_values(self, language: Language) -> Mapping[str, object]:
        """Values for the page's template, beside those that every template gets."""
        del language
        return {}


@dataclass(frozen=True)
class Gift:
    """An amount with its rhythm: once, or every `interval_count` of day, week, month or year."""

    amount: int
    currency: str
    interval: str = "once"
    interval_count: int = 1


def mask_email(address: str) -> str:
    """`maria@example.org` as `m…@example.org`: enough to know one's own address, too little to learn another's."""
    name, _, host = shown(address).rpartition("@")
    return f"{name[:1]}…@{host}"
