"""Alarms about how much comes in: calls, checkouts, sign-ins, wrong codes, refusals.

The thresholds are fixed: thirty times or more what is usual in a newsroom of 10,000 supporters, and far below what
anything refuses (docs/observing.md has the sums, docs/decisions/0032 says why no anomaly detection).
"""

from infra.template.alarm import HOUR, MINUTE, SOON, Alarm, of_the_api, ours

CROWD_ALARMS = (
    Alarm(
        "checkout-burst",
        (ours("CheckoutsStarted", "Sum"),),
        50,  # one address may start 60 in that time
        SOON,
        "Fifty checkouts in ten minutes. After a broadcast or a big story that is success; otherwise somebody runs a "
        "script that tries cards.",
        'look at the payments at Stripe: are they refused? Runbook, "Somebody tries many cards".',
    ),
    Alarm(
        "calls-burst",
        (of_the_api("Count"),),
        15_000,
        5 * MINUTE,
        "Fifty calls a second for five minutes, a quarter of what API Gateway lets through on one route. Readers "
        "notice nothing yet. If it is no very big story, somebody calls without end, and each million costs 4 USD.",
        'the dashboard shows calls and refusals; runbook, "Somebody calls without end".',
    ),
    Alarm(
        "refusals-burst",
        (of_the_api("4XXError"),),
        3_000,
        5 * MINUTE,
        "Ten calls a second were refused for five minutes: too many at once, wrong, or to addresses that do not "
        "exist. Readers may be among them.",
        'the log of APIHandler says which, if the code refused them; runbook, "Somebody calls without end".',
        stages=("prod",),
    ),
    Alarm(
        "too-many-requests",
        (ours("TooManyRequests", "Sum"),),
        20,
        SOON,
        "Twenty calls in ten minutes were told that they are too many. Either one machine tries things, and then the "
        "limits work, or many readers share one address and cannot give or sign in.",
        'runbook, "Somebody calls without end": how to tell one from the other.',
        stages=("prod",),
    ),
    Alarm(
        "sign-in-burst",
        (ours("SignInsAsked", "Sum"),),
        60,
        SOON,
        "Sixty sign-ins were asked for in ten minutes. After a newsletter that is your readers; otherwise somebody "
        "has mails sent.",
        'look whether wrong-codes or sign-ins-to-strangers ring, too; runbook, "Somebody has mails sent".',
        stages=("prod",),
    ),
    Alarm(
        "sign-ins-to-strangers",
        (ours("SignInsToStrangers", "Sum"),),
        20,
        HOUR,
        "Twenty codes within an hour went to addresses that were never seen here. Made-up mailboxes bounce, and "
        "too many bounces let AWS stop all mail.",
        'runbook, "Somebody has mails sent".',
        stages=("prod",),
    ),
    Alarm(
        "wrong-codes",
        (ours("WrongCodes", "Sum"),),
        25,  # five codes, each guessed at until it is dead
        SOON,
        "Twenty-five wrong sign-in codes in ten minutes: somebody guesses. A code dies after five guesses, so "
        "nothing is open, but it is not a reader who mistypes.",
        'runbook, "Somebody has mails sent".',
        stages=("prod",),
    ),
    Alarm(
        "mail-budget-spent",
        (ours("MailBudgetSpent", "Sum"),),
        1,
        HOUR,
        "So many sign-in mails went to one address that no more goes there for now. If it was not the owner who "
        "asked, the owner may be locked out.",
        'runbook, "Somebody has mails sent": how to let the owner in.',
        says_when_over=False,
        stages=("prod",),
    ),
    Alarm(
        "cookie-twice",
        (ours("CookieTwice", "Sum"),),
        5,
        HOUR,
        "Calls brought one of our cookies twice, which no browser does by itself: another host below your domain "
        "sets cookies with our names, or a proxy joins calls. They were taken for signed out.",
        'which hosts are below your domain, and whose are they? Runbook, "A cookie comes twice".',
        says_when_over=False,
        stages=("prod",),
    ),
)
