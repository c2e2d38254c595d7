"""Supporters: profile, state, and the look-ups that lead to them. Reading, and the changes that write them."""

from collections.abc import Callable, Iterator
from functools import partial

from chalicelib.kernel import email_address, ids, keys
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.table import NEW, Change, Condition, Put, Table, Update, compare_and_swap, every
from chalicelib.supporters.rows import codec
from chalicelib.supporters.rules.access import ENDED
from chalicelib.supporters.rules.state import Profile, State


def email_hash(email: EmailAddress, key: str) -> str:
    """Look-ups hold a keyed hash, so that the table's keys tell nobody who our supporters are."""
    return ids.keyed_hash(key, email)


def read_state(table: Table, supporter: SupporterId) -> State:
    """The state, strongly consistent; version 0 for somebody who gave nothing yet."""
    item = table.get(keys.standing(supporter))
    return codec.read_state(supporter, item) if item else State(supporter)


def who_now(table: Table, supporter: SupporterId) -> SupporterId:
    """Whom a supporter's id leads to: themselves, or whoever they were joined to (`ops supporter correct`)."""
    while joined := read_state(table, supporter).moved_to:
        supporter = joined
    return supporter


def read_profile(table: Table, supporter: SupporterId) -> Profile | None:
    """The profile, or None (erased, or never there)."""
    item = table.get(keys.profile(supporter))
    return Profile(EmailAddress(item["email"]), item["language"], item["created_at"]) if item else None


def is_known(table: Table, supporter: SupporterId) -> bool:
    """Whether there is, or was, somebody of this id: one who was joined to another has a state and no profile."""
    return any(table.get(key(supporter)) for key in (keys.profile, keys.standing))


def find_by_email(table: Table, email: EmailAddress, key: str) -> SupporterId | None:
    """The supporter with this address, also where it was kept before domains were kept in ASCII."""
    for form in (email, email_address.older_form(email)):
        item = table.get(keys.email(email_hash(form, key))) if form else None
        if item:
            return SupporterId(str(item["supporter"]))
    return None


def find_by_hash(table: Table, hashed: str) -> SupporterId | None:
    """The supporter who has the address with this keyed hash."""
    item = table.get(keys.email(hashed))
    return SupporterId(str(item["supporter"])) if item else None


def find_by_customer(table: Table, customer: str) -> SupporterId | None:
    """The supporter to whom this Stripe customer belongs."""
    item = table.get(keys.customer(customer))
    return SupporterId(str(item["supporter"])) if item else None


def save_state(state: State) -> Update:
    """The state written under its version: the update fails when somebody else was faster."""
    pk, sk = keys.standing(state.id)
    unchanged = Condition("version", "=", state.version) if state.version else Condition("pk", "absent")
    values = codec.write_state(state)
    # Listed while anything may still renew, so that reconciling can ask Stripe about it.
    listed = {"gsi1pk": keys.RECURRING, "gsi1sk": pk}
    if any(gift.status not in ENDED for gift in state.standing.recurring):
        return Update((pk, sk), set=values | listed, only_if=(unchanged,))
    return Update((pk, sk), set=values, remove=tuple(listed), only_if=(unchanged,))


def change_state(
    table: Table, supporter: SupporterId, change: Callable[[State], State | None], *, known: State | None = None
) -> None:
    """Read the state, change it, and write it under the version that was read; again when somebody else was faster.

    :param change: pure; None: nothing to change (any more).
    :param known: the state as it was just read: it is read again only when somebody else was faster.
    :raises Contended: others were always faster; nothing was changed.
    """
    just_read = [known] if known else []

    def plan() -> tuple[list[Change], None]:
        after = change(just_read.pop() if just_read else read_state(table, supporter))
        return ([save_state(after)] if after else []), None

    compare_and_swap(table, plan)


def with_recurring(table: Table) -> Iterator[SupporterId]:
    """Every supporter with a recurring gift that has not ended."""
    for row in every(partial(table.query_index, keys.RECURRING)):
        yield keys.supporter_of(row["pk"])


def new_supporter(supporter: SupporterId, profile: Profile, key: str) -> list[Change]:
    """Profile and look-up of somebody new; fails when the address is taken meanwhile. Without address: no look-up."""
    pk, sk = keys.profile(supporter)
    # An empty address is kept as such: one that is not there at all is damage, which `rebuild` tells.
    stored = {"email": profile.email, "language": profile.language, "created_at": profile.created_at}
    known = Put({"pk": pk, "sk": sk, **stored}, NEW)
    return [look_up(profile.email, supporter, key), known] if profile.email else [known]


def look_up(email: EmailAddress, supporter: SupporterId, key: str) -> Put:
    """The look-up from an address; fails when there is one."""
    pk, sk = keys.email(email_hash(email, key))
    return Put({"pk": pk, "sk": sk, "supporter": supporter}, NEW)


def link_customer(customer: str, supporter: SupporterId) -> Change:
    """The look-up from a Stripe customer; fails when somebody linked it meanwhile."""
    pk, sk = keys.customer(customer)
    return Put({"pk": pk, "sk": sk, "supporter": supporter}, NEW)
