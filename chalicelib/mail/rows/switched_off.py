"""Which classes of mail a supporter has switched off, and when. One row for each who ever switched anything."""

from chalicelib.kernel import keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Table, Update
from chalicelib.mail.rules.classes import SWITCHES, Switch


def read(table: Table, supporter: SupporterId) -> frozenset[Switch]:
    """What this supporter has switched off."""
    item = table.get(keys.mails_of(supporter)) or {}
    return frozenset(switch for switch in SWITCHES if switch in item)


def off(supporter: SupporterId, switch: Switch, now: BusinessTime) -> Update:
    """The change that switches a class off; again is the same."""
    return Update(keys.mails_of(supporter), set={switch: now})


def on(supporter: SupporterId, switch: Switch) -> Update:
    """The change that switches a class on again; again is the same."""
    return Update(keys.mails_of(supporter), remove=(switch,))
