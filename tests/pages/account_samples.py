"""The pages of a supporter's own house, with made-up values."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.account.views.pages import AccountPage, GiftLine, LatePayment, RecurringGiftLine
from chalicelib.http import pages
from chalicelib.newsroom.rules import Newsroom

MONTH = pages.Gift(500, "eur", "month")
EMAIL = "maria@example.org"
STRIPE = ("portal",)


def account_pages(
    newsroom: Newsroom, layout: pages.Layout, *, now: datetime, until: datetime, later: datetime
) -> Mapping[str, pages.Page]:
    """A name and a page for every state of a supporter."""
    lang = layout.lang
    opens, tier, higher = newsroom.tiers[0].opens[lang], newsroom.tiers[0].title[lang], newsroom.tiers[1]
    late = RecurringGiftLine("sub_1", MONTH, "past_due", retry_at=until, can=STRIPE)
    runs = RecurringGiftLine("sub_1", MONTH, "active", next_payment_at=until, can=STRIPE)
    return {
        "account": AccountPage(
            EMAIL, tier, opens, recurring=(runs,), gifts=(GiftLine(now, 500, "eur", recurring=True),)
        ),
        "account-every-state": AccountPage(
            EMAIL,
            tier,
            opens,
            recurring=(
                runs,
                RecurringGiftLine("sub_2", pages.Gift(20000, "uah", "year"), "ending", until, can=STRIPE),
                RecurringGiftLine("sub_3", pages.Gift(300, "usd", "month"), "past_due", can=STRIPE),
                RecurringGiftLine("sub_4", pages.Gift(1000, "pln", "month"), "ended", now),
                RecurringGiftLine("sub_5", MONTH, "paused", can=STRIPE),
                RecurringGiftLine("sub_6", MONTH, "unpaid", can=STRIPE),
                RecurringGiftLine("sub_7", MONTH, "incomplete", can=STRIPE),
                RecurringGiftLine("sub_8", MONTH, "never_began", now),
                RecurringGiftLine("sub_9", MONTH, "ending", later, next_payment_at=until, can=STRIPE),
                RecurringGiftLine("sub_10", MONTH, "past_due", later, retry_at=until, can=STRIPE),
                RecurringGiftLine("sub_11", MONTH, "paused", resumes_at=later, can=STRIPE),
                RecurringGiftLine("sub_12", MONTH, "paused", next_payment_at=later, can=STRIPE),
                RecurringGiftLine("sub_13", MONTH, "active", next_payment_at=until, taken_back="refunded"),
                RecurringGiftLine("sub_14", MONTH, "active", next_payment_at=until, taken_back="disputed"),
                RecurringGiftLine("sub_15", MONTH, "ended_unpaid", now),
                RecurringGiftLine("sub_16", MONTH, "ended"),
                RecurringGiftLine("sub_17", MONTH, "ended_unpaid"),
                RecurringGiftLine("sub_18", MONTH, "active", can=STRIPE),
            ),
            gifts=(
                GiftLine(now, 2500, "eur"),
                GiftLine(until, 123450, "uah", recurring=True, refunded=23450),
                GiftLine(until, 500, "eur", refunded=500),
                GiftLine(until, 500, "eur", recurring=True, disputed=True),
            ),
            older="pi_1",
            later=True,
        ),
        "account-late": AccountPage(EMAIL, tier, opens, later, late=(LatePayment(late, later),), recurring=(late,)),
        "account-late-closed": AccountPage(
            EMAIL,
            late=(
                LatePayment(late, reopens=True),
                LatePayment(RecurringGiftLine("sub_2", MONTH, "unpaid", can=STRIPE)),
            ),
            recurring=(late,),
        ),
        "account-ended": AccountPage(
            EMAIL,
            recurring=(
                RecurringGiftLine("sub_1", MONTH, "ended", now),
                RecurringGiftLine("sub_2", pages.Gift(300, "eur", "month", 6), "never_began", now),
            ),
            again=(MONTH, {"currency": "eur", "interval": "month", "amount": 500}),
        ),
        "account-ended-otherwise": AccountPage(
            EMAIL,
            recurring=(RecurringGiftLine("sub_2", pages.Gift(300, "eur", "month", 6), "ended_unpaid", now),),
            again=(pages.Gift(300, "eur", "month", 6), {}),
        ),
        "account-lowered": AccountPage(
            EMAIL, higher.title[lang], higher.opens[lang], until, tier, recurring=(runs,), more=opens, more_at=later
        ),
        "account-too-small": AccountPage(EMAIL, too_small=pages.Gift(300, "eur", "month"), recurring=(runs,)),
        "account-problem": AccountPage(
            EMAIL,
            tier,
            opens,
            recurring=(runs,),
            problem=pages.problem_sentence(pages.ProblemPage(503, "stripe_down"), layout),
        ),
        "account-empty": AccountPage(EMAIL),
    }
