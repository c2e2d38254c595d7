"""What wakes a person: as few alarms as can be, each with what it means and what to do first.

`alarm_list.py` has the list. All go to one topic; whoever AlarmEmail names gets a mail. AWS asks that address first
whether it wants to: until the link in that mail is clicked, nobody hears anything (`ops doctor` says so).

Costs: ten figures watched are free in an account, each more is 0.10 USD a month; so prod has alarms, and other stages
only the topic, which costs nothing.
"""

from collections.abc import Iterator
from typing import Any

from infra.template import rest_api
from infra.template.alarm import API_GATEWAY, Alarm, Figure, of_the_rest_api
from infra.template.alarm_list import ALARMS, STAGE
from infra.template.cfn import Resources, ref, resource, tags


def alarms(stage: str) -> Resources:
    """The topic, who hears of it, and the alarms of this stage."""
    policy = {
        "Topics": [ref("AlarmTopic")],
        "PolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "OurAlarms",
                    "Effect": "Allow",
                    "Principal": {"Service": "cloudwatch.amazonaws.com"},
                    "Action": "sns:Publish",
                    "Resource": ref("AlarmTopic"),
                    "Condition": {"StringEquals": {"AWS:SourceAccount": ref("AWS::AccountId")}},
                }
            ],
        },
    }
    by_mail = {"Protocol": "email", "Endpoint": ref("AlarmEmail"), "TopicArn": ref("AlarmTopic")}
    topic = {"TopicName": f"spilno-{stage}-alarms", "DisplayName": f"Spilno {stage}", "Tags": tags(stage)}
    return {
        "AlarmTopic": resource("AWS::SNS::Topic", topic),
        "AlarmTopicPolicy": resource("AWS::SNS::TopicPolicy", policy),
        "AlarmMail": resource("AWS::SNS::Subscription", by_mail, Condition="AlarmsByMail"),
        **{
            f"{''.join(part.title() for part in alarm.name.split('-'))}Alarm": resource(
                "AWS::CloudWatch::Alarm",
                properties(alarm, stage),
                **({"Condition": alarm.condition} if alarm.condition else {}),
            )
            for alarm in (*ALARMS, *_of_the_rest_api())
            if stage == STAGE
        },
    }


def _of_the_rest_api() -> Iterator[Alarm]:
    """What watches the HTTP API, once more for the REST API, as long as that is there."""
    for alarm in ALARMS:
        if alarm.figure.namespace == API_GATEWAY:
            name, figure = f"{alarm.name}-rest", of_the_rest_api(alarm.figure)
            yield alarm._replace(name=name, figure=figure, condition=rest_api.CONDITION)


def properties(alarm: Alarm, stage: str) -> dict[str, Any]:
    """One alarm as CloudWatch wants it."""
    topic = [ref("AlarmTopic")]
    return {
        "AlarmName": f"spilno-{stage}-{alarm.name}",
        "AlarmDescription": told(alarm, stage),
        "ComparisonOperator": alarm.compares,
        "Threshold": alarm.threshold,
        "EvaluationPeriods": alarm.periods,
        "DatapointsToAlarm": alarm.periods,
        "TreatMissingData": alarm.missing,
        "AlarmActions": topic,
        **({"OKActions": topic} if alarm.says_when_over else {}),
        **_metric(alarm.figure, stage),
        "Period": alarm.seconds,
        "Statistic": alarm.figure.statistic,
    }


def told(alarm: Alarm, stage: str) -> str:
    """What stands in the mail; commands are written as they are to be typed."""
    return f"{alarm.means} First: {alarm.first}".replace("python -m ops ", f"python -m ops --stage {stage} ")


def _metric(figure: Figure, stage: str) -> dict[str, Any]:
    dimensions = [
        {"Name": name, "Value": value.format(stage=stage) if isinstance(value, str) else value}
        for name, value in figure.dimensions.items()
    ]
    return {"Namespace": figure.namespace, "MetricName": figure.name, "Dimensions": dimensions}
