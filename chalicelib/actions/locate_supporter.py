"""Find the supporter whom something from Stripe is about, or prepare a new one."""

from dataclasses import dataclass

from chalicelib.domain.ids import new_id
from chalicelib.domain.newsroom import Newsroom
from chalicelib.domain.supporter import Profile
from chalicelib.ports import Stripe
from chalicelib.store import supporters
from chalicelib.store.table import Table
from chalicelib.stripe_events.handler import LANGUAGE, Who
from chalicelib.stripe_events.sessions import email_typed
from chalicelib.stripe_events.shapes import Customer


@dataclass(frozen=True)
class Located:
    """The supporter's id; `new_profile` when they are new, `new_customer` when this customer is not linked yet.

    `nobody` when neither a proven supporter, nor a customer, nor an address was named.
    """

    supporter: str
    new_profile: Profile | None = None
    new_customer: str | None = None
    nobody: bool = False


def locate(who: Who, table: Table, stripe: Stripe, email_key: str, newsroom: Newsroom, now: int) -> Located:
    """Whom it is about: whoever has it in their ledger, the proven supporter, the customer's, the address's, or new.

    An address typed at Checkout joins the gift to the supporter who owns it. That gives access to the owner only:
    paying signs nobody in.
    """
    if who.booked_for:
        return Located(who.booked_for)
    linked = supporters.find_by_customer(table, who.customer) if who.customer else None
    new_customer = None if linked else who.customer
    if who.supporter and supporters.read_profile(table, who.supporter):
        return Located(who.supporter, new_customer=new_customer)
    if linked:
        return Located(linked)
    email = email_typed(who, stripe) or who.billed_to or _email_of_customer(who.customer, stripe)
    if not email:
        # Only what books nothing may go on without a person (an expired checkout); the commit sees to that.
        return Located(new_id(), nobody=True)
    known = supporters.find_by_email(table, email, email_key)
    if known:
        return Located(known, new_customer=new_customer)
    profile = Profile(supporters.normal_email(email), newsroom.language(who.metadata.get(LANGUAGE)), now)
    return Located(new_id(), profile, new_customer)


def _email_of_customer(customer: str | None, stripe: Stripe) -> str | None:
    return Customer.model_validate(stripe.customer(customer)).email if customer else None
