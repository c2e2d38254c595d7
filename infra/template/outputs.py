"""What `ops deploy` prints, and `ops doctor` and people look for."""

from typing import Any

from infra.template import cdn, dashboard, domain, edge, http_api, rest_api
from infra.template.alarm_list import STAGE
from infra.template.cfn import if_, ref, text

_REST_URL = text("https://${domain}/api", domain=rest_api.DOMAIN)
API_URL = if_("ByRestApi", _REST_URL, text("https://${domain}", domain=http_api.DOMAIN))


def outputs(stage: str, version: str) -> dict[str, Any]:
    """The stack's outputs by name."""
    return {
        "ApiUrl": _output(API_URL, "The API where AWS put it; PublicUrl is what readers see."),
        "ApiId": _output(if_("ByRestApi", ref("RestAPI"), ref(http_api.API)), "The API's id."),
        "RestApiUrl": _output(_REST_URL, "The API's address of before; to move: Api.", rest_api.CONDITION),
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
