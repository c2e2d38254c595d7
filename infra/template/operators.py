"""What a person needs who runs `python -m ops` against this stage, as a policy to attach to them. Costs nothing.

It is less than an administrator's: no deployment, no new function, no other stage, no deleting of the table or of a
backup. `ops setup` and `ops deploy` are for administrators. Attach it to a group or a permission set, by the output
OperatorPolicyArn.
"""

from typing import Any

from chalicelib.settings import SECRETS
from infra.template import mail, table
from infra.template.cfn import Resources, attribute, ref, resource
from infra.template.permissions import BUCKET_ARN, parameter_arn, tombstones_arn

# AWS offers no resources for these to be narrowed to, lists only whole accounts, or (of a stack and its rules) asks
# for permission on names that it makes up itself. The stack grants nothing so wide: an administrator does, by the
# policy in docs/operating.md, which is this one. All of them only look, but for the mail service's own list of dead
# addresses, from which `ops mail allow` takes one away.
FOR_THE_ACCOUNT = (
    "ce:GetCostAndUsage",
    "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStacks",
    "cloudformation:ListStackResources",
    "cloudwatch:DescribeAlarms",
    "cloudwatch:GetMetricData",
    "cloudwatch:GetMetricStatistics",
    "cloudwatch:ListMetrics",
    "events:DescribeRule",
    "events:ListTargetsByRule",
    "lambda:GetAccountSettings",
    "logs:DescribeLogGroups",
    "logs:GetQueryResults",
    "ses:DeleteSuppressedDestination",
    "ses:GetAccount",
    "ses:GetSuppressedDestination",
)
LOOK_AROUND = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": list(FOR_THE_ACCOUNT), "Resource": "*"}],
}
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
            [parameter_arn(stage, name) for name in (*SECRETS, "SPILNO_PASS_KEYS", "SPILNO_SEAL_KEYS")],
        ),
        (
            "Mail",
            ["ses:SendEmail", "ses:SendRawEmail", "ses:GetEmailIdentity", "ses:GetConfigurationSetEventDestinations"],
            [mail.IDENTITY_ARN, mail.set_arn(stage)],
        ),
        ("Functions", ["lambda:GetFunctionConfiguration"], [attribute(name, "Arn") for name in functions]),
        (
            "Logs",
            ["logs:FilterLogEvents", "logs:GetLogEvents", "logs:StartQuery"],
            [attribute(f"{name}Logs", "Arn") for name in functions],
        ),
        # What a restored table has to be told again: who was erased. The names of packages are listed with it.
        ("Tombstones", ["s3:GetObject", "s3:PutObject"], [tombstones_arn(stage)]),
        ("TombstonesByName", ["s3:ListBucket"], [BUCKET_ARN]),
        ("AlarmsByMail", ["sns:ListSubscriptionsByTopic"], [ref("AlarmTopic")]),
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
