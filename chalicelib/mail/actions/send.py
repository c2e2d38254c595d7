"""Send mails: one now, or what waits in the outbox."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

from chalicelib.kernel import email_address
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.failures import MOST_FAULTS
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.table import Table, TableUnavailable
from chalicelib.mail import letters
from chalicelib.mail.actions import budget
from chalicelib.mail.actions.receipt_values import ReceiptValues
from chalicelib.mail.actions.stopped import alarm_once
from chalicelib.mail.port import Mailer, MailRefused, MailStopped, MailUnavailable
from chalicelib.mail.rows import outbox, suppressed, switched_off
from chalicelib.mail.rows.outbox import Waiting
from chalicelib.mail.rules import mails
from chalicelib.mail.rules import overtaken as overtaking
from chalicelib.mail.rules.classes import switch_of
from chalicelib.newsroom.rules import Newsroom
from chalicelib.observing.log import alarm, log
from chalicelib.supporters.rows import erasures, supporters
from chalicelib.supporters.rules.access import Entitlement, entitled


@dataclass(frozen=True)
class MailSender:
    """Composes mails, hands them to the mail service and notes the result. `public_url` has no trailing slash.

    Mails are due in business time; `real_now` is for rate limits, as everywhere.
    """

    table: Table
    mailer: Mailer
    newsroom: Newsroom
    email_key: str
    public_url: str
    livemode: bool
    real_now: Callable[[], RealTime]

    def deliver(self, mails: Iterable[str], now: BusinessTime) -> None:
        """Try to send mails that were just put in the outbox; the sweep sends those that fail now."""
        for mail in mails:
            self.try_send(mail, now)

    def compose(
        self, mail: mails.Mail, lang: str, to: EmailAddress | None = None, supporter: SupporterId | None = None
    ) -> letters.Composed:
        """Write a mail on the newsroom's letterhead; a receipt names the address `to` which it is sent.

        :param supporter: whose mail it is, for its links.
        """
        letterhead = letters.Letterhead.of(
            self.newsroom,
            lang=lang,
            public_url=self.public_url,
            livemode=self.livemode,
            link_key=self.email_key,
        )
        return letters.compose(mail, letterhead, to or "", supporter or "")

    def send(self, composed: letters.Composed, *, to: EmailAddress, message_id: str, kind: str) -> None:
        """Hand a finished mail to the mail service, from the newsroom's own address.

        :raises MailUnavailable: the mail service did not take it; it may be tried again.
        :raises MailRefused: the mail service will never take it.
        """
        self.mailer.send(
            sender=self.newsroom.mail_from,
            to=to,
            subject=composed.subject,
            text=composed.text,
            html=composed.html,
            lang=composed.lang,
            message_id=message_id,
            kind=kind,
            unsubscribe=composed.unsubscribe,
        )

    def try_send(self, mail_id: str, now: BusinessTime) -> bool:
        """Send one mail, unless another worker is sending it. False when it was not sent now.

        Never raises: what the mail reports has happened, and must not seem to have failed because a mail did.
        """
        waiting: Waiting | None = None
        try:
            waiting = outbox.take(self.table, mail_id, now)
            return waiting is not None and self._send(waiting, now)
        except Exception as error:  # noqa: BLE001 - see the docstring
            log.warning("mail not sent", mail=mail_id, kind=waiting.kind if waiting else None, trouble=error)
            if waiting is not None:
                self._give_back(waiting, error, now)
            return False

    def _give_back(self, waiting: Waiting, error: Exception, now: BusinessTime) -> None:
        why, outage = _why(error), isinstance(error, (MailUnavailable, TableUnavailable))
        if isinstance(error, MailStopped):
            alarm_once(self.table, error, self.real_now())
        try:
            if isinstance(error, MailRefused):
                outbox.give_up(self.table, waiting.id, why, now)
                status = "undeliverable"
            else:
                status = outbox.failed(self.table, waiting, why, now, outage=outage)
        except TableUnavailable:
            log.warning("failed try not noted", mail=waiting.id)
            return
        if status == "undeliverable":
            alarm("mail_undeliverable", mail=waiting.id, tries=waiting.tries, why=why)

    def _send(self, waiting: Waiting, now: BusinessTime) -> bool:
        found = self._addressed(waiting)
        if found is None:  # erased meanwhile, or never known: no recipient, and no error
            outbox.not_to_send(self.table, waiting.id, waiting.supporter, "undeliverable", now)
            return False
        waiting, address, language = found
        to = email_address.usable(address)
        if to is None:
            raise MailRefused("bad_address")
        held = suppressed.read(self.table, supporters.email_hash(to, self.email_key))
        if held is not None:  # no alarm: operators find it in the list of mails held back
            log.info("mail held back", mail=waiting.id, kind=waiting.kind, why=held.kind)
            hold = outbox.withhold if waiting.to else outbox.hold_back
            hold(self.table, waiting.id, held.kind, now)
            return False
        if waiting.asked_by and not self._may_confirm(to, waiting.asked_by):
            log.info("mail held back", mail=waiting.id, kind=waiting.kind, why="too_many")
            outbox.withhold(self.table, waiting.id, "too_many", now)
            return False
        if self._is_of_no_use(waiting, now):
            return False
        if waiting.failures.faults >= MOST_FAULTS:
            outbox.give_up(self.table, waiting.id, "died", now)
            alarm("mail_undeliverable", mail=waiting.id, tries=waiting.tries, why="died")
            return False
        lang = self.newsroom.language(language)
        # A link of the supporter's own goes to their own address only, not to one that was typed, or was theirs.
        whose = None if waiting.to else waiting.supporter
        composed = self.compose(self._mail(waiting, lang, now), lang, to, whose)
        # The same mail sent twice (we crashed between sending and marking) is recognisably the same.
        self.send(composed, to=to, message_id=waiting.id.replace(":", "."), kind=waiting.kind)
        log.info("mail sent", mail=waiting.id, kind=waiting.kind)
        if waiting.supporter:
            outbox.sent(self.table, waiting.id, waiting.supporter, now, typed=waiting.to is not None)
        else:
            outbox.sent_to(self.table, waiting.id, now)
        return True

    def _is_of_no_use(self, waiting: Waiting, now: BusinessTime) -> bool:
        """Whether its reader wants no mails of its class, or it says what is over by now; then that is noted."""
        if self._is_unwanted(waiting):
            log.info("mail unwanted", mail=waiting.id, kind=waiting.kind)
            outbox.not_to_send(self.table, waiting.id, waiting.supporter, "unwanted", now)
            return True
        if waiting.late and self._is_overtaken(waiting, now):
            log.info("mail overtaken", mail=waiting.id, kind=waiting.kind)
            outbox.not_to_send(self.table, waiting.id, waiting.supporter, "overtaken", now)
            return True
        return False

    def _is_overtaken(self, waiting: Waiting, now: BusinessTime) -> bool:
        if waiting.kind not in overtaking.KINDS:
            return False
        standing = supporters.read_state(self.table, waiting.supporter).standing
        return overtaking.overtaken(waiting.id, waiting.kind, waiting.values, standing, now)

    def _is_unwanted(self, waiting: Waiting) -> bool:
        """Whether its reader has switched this class of mails off, or has asked to be erased."""
        switch, reader = switch_of(waiting.kind), waiting.supporter
        if switch is None:
            return False
        return switch in switched_off.read(self.table, reader) or erasures.read(self.table, reader) is not None

    def _may_confirm(self, to: EmailAddress, asked_by: str) -> bool:
        hashed = supporters.email_hash(to, self.email_key)
        return budget.may_confirm(self.table, hashed, asked_by, self.newsroom.limits, self.real_now())

    def _addressed(self, waiting: Waiting) -> tuple[Waiting, str, str] | None:
        """The mail, the address that it goes to, and its reader's language; None if there is nobody.

        It is of who its supporter is now: two records of one person may have become one since it was written.
        """
        if waiting.to:
            return waiting, waiting.to, waiting.language
        profile = supporters.read_profile(self.table, waiting.supporter)
        if profile is None:
            waiting = replace(waiting, supporter=supporters.who_now(self.table, waiting.supporter))
            profile = supporters.read_profile(self.table, waiting.supporter)
        return (waiting, profile.email, profile.language) if profile and profile.email else None

    def _mail(self, waiting: Waiting, lang: str, now: BusinessTime) -> mails.Mail:
        """The stored values as a mail, with what is open for the reader at the time of sending."""
        kind = mails.KINDS[waiting.kind]
        values: dict[str, Any] = dict(waiting.values)
        if any(type(values.get(name, 0)) is not int for name in ("amount", "gift_amount")):
            raise TypeError("An amount is not a whole number.")  # never thank for an amount that we do not know
        if issubclass(kind, mails.Receipt):
            known = ReceiptValues(self.table, self.newsroom, self.email_key, self.livemode)
            values |= known.of(values.get("reference", ""), now)
        tier = self.newsroom.tier(waiting.tier)
        wanted = {field.name for field in fields(kind)}
        if tier and "opens" in wanted:
            values["opens"] = tier.opens[lang]
        if tier and "until" in wanted:
            values["until"] = self._entitlement(waiting.supporter, now).until
        if wanted >= {"opens", "access_until"}:
            values |= self._open_all_the_same(waiting.supporter, lang, now)
        if values.get("access_until", now + 1) <= now:
            del values["access_until"]  # nothing stays open until a day that is over
        return kind(**_with_moments(kind, values))

    def _open_all_the_same(self, supporter: SupporterId, lang: str, now: BusinessTime) -> dict[str, Any]:
        held = self._entitlement(supporter, now)
        tier = self.newsroom.tier(held.tier)
        return {"opens": tier.opens[lang], "access_until": held.until} if tier and held.until else {}

    def _entitlement(self, supporter: SupporterId, now: BusinessTime) -> Entitlement:
        return entitled(supporters.read_state(self.table, supporter).standing, self.newsroom, now)


def _why(error: Exception) -> str:
    """An error's kind; for refusals of the mail service also their code, which says more."""
    return error.code if isinstance(error, (MailRefused, MailStopped)) else type(error).__name__


def _with_moments(kind: type, values: Mapping[str, Any]) -> dict[str, Any]:
    """Seconds become datetimes where the mail wants them."""
    moments = {field.name for field in fields(kind) if field.type in (datetime, datetime | None)}
    return {
        name: datetime.fromtimestamp(value, UTC) if name in moments and value is not None else value
        for name, value in values.items()
    }
