"""Find the supporter whom a notification is about, or prepare a new one."""

from dataclasses import dataclass

from chalicelib.booking.rail import Subject
from chalicelib.kernel import email_address
from chalicelib.kernel.ids import SupporterId, new_id
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Table
from chalicelib.newsroom.rules import Newsroom
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.state import Profile


@dataclass(frozen=True)
class Located:
    """The supporter whom a notification is about.

    `new_profile`: their profile if they are new; `new_customer`: the customer if it is not linked to them yet.
    `nobody`: neither a proven supporter, nor a customer, nor an address was named. `no_address`: they are new, and
    mail can go to none of the addresses that the provider has.
    """

    supporter: SupporterId
    new_profile: Profile | None = None
    new_customer: str | None = None
    nobody: bool = False

    @property
    def no_address(self) -> bool:
        """Whether the supporter is new and has no usable address, so that a person must find one out."""
        return self.new_profile is not None and not self.new_profile.email

    @property
    def known_supporter(self) -> SupporterId | None:
        """The supporter if they exist already, None where they are new."""
        return None if self.nobody or self.new_profile else self.supporter


def locate(subject: Subject, table: Table, email_key: str, newsroom: Newsroom, now: BusinessTime) -> Located:
    """Find the supporter: by the ledger, else as proven, else by customer, else by address; else prepare a new one.

    A typed address books the gift to the supporter who owns that address. This gives access to the owner only: paying
    signs nobody in. Money whose payer has no usable address is booked too, for a supporter without address.
    """
    if subject.booked_for:
        return Located(subject.booked_for)
    linked = supporters.find_by_customer(table, subject.customer, email_key) if subject.customer else None
    new_customer = None if linked else subject.customer
    proven = _with_profile(subject.proven, table) if subject.proven else None
    if proven:
        return Located(proven, new_customer=new_customer)
    # A gift that was started before its supporter was erased is theirs, as money without a person.
    erased = subject.proven and supporters.read_state(table, subject.proven).erased is not None
    if linked or erased:
        return Located(linked or subject.proven or SupporterId(""))
    named, email = bool(subject.customer), email_address.NONE
    for told in subject.addresses():
        named = named or bool(told)
        if usable := email_address.usable(told):
            email = usable
            break
    if not named:
        # Only what books nothing (an expired checkout) may go on without a supporter; the commit refuses the rest.
        return Located(SupporterId(new_id()), nobody=True)
    known = supporters.find_by_email(table, email, email_key) if email else None
    if known:
        return Located(known, new_customer=new_customer)
    profile = Profile(email, newsroom.language(subject.language), now)
    return Located(SupporterId(new_id()), profile, new_customer)


def _with_profile(proven: SupporterId, table: Table) -> SupporterId | None:
    """Whom a session proved, or whoever they are one with by now; None if they were erased."""
    if supporters.read_profile(table, proven):
        return proven
    joined = supporters.who_now(table, proven)
    return joined if joined != proven and supporters.read_profile(table, joined) else None
