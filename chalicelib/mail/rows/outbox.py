"""The outbox: mails to send, written in the transaction of what they report, sent right afterwards or by the sweep.

    unsent ---> sent                    nothing left to do
       ├------> undeliverable           given up: too many tries, or refused for good. An operator may send it again
       ├------> suppressed              held back: its address is suppressed. An operator may send it again
       ├------> unwanted                its reader has switched off mails of its class
       └------> overtaken               it had to wait, and what it says is over by now

A mail's identifier names what it reports (`pi_…:thanks`), so it can be written once only. The row holds no address:
that is read from the profile when it is sent. But for a mail to an address that somebody typed: it stands in the row,
with what the mail says, until the mail was sent or held back.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, Literal

from chalicelib.kernel import due_work, failures_item, keys
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.failures import Failures
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import NEW, Condition, ConditionFailed, Item, Put, Table, Update, every, written
from chalicelib.mail.rules.mails import MailToSend

_LEASE = 60
_LATE = 3600  # seconds behind its time
_KEPT_DAYS = 400
_SK = keys.mail("")[1]
_UNSENT = Condition("status", "=", "unsent")
# What a mail to a typed address loses when it is over; `values` are emptied.
_ALL_OF_IT = ("gsi1pk", "gsi1sk", "due", "taken_until", "to")
NotSent = Literal["undeliverable", "unwanted", "overtaken"]
GIVEN_UP = ("undeliverable", "suppressed")


@dataclass(frozen=True)
class Waiting:
    """A mail that is leased to a worker for sending; `tries` includes this try.

    `late`: it had to wait, so that what it says may be over by now. `to`: the address that somebody typed, in whose
    `language` it is written; None: its supporter's own. `asked_by`:
    the keyed hash of the client that typed it; empty: it was a person of the newsroom.
    """

    id: str
    supporter: SupporterId
    kind: str
    values: Mapping[str, Any]
    tier: str | None
    tries: int
    failures: Failures
    to: EmailAddress | None = None
    language: str = ""
    asked_by: str = ""
    late: bool = False


def exists(table: Table, mail_id: str) -> bool:
    """Whether this mail was put in the outbox before, sent or not."""
    return table.get(keys.mail(mail_id)) is not None


def put(mail: MailToSend, supporter: SupporterId, now: BusinessTime) -> Put:
    """The change that writes a mail. Due after a lease, as the process that writes it sends it at once."""
    pk, sk = keys.mail(mail.id)
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
            **_listed(mail.id, now + _LEASE),
            "expires": now + _KEPT_DAYS * 86_400,
        },
        NEW,
    )


def put_to(
    mail: MailToSend, to: EmailAddress, language: str, now: BusinessTime, *, asked_by: str = "", held: bool = False
) -> Put:
    """The change that writes a mail to an address that somebody typed, due at once.

    :param asked_by: the keyed hash of the client that typed it, if it was a stranger.
    :param held: it is not sent, and says so: too many went there. The change takes as long as any other.
    """
    row = put(mail, SupporterId(""), BusinessTime(now - _LEASE))
    whose = {"asked_by": asked_by} if asked_by else {}
    item = {**row.item, **whose, "to": to, "language": language, "expires": now + _KEPT_DAYS * 86_400}
    if held:
        gone = ("gsi1pk", "gsi1sk", "due", "to", "values")
        item = {name: value for name, value in item.items() if name not in gone}
        item |= {"values": {}, "status": "suppressed", "why": "too_many", "sent_at": now}
    return Put(item, row.only_if)


def put_former(mail: MailToSend, supporter: SupporterId, to: EmailAddress, language: str, now: BusinessTime) -> Put:
    """The change that writes a mail about a supporter to an address that is theirs no longer."""
    row = put(mail, supporter, now)
    return Put({**row.item, "to": to, "language": language}, row.only_if)


def take(table: Table, mail_id: str, now: BusinessTime) -> Waiting | None:
    """Lease a mail for sending; None when it is sent, gone, or leased by another worker.

    The count of tries is the lease: two workers that read the same count cannot both raise it. A lease that was never
    given back means that a worker died while sending this mail, and counts as a fault of the mail.
    """
    item = table.get(keys.mail(mail_id))
    if item is None or item["status"] != "unsent" or item.get("taken_until", 0) > now:
        return None
    so_far = failures_item.from_item(item)
    if "taken_until" in item:
        so_far = so_far.and_one_more(now, outage=False)
    change = Update(
        keys.mail(mail_id),
        set={"taken_until": now + _LEASE, **_listed(mail_id, now + max(_LEASE, so_far.pause))},
        add={"tries": 1},
        only_if=(_UNSENT, Condition("tries", "=", item["tries"])),
    )
    try:
        table.write(change)
    except ConditionFailed:
        return None
    to = EmailAddress(item["to"]) if "to" in item else None
    return Waiting(
        mail_id,
        item["supporter"],
        item["kind"],
        item["values"],
        item.get("tier"),
        item["tries"] + 1,
        so_far,
        to,
        item.get("language", ""),
        item.get("asked_by", ""),
        late=item["tries"] > 0 or item["due"] < keys.moment(now - _LATE),
    )


def failed(table: Table, mail: Waiting, why: str, now: BusinessTime, *, outage: bool) -> str:
    """Note a failed try of a mail: due again after a growing pause, or given up. Answers its new status.

    :param why: an error's kind, never its message, which may quote the address.
    :param outage: it was not the mail's fault; `kernel/failures.py` says how that counts.
    """
    so_far = mail.failures.and_one_more(now, outage=outage)
    if so_far.enough(now):
        give_up(table, mail.id, why, now)
        return "undeliverable"
    noted = {"why": why, **failures_item.to_item(so_far)}
    gone = tuple(name for name in failures_item.ATTRIBUTES if name not in noted)
    change = Update(
        keys.mail(mail.id),
        set=noted | _listed(mail.id, now + so_far.pause),
        remove=("taken_until", *gone),
        only_if=(_UNSENT, Condition("tries", "=", mail.tries)),
    )
    try:
        table.write(change)
    except ConditionFailed:
        return "taken"  # this try took longer than its lease, and another worker has it by now
    return "unsent"


def sent(table: Table, mail_id: str, supporter: SupporterId, now: BusinessTime, *, typed: bool = False) -> None:
    """Mark a mail as sent; from then on it is listed under its supporter, so that it can be erased with them.

    One to an address that is theirs no longer (`typed`) forgets that, and what it said.
    """
    listed = keys.listed(keys.about(supporter), keys.mail(mail_id))
    forgotten: dict[str, Any] = {"values": {}} if typed else {}
    _finish(table, mail_id, {"status": "sent", "sent_at": now, **listed, **forgotten}, ("due", "taken_until", "to"))


def sent_to(table: Table, mail_id: str, now: BusinessTime) -> None:
    """Mark a mail to a typed address as sent: it leaves the index, and forgets the address and what it said."""
    _finish(table, mail_id, {"status": "sent", "sent_at": now, "values": {}}, _ALL_OF_IT)


def not_to_send(table: Table, mail_id: str, supporter: SupporterId, status: NotSent, now: BusinessTime) -> None:
    """Finish a mail that will not go out: `undeliverable` where its reader has no address any more."""
    listed = keys.listed(keys.about(supporter), keys.mail(mail_id))
    _finish(table, mail_id, {"status": status, "sent_at": now, **listed}, ("due", "taken_until"))


def list_sent(item: Item) -> Update | None:
    """The change that lists a mail of an earlier release under its supporter; None for any other row."""
    key = str(item["pk"]), str(item["sk"])
    if key[1] != keys.mail("")[1] or item.get("status") == "unsent" or "gsi1pk" in item:
        return None
    as_read = (Condition("status", "=", item["status"]), Condition("gsi1pk", "absent"))
    return Update(key, set=keys.listed(keys.about(SupporterId(item["supporter"])), key), only_if=as_read)


def give_up(table: Table, mail_id: str, why: str, now: BusinessTime) -> None:
    """Stop trying to send a mail: too many tries, or refused for good. Listed for operators (`given_up`)."""
    _give_up(table, mail_id, "undeliverable", why, now)


def hold_back(table: Table, mail_id: str, why: str, now: BusinessTime) -> None:
    """Hold a mail back, as its reader's address is suppressed. Listed for operators (`given_up`)."""
    _give_up(table, mail_id, "suppressed", why, now)


