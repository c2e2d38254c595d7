"""The pages of a supporter's own house, with made-up values."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from chalicelib.account.views.gift_pages import ChangePage, Preview, StopPage, WayOut
from chalicelib.account.views.pages import AccountPage, GiftLine, LatePayment, RecurringGiftLine
from chalicelib.giving.views.pages import FieldProblem
from chalicelib.http import pages
from chalicelib.newsroom.rules import Newsroom
from chalicelib.supporters.rules.card import Card

MONTH = pages.Gift(500, "eur", "month")
EMAIL = "maria@example.org"
CAN = ("change", "pause", "stop", "card")


def account_pages(
    newsroom: Newsroom, layout: pages.Layout, *, now: datetime, until: datetime, later: datetime
) -> Mapping[str, pages.Page]:
    """A name and a page for every state of a supporter."""
    lang = layout.lang
    opens, tier, higher = newsroom.tiers[0].opens[lang], newsroom.tiers[0].title[lang], newsroom.tiers[1]
    late = RecurringGiftLine("sub_1", MONTH, "past_due", retry_at=until, can=CAN)
    runs = RecurringGiftLine("sub_1", MONTH, "active", next_payment_at=until, can=CAN)
    return {
        "account": AccountPage(
            EMAIL, tier, opens, recurring=(runs,), gifts=(GiftLine("pi_1", now, 500, "eur", interval="month"),)
        ),
        "account-every-state": AccountPage(
            EMAIL,
            tier,
            opens,
            recurring=(
                runs,
                RecurringGiftLine("sub_2", pages.Gift(20000, "uah", "year"), "ending", until, can=CAN),
                RecurringGiftLine("sub_3", pages.Gift(300, "usd", "month"), "past_due", can=CAN),
                RecurringGiftLine("sub_4", pages.Gift(1000, "pln", "month"), "ended", now),
                RecurringGiftLine("sub_5", MONTH, "paused", can=CAN),
                RecurringGiftLine("sub_6", MONTH, "unpaid", can=CAN),
                RecurringGiftLine("sub_7", MONTH, "incomplete", can=CAN),
                RecurringGiftLine("sub_8", MONTH, "never_began", now),
                RecurringGiftLine("sub_9", MONTH, "ending", later, next_payment_at=until, can=CAN),
                RecurringGiftLine("sub_10", MONTH, "past_due", later, retry_at=until, can=CAN),
                RecurringGiftLine("sub_11", MONTH, "paused", resumes_at=later, can=CAN),
                RecurringGiftLine("sub_12", MONTH, "paused", next_payment_at=later, can=CAN),
                RecurringGiftLine("sub_13", MONTH, "active", next_payment_at=until, taken_back="refunded"),
                RecurringGiftLine("sub_14", MONTH, "active", next_payment_at=until, taken_back="disputed"),
                RecurringGiftLine("sub_15", MONTH, "ended_unpaid", now),
                RecurringGiftLine("sub_16", MONTH, "ended"),
                RecurringGiftLine("sub_17", MONTH, "ended_unpaid"),
                RecurringGiftLine("sub_18", MONTH, "active", can=CAN),
            ),
            gifts=(
                GiftLine("pi_2", now, 2500, "eur"),
                GiftLine("pi_3", until, 123450, "uah", interval="month", refunded=23450),
                GiftLine("pi_4", until, 500, "eur", refunded=500),
                GiftLine("pi_5", until, 500, "eur", interval="month", disputed=True),
            ),
            older="TU9ORVkj",
            later=True,
            years=(2026, 2025),
            unreadable=True,
        ),
        "account-late": AccountPage(EMAIL, tier, opens, later, late=(LatePayment(late, later),), recurring=(late,)),
        "account-late-checking": AccountPage(
            EMAIL, tier, opens, later, late=(LatePayment(late, later),), checking=True, recurring=(late,)
        ),
        "account-late-closed": AccountPage(
            EMAIL,
            late=(
                LatePayment(late, reopens=True),
                LatePayment(RecurringGiftLine("sub_2", MONTH, "unpaid", can=CAN)),
            ),
            recurring=(late,),
        ),
        "account-coming": AccountPage(EMAIL, coming=opens, recurring=(replace(runs, beginning=True),)),
        "account-ended": AccountPage(
            EMAIL,
            recurring=(
                RecurringGiftLine("sub_1", MONTH, "ended", now),
                RecurringGiftLine("sub_2", pages.Gift(300, "eur", "month", 6), "never_began", now),
            ),
            again=(MONTH, {"currency": "eur", "interval": "month", "amount": 500}),
            may_remind=True,
        ),
        "account-ended-otherwise": AccountPage(
            EMAIL,
            recurring=(RecurringGiftLine("sub_2", pages.Gift(300, "eur", "month", 6), "ended_unpaid", now),),
            again=(pages.Gift(300, "eur", "month", 6), {}),
            may_remind=True,
            reminder="2027-03",
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
        **_gift_pages(newsroom, layout, runs=runs, until=until, later=later),
    }


def _gift_pages(
    newsroom: Newsroom, layout: pages.Layout, *, runs: RecurringGiftLine, until: datetime, later: datetime
) -> Mapping[str, pages.Page]:
    lang = layout.lang
    opens, sentence = newsroom.tiers[1].opens[lang], partial(pages.problem_sentence, layout=layout)
    line = replace(runs, can=("change", "pause", "stop", "card"), card=Card("visa", "4242", 4, 2031))
    form = partial(pages.gift_form, newsroom, lang=lang, now=until, currency="eur")
    raised = Preview(MONTH, pages.Gift(1500, "eur", "month"), "next", 0, until, 1500, "t", opens, raises=True)
    lowered = Preview(MONTH, pages.Gift(300, "eur", "month"), "next", 0, until, 300, "t", opens, keeps_until=until)
    stopped = RecurringGiftLine("sub_1", MONTH, "ending", until, can=("keep",))
    pauses = {1: until, 2: until, 3: later}
    less = WayOut(pages.Gift(300, "eur", "month"), {"amount": 300, "interval": "month", "see": 1})
    yearly = WayOut(pages.Gift(6000, "eur", "year"), {"amount": 6000, "interval": "year", "see": 1})
    reasons = ("money", "enough", "reading", "topics", "quality", "trouble", "service", "elsewhere", "something_else")
    return {
        "change": ChangePage(line, form(interval="month", amount=500), pauses=pauses),
        "change-own": ChangePage(line, form(interval="year", amount=6000), own=True, typed="60", same=True),
        "change-problem": ChangePage(
            line,
            form(interval="month", own_text="0,5"),
            own=True,
            typed="0,5",
            problem=FieldProblem(
                "amount", sentence(pages.ProblemPage(400, "amount_too_small", minimum=100, currency="eur"))
            ),
        ),
        "change-declined": ChangePage(
            line,
            form(interval="month", amount=1500),
            problem=FieldProblem("", sentence(pages.ProblemPage(402, "card_declined"))),
            declined=True,
        ),
        "change-raised": ChangePage(line, form(interval="month"), preview=raised, return_to="/read/1"),
        "change-raised-now": ChangePage(
            line, form(interval="month"), preview=replace(raised, charge="now", charged_now=758)
        ),
        "change-lowered": ChangePage(line, form(interval="month"), preview=lowered),
        "change-paused": ChangePage(replace(line, status="paused", next_payment_at=later, can=("resume", "stop"))),
        "change-ended": ChangePage(replace(line, status="ended", ends_at=until, can=())),
        "stop": StopPage(line, until, less=(less,), yearly=yearly, pauses=pauses, reasons=reasons),
        "stop-closes": StopPage(line, closes=True, reasons=reasons, comment="…", reason="something_else"),
        "stop-stopped": StopPage(stopped, until),
        "stop-stopped-reminded": StopPage(stopped, until, reminder="2027-03"),
        "stop-over": StopPage(
            replace(stopped, status="ended", can=()), problem=sentence(pages.ProblemPage(503, "stripe_down"))
        ),
    }
