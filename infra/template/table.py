"""The one table, as `chalicelib/kernel/schema.py` describes it.

Costs, on demand: 0.63 USD a million write units and 0.13 a million read units, 0.25 USD a GB and month (the first
25 GB are free), 0.20 USD a GB and month for point-in-time recovery, and some cents for the key. A newsroom with
10,000 supporters stays below a GB. docs/units.md says what each operation asks for.
"""

from typing import Any

from chalicelib.kernel import schema
from infra.template.cfn import Resources, attribute, if_, ref, resource, tags, text

# What functions use: the stack's own table, or a restored one.
NAME = if_("OwnTable", ref("Table"), ref("TableInUse"))
ARN = if_(
    "OwnTable",
    attribute("Table", "Arn"),
    text("arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableInUse}"),
)
INDEX_ARN = text(f"${{table}}/index/{schema.INDEX}", table=ARN)


def table(stage: str) -> Resources:
    """The table. Neither a deleted stack nor a changed template takes it away; on prod nobody's slip does either."""
    properties: dict[str, Any] = {
        "TableName": f"spilno-{stage}",
        **schema.TABLE,
        "TimeToLiveSpecification": {"AttributeName": schema.TTL_ATTRIBUTE, "Enabled": True},
        # 35 days back, to the second.
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        # AWS would encrypt with a key of its own in any case; with this one the key's use shows in CloudTrail.
        "SSESpecification": {"SSEEnabled": True},
        "DeletionProtectionEnabled": stage == "prod",
        "Tags": tags(stage),
    }
    return {
        "Table": resource("AWS::DynamoDB::Table", properties, DeletionPolicy="Retain", UpdateReplacePolicy="Retain")
    }
