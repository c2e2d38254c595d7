"""What happens in a month of a newsroom, activity by activity: the assumptions of the cost model, all in one place.

Each activity says how often it happens and what one of it takes. Units of the table are measured (`docs/units.md`);
seconds and bytes are assumed here, on the high side, with the reason. Change a line and run `make bench` again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.kernel import keys
from chalicelib.ledger.rules.movements import STRIPE

Units = Mapping[str, tuple[float, float]]
"""Read and write units of an operation, by its name in docs/units.md."""


@dataclass(frozen=True)
class Habits:
    """What one supporter brings about in a month, as shares of the number of supporters."""

    pages: float = 20  # gated articles opened by supporters
    strangers_pages: float = 60  # gated articles opened by everybody else: the page carries the teaser
    metered: float = 0.0  # the share of these that the meter decides on, and asks about this reader
    visits: float = 8  # of supporters; each begins with a pass that has run out
    site: float = 640  # calls of the website: 160 pages, half of them gated, each with three files that are new
    bounced: float = 0.005  # mails that come back, or are called spam
    widget: float = 100  # widget.js and the newsroom's settings fetched anew: cached by browsers and CloudFront
    renewals: float = 0.60  # monthly givers
    refused: float = 0.02  # renewals that the bank refuses
    new_monthly: float = 0.02
    one_off: float = 0.05
    stopped: float = 0.01
    refunds: float = 0.002
    sign_ins: float = 0.30
    accounts: float = 0.10  # looks at the own account
    gift: float = 8.0  # euros, for Stripe's share only


@dataclass(frozen=True)
class Activity:
    """So many in a month; of each: API requests, seconds billed, units, mails, KB sent to readers, log lines.

    `stored`: KB that stay in the table for a year and more. `cached`: answered by CloudFront, so that nothing of
    ours runs. `of_the_site`: the website's own, which runs a function of ours only. `job`: started by a schedule.
    """

    name: str
    count: float
    seconds: float = 0.0
    read: float = 0.0
    written: float = 0.0
    mails: int = 0
    kilobytes: float = 1.0
    lines: int = 1
    requests: int = 1
    stored: float = 0.0
    cached: bool = False
    of_the_site: bool = False
    job: bool = False


# What Stripe sends for each, of the types that we subscribe to (tests/bench/test_cost.py counts them).
WEBHOOKS = {"one-off": 1, "monthly": 2, "renewal": 2}
# Seconds: processor time as measured, divided by the share of a processor that the memory brings, is below 5 ms for
# all but cold starts; what counts is waiting, mostly for Stripe (0.2 s a call) and the table (5 to 10 ms a call).
_TABLE, _WEBHOOK, _STRIPE = 0.03, 0.6, 1.0
_ARTICLE_KB, _TEASER_KB, _WIDGET_KB = 12, 3, 12
# Who has no hint asks only what is the same for all, which CloudFront keeps for a minute: of a story that many read
# it answers nearly all, of old ones hardly any. docs/decisions/0055.
_REACHES_US = 0.25
# Kept for 400 days; kept for good: entry, guard, history, what the mail said.
_EVENT_KB, _ENTRY_KB = 1.0, 3.0
_HOURS, _MONTH_DAYS = 24, 30
# Of the daily ring: seconds of a call to Stripe and of one to the table, lines on a page of Stripe's, and the longest
# that a function may run. Above that the day is cut off, and costs no more.
_STRIPE_CALL, _TABLE_CALL, _PAGE, _LONGEST = 0.3, 0.005, 100, 900.0


def month(supporters: int, units: Units, habits: Habits | None = None) -> list[Activity]:
    """All that happens in a month of thirty days with so many supporters."""
    often = habits or Habits()
    return [
        *_reading(supporters, units, often),
        *_giving(supporters, units, often),
        *_people(supporters, units, often),
        *_schedules(supporters, units, often),
    ]


def _reading(supporters: int, units: Units, often: Habits) -> list[Activity]:
    read = units["article read, valid pass"]
    renewed = units["gate check, first of a day"]  # visits are days apart, and the day is noted
    return [
        # Read from the table each time: a warm process keeps an article for seconds only.
        _of("article opened by a supporter", supporters * often.pages, _TABLE, read, kilobytes=_ARTICLE_KB, lines=0),
        _of("pass renewed at the begin of a visit", supporters * often.visits, _TABLE, renewed, requests=0),
        *_strangers(supporters * often.strangers_pages, read, often.metered),
        Activity("widget fetched anew", supporters * often.widget, kilobytes=_WIDGET_KB, lines=0, cached=True),
        Activity("call of the website itself", supporters * often.site, kilobytes=0, lines=0, of_the_site=True),
    ]


def _strangers(pages: float, read: tuple[float, float], metered: float) -> list[Activity]:
    """What those ask who hold nothing of ours: whether an article is closed, and of a metered one the article."""
    asked = pages * (1 - metered)
    return [
        Activity("stranger's page: is it closed, from CloudFront", asked * (1 - _REACHES_US), lines=0, cached=True),
        _of("stranger's page: is it closed, from the API", asked * _REACHES_US, _TABLE, read),
        _of("metered article opened by a stranger", pages * metered, _TABLE, read, kilobytes=_TEASER_KB),
    ]


def _giving(supporters: int, units: Units, often: Habits) -> list[Activity]:
    gifts = supporters * (often.one_off + often.new_monthly)
    hooks = WEBHOOKS
    one_off, monthly, renewal = (
        units[f"all webhooks of a {kind}"] for kind in ("first one-off gift", "first monthly gift", "renewal")
    )
    started, back = units["checkout started"], units["return page again"]
    return [
        _of("checkout started (one in two is paid)", 2 * gifts, _STRIPE, started),
        _of("back from Stripe: return and thank-you page", gifts, _STRIPE, back, kilobytes=10, requests=2),
        _hooked("one-off gift, its webhooks", supporters * often.one_off, one_off, hooks["one-off"], mails=1),
        _hooked(
            "first monthly gift, its webhooks", supporters * often.new_monthly, monthly, hooks["monthly"], mails=1
        ),
        _hooked("renewal, its webhooks", supporters * often.renewals, renewal, hooks["renewal"], mails=1),
        _hooked("renewal refused", supporters * often.refused, units["renewal refused"], 3, mails=1),
        _hooked("gift stopped", supporters * often.stopped, units["cancellation applied"], 2, mails=1),
        _hooked("gift given back", supporters * often.refunds, units["refund applied"], 3, mails=1),
    ]


def _people(supporters: int, units: Units, often: Habits) -> list[Activity]:
    asked, confirmed = units["sign-in asked"], units["sign-in confirmed"]
    times = supporters * often.sign_ins
    return [
        _of("sign-in asked", times, _TABLE * 3, asked, mails=1),
        _of("sign-in confirmed", times, _TABLE * 3, confirmed),
        _of("own account looked at", supporters * often.accounts, _TABLE * 2, units["account page"], kilobytes=10),
        _of("article put by the CMS", 300, _TABLE, units["article put"]),
    ]


def _schedules(supporters: int, units: Units, often: Habits) -> list[Activity]:
    hours = _HOURS * _MONTH_DAYS
    # A day and an old one again: for each page of Stripe's the ledger's rows of its time, a unit in each partition. A
    # thirtieth of the recurring gifts: three units each. Each hour place, seals and what is open (decision 0103).
    payments = supporters * (often.renewals + often.one_off + often.new_monthly) / _MONTH_DAYS
    recurring = supporters * often.renewals
    places = len(keys.all_of_ledger_month("2026-12", STRIPE))
    daily = (places * (2 * payments / _PAGE + 2) + 3 * recurring / _MONTH_DAYS + 4 * _HOURS, 10.0)
    # Half a read unit for every eleven movements of thirteen months, and for each partition of fourteen; the mails of
    # the day read each recurring gift for half a unit (docs/units.md).
    counted = (payments * _MONTH_DAYS * 13 / 22 + 14 * places / 2 + 0.1 * recurring, 1.0)
    asked = _STRIPE_CALL * (2 * payments / _PAGE + recurring / _MONTH_DAYS / _PAGE)
    returned = supporters * (often.renewals + often.sign_ins) * often.bounced
    return [
        _job("sweep, every 5 minutes", 12 * hours, 0.1, units["sweep, nothing waits"]),
        _job("undelivered events asked for, every 10 minutes", 6 * hours, 0.5, units["undelivered events, none"]),
        _job("list of events asked for, hourly", hours, 0.5, units["reconcile, ring of events, nothing new"]),
        _job("days closed, hourly", _MONTH_DAYS, min(_LONGEST, 24 + asked + _TABLE_CALL * daily[0]), daily),
        _job("supporters counted, daily", _MONTH_DAYS, min(_LONGEST, 1 + counted[0] / 500), counted),
        _job("mails of the day put, daily", _MONTH_DAYS, 5, (5 + 0.55 * recurring, 1)),
        _job("erasures that are due, hourly", hours, 0.2, units["erasures, none due"]),
        _job("mail that came back", returned, 0.3, (2, 6)),
    ]


def _of(name: str, count: float, seconds: float, units: tuple[float, float], **more: Any) -> Activity:
    return Activity(name, count, seconds, *units, **more)


def _hooked(name: str, count: float, units: tuple[float, float], webhooks: int, *, mails: int) -> Activity:
    stored = _EVENT_KB * webhooks + _ENTRY_KB
    more: Any = {"mails": mails, "lines": 3 * webhooks, "requests": webhooks, "stored": stored}
    return Activity(name, count, _WEBHOOK * webhooks, *units, **more)


def _job(name: str, count: float, seconds: float, units: tuple[float, float]) -> Activity:
    return Activity(name, count, seconds, *units, kilobytes=0, requests=0, job=True)
