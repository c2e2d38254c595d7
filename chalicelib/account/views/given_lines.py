"""What a supporter gave, as the account page lists it: a part of it, so that the page stays light."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import islice

from chalicelib.account.views.pages import GiftLine
from chalicelib.receipts.actions.history import Given
from chalicelib.receipts.rules.cursors import cursor
from chalicelib.receipts.rules.donations import Donation, interval_of, years_of
from chalicelib.supporters.rules.access import Standing

_MOST = 10  # the rest is behind a link


@dataclass(frozen=True)
class GivenLines:
    """Some of what was given, newest first. `older`: the cursor behind which others stand; empty at the end.

    `later`: these are not the newest ones. `years`: in which anything was given, the newest first.
    """

    lines: tuple[GiftLine, ...] = ()
    older: str = ""
    later: bool = False
    years: tuple[int, ...] = ()
    unreadable: bool = False


def given_lines(given: Given, standing: Standing, zone: tzinfo, behind: str | None) -> GivenLines:
    """The newest gifts, or those behind this sort key."""
    wanted = (one for one in given.donations if behind is None or one.stored.place < behind)
    found = list(islice(wanted, _MOST + 1))
    lines = tuple(_line(one, standing) for one in found[:_MOST])
    older = cursor(found[_MOST - 1].stored.place) if len(found) > _MOST else ""
    years = tuple(years_of(given.donations, zone))
    return GivenLines(lines, older, behind is not None, years, unreadable=bool(given.unreadable))


def _line(one: Donation, standing: Standing) -> GiftLine:
    return GiftLine(
        one.gift.id,
        datetime.fromtimestamp(one.gift.occurred_at, UTC),
        one.gift.amount,
        one.gift.currency,
        interval=interval_of(one, standing.recurring),
        refunded=one.refunded,
        disputed=bool(one.disputed),
    )