def withhold(table: Table, mail_id: str, why: str, now: BusinessTime) -> None:
    """Finish a mail to a typed address that is suppressed: whoever typed it has what it says on their screen."""
    withheld = {"status": "suppressed", "why": why, "sent_at": now, "values": {}}
    _finish(table, mail_id, withheld, _ALL_OF_IT)


def given_up(table: Table) -> list[Item]:
    """Every mail that was not sent and will not be by itself, oldest first: `{mail, status, kind, …}`."""
    listed = every(partial(table.query_index, keys.UNDELIVERABLE))
    whole = (table.get((row["pk"], row["sk"])) for row in listed)
    wanted = ("status", "supporter", "kind", "tries", "why", "sent_at")
    return [
        {"mail": _id_of(item)} | {name: item.get(name) for name in wanted}
        for item in whole
        if item is not None and item["status"] in GIVEN_UP
    ]


def retry(table: Table, mail_id: str, now: BusinessTime) -> str | None:
    """Make a mail that was given up due again, with failures counted from zero.

    Answers the status that it had before, None when there is no such mail. Only mails in `GIVEN_UP` are changed.
    """
    item = table.get(keys.mail(mail_id))
    if item is None or item["status"] not in GIVEN_UP:
        return str(item["status"]) if item else None
    change = Update(
        keys.mail(mail_id),
        set={"status": "unsent", **_listed(mail_id, now)},
        remove=("sent_at", "taken_until", "why", *failures_item.ATTRIBUTES),
        only_if=(Condition("status", "=", item["status"]),),
    )
    try:
        table.write(change)
    except ConditionFailed:
        return "unsent"  # another operator was faster
    return str(item["status"])


