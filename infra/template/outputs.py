"""What `ops deploy` prints, and `ops doctor` and people look for."""

from typing import Any

from infra.template import cdn, dashboard, domain, edge
from infra.template.alarm_list import STAGE
from infra.template.cfn import ref, text

API_URL = text("https://${RestAPI}.execute-api.${AWS::Region}.${AWS::URLSuffix}/api")


def outputs(stage: str, version: str) -> dict[str, Any]:
    """The stack's outputs by name."""
    return {
        "ApiUrl": _output(API_URL, "The API where AWS put it; PublicUrl is what readers see."),
        "ApiId": _output(ref("RestAPI"), "The API's id."),
        "TableName": _output(ref("Table"), "The stack's own table."),
        "AlarmTopicArn": _output(ref("AlarmTopic"), "Where alarms go."),
        "MailFeedbackTopicArn": _output(ref("MailFeedbackTopic"), "Where SES tells of bounces and complaints."),
        "MailSetName": _output(ref("MailSet"), "SES's configuration set."),
        **({"DashboardUrl": _output(dashboard.url(stage), "How it goes, on one page.")} if stage == STAGE else {}),
        "OperatorPolicyArn": _output(ref("OperatorPolicy"), "Attach this to who runs python -m ops."),
        "Version": _output(version, "What is deployed."),
        "ApiDomainTarget": _output(domain.TARGET, "Point ApiDomainName here, by CNAME.", "OwnApiDomain"),
        "DistributionDomain": _output(cdn.DOMAIN, "Point SiteDomainName here, by CNAME or ALIAS.", "OwnDistribution"),
        "EdgeKeysArn": _output(
            edge.STORE_ARN, "Where ops deploy puts the keys of the gate at the edge.", "OwnDistribution"
        ),
    }


def _output(value: Any, description: str, condition: str = "") -> dict[str, Any]:
    when = {"Condition": condition} if condition else {}
    return {"Description": description, "Value": value, **when}
