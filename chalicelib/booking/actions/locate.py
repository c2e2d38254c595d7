"""Find the supporter whom something from Stripe is about, or prepare a new one."""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.kernel import email_address
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.table import Table
from chalicelib.newsroom.rules import Newsroom
from chalicelib.rails.stripe.events.handler import LANGUAGE, Who
from chalicelib.rails.stripe.events.sessions import email_typed
from chalicelib.rails.stripe.events.shapes import Customer
from chalicelib.rails.stripe.port import Stripe
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.state import Profile


@dataclass(frozen=True)
class Located:
    """The supporter's id; `new_profile` when they are new, `new_customer` when this customer is not linked yet.

    `nobody` when neither a proven supporter, nor a customer, nor an address was named. `no_address`: they are new,
    and of the addresses that Stripe has none is one that mail could go to.
    """

    supporter: str
    new_profile: Profile | None = None
    new_customer: str | None = None
    nobody: bool = False

    @property
    def no_address(self) -> bool:
        """Whether a person has to find out where mail to this new supporter goes."""
        return self.new_profile is not None and not self.new_profile.email


def locate(who: Who, table: Table, stripe: Stripe, email_key: str, newsroom: Newsroom, now: int) -> Located:
    """Whom it is about: whoever has it in their ledger, the proven supporter, the customer's, the address's, or new.

    An address typed at Checkout joins the gift to the supporter who owns it. That gives access to the owner only:
    paying signs nobody in. Money whose payer cannot be mailed is booked all the same, for somebody without address.
    """
    if who.booked_for:
        return Located(who.booked_for)
    linked = supporters.find_by_customer(table, who.customer) if who.customer else None
    new_customer = None if linked else who.customer
    if who.supporter and supporters.read_profile(table, who.supporter):
        return Located(who.supporter, new_customer=new_customer)
    if linked:
        return Located(linked)
    named, email = bool(who.customer), email_address.NONE
    for told in _addresses(who, stripe):
        named = named or bool(told)
        if usable := email_address.usable(told):
            email = usable
            break
    if not named:
        # Only what books nothing may go on without a person (an expired checkout); the commit sees to that.
        return Located(new_id(), nobody=True)
    known = supporters.find_by_email(table, email, email_key) if email else None
    if known:
        return Located(known, new_customer=new_customer)
    profile = Profile(email, newsroom.language(who.metadata.get(LANGUAGE)), now)
    return Located(new_id(), profile, new_customer)


def _addresses(who: Who, stripe: Stripe) -> Iterator[str | None]:
    """Whatever Stripe has for an address, in the order in which we believe it; asked for one after the other."""
    yield email_typed(who, stripe)
    yield who.billed_to
    yield _email_of_customer(who.customer, stripe)


def _email_of_customer(customer: str | None, stripe: Stripe) -> str | None:
    return Customer.model_validate(stripe.customer(customer)).email if customer else None
