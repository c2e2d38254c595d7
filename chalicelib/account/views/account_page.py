"""The account page's values, from a supporter's account."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from chalicelib.account.actions.manage import Account, is_over
from chalicelib.account.rules.open_now import next_tier, open_now
from chalicelib.account.views import pages
from chalicelib.account.views.gift_line import gift_line, gift_of, moment
from chalicelib.account.views.given_lines import GivenLines
from chalicelib.http.call import Call
from chalicelib.http.pages import Gift, lowest_that_opens
from chalicelib.kernel import email_address
from chalicelib.kernel.ids import SupporterId
from chalicelib.newsroom.rules import INTERVALS, interval_of
from chalicelib.reminders.rows import reminders
from chalicelib.supporters.rules.access import OVERDUE, RecurringGift


def account_page(call: Call, account: Account, lang: str, given: GivenLines) -> pages.AccountPage:
    """The page of this account, with some of its gifts."""
    newsroom = call.wiring.newsroom
    is_open = open_now(account.standing, newsroom, call.wiring.now())
    names = (is_open.tier, is_open.then, is_open.more, is_open.coming)
    tier, then, more, coming = (newsroom.tier(name) for name in names)
    lines = tuple(gift_line(call, account.standing, gift) for gift in account.recurring)
    until = moment(is_open.until)
    # Nobody needs to be reminded of what goes on by itself.
    over = bool(account.recurring) and not any(gift.goes_on for gift in account.recurring)
    return pages.AccountPage(
        email=email_address.shown(account.profile.email),
        tier=tier.title[lang] if tier else "",
        opens=tier.opens[lang] if tier else "",
        until=until,
        then=then.title[lang] if then else "",
        more=more.opens[lang] if more else "",
        more_at=moment(is_open.more_at),
        coming=coming.opens[lang] if coming else "",
        late=_late(call, account, lines, until),
        recurring=lines,
        again=_again(call, account),
        too_small=_too_small(call, account) if tier is None else None,
        gifts=given.lines,
        older=given.older,
        later=given.later,
        years=given.years,
        unreadable=given.unreadable,
        payment_language=newsroom.payment_page_language[lang],
        may_remind=over,
        reminder=_reminder(call, account) if over else "",
    )


def _reminder(call: Call, account: Account) -> str:
    waiting = reminders.read(call.wiring.table, SupporterId(account.id))
    return waiting.month if waiting else ""


def _late(
    call: Call, account: Account, lines: Sequence[pages.RecurringGiftLine], until: datetime | None
) -> tuple[pages.LatePayment, ...]:
    """The payments that failed. What is open till then, or opens again, is said once, with the last of them."""
    late = [line for line in lines if line.status in OVERDUE]
    opening = {gift.id for gift in account.recurring if next_tier(gift, call.wiring.newsroom)}
    closed = account.access.tier is None
    return tuple(
        pages.LatePayment(line, until if line is late[-1] else None, reopens=closed and line.id in opening)
        for line in late
    )


def _again(call: Call, account: Account) -> tuple[Gift, Mapping[str, str | int]] | None:
    """The gift that ended last, with the query of the donation page; None where one runs, or there was none."""
    ended = [gift for gift in account.recurring if is_over(gift)]
    if not ended or len(ended) < len(account.recurring):
        return None
    last = ended[0]
    return gift_of(last), _wish(call, last)


def _wish(call: Call, gift: RecurringGift) -> dict[str, str | int]:
    """The gift as the query of the donation page, as far as it can be given there today."""
    rules = call.wiring.newsroom.currencies.get(gift.currency)
    if rules is None or gift.interval not in INTERVALS or gift.interval_count != 1:
        return {}
    amount = {"amount": gift.amount} if rules.minimum <= gift.amount <= rules.maximum else {}
    return {"currency": gift.currency, "interval": gift.interval, **amount}


def _too_small(call: Call, account: Account) -> Gift | None:
    """The least gift that opens something, where one runs that is too small to open anything; None otherwise."""
    newsroom = call.wiring.newsroom
    for gift in account.recurring:
        interval = interval_of(gift.interval)
        runs = gift.will_renew and gift.status not in OVERDUE and gift.currency in newsroom.currencies
        if runs and interval != "once" and gift.interval_count == 1 and next_tier(gift, newsroom) is None:
            least = lowest_that_opens(newsroom, gift.currency, interval, newsroom.tier_names)
            return Gift(least, gift.currency, interval) if least else None
    return None
