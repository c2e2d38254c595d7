"""Switch a class of mails off or on again, signed in or by the link in such a mail."""

from chalicelib.kernel import link_tokens
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Change, Table
from chalicelib.mail.rows import switched_off
from chalicelib.mail.rules.classes import SWITCHES, Switch
from chalicelib.observing.log import log
from chalicelib.reminders.rows import reminders
from chalicelib.supporters.rows import supporters


def switch(table: Table, supporter: SupporterId, switch: Switch, *, wanted: bool, now: BusinessTime) -> None:
    """Switch mails of this class on or off; a reminder that waits goes with its class. Again is the same."""
    if wanted:
        table.write(switched_off.on(supporter, switch))
        return
    changes: list[Change] = [switched_off.off(supporter, switch, now)]
    if switch == "reminders":
        changes.append(reminders.cancel(supporter))
    table.transact(changes)
    log.info("mails switched off", switch=switch)


def by_link(table: Table, token: str, email_key: str) -> tuple[SupporterId, Switch]:
    """Whose mails a link in a mail switches, and which.

    :raises NotFound: we did not make this link, or there is no such supporter any more.
    """
    named, _, wanted = (link_tokens.read("unsubscribe", token, email_key) or "").rpartition(".")
    found = next((one for one in SWITCHES if one == wanted), None)
    if found is None or not supporters.is_known(table, SupporterId(named)):
        raise NotFound("This link is not complete, or it is of no use any more.", code="unknown_link")
    return supporters.who_now(table, SupporterId(named)), found
