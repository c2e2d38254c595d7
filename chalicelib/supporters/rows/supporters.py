"""Supporters: profile, state, and the look-ups that lead to them. Reading, and the changes that write them."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from chalicelib.kernel import email_address, ids, keys
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.table import NEW, Change, Condition, Item, Put, Table, Update, every
from chalicelib.ledger.rules.movements import Period
from chalicelib.supporters.rules.access import ENDED, Grant, RecurringGift, Standing
from chalicelib.supporters.rules.paid_time import PaidPeriod
from chalicelib.supporters.rules.reversals import Reversal
from chalicelib.supporters.rules.state import Profile, State


def email_hash(email: EmailAddress, key: str) -> str:
    """Look-ups hold a keyed hash, so that the table's keys tell nobody who our supporters are."""
    return ids.keyed_hash(key, email)


def read_state(table: Table, supporter: str) -> State:
    """The state, strongly consistent; version 0 for somebody who gave nothing yet."""
    item = table.get(keys.standing(supporter))
    return state_of(supporter, item) if item else State(supporter)


def read_profile(table: Table, supporter: str) -> Profile | None:
    """The profile, or None (erased, or never there)."""
    item = table.get(keys.profile(supporter))
    return Profile(EmailAddress(item["email"]), item["language"], item["created_at"]) if item else None


def find_by_email(table: Table, email: EmailAddress, key: str) -> str | None:
    """The supporter with this address, also where it was kept before domains were kept in ASCII."""
    for form in (email, email_address.older_form(email)):
        item = table.get(keys.email(email_hash(form, key))) if form else None
        if item:
            return str(item["supporter"])
    return None


def find_by_hash(table: Table, hashed: str) -> str | None:
    """The supporter who has the address with this keyed hash."""
    item = table.get(keys.email(hashed))
    return str(item["supporter"]) if item else None


def find_by_customer(table: Table, customer: str) -> str | None:
    """The supporter to whom this Stripe customer belongs."""
    item = table.get(keys.customer(customer))
    return str(item["supporter"]) if item else None


def save_state(state: State) -> Update:
    """The state written under its version: the update fails when somebody else was faster."""
    pk, sk = keys.standing(state.id)
    unchanged = Condition("version", "=", state.version) if state.version else Condition("pk", "absent")
    standing = state.standing
    values: dict[str, Any] = {
        "version": state.version + 1,
        "epoch": state.epoch,
        "grants": [vars(grant) for grant in standing.grants],
        "recurring": {gift.id: _recurring_row(gift) for gift in standing.recurring},
        "customers": dict(state.customers),
    }
    if state.moved_to:
        values["moved_to"] = state.moved_to
    if standing.reversals:
        values["reversals"] = [_reversal_row(reversal) for reversal in standing.reversals]
    # Listed while anything may still renew, so that reconciling can ask Stripe about it.
    listed = {"gsi1pk": keys.RECURRING, "gsi1sk": pk}
    if any(gift.status not in ENDED for gift in standing.recurring):
        return Update((pk, sk), set=values | listed, only_if=(unchanged,))
    return Update((pk, sk), set=values, remove=tuple(listed), only_if=(unchanged,))


def with_recurring(table: Table) -> Iterator[str]:
    """Every supporter with a recurring gift that has not ended."""
    for row in every(partial(table.query_index, keys.RECURRING)):
        yield str(row["pk"]).removeprefix(keys.supporter(""))


def new_supporter(supporter: str, profile: Profile, key: str) -> list[Change]:
    """Profile and look-up of somebody new; fails when the address is taken meanwhile. Without address: no look-up."""
    pk, sk = keys.profile(supporter)
    # An empty address is kept as such: one that is not there at all is damage, which `rebuild` tells.
    stored = {"email": profile.email, "language": profile.language, "created_at": profile.created_at}
    known = Put({"pk": pk, "sk": sk, **stored}, NEW)
    return [look_up(profile.email, supporter, key), known] if profile.email else [known]


def look_up(email: EmailAddress, supporter: str, key: str) -> Put:
    """The look-up from an address; fails when there is one."""
    pk, sk = keys.email(email_hash(email, key))
    return Put({"pk": pk, "sk": sk, "supporter": supporter}, NEW)


def link_customer(customer: str, supporter: str) -> Change:
    """The look-up from a Stripe customer; fails when somebody linked it meanwhile."""
    pk, sk = keys.customer(customer)
    return Put({"pk": pk, "sk": sk, "supporter": supporter}, NEW)


def state_of(supporter: str, item: Item) -> State:
    """The state that an access item holds."""
    grants = tuple(Grant(**grant) for grant in item.get("grants", []))
    recurring = tuple(_recurring(row) for row in _values(item.get("recurring", {})))
    reversals = tuple(_reversal(row) for row in item.get("reversals", []))
    standing = Standing(grants, recurring, reversals)
    customers = dict(item.get("customers", {}))
    return State(supporter, item["version"], item["epoch"], standing, customers, item.get("moved_to"))


def _recurring_row(gift: RecurringGift) -> dict[str, Any]:
    # Short, as every renewal writes all of it.
    periods = [[one.start, one.end, one.tier, one.invoice, *([True] if one.free else [])] for one in gift.periods]
    row = {**vars(gift), "periods": periods}
    return {name: value for name, value in row.items() if value is not None and value is not False}


def _recurring(row: Mapping[str, Any]) -> RecurringGift:
    values = dict(row)
    # Before each period was kept, all of them were kept as one: until when, and the last one's tier.
    tier, paid_through = values.pop("tier", None), values.pop("paid_through", None)
    periods = tuple(PaidPeriod(*parts) for parts in values.pop("periods", ()))
    if paid_through is not None and paid_through > row["started_at"]:
        periods = (PaidPeriod(row["started_at"], paid_through, tier),)
        if row["status"] in ("active", "trialing") and values.get("ends_at") is None:
            values["next_payment_at"] = paid_through
    return RecurringGift(**values, periods=periods)


def _reversal_row(reversal: Reversal) -> dict[str, Any]:
    period = vars(reversal.period) if reversal.period else None
    return {**vars(reversal), "period": period}


def _reversal(row: Mapping[str, Any]) -> Reversal:
    period = Period(**row["period"]) if row.get("period") else None
    return Reversal(**{**row, "period": period})


def _values(mapping: Mapping[str, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [mapping[name] for name in sorted(mapping)]
