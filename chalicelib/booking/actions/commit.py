"""Turn one decision into one transaction: all of its changes, in the order of the data model."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo

from chalicelib.booking.actions.locate import Located
from chalicelib.booking.rules.changes import Alarm, Changes
from chalicelib.booking.rules.facts import Facts
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Change, Table
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rows import failed_payments
from chalicelib.ledger.rules.movements import Booked, Entry
from chalicelib.mail.rows import outbox
from chalicelib.mail.rules.mails import MailToSend
from chalicelib.supporters.rows import history, supporters
from chalicelib.supporters.rules.state import State


class NobodyNamed(Exception):
    """Money came without a customer or an address: there is no supporter to book it for, a person must look."""


def fresh(changes: Changes, gifts: Mapping[str, Booked | None], failed: Collection[str], table: Table) -> Changes:
    """Leave out entries that are booked already, with their mails, history and alarms; and mails written already.

    :param failed: the invoices whose payment is noted as failed.
    :param gifts: gifts that were looked up before, with what the ledger has of each (None: not booked).
    """

    def is_new(entry: Entry) -> bool:
        name = entry.movement.id
        return gifts[name] is None if name in gifts else not ledger.is_booked(table, name)

    entries = tuple(entry for entry in changes.entries if is_new(entry))
    booked = {entry.movement.id for entry in entries}

    def still_new(mail: MailToSend) -> bool:
        return mail.about in booked if mail.about else not outbox.exists(table, mail.id)

    return replace(
        changes,
        entries=entries,
        failure=changes.failure if changes.failure and changes.failure.invoice not in failed else None,
        mails=tuple(mail for mail in changes.mails if still_new(mail)),
        log=tuple(tag for tag in changes.log if tag.about is None or tag.about in booked),
        alarms=tuple(alarm for alarm in changes.alarms if alarm.about is None or alarm.about in booked),
    )


@dataclass(frozen=True)
class Commit:
    """The transaction that writes `decided` for a supporter whose `state` was read before.

    `notification`: its id in the history. `zone`: the newsroom's time zone, by whose months sums are counted.
    """

    notification: str
    located: Located
    state: State
    facts: Facts
    decided: Changes
    email_key: str
    zone: tzinfo
    now: BusinessTime

    def changes(self) -> list[Change]:
        """All changes of the transaction, empty when there is nothing new. An unpaid checkout creates no supporter.

        :raises NobodyNamed: there is something to book, but neither a customer nor an address.
        """
        changes: list[Change] = []
        if self._about_somebody and self.located.nobody:
            raise NobodyNamed
        if self.supporter and self.state.erased is None:
            changes += self._supporter()
        if self.supporter:
            changes += ledger.book(self.decided.entries, self.located.supporter, self.zone)
            if self.decided.failure:
                changes.append(failed_payments.put(self.decided.failure, self.located.supporter))
            changes += [outbox.put(mail, self.located.supporter, self.now) for mail in self.decided.mails]
        return changes

    @property
    def supporter(self) -> SupporterId | None:
        """The supporter it is written for; None where there is none and none is made."""
        return self.located.supporter if self._about_somebody else self.located.known_supporter

    @property
    def in_history(self) -> bool:
        """Whether the supporter's history gets a line that names the notification."""
        return bool(self.supporter and self.notification and self._tags)

    @property
    def _tags(self) -> tuple[str, ...]:
        """What the history says of it; a customer who is linked is always in the history, as it leads to them."""
        tags = tuple(tag.tag for tag in self.decided.log) if self._changes_somebody else ()
        return tags or (("supporter:customer:linked",) if self.located.new_customer else ())

    def alarms(self) -> list[Alarm]:
        """The alarms to raise once this is committed."""
        if not self.located.no_address or not self._about_somebody:
            return list(self.decided.alarms)
        facts = {"customer": self.facts.customer, "subscription": None, "movement": None}
        if self.facts.recurring:
            facts["subscription"] = self.facts.recurring.id
        if self.decided.entries:
            facts["movement"] = self.decided.entries[0].movement.id
        known = {name: value for name, value in facts.items() if value}
        return [*self.decided.alarms, Alarm("address_unusable", known)]

    @property
    def _about_somebody(self) -> bool:
        # Entries count even without gifts: another worker may have booked the gift after we located its supporter,
        # and then a dispute's facts hold nothing but the money that went back. If we took the supporter for a new
        # one, the transaction loses at the address, and the next try finds them.
        told = self.facts.gifts or self.facts.recurring or self.decided.entries
        return bool(told or self.decided.mails)

    @property
    def _after(self) -> State:
        standing, customers = self.decided.standing, self.decided.customers
        return replace(self.state, id=self.located.supporter, standing=standing, customers=customers)

    @property
    def _changes_somebody(self) -> bool:
        return self._after != self.state or bool(self.decided.entries)

    def _supporter(self) -> list[Change]:
        changes: list[Change] = []
        supporter = self.located.supporter
        if self.located.new_profile:
            changes += supporters.new_supporter(supporter, self.located.new_profile, self.email_key)
        if self.located.new_customer:
            changes.append(supporters.link_customer(self.located.new_customer, supporter))
        if self._changes_somebody:
            changes.append(supporters.save_state(self._after))
        if tags := self._tags:
            checkout = self.facts.checkout.id if self.facts.checkout else None
            named = {"event": self.notification, "customer": self.located.new_customer, "checkout": checkout}
            changes.append(history.line(supporter, self.now, tags, **named))
        return changes
