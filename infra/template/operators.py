"""What a person needs who runs `python -m ops` against this stage, as a policy to attach to them. Costs nothing.

It is less than an administrator's: no deployment, no new function, no other stage, no deleting of the table or of a
backup. `ops setup` and `ops deploy` are for administrators. Attach it to a group or a permission set, by the output
OperatorPolicyArn.
"""

from typing import Any

from chalicelib.settings import SECRETS
from infra.template import mail, table
from infra.template.cfn import Resources, attribute, ref, resource, text
from infra.template.permissions import parameter_arn

# AWS offers no resources for these to be narrowed to, or lists only whole accounts. All of them only look, but for
# the mail service's own list of dead addresses, from which `ops mail allow` takes one away.
FOR_THE_ACCOUNT = (
    "cloudwatch:DescribeAlarms",
    "cloudwatch:GetMetricData",
    "cloudwatch:GetMetricStatistics",
    "cloudwatch:ListMetrics",
    "lambda:GetAccountSettings",
    "logs:DescribeLogGroups",
    "logs:GetQueryResults",
    "ses:DeleteSuppressedDestination",
    "ses:GetAccount",
    "ses:GetSuppressedDestination",
)
_CHANGES = ("GetItem", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem", "Query", "Scan")
_STATE = ("DescribeTable", "DescribeTimeToLive", "DescribeContinuousBackups")


def policy(stage: str, functions: list[str]) -> Resources:
    """The policy for the people who run this stage."""
    stated: list[tuple[str, list[str], list[Any]]] = [
        ("Books", [f"dynamodb:{action}" for action in (*_CHANGES, *_STATE)], [table.ARN]),
        ("BooksByIndex", ["dynamodb:Query"], [table.INDEX_ARN]),
        (
            "Secrets",
            ["ssm:GetParameter", "ssm:GetParameters"],
            [parameter_arn(stage, name) for name in (*SECRETS, "SPILNO_PASS_KEYS")],
        ),
        (
            "Mail",
            ["ses:SendEmail", "ses:SendRawEmail", "ses:GetEmailIdentity", "ses:GetConfigurationSetEventDestinations"],
            [mail.IDENTITY_ARN, mail.set_arn(stage)],
        ),
        (
            "Stack",
            [
                f"cloudformation:{action}"
                for action in ("DescribeStacks", "DescribeStackEvents", "ListStackResources")
            ],
            # Asked by its name, CloudFormation asks for permission on the name and any id, never on the id alone:
            # https://github.com/aws/aws-parallelcluster/pull/754
            [
                text(
                    f"arn:${{AWS::Partition}}:cloudformation:${{AWS::Region}}:${{AWS::AccountId}}:stack/spilno-{stage}/*"
                )
            ],
        ),
        ("Functions", ["lambda:GetFunctionConfiguration"], [attribute(name, "Arn") for name in functions]),
        (
            "Logs",
            ["logs:FilterLogEvents", "logs:GetLogEvents", "logs:StartQuery"],
            [attribute(f"{name}Logs", "Arn") for name in functions],
        ),
        (
            "Schedules",
            ["events:DescribeRule", "events:ListTargetsByRule"],
            [text(f"arn:${{AWS::Partition}}:events:${{AWS::Region}}:${{AWS::AccountId}}:rule/spilno-{stage}-*")],
        ),
        ("AlarmsByMail", ["sns:ListSubscriptionsByTopic"], [ref("AlarmTopic")]),
        ("TheAccount", list(FOR_THE_ACCOUNT), ["*"]),
    ]
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": sid, "Effect": "Allow", "Action": sorted(actions), "Resource": resources}
            for sid, actions, resources in stated
        ],
    }
    properties = {"Description": f"For who runs the commands of Spilno ({stage})", "PolicyDocument": document}
    return {"OperatorPolicy": resource("AWS::IAM::ManagedPolicy", properties)}
