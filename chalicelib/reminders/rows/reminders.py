"""Rows of reminders: one for each supporter at most, in their partition, listed by its month."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from chalicelib.kernel import keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Condition, Delete, Put, Table, every


@dataclass(frozen=True)
class LastGift:
    """What somebody last gave, in minor units of `currency`; `interval` is `once`, or its rhythm."""

    amount: int
    currency: str
    interval: str = "once"
    interval_count: int = 1


@dataclass(frozen=True)
class AskedReminder:
    """A reminder for one month (`2027-03`, the newsroom's), asked for at `asked_at`. `given`: what to offer again."""

    supporter: SupporterId
    month: str
    asked_at: BusinessTime
    given: LastGift | None = None


def put(reminder: AskedReminder) -> Put:
    """The change that writes a reminder, in the place of an earlier one."""
    pk, sk = keys.reminder(reminder.supporter)
    given = {"given": vars(reminder.given)} if reminder.given else {}
    listed = {"gsi1pk": keys.REMINDERS, "gsi1sk": f"{reminder.month}#{reminder.supporter}"}
    return Put({"pk": pk, "sk": sk, "month": reminder.month, "asked_at": reminder.asked_at, **given, **listed})


def read(table: Table, supporter: SupporterId) -> AskedReminder | None:
    """The reminder that this supporter waits for, if there is one."""
    item = table.get(keys.reminder(supporter))
    if item is None:
        return None
    given = LastGift(**item["given"]) if "given" in item else None
    return AskedReminder(supporter, item["month"], BusinessTime(item["asked_at"]), given)


def gone(reminder: AskedReminder) -> Delete:
    """The change that takes a reminder away; it fails if another was asked for meanwhile, or it is gone."""
    unchanged = (Condition("month", "=", reminder.month), Condition("asked_at", "=", reminder.asked_at))
    return Delete(keys.reminder(reminder.supporter), unchanged)


def cancel(supporter: SupporterId) -> Delete:
    """The change that takes away whatever reminder there is; none is no error."""
    return Delete(keys.reminder(supporter))


def due(table: Table, month: str) -> Iterator[SupporterId]:
    """Who is to be reminded in this month or was to be before, the earliest first, as the index lists them."""
    for row in every(partial(table.query_index, keys.REMINDERS, up_to=f"{month}~")):
        yield keys.supporter_of(row["pk"])
