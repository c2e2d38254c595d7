"""The alarms themselves, for people: what each means, and what to do first.

`ours` figures are written by the functions (`observing/metrics.py`), the others by AWS. A figure that is missing
means "nothing happened" for most, and "it stands still" for a schedule. 25 figures are watched on prod: 1.50 USD a
month, as ten are free; 17 on dev.
"""

from infra.template import table
from infra.template.alarm import DAY, HOUR, LESS_THAN, MINUTE, Alarm, Figure, of_lambda, of_the_api, ours
from infra.template.cfn import ref
from infra.template.crowd_alarms import CROWD_ALARMS

ALARMS = (
    Alarm(
        "inbox-age",
        (ours("InboxAge", "Maximum"),),
        15 * MINUTE,
        5 * MINUTE,
        "An event from Stripe has been waiting for more than a quarter of an hour. Nothing is lost, but somebody who "
        "paid may still stand before the wall.",
        "python -m ops inbox says why it waits. Stripe or the table being away passes by itself: runbook, "
        '"Stripe was down".',
        periods=2,
    ),
    Alarm(
        "inbox-parked",
        (ours("InboxParked", "Maximum"),),
        1,
        5 * MINUTE,
        "An event from Stripe was tried for as long as we try, and could not be applied. It waits for a person.",
        'python -m ops inbox; runbook, "An event is parked".',
    ),
    Alarm(
        "webhook-signatures",
        (ours("SignatureFailures", "Sum"),),
        5,
        5 * MINUTE,
        "Calls to the webhook carry signatures that are not Stripe's. Either our signing secret is not the "
        "endpoint's, and then no gift arrives, or somebody is trying things, and then nothing happens.",
        "python -m ops doctor says whether Stripe's events arrive. If they do, it is only somebody trying; if not, "
        "the endpoint signs with another secret: docs/keys.md.",
    ),
    Alarm(
        "quiet-day",
        (ours("EventsStored", "Sum"),),
        1,
        DAY,
        "Stripe has told us nothing for a whole day. In a newsroom with a gift or two a week that is an ordinary "
        "quiet day; in one with more, the webhook is broken or switched off.",
        'python -m ops doctor looks at the endpoint; runbook, "The endpoint was disabled".',
        compares=LESS_THAN,
        missing="breaching",
        stages=("prod",),
    ),
    Alarm(
        "books-differ",
        (ours("Alarms", "Sum", Code="reconcile_difference"),),
        1,
        HOUR,
        "Stripe's books and ours differ: money is there that we did not book, or the other way round.",
        'python -m ops reconcile --ring money names each movement; runbook, "Totals differ".',
        says_when_over=False,
    ),
    Alarm(
        "reconcile-unfinished",
        (ours("Alarms", "Sum", Code="reconcile_unfinished"),),
        1,
        HOUR,
        "A round that looks for what was missed did not come to its end: its time was over, Stripe or the table was "
        "away, or Stripe refused the list. What it saw is booked; what it did not see, nobody has compared.",
        "python -m ops reconcile takes the time it needs and names what it cannot do; runbook, "
        '"A round of reconcile did not finish".',
        says_when_over=False,
    ),
    Alarm(
        "money-unmarked",
        (ours("Alarms", "Sum", Code="reconcile_known_foreign"),),
        1,
        HOUR,
        "Money came without our mark, from somebody whom we know. It is in nobody's books, and whoever gave it may "
        "stand before the wall.",
        'python -m ops reconcile --ring money names it; runbook, "Money of a supporter has no mark".',
        says_when_over=False,
    ),
    Alarm(
        "somebody-must-look",
        (ours("Alarms", "Sum"),),
        1,
        5 * MINUTE,
        "The code raised an alarm of its own: a dispute, many refused cards, a mail that cannot be delivered, an "
        "event given up, or books that differ.",
        "the log of the last minutes has a line with a code; docs/operating.md, Alarms, says what to do for each.",
        says_when_over=False,
    ),
    *CROWD_ALARMS,
    Alarm(
        "server-errors",
        (of_the_api("5XXError"),),
        5,
        HOUR,  # five in five minutes would never be reached by what breaks every checkout of a small newsroom
        "Readers, or Stripe, got five or more answers within an hour of the kind 'something went wrong on our side'.",
        'the log of APIHandler, lines of level ERROR; runbook, "Stripe was down", if it says stripe unavailable.',
    ),
    Alarm(
        "function-errors",
        (of_lambda("Errors"),),
        1,
        5 * MINUTE,
        "A function of this account broke off: an error that nobody caught, too little memory, or too little time.",
        "the dashboard shows which; its log has the place.",
    ),
    Alarm(
        "throttles",
        (
            of_lambda("Throttles"),
            Figure("AWS/DynamoDB", "ReadThrottleEvents", "Sum", {"TableName": table.NAME}),
            Figure("AWS/DynamoDB", "WriteThrottleEvents", "Sum", {"TableName": table.NAME}),
        ),
        1,
        5 * MINUTE,
        "AWS held something back: more functions at once than this account may run (a new account may run ten), or "
        "more of the table than it gives at that moment. Readers waited or saw an error; events are tried again.",
        "if it is the functions: ask AWS (Service Quotas, Lambda, concurrent executions) for 1000. It is free.",
    ),
    Alarm(
        "sweep-stopped",
        (Figure("AWS/Lambda", "Invocations", "Sum", {"FunctionName": ref("Sweep")}),),
        1,
        5 * MINUTE,
        "The schedule that runs every five minutes has not run for twenty. What failed is not tried again, and what "
        "is unsent stays unsent.",
        "python -m ops sweep does its work now; then see whether its rule in EventBridge is enabled.",
        periods=4,
        compares=LESS_THAN,
        missing="breaching",
    ),
    Alarm(
        "mail-bounces",
        (Figure("AWS/SES", "Reputation.BounceRate", "Average", {}),),
        0.03,
        HOUR,
        "More than 3 in 100 mails of this AWS account reach nobody. At 5 AWS reviews the account, at 10 it stops "
        "all mail: nobody could sign in.",
        "python -m ops mail suppressed. Many unknown addresses at once: somebody types in strangers'; lower "
        "limits.sign_ins in the newsroom's file.",
    ),
    Alarm(
        "mail-complaints",
        (Figure("AWS/SES", "Reputation.ComplaintRate", "Average", {}),),
        0.0005,
        HOUR,
        "More than 5 in 10,000 mails of this AWS account were called spam. At 10 AWS reviews the account, at 50 it "
        "stops all mail.",
        "python -m ops mail suppressed shows whose. Somebody may be having mails sent to strangers.",
    ),
)
