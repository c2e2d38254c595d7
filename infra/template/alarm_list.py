"""The alarms themselves, for people: what each means, and what to do first.

`ours` figures are written by the functions (`observing/metrics.py`), the others by AWS. A figure that is missing
means "nothing happened" for most, and "it stands still" for a schedule. 10 figures are watched, on prod alone; so
many are free in an account. Before an eleventh is added: what the code itself can see it tells by
`observing.log.alarm`, which `somebody-must-look` hears (docs/decisions/0107).
"""

from chalicelib.observing.metrics import COUNTED_ON
from infra.template.alarm import DAY, HOUR, LESS_THAN, MINUTE, SOON, Alarm, Figure, of_lambda, of_the_api, ours

STAGE = COUNTED_ON  # the only one that has alarms
ALARMS = (
    Alarm(
        "inbox-age",
        ours("InboxAge", "Maximum"),
        10 * MINUTE,
        5 * MINUTE,
        "An event from Stripe has been waiting for more than ten minutes, for a quarter of an hour now; or the "
        "schedule that looks every five minutes has not run, so that what failed is not tried again and what is "
        "unsent stays unsent. Nothing is lost, but somebody who paid may still stand before the wall.",
        "python -m ops inbox says what waits and why; nothing waits: python -m ops sweep does the schedule's work, "
        "then see whether its rule in EventBridge is enabled. Stripe or the table being away passes by itself: "
        'runbook, "Stripe was down".',
        periods=3,
        missing="breaching",
    ),
    Alarm(
        "quiet-day",
        ours("EventsStored", "Sum"),
        1,
        DAY,
        "Stripe has told us nothing for a whole day. In a newsroom with a gift or two a week that is an ordinary "
        "quiet day; in one with more, the webhook is broken or switched off.",
        'python -m ops doctor looks at the endpoint; runbook, "The endpoint was disabled".',
        compares=LESS_THAN,
        missing="breaching",
    ),
    Alarm(
        "days-open",
        ours("DaysOpen", "Maximum"),
        2,
        HOUR,
        "Two days or more have ended whose books nobody has compared with Stripe's, or the run that compares them "
        "has not come for hours. No money is lost by it; what was missed in those days is not booked yet.",
        'python -m ops days shows which; python -m ops reconcile closes them now. Runbook, "Days stay open".',
        periods=3,
        missing="breaching",
    ),
    Alarm(
        "somebody-must-look",
        ours("Alarms", "Sum"),
        1,
        5 * MINUTE,
        "The code raised an alarm of its own: books that differ, money without our mark, a round of reconcile that "
        "did not finish, an event given up, a dispute, many refused cards, a mail that cannot be delivered, readers "
        "who call our mails spam.",
        "the log of the last minutes has a line with a code; docs/operating.md, Alarms, says what to do for each.",
        says_when_over=False,
    ),
    Alarm(
        "many-attempts",
        ours("AbuseScore", "Sum"),
        300,
        SOON,
        "Within ten minutes there were fifty checkouts, sixty sign-ins, twenty-five wrong codes, or five calls to "
        "the webhook that Stripe had not signed; or a bit of each. After a broadcast or a newsletter that is your "
        "readers; otherwise somebody tries cards or addresses or has mails sent, or our signing secret is not the "
        "endpoint's, and then no gift arrives.",
        "docs/observing.md has the query that says which (What counts as an attempt); then the "
        'runbook, "Many attempts".',
    ),
    Alarm(
        "calls-burst",
        of_the_api("Count"),
        15_000,
        5 * MINUTE,
        "Fifty calls a second for five minutes, a quarter of what API Gateway lets through on one route. Readers "
        "notice nothing yet. If it is no very big story, somebody calls without end, and each million costs 2 USD.",
        'the dashboard shows calls and refusals; runbook, "Somebody calls without end".',
    ),
    Alarm(
        "server-errors",
        of_the_api("5xx"),
        5,
        HOUR,  # five in five minutes would never be reached by what breaks every checkout of a small newsroom
        "Readers, or Stripe, got five or more answers within an hour of the kind 'something went wrong on our side'.",
        'the log of APIHandler, lines of level ERROR; runbook, "Stripe was down", if it says stripe unavailable.',
    ),
    Alarm(
        "function-errors",
        of_lambda("Errors"),
        1,
        5 * MINUTE,
        "A function of this account broke off: an error that nobody caught, too little memory, or too little time.",
        "the dashboard shows which; its log has the place.",
    ),
    Alarm(
        "throttles",
        of_lambda("Throttles"),
        1,
        5 * MINUTE,
        "AWS held functions back: more at once than this account may run (a new account may run ten). Readers "
        "waited or saw an error; events are tried again.",
        "ask AWS (Service Quotas, Lambda, concurrent executions) for 1000. It is free.",
    ),
    Alarm(
        "mail-bounces",
        Figure("AWS/SES", "Reputation.BounceRate", "Average", {}),
        0.03,
        HOUR,
        "More than 3 in 100 mails of this AWS account reach nobody. At 5 AWS reviews the account, at 10 it stops "
        "all mail: nobody could sign in.",
        "python -m ops mail suppressed. Many unknown addresses at once: somebody types in strangers'; lower "
        "limits.sign_ins in the newsroom's file.",
    ),
)
