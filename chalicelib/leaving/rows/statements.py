"""Rows of statements: one each, written by the request, then taken up by the sweep and by people.

pk STATEMENT#<id>              the statement; listed as long as something is to be done about it
sk STATEMENT#<id> of SUP#…     that it is about this supporter: so that theirs can be found, and forgotten with them
sk ADDRESS                     listed under the address that was typed, whosever gift it is about
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import chain
from typing import Any

from chalicelib.kernel import due_work, failures_item, keys
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import (
    NEW,
    Change,
    Condition,
    ConditionFailed,
    Item,
    Put,
    Table,
    Update,
    every,
)
from chalicelib.leaving.rules.statements import DAY, OPEN, SWEPT, LeavingStatement

_LEASE = 300  # seconds: longer than a sweep runs
_KEPT = 3 * 366 * DAY  # after it was settled: until claims from a contract end (Germany: § 195 BGB)
_KEPT_OF_NOBODY = 400 * DAY
_PAGE = 100


def put(statement: LeavingStatement) -> list[Change]:
    """The changes that write a new statement; due at once."""
    return [Put(_to_item(statement, statement.received_at), NEW), *_of_address(statement)]


def read(table: Table, statement_id: str) -> LeavingStatement | None:
    """A statement; None when there is none of this id, or none any more."""
    item = table.get(keys.statement(statement_id))
    return _from_item(item) if item else None


def take(table: Table, statement_id: str, now: BusinessTime) -> LeavingStatement | None:
    """Lease a statement for the sweep; None when nothing is to be done about it, or another sweep has it."""
    item = table.get(keys.statement(statement_id))
    if item is None or item["status"] not in SWEPT or item.get("taken_until", 0) > now:
        return None
    change = Update(
        keys.statement(statement_id),
        set={"taken_until": now + _LEASE},
        add={"tries": 1},
        only_if=(Condition("status", "=", item["status"]), Condition("tries", "=", item["tries"])),
    )
    try:
        taken = table.write(change)
    except ConditionFailed:
        return None
    return _from_item(taken) if taken else None


def moved(
    before: LeavingStatement, after: LeavingStatement, now: BusinessTime, *, due: int | None = None
) -> list[Change]:
    """The changes that bring a statement from `before` to `after`; they fail if it is not as it was read.

    :param due: when the sweep takes it up next; None: now.
    """
    unchanged = (Condition("status", "=", before.status), Condition("tries", "=", before.tries))
    item = _to_item(after, now if due is None else due, now)
    changes: list[Change] = [Put(item, unchanged)]
    if after.supporter and after.supporter != before.supporter:
        pk, sk = keys.statement_of(after.supporter, after.id)
        # As long as the statement itself: see `_to_item`.
        changes.append(Put({"pk": pk, "sk": sk, "statement": after.id, "expires": now + _KEPT}))
    if after.status not in OPEN:
        changes += _of_address(after, now + _kept(after))
    return changes


def due_statements(table: Table, due_by: BusinessTime | None) -> Iterator[str]:
    """Ids of the statements that the sweep must take up, first due first.

    :param due_by: only those due by then; None: all.
    """
    return map(_id_of, due_work.due(table, keys.STATEMENT_PREFIX, due_by))


def open_statements(table: Table) -> Iterator[LeavingStatement]:
    """Every statement about which something is to be done: those of the sweep, then those of the desk by deadline."""
    desk = every(partial(table.query_index, keys.DESK, limit=_PAGE))
    for row in chain(due_work.due(table, keys.STATEMENT_PREFIX, None), desk):
        found = read(table, _id_of(row))
        if found is not None:
            yield found


def of_supporter(table: Table, supporter: SupporterId) -> Iterator[LeavingStatement]:
    """The statements about a supporter's gifts."""
    rows = every(partial(table.query, keys.supporter(supporter), prefix=keys.STATEMENT_PREFIX))
    found = (read(table, str(row["statement"])) for row in rows)
    return (statement for statement in found if statement is not None)


def _to_item(statement: LeavingStatement, due: int, at: int | None = None) -> Item:
    pk, sk = keys.statement(statement.id)
    row: dict[str, Any] = {
        **{name: value for name, value in vars(statement).items() if value not in ("", None, False)},
        "when": statement.when.isoformat() if statement.when else None,
        "tries": statement.tries,
        **failures_item.to_item(statement.failures),
    }
    del row["failures"]
    item = {"pk": pk, "sk": sk, **{name: value for name, value in row.items() if value is not None}}
    if statement.status in SWEPT:
        return item | due_work.listed(statement.id, due)
    if statement.status == "waiting":
        by = keys.moment(statement.deadline or statement.received_at)
        return item | {"gsi1pk": keys.DESK, "gsi1sk": f"{by}#{statement.id}"}
    settled = item | {"expires": (at or statement.received_at) + _kept(statement)}
    return settled | keys.listed(keys.about(statement.supporter), (pk, sk)) if statement.supporter else settled


def _of_address(statement: LeavingStatement, expires: int | None = None) -> list[Change]:
    if not statement.address:
        return []
    key = keys.statement_by(statement.id)
    row = {"pk": key[0], "sk": key[1], "statement": statement.id, "expires": expires}
    listed = keys.listed(keys.about_address(statement.address), key)
    return [Put({name: value for name, value in row.items() if value is not None} | listed)]


def _kept(statement: LeavingStatement) -> int:
    return _KEPT if statement.supporter else _KEPT_OF_NOBODY


def _from_item(item: Item) -> LeavingStatement:
    names = {name for name in LeavingStatement.__dataclass_fields__ if name in item}
    values = {name: item[name] for name in names - {"when", "email", "failures"}}
    return replace(
        LeavingStatement(**values, email=EmailAddress(item["email"])),
        when=date.fromisoformat(item["when"]) if "when" in item else None,
        failures=failures_item.from_item(item),
    )


def _id_of(row: Item) -> str:
    return str(row["pk"]).removeprefix(keys.STATEMENT_PREFIX)
