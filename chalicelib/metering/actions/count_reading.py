"""Open a metered article to a reader who holds nothing, and count it: the one place that asks the meter.

Who is signed in is counted in the table, so that all their devices share one allowance; what their browser read
before stays free and makes it no smaller. Everybody else keeps the marks of what they read in their own browser.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.aws.secrets import SecretsUnavailable
from chalicelib.kernel import marks
from chalicelib.kernel.client_limits import RateLimited, check_rate
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.marks import Kind, Mark
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.outages import Outage
from chalicelib.kernel.table import Table
from chalicelib.metering.rows import read_articles
from chalicelib.metering.rules.meter import MeterView, Month, decide, month_at
from chalicelib.newsroom.rules import Newsroom

METER: Final[Kind] = "m"  # of its marks
AN_HOUR = 3600


@dataclass(frozen=True)
class Opening:
    """A reader who holds nothing asks for a metered article.

    `supporter`: who is signed in, None for nobody. `found`: the marks in this browser. `client`: answers its address.
    """

    article_id: str
    supporter: SupporterId | None
    found: Mapping[str, str]
    client: Callable[[], str]


@dataclass(frozen=True)
class CountedReading:
    """What the meter says, and the mark to keep in this browser with its seconds; None for none.

    `view` is None where the meter decides nothing: there is none for this reader, too many articles were opened from
    where they are, or what it counts by does not answer. Then the article stays closed.
    """

    view: MeterView | None = None
    mark: tuple[Mark, int] | None = None


def count_reading(
    opening: Opening,
    newsroom: Newsroom,
    table: Table,
    key: Callable[[], str],
    *,
    real_now: RealTime,
    now: BusinessTime,
) -> CountedReading:
    """Decide whether the meter opens the article, and count it if this is its first opening in the month.

    :param key: the secret `SPILNO_EMAIL_KEY`.
    """
    meter = newsroom.meter
    if meter is None or (opening.supporter is None and not meter.free):
        return CountedReading()
    month = month_at(now, newsroom.zone)
    try:
        if opening.supporter is not None:
            view = _of_signed_in(opening, opening.supporter, month, meter.signed_in, table, key())
            return CountedReading(view)
        return _of_stranger(opening, month, newsroom, table, key(), real_now=real_now, now=now)
    except (Outage, SecretsUnavailable, RateLimited):
        return CountedReading()


def _of_signed_in(
    opening: Opening, supporter: SupporterId, month: Month, limit: int, table: Table, key: str
) -> MeterView:
    mark = marks.make(METER, month.name, opening.article_id, key)
    if mark.name in marks.genuine(METER, month.name, opening.found, key):
        kept, already_read = read_articles.read(table, supporter, month), True
    else:
        kept = read_articles.add(table, supporter, month, mark.name, limit)
        already_read = mark.name in kept
    return decide(limit, already_read=already_read, count=len(kept), resets_at=month.resets_at)


def _of_stranger(
    opening: Opening,
    month: Month,
    newsroom: Newsroom,
    table: Table,
    key: str,
    *,
    real_now: RealTime,
    now: BusinessTime,
) -> CountedReading:
    assert newsroom.meter is not None
    mark = marks.make(METER, month.name, opening.article_id, key)
    read = marks.genuine(METER, month.name, opening.found, key)
    view = decide(newsroom.meter.free, already_read=mark.name in read, count=len(read), resets_at=month.resets_at)
    if not view.counts:
        return CountedReading(view)
    limit = newsroom.limits.metered
    check_rate(table, "metered", opening.client(), limit=limit, key=key, now=real_now, window=AN_HOUR)
    return CountedReading(view, (mark, month.resets_at - now))
