"""The outbox: mails as facts, written in the transaction that makes them true, sent right afterwards or by the sweep.

A mail's identifier names what it tells (`pi_…:thanks`), so it can be written once only. It holds no address: that is
read from the profile when it is sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.booking import MailToSend
from chalicelib.store import keys
from chalicelib.store.table import NEW, Condition, ConditionFailed, Item, Put, Table, Update

_LEASE = 60
_KEPT_DAYS = 400
MOST_TRIES = 10
_UNSENT = Condition("status", "=", "unsent")


@dataclass(frozen=True)
class Waiting:
    """A mail still to send."""

    id: str
    supporter: str
    kind: str
    values: Mapping[str, Any]
    tier: str | None
    tries: int


def exists(table: Table, mail_id: str) -> bool:
    """Whether this was told already."""
    return table.get(keys.mail(mail_id)) is not None


def put(mail: MailToSend, supporter: str, now: int) -> Put:
    """The change that writes a mail. Due after a lease, as whoever wrote it sends it at once."""
    pk, sk = keys.mail(mail.id)
    due = keys.moment(now + _LEASE)
    return Put(
        {
            "pk": pk,
            "sk": sk,
            "supporter": supporter,
            "kind": mail.kind,
            **({"tier": mail.tier} if mail.tier else {}),
            "values": {name: value for name, value in mail.values.items() if value is not None},
            "status": "unsent",
            "tries": 0,
            "due": due,
            "gsi1pk": keys.MAIL_WORK,
            "gsi1sk": f"{due}#{mail.id}",
            "expires": now + _KEPT_DAYS * 86_400,
        },
        NEW,
    )


def take(table: Table, mail_id: str, now: int) -> Waiting | None:
    """Take a mail up for sending; None when it is sent, gone, or somebody else has it just now.

    The count of tries is the lease: two workers that read the same count cannot both raise it.
    """
    item = table.get(keys.mail(mail_id))
    if item is None or item["status"] != "unsent" or item.get("taken_until", 0) > now:
        return None
    due = keys.moment(now + min(_LEASE * 2 ** item["tries"], 6 * 3600))
    change = Update(
        keys.mail(mail_id),
        set={"taken_until": now + _LEASE, "due": due, "gsi1sk": f"{due}#{mail_id}"},
        add={"tries": 1},
        only_if=(_UNSENT, Condition("tries", "=", item["tries"])),
    )
    try:
        table.write(change)
    except ConditionFailed:
        return None
    return Waiting(mail_id, item["supporter"], item["kind"], item["values"], item.get("tier"), item["tries"] + 1)


def sent(table: Table, mail_id: str, now: int) -> None:
    """Mark a mail as sent; it leaves the index."""
    _finish(table, mail_id, "sent", now)


def give_up(table: Table, mail_id: str, now: int) -> None:
    """Stop trying: no address any more, or too many tries."""
    _finish(table, mail_id, "undeliverable", now)


def _finish(table: Table, mail_id: str, status: str, now: int) -> None:
    change = Update(
        keys.mail(mail_id),
        set={"status": status, "sent_at": now},
        remove=("gsi1pk", "gsi1sk", "due", "taken_until"),
        only_if=(_UNSENT,),
    )
    try:
        table.write(change)
    except ConditionFailed:
        return  # marked already


def due_mails(table: Table, now: int, limit: int) -> list[str]:
    """Identifiers of unsent mails whose time has come, oldest first."""
    page = table.query_index(keys.MAIL_WORK, up_to=f"{keys.moment(now)}~", limit=limit)
    return [_id_of(item) for item in page.items]


def _id_of(item: Item) -> str:
    return str(item["pk"]).removeprefix("MAIL#")
