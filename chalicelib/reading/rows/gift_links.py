"""Rows of gift links: one for each link, and one in its giver's partition that leads to it.

A link stands under a random id, which says nothing of its giver: readers see it. The rows of the giver are numbered
within their month, so that two calls at once cannot both take the last one. Both stay for a month after the end of
the link, for a late reader's answer and for the count of the month.

    GIFTLINK#<id>         article, until, readers, most, revoked, supporter (none: the newsroom's own, listed)
    SUP#<giver>           GIFTLINK#2026-11#3   link
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from chalicelib.kernel import keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import EXISTING, NEW, Condition, Item, Put, Table, Update, every, written
from chalicelib.reading.rules.gift_links import DAY, GiftLink

_KEPT = 31 * DAY  # after its time


@dataclass(frozen=True)
class GivenLink:
    """That a supporter made a link in a month (the newsroom's), as their `number`th."""

    supporter: SupporterId
    month: str
    link: str
    number: str = ""


def put(link: GiftLink) -> Put:
    """The change that writes a new link; the newsroom's own is listed for its operators."""
    pk, sk = keys.gift_link(link.id)
    row: dict[str, Any] = {
        "article": link.article,
        "made_at": link.made_at,
        "until": link.until,
        "most": link.most,
        "readers": link.readers,
        "expires": link.until + _KEPT,
    }
    whose = {"supporter": link.supporter} if link.supporter else keys.listed(keys.GIFT_LINKS, (link.id, ""))
    return Put({"pk": pk, "sk": sk, **row, **whose}, NEW)


def put_given(given: GivenLink, until: BusinessTime) -> Put:
    """The change that notes whose link it is; it fails where the month has one of this number already."""
    pk, sk = keys.given_link(given.supporter, given.month, given.number)
    return Put({"pk": pk, "sk": sk, "link": given.link, "expires": until + _KEPT}, NEW)


def read(table: Table, link_id: str) -> GiftLink | None:
    """The link of this id; None where there is none, or none any more."""
    item = table.get(keys.gift_link(link_id))
    return _link(link_id, item) if item else None


def given_by(table: Table, supporter: SupporterId) -> list[GivenLink]:
    """All that a supporter has given lately, in no order that means anything."""
    rows = every(partial(table.query, keys.supporter(supporter), prefix=keys.GIVEN_PREFIX))
    return [_given(supporter, item) for item in rows]


def of_the_newsroom(table: Table) -> Iterator[GiftLink]:
    """The links that no supporter gives, over or not. Eventually consistent."""
    listed = every(partial(table.query_index, keys.GIFT_LINKS))
    found = (read(table, str(item["gsi1sk"])) for item in listed)
    return (link for link in found if link is not None)


def count(table: Table, link: GiftLink, now: BusinessTime) -> bool:
    """Count one more reader, in one conditional write, so that none is one too many; False where the link is over."""
    room = (
        Condition("readers", "<", link.most),
        Condition("until", ">", now),
        Condition("revoked", "absent"),
    )
    return written(table, Update(keys.gift_link(link.id), add={"readers": 1}, only_if=room))


def revoke(link: GiftLink) -> Update:
    """The change that ends a link at once."""
    return Update(keys.gift_link(link.id), set={"revoked": True}, only_if=EXISTING)


def _link(link_id: str, item: Item) -> GiftLink:
    owner = item.get("supporter")
    return GiftLink(
        link_id,
        str(item["article"]),
        BusinessTime(item["made_at"]),
        BusinessTime(item["until"]),
        int(item["most"]),
        int(item["readers"]),
        bool(item.get("revoked", False)),
        SupporterId(str(owner)) if owner else None,
    )


def _given(supporter: SupporterId, item: Item) -> GivenLink:
    _, month, number = str(item["sk"]).split("#", 2)
    return GivenLink(supporter, month, str(item["link"]), number)
