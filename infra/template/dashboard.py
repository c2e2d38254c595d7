"""One page that says how it goes, for somebody who does not look into logs; on prod.

Costs: three dashboards of an account are free, each more is 3 USD a month.
"""

import json
from typing import Any

from infra.template import table
from infra.template.cfn import Resources, resource, text
from infra.template.permissions import FUNCTIONS

_WIDTH = 24
_DAY, _HOUR, _MINUTES = 86400, 3600, 300


def dashboard(stage: str) -> Resources:
    """The dashboard `spilno-<stage>`."""
    body = {"start": "-P7D", "periodOverride": "inherit", "widgets": _placed(_rows(stage))}
    # Fn::Sub fills in the region, the table and the functions; what is CloudWatch's own is written `${!…}`.
    filled = text(json.dumps(body, ensure_ascii=False), InUse=table.NAME)
    return {
        "Dashboard": resource(
            "AWS::CloudWatch::Dashboard", {"DashboardName": f"spilno-{stage}", "DashboardBody": filled}
        )
    }


def url(stage: str) -> dict[str, Any]:
    """Where a person opens it."""
    console = "https://${AWS::Region}.console.aws.amazon.com/cloudwatch/home?region=${AWS::Region}"
    return text(f"{console}#dashboards/dashboard/spilno-{stage}")


def _rows(stage: str) -> list[list[dict[str, Any]]]:
    def ours(name: str, label: str, statistic: str = "Sum") -> list[Any]:
        return ["Spilno", name, "Stage", stage, {"label": label, "stat": statistic}]

    api = ["ApiId", "${HttpApi}"]
    rest = ["ApiName", f"spilno-{stage}", "Stage", "api"]
    units = ["TableName", "${InUse}"]
    return [
        [
            _words("# Gifts\nHow many a day. How much, by currency: python -m ops totals."),
        ],
        [
            _graph("Gifts a day", [ours("Gifts", "gifts")], _DAY),
            _graph("Checkouts started an hour", [ours("CheckoutsStarted", "checkouts")], _HOUR),
        ],
        [
            _words(
                "# Readers and events\nThe wall opens for supporters and stays shut for others. What Stripe tells "
                "is booked within seconds; the oldest waiting event should be near 0."
            ),
        ],
        [
            _graph("The wall", [ours("GateOpened", "opened"), ours("GateClosed", "stayed shut")], _HOUR),
            _graph("Oldest event that waits, in seconds", [ours("InboxAge", "seconds", "Maximum")], _MINUTES),
            _graph(
                "Events",
                [ours("EventsStored", "stored")],
                _HOUR,
            ),
        ],
        [
            _words(
                "# When something is wrong\nAll of these are 0 on a good day. docs/operating.md explains the alarms."
            ),
        ],
        [
            _graph(
                "Errors",
                [
                    ["AWS/ApiGateway", "5xx", *api, {"label": "answers: our fault", "stat": "Sum"}],
                    ["AWS/ApiGateway", "5XXError", *rest, {"label": "the same by the REST API", "stat": "Sum"}],
                    ours("SignatureFailures", "webhooks not signed by Stripe"),
                    ours("Alarms", "alarms of the code"),
                ],
                _HOUR,
            ),
            _graph(
                "Functions that broke off",
                [
                    ["AWS/Lambda", "Errors", "FunctionName", f"${{{name}}}", {"label": name, "stat": "Sum"}]
                    for name in FUNCTIONS
                ],
                _HOUR,
            ),
            _graph(
                "Mail that did not arrive, of 1",
                [
                    ["AWS/SES", "Reputation.BounceRate", {"label": "bounced (AWS minds 0.05)", "stat": "Average"}],
                    ["AWS/SES", "Reputation.ComplaintRate", {"label": "called spam (0.001)", "stat": "Average"}],
                ],
                _HOUR,
            ),
        ],
        [
            _words(
                "# Who knocks\nPoints for what somebody who tries things does: sign-ins, wrong codes, checkouts, "
                "calls that were too many. They come in waves after a newsletter; at 300 in ten minutes an alarm "
                "rings. docs/observing.md says how many each is worth, docs/runbook.md what to do."
            ),
        ],
        [
            _graph("Attempts, points in ten minutes", [ours("AbuseScore", "points")], 2 * _MINUTES),
            _graph(
                "Refused an hour",
                [["AWS/ApiGateway", "4xx", *api, {"label": "refused, for whatever reason", "stat": "Sum"}]],
                _HOUR,
            ),
        ],
        [
            _words("# What it takes\nCalls, time and table units are what AWS charges for."),
        ],
        [
            _graph(
                "Calls",
                [
                    ["AWS/ApiGateway", "Count", *api, {"label": "calls", "stat": "Sum"}],
                    ["AWS/ApiGateway", "Count", *rest, {"label": "by the REST API", "stat": "Sum"}],
                ],
                _HOUR,
            ),
            _graph(
                "Milliseconds a call",
                [
                    [
                        "AWS/Lambda",
                        "Duration",
                        "FunctionName",
                        "${APIHandler}",
                        {"label": "half of them", "stat": "p50"},
                    ],
                    [
                        "AWS/Lambda",
                        "Duration",
                        "FunctionName",
                        "${APIHandler}",
                        {"label": "99 of 100", "stat": "p99"},
                    ],
                ],
                _HOUR,
            ),
            _graph(
                "Table units",
                [
                    ["AWS/DynamoDB", "ConsumedReadCapacityUnits", *units, {"label": "read", "stat": "Sum"}],
                    ["AWS/DynamoDB", "ConsumedWriteCapacityUnits", *units, {"label": "written", "stat": "Sum"}],
                    ["AWS/SES", "Send", {"label": "mails sent", "stat": "Sum", "yAxis": "right"}],
                ],
                _HOUR,
            ),
        ],
    ]


def _words(markdown: str) -> dict[str, Any]:
    return {"type": "text", "height": 2, "properties": {"markdown": markdown, "background": "transparent"}}


def _graph(title: str, metrics: list[Any], seconds: int) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "title": title,
        "region": "${AWS::Region}",
        "period": seconds,
        "metrics": metrics,
        "view": "timeSeries",
        "stacked": False,
        "yAxis": {"left": {"min": 0, "showUnits": False}},
    }
    return {"type": "metric", "height": 6, "properties": properties}


def _placed(rows: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Side by side within a row, the rows one below the other."""
    placed, top = [], 0
    for row in rows:
        width = _WIDTH // len(row)
        placed += [{**widget, "x": width * number, "y": top, "width": width} for number, widget in enumerate(row)]
        top += row[0]["height"]
    return placed
