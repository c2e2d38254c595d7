"""A budget of the account: AWS writes to AlarmEmail before a month costs more than it should. Costs nothing.

It hears what no count of calls does: a price that changed, a mistake of ours, something that somebody else began in
the same account. AWS works bills out some hours late, so it is no fuse; `calls-burst` rings within minutes.
"""

from typing import Any

from infra.template.alarm_list import STAGE
from infra.template.cfn import Resources, ref, resource

USD = 20  # a month: twice what 10,000 supporters cost, before what is free
_TOLD = (("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100))


def budget(stage: str) -> Resources:
    """The budget, where there is somebody to tell. One stage has it: it counts the whole account.

    It has no name of its own: with another AlarmEmail CloudFormation makes a new one before it deletes the old.
    """
    if stage != STAGE:
        return {}
    limit = {"Amount": ref("MonthlyBudget"), "Unit": "USD"}
    properties = {
        "Budget": {
            "BudgetType": "COST",
            "TimeUnit": "MONTHLY",
            "BudgetLimit": limit,
        },
        "NotificationsWithSubscribers": [_told(kind, share) for kind, share in _TOLD],
    }
    return {"MonthlyBudgetAlarm": resource("AWS::Budgets::Budget", properties, Condition="AlarmsByMail")}


def parameter(stage: str) -> dict[str, Any]:
    """The template's parameter of it."""
    if stage != STAGE:
        return {}
    description = "US dollars a month for the whole account, at which AWS writes to AlarmEmail."
    return {"MonthlyBudget": {"Type": "Number", "Default": USD, "MinValue": 1, "Description": description}}


def _told(kind: str, share: int) -> dict[str, Any]:
    return {
        "Notification": {
            "NotificationType": kind,
            "ComparisonOperator": "GREATER_THAN",
            "Threshold": share,
            "ThresholdType": "PERCENTAGE",
        },
        "Subscribers": [{"SubscriptionType": "EMAIL", "Address": ref("AlarmEmail")}],
    }
