"""Supporters: reading profile, state and look-ups, and the changes that write them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from chalicelib.kernel import email_address, ids, keys
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import (
    EXISTING,
    NEW,
    Change,
    Condition,
    Item,
    Put,
    Table,
    Update,
    compare_and_swap,
    every,
    written,
)
from chalicelib.supporters.rows import codec
from chalicelib.supporters.rules.access import ENDED
from chalicelib.supporters.rules.state import Profile, State


def email_hash(email: EmailAddress, key: str) -> str:
    """The keyed hash of an address, under which it is looked up: the table's keys hold no addresses."""
    return ids.keyed_hash(key, email)


def customer_hash(customer: str, key: str) -> str:
    """The keyed hash under which an erased supporter's customer is known again; of no use for anything else."""
    return ids.keyed_hash(key, f"erased-customer:{customer}")


def read_state(table: Table, supporter: SupporterId, *, eventual: bool = False) -> State:
    """Read a supporter's state, strongly consistent; an empty one of version 0 if there is none yet.

    :param eventual: as for the table's own `get`: to look who is worth a closer look, never to write what was read.
    """
    item = table.get(keys.standing(supporter), eventual=eventual)
    return codec.read_state(supporter, item) if item else State(supporter)


def who_now(table: Table, supporter: SupporterId) -> SupporterId:
    """The supporter whom an id leads to: the same, or the one they were joined to (`ops supporter correct`)."""
    while joined := read_state(table, supporter).moved_to:
        supporter = joined
    return supporter


def read_profile(table: Table, supporter: SupporterId) -> Profile | None:
    """Read a supporter's profile; None if it was erased, or there never was one."""
    item = table.get(keys.profile(supporter))
    if item is None:
        return None
    return Profile(EmailAddress(item["email"]), item["language"], item["created_at"], item.get("proven_at"))


def prove(table: Table, supporter: SupporterId, now: BusinessTime) -> None:
    """Note that the supporter's address is proven; only the first time is kept."""
    unknown = Condition("proven_at", "absent")
    written(table, Update(keys.profile(supporter), set={"proven_at": now}, only_if=(*EXISTING, unknown)))


def is_known(table: Table, supporter: SupporterId) -> bool:
    """Whether there is, or was, a supporter of this id; one joined to another has a state and no profile."""
    return any(table.get(key(supporter)) for key in (keys.profile, keys.standing))


def find_by_email(table: Table, email: EmailAddress, key: str) -> SupporterId | None:
    """The supporter with this address; also one stored before domains were stored in ASCII."""
    for form in (email, email_address.older_form(email)):
        item = table.get(keys.email(email_hash(form, key))) if form else None
        if item:
            return SupporterId(str(item["supporter"]))
    return None


def find_by_hash(table: Table, hashed: str) -> SupporterId | None:
    """The supporter with the address of this keyed hash."""
    item = table.get(keys.email(hashed))
    return SupporterId(str(item["supporter"])) if item else None


def find_by_customer(table: Table, customer: str, key: str) -> SupporterId | None:
    """The supporter to whom this customer at the provider belongs, or belonged before they were erased.

    :param key: of the keyed hashes.
    """
    item = table.get(keys.customer(customer)) or table.get(keys.tombstone(customer_hash(customer, key)))
    return SupporterId(str(item["supporter"])) if item else None


def save_state(state: State) -> Update:
    """The update that writes a state; it fails unless the stored version is still the one that was read."""
    pk, sk = keys.standing(state.id)
    unchanged = Condition("version", "=", state.version) if state.version else Condition("pk", "absent")
    values = codec.write_state(state)
    # Listed while a recurring gift has not ended, so that reconciling can ask the provider about it.
    listed = {"gsi1pk": keys.RECURRING, "gsi1sk": pk}
    if any(gift.status not in ENDED for gift in state.standing.recurring):
        values |= listed
    gone = tuple(name for name in (*codec.LEFT_OUT, *listed) if name not in values)
    return Update((pk, sk), set=values, remove=gone, only_if=(unchanged,))


