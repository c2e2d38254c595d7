"""Find a supporter by their address or identifier, for the operator."""

from chalicelib.account.actions.manage import Account, own_account
from chalicelib.kernel import email_address
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Table
from chalicelib.newsroom.rules import Newsroom
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.state import Profile


def find_supporter(table: Table, named: str, newsroom: Newsroom, *, email_key: str, now: BusinessTime) -> Account:
    """Profile, access now and gifts of the supporter with this address or identifier.

    :raises NotFound: `unknown_supporter`.
    :raises BadInput: `bad_email`.
    """
    supporter, _ = whom(table, named, email_key)
    return own_account(table, supporters.read_state(table, supporter), newsroom, now=now)


def whom(table: Table, named: str, email_key: str) -> tuple[SupporterId, Profile]:
    """The supporter whom an operator names, by address or by identifier, and their profile.

    An address may also be written exactly as it was stored before addresses had one form.

    :raises NotFound: `unknown_supporter`.
    :raises BadInput: `bad_email`: neither an identifier nor an address, nor one that was ever stored.
    """
    if "@" in named:
        kept = supporters.find_by_email(table, email_address.as_before(named), email_key)
        supporter = kept or supporters.find_by_email(table, email_address.read(named), email_key)
    else:
        supporter = SupporterId(named.strip())
    profile = supporters.read_profile(table, supporter) if supporter else None
    if supporter is None or profile is None:
        raise NotFound("We know nobody with this address.", code="unknown_supporter")
    return supporter, profile
