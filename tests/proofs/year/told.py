"""What a supporter is told about the next payment: by `/v1/me`, the account page, each mail, a preview.

A mail and a page are read as their reader reads them: the sentences are found in the finished text, by the words that
the newsroom's language has for them, and the day and the sum are taken out as they are written there.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from chalicelib.i18n.language import Language
from chalicelib.i18n.texts import Texts
from testkit.harness import ADA, Harness
from testkit.visitor import Visitor
from testkit.webhooks import Json

LANG = "uk"
# Every sentence that names the day of a payment to come, by its key: the placeholder that holds the day, and the one
# that holds the sum, where it says one. A test looks that no template says another.
MAIL_SENTENCES = {
    "mail.next_payment": ("date", None),
    "mail.recurring_changed.next": ("date", "amount"),
    "mail.recurring_will_end.happened_later": ("date", None),
    "mail.recurring_paused.happened_until": ("until", None),
    "mail.yearly_ahead.subject": ("date", None),
    "mail.yearly_ahead.happened": ("date", None),
    "mail.yearly_ahead.happened_other": ("date", "amount"),
    "mail.card_expires.happened": ("date", None),
}
# The same of a payment that failed and is tried again.
MAIL_RETRIES = {
    "mail.payment_failed.next_attempt": ("date", None),
    "mail.payment_failed.card_next": ("date", None),
}
PAGE_RETRIES = {"account.late_retry": ("date", None)}
MAIL_ENDS = {"mail.recurring_will_end.access_until": ("until", None)}
PAGE_SENTENCES = {
    "account.active": ("date", None),
    "account.ending_later": ("date", None),
    "account.paused_next": ("date", None),
    "account.opens_next": ("date", None),
}


@dataclass(frozen=True)
class Promise:
    """That the next payment comes on a day, as it was written; `amount` where a sum was said.

    `again`: the next try of one that failed.
    """

    by: str
    day: str
    amount: str | None = None
    again: bool = False


class Reader:
    """Ada, who gives, and reads everything that she is told."""

    def __init__(self, harness: Harness) -> None:
        self.harness, self.texts = harness, Texts(LANG, harness.newsroom.texts)
        self.language = Language(LANG, harness.newsroom.time_zone, harness.newsroom.texts)
        self._read = 0
        self.visitor = Visitor()

    def signs_in(self) -> None:
        """A code by mail; the session is young enough for everything."""
        self.visitor = Visitor()
        self.harness.sign_in(self.visitor, ADA)

    def day(self, seconds: int) -> str:
        """A day as pages and mails write it."""
        return _plain(self.language.day(datetime.fromtimestamp(seconds, UTC)))

    def money(self, amount: int, currency: str = "eur") -> str:
        """A sum as pages and mails write it."""
        return _plain(self.language.money(amount, currency))

    def looks(self) -> list[Promise]:
        """What the account says now, as JSON and as a page."""
        self.signs_in()
        return [*self._me(), *self._page()]

    def reads_mails(self) -> list[Promise]:
        """What the mails say that came since the last time."""
        new, self._read = self.harness.mails.sent[self._read :], len(self.harness.mails.sent)
        found: list[Promise] = []
        for mail in (mail for mail in new if mail.to == ADA):
            text = f"{mail.subject} ¶ {mail.text}"
            found += self._found(text, MAIL_SENTENCES, f"mail {mail.subject!r}")
            found += self._found(text, MAIL_RETRIES, f"mail {mail.subject!r}", again=True)
        return found

    def told_of_the_end(self) -> list[str]:
        """Until when everything stays open, as the last mail says it."""
        return [one.day for one in self._found(self._last, MAIL_ENDS, "")]

    @property
    def _last(self) -> str:
        """The last mail that is not about signing in."""
        return next(mail.text for mail in reversed(self.harness.mails.sent) if "/v1/sign-in/" not in mail.text)

    @property
    def undo(self) -> str:
        """The address that undoes the last change, as its mail has it."""
        found = re.search(r"/undo/(\S+)", self._last)
        assert found, self._last
        return f"/undo/{found.group(1)}"

    def gift(self) -> Json:
        """The recurring gift in `/v1/me`."""
        (gift,) = self.visitor.get("/v1/me").json["recurring"]
        return dict(gift)

    def sees_before_the_click(self, gift: str, amount: int, interval: str, charge: str) -> list[Promise]:
        """What the page that changes the gift says will be taken next, and when."""
        query = f"lang={LANG}&see=1&amount={amount}&interval={interval}&charge={charge}"
        path = f"/account/gifts/{gift}?{query}"
        page = self.visitor.call("GET", path, headers={"Accept": "text/html"})
        assert page.status == 200, page.text
        label = re.escape(self.texts.pattern("change.next_payment"))
        row = re.search(rf"{label}</th><td>(.+?)<br>(.+?)</td>", page.text)
        assert row, page.text
        amount_said, date_said = (_plain(html.unescape(part)) for part in row.groups())
        return [Promise("/account/gifts/…, before the click", date_said, amount_said)]

    def date(self, seconds: int) -> str:
        """A day as tables write it."""
        return _plain(self.language.date(datetime.fromtimestamp(seconds, UTC)))

    def _me(self) -> Iterator[Promise]:
        at = self.gift()["next_payment_at"]
        if at is not None:
            yield Promise("/v1/me", self.day(seconds(at)))

    def _page(self) -> list[Promise]:
        page = self.visitor.call("GET", f"/account?lang={LANG}", headers={"Accept": "text/html"})
        assert page.status == 200, page.text
        text = html.unescape(re.sub(r"<[^>]+>", " ", page.text))
        retried = self._found(text, PAGE_RETRIES, "/account", again=True)
        return [*self._found(text, PAGE_SENTENCES, "/account"), *retried]

    def _found(
        self, text: str, keys: Mapping[str, tuple[str, str | None]], by: str, *, again: bool = False
    ) -> list[Promise]:
        told = _plain(text)
        return [
            Promise(f"{by}, {key}", found[day], found[amount] if amount else None, again=again)
            for key, (day, amount) in keys.items()
            for found in re.compile(self._sentence(key)).finditer(told)
        ]

    def _sentence(self, key: str) -> str:
        """The sentence as an expression: a group for each placeholder, any white space where it has some."""
        parts = re.split(r"\{(\w+)\}", self.texts.pattern(key))
        words = [rf"(?P<{part}>[^.:¶]+?)" if number % 2 else re.escape(part) for number, part in enumerate(parts)]
        return re.sub(r"(\\?\s|\\?\xa0)+", r"\\s+", "".join(words))


def _plain(text: str) -> str:
    """The text with single spaces, whatever they were: where a line breaks is not what is told."""
    return " ".join(text.split())


def seconds(moment: str) -> int:
    """An RFC 3339 moment as seconds."""
    return int(datetime.fromisoformat(moment).timestamp())