def erase_state(state: State, at: BusinessTime) -> Update:
    """The update that leaves of a state only that its supporter was erased; it fails if the state has changed.

    Its version goes on, so that a booking that read the state before loses, and finds an erased supporter.
    """
    saved = save_state(State(state.id, state.version, state.epoch + 1, erased=at))
    left = {name: saved.set[name] for name in ("version", "epoch", "erased")}
    gone = tuple(name for name in codec.ATTRIBUTES if name not in left)
    return replace(saved, set={**left, "gsi1pk": keys.ERASED, "gsi1sk": saved.key[0]}, remove=gone)


def erased(table: Table) -> frozenset[SupporterId]:
    """Everybody who was erased: ids that lead nowhere."""
    return frozenset(keys.supporter_of(row["pk"]) for row in every(partial(table.query_index, keys.ERASED)))


def change_state(
    table: Table, supporter: SupporterId, change: Callable[[State], State | None], *, known: State | None = None
) -> None:
    """Read the state, change it, and write it if its version is unchanged, else start again (compare-and-swap).

    :param change: pure; answers the new state, or None if there is nothing to change.
    :param known: the state, if it was just read: saves the first read.
    :raises Contended: others wrote first at each of twenty tries; nothing was changed.
    """
    just_read = [known] if known else []

    def plan() -> tuple[list[Change], None]:
        after = change(just_read.pop() if just_read else read_state(table, supporter))
        return ([save_state(after)] if after else []), None

    compare_and_swap(table, plan)


def with_recurring(table: Table, behind: str | None = None) -> Iterator[SupporterId]:
    """Every supporter with a recurring gift that has not ended, by their id; only those behind this one."""
    after = None if behind is None else keys.supporter(SupporterId(behind))
    for row in every(partial(table.query_index, keys.RECURRING, after=after)):
        yield keys.supporter_of(row["pk"])


def new_supporter(supporter: SupporterId, profile: Profile, key: str) -> list[Change]:
    """The changes that write a new supporter: profile, and look-up if there is an address.

    They fail if another supporter has the address.
    """
    pk, sk = keys.profile(supporter)
    # An empty address is stored as such: a profile without the attribute is damaged, and `rebuild` reports it.
    stored = {"email": profile.email, "language": profile.language, "created_at": profile.created_at}
    stored |= {"proven_at": profile.proven_at} if profile.proven_at is not None else {}
    known = Put({"pk": pk, "sk": sk, **stored}, NEW)
    return [look_up(profile.email, supporter, key), known] if profile.email else [known]


def look_up(email: EmailAddress, supporter: SupporterId, key: str) -> Put:
    """The change that writes the look-up of an address; it fails if there is one."""
    pk, sk = keys.email(email_hash(email, key))
    return Put({"pk": pk, "sk": sk, "supporter": supporter}, NEW)


def list_customer(item: Item) -> Update | None:
    """The change that lists a customer of an earlier release under its supporter; None for any other row.

    Those that were linked later are named by the supporter's history.
    """
    pk, sk = str(item["pk"]), str(item["sk"])
    if sk != keys.customer("")[1] or "gsi1pk" in item or "in_history" in item:
        return None
    owner = Condition("supporter", "=", item["supporter"])
    listed = keys.listed(keys.about(SupporterId(item["supporter"])), (pk, sk))
    return Update((pk, sk), set=listed, only_if=(owner, Condition("gsi1pk", "absent")))


def link_customer(customer: str, supporter: SupporterId) -> Change:
    """The change that writes the look-up of a customer at the provider; it fails if there is one.

    The same transaction writes a line of history that names the customer: so it is found again to be erased.
    """
    pk, sk = keys.customer(customer)
    return Put({"pk": pk, "sk": sk, "supporter": supporter, "in_history": True}, NEW)