def to_send_again(table: Table, mail_id: str) -> MailToSend | None:
    """A mail that is done with, whether it was sent or not, as one to be written anew; None for any other."""
    item = table.get(keys.mail(mail_id))
    if item is None or item["status"] == "unsent":
        return None
    return MailToSend(f"{mail_id}:again", item["kind"], item["values"], item.get("tier"))


def hand_over(table: Table, source: SupporterId, into: SupporterId) -> None:
    """Make the mails of one supporter that were not sent another's, who is the same person."""
    given_up = every(partial(table.query_index, keys.UNDELIVERABLE))
    for row in chain(due_work.due(table, keys.MAIL_PREFIX, None), given_up):
        if row.get("supporter") == source:
            owner = (Condition("supporter", "=", source),)
            written(table, Update((row["pk"], row["sk"]), set={"supporter": into}, only_if=owner))


def mails_about(table: Table, supporter: SupporterId, about: Collection[str]) -> Iterator[Item]:
    """The mails to a supporter that are about any of these objects, sent or not: a mail's name begins with its id."""
    over = chain(*(every(partial(table.query_index, one)) for one in (keys.about(supporter), keys.UNDELIVERABLE)))
    for row in chain(over, due_work.due(table, keys.MAIL_PREFIX, None)):
        if row["sk"] == _SK and _id_of(row).partition(":")[0] in about:
            item = table.get((row["pk"], row["sk"]))
            if item is not None and item.get("supporter") == supporter:
                yield item


def passed_on(item: Item, into: SupporterId) -> Update:
    """The change that makes a mail another supporter's; it fails if it is not the one's any more, or was sent now."""
    source = SupporterId(str(item["supporter"]))
    listed = {"gsi1pk": keys.about(into)} if item.get("gsi1pk") == keys.about(source) else {}
    as_read = (Condition("supporter", "=", source), Condition("status", "=", item["status"]))
    return Update((str(item["pk"]), str(item["sk"])), set={"supporter": into, **listed}, only_if=as_read)


def status(table: Table, mail_id: str) -> str | None:
    """A mail's status; None when there is no such mail."""
    item = table.get(keys.mail(mail_id))
    return str(item["status"]) if item else None


def _give_up(table: Table, mail_id: str, status: str, why: str, now: BusinessTime) -> None:
    listed = {"gsi1pk": keys.UNDELIVERABLE, "gsi1sk": f"{keys.moment(now)}#{mail_id}"}
    _finish(table, mail_id, {"status": status, "why": why, "sent_at": now, **listed}, ("due", "taken_until"))


def _finish(table: Table, mail_id: str, values: Mapping[str, Any], gone: Sequence[str]) -> None:
    try:
        table.write(Update(keys.mail(mail_id), set=values, remove=gone, only_if=(_UNSENT,)))
    except ConditionFailed:
        return  # marked already


def unsent_mails(table: Table, due_by: BusinessTime | None) -> Iterator[str]:
    """Identifiers of unsent mails, first due first; pages are read as they are needed.

    :param due_by: only mails due by then; None: all, and one that fails during the iteration comes a second time.
    """
    return map(_id_of, due_work.due(table, keys.MAIL_PREFIX, due_by))


def _listed(mail_id: str, due: int) -> dict[str, str]:
    return {"due": keys.moment(due), **due_work.listed(mail_id, due)}


def _id_of(item: Item) -> str:
    return str(item["pk"]).removeprefix(keys.MAIL_PREFIX)
