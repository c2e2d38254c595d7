"""How each kind of row in a supporter's partition moves to another supporter's: the one table of them.

A kind that is not in it is refused before anything is moved (`unknown`), so that a new one is thought of: is it
carried as it is, do rows elsewhere name its supporter, or does it end with its supporter? A row moves in one
transaction with the rows elsewhere that name its supporter, and only as it was read.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from chalicelib.kernel import keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.table import EXISTING, NEW, Change, Condition, Delete, Item, Key, Put, Table, Update
from chalicelib.ledger.rows import codec, receipts
from chalicelib.mail.rules.classes import SWITCHES
from chalicelib.metering.rows import read_articles
from chalicelib.reminders.rows import reminders

# What may be added to a row of this kind after it was written: a move must not lose it.
_ADDED_LATER: Mapping[str, Sequence[str]] = {"MONEY": codec.ADDED_LATER, "UNDO": ("done",)}

Companions = Callable[[Table, Item, SupporterId, SupporterId], list[Change]]


def kind_of(item: Item) -> str:
    """The kind of a row, by the beginning of its sort key."""
    return str(item["sk"]).partition("#")[0]


def unknown(rows: Iterable[Item]) -> set[str]:
    """The kinds among these rows of which nobody has said how they move."""
    return {kind_of(item) for item in rows} - {*_CARRIED, *_ENDS, *STAYS}


def changes_of(table: Table, item: Item, source: SupporterId, into: SupporterId) -> list[Change]:
    """The changes that move a row from one partition to the other, with what names its supporter elsewhere.

    They fail if the row is no longer as it was read.
    """
    kind = kind_of(item)
    unchanged = _as_read(item, _ADDED_LATER.get(kind, ()))
    gone = Delete((str(item["pk"]), str(item["sk"])), unchanged)
    if kind in _ENDS:
        return [gone, *_ENDS[kind](table, item, source, into)]
    return [gone, Put(_of(item, source, into), NEW), *_CARRIED[kind](table, item, source, into)]


def line_alone(item: Item, source: SupporterId, into: SupporterId) -> list[Change]:
    """The changes that move a line of history, and nothing that it names."""
    return [Delete((str(item["pk"]), str(item["sk"])), _as_read(item, ())), Put(_of(item, source, into), NEW)]


def _of(item: Item, source: SupporterId, into: SupporterId) -> Item:
    """The row as another supporter's."""
    owner = {"supporter": into} if item.get("supporter") == source else {}
    # What lists the row may name its supporter, too.
    listed = {name: str(item[name]).replace(source, into) for name in ("gsi1pk", "gsi1sk") if name in item}
    return {**item, "pk": keys.supporter(into), **owner, **listed}


def _as_read(item: Item, added_later: Sequence[str]) -> Sequence[Condition]:
    scalars = {name: value for name, value in item.items() if isinstance(value, str | int)}
    same = [Condition(name, "=", value) for name, value in scalars.items() if name not in ("pk", "sk")]
    return (*EXISTING, *same, *(Condition(name, "absent") for name in added_later if name not in item))


def _nothing(_table: Table, _item: Item, _source: SupporterId, _into: SupporterId) -> list[Change]:
    return []


def named(table: Table, key: Key, source: SupporterId, into: SupporterId) -> list[Change]:
    """The change of a row elsewhere that names its supporter in an attribute; none where it names another."""
    found = table.get(key)
    if found is None or found.get("supporter") != source:
        return []
    return [Update(key, set={"supporter": into}, only_if=(Condition("supporter", "=", source),))]


def _guard(table: Table, item: Item, source: SupporterId, into: SupporterId) -> list[Change]:
    place = str(item["sk"])
    key = keys.movement(place.rpartition("#")[2])
    found = table.get(key)
    if found is None or codec.read_guard(found) != (source, place):
        return []  # damaged before, and as damaged afterwards: `rebuild` tells of it
    return named(table, key, source, into)


def _receipts(table: Table, item: Item, source: SupporterId, into: SupporterId) -> list[Change]:
    numbers = receipts.numbers_in(item)
    return [change for number in numbers for change in named(table, keys.receipt(number), source, into)]


def _named_in_history(table: Table, item: Item, source: SupporterId, into: SupporterId) -> list[Change]:
    """What a line of history names, and no list does: an event, the customer and the checkout that came with it."""
    rows = {"event": keys.event, "customer": keys.customer, "checkout": keys.checkout}
    found = [(key_of, str(item[name])) for name, key_of in rows.items() if item.get(name)]
    return [change for key_of, name in found for change in named(table, key_of(name), source, into)]


def _statement(table: Table, item: Item, source: SupporterId, into: SupporterId) -> list[Change]:
    return named(table, keys.statement(str(item["sk"]).partition("#")[2]), source, into)


def _session(_table: Table, item: Item, _source: SupporterId, _into: SupporterId) -> list[Change]:
    return [Delete(keys.session(str(item["session"])))]


def _switches(_table: Table, item: Item, _source: SupporterId, into: SupporterId) -> list[Change]:
    """What either of the two has switched off stays off."""
    off = {str(name): item[name] for name in SWITCHES if name in item}
    return [Update(keys.mails_of(into), set=off)] if off else []


def _reminder(table: Table, _item: Item, source: SupporterId, into: SupporterId) -> list[Change]:
    """The reminder waits for the other; but one of their own stays, as there is one at most."""
    found = reminders.read(table, source)
    if found is None or reminders.read(table, into):
        return []
    return [reminders.put(replace(found, supporter=into))]


def _read_articles(table: Table, item: Item, _source: SupporterId, into: SupporterId) -> list[Change]:
    """What the meter opened to either of the two stays open."""
    return list(read_articles.joined(table, item, into))


def _gift_link(table: Table, item: Item, source: SupporterId, into: SupporterId) -> list[Change]:
    """The link is the other's; in their month it has no number, which may be taken, but the link's own name."""
    link = str(item["link"])
    _, month, _ = str(item["sk"]).split("#", 2)
    pk, sk = keys.given_link(into, month, link)
    return [Put({**item, "pk": pk, "sk": sk}, NEW), *named(table, keys.gift_link(link), source, into)]


STAYS = frozenset({"ACCESS", "PROFILE"})  # moved by themselves, with what both supporters hold
_CARRIED: Mapping[str, Companions] = {
    "MONEY": _guard,
    "RECEIPT": _receipts,
    "LOG": _named_in_history,
    "NEWCARD": _nothing,
    "STATEMENT": _statement,
    "FAILED": _nothing,
    "UNDO": _nothing,  # its link names the supporter it was written for, and finds it by who that is now
}
_ENDS: Mapping[str, Companions] = {
    "CORRECTION": _nothing,  # a code for an address that is nobody's any more
    "DEVICE": _session,  # all sessions are over
    "MAILS": _switches,  # becomes part of the other's
    "METER": _read_articles,
    "GIFTLINK": _gift_link,  # stands under another name from then on
    "REMINDER": _reminder,  # listed under another name from then on
}
