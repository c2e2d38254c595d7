"""SES tells of bounces and complaints, and MailFeedback hears it."""

from typing import Any

from tests.template.resolve import ACCOUNT, REGION, Stack


def test_bounces_and_complaints_reach_the_function(stack: Stack, stage: str) -> None:
    destination = stack.properties("MailFeedbackEvents")
    told = destination["EventDestination"]
    assert destination["ConfigurationSetName"] == f"spilno-{stage}"
    assert told["Enabled"] is True
    assert {one.lower() for one in told["MatchingEventTypes"]} == {"bounce", "complaint"}
    assert told["SnsDestination"] == {"TopicARN": "ref-of-MailFeedbackTopic"}
    (event,) = stack.properties("MailFeedback")["Events"].values()
    assert event == {"Type": "SNS", "Properties": {"Topic": "ref-of-MailFeedbackTopic"}}


def test_only_our_configuration_set_may_tell(stack: Stack, stage: str) -> None:
    (statement,) = stack.properties("MailFeedbackTopicPolicy")["PolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "ses.amazonaws.com"}
    source = statement["Condition"]["StringEquals"]["AWS:SourceArn"]
    assert source == f"arn:aws:ses:{REGION}:{ACCOUNT}:configuration-set/spilno-{stage}"


def test_ses_tries_the_topic_only_when_it_may(template: dict[str, Any]) -> None:
    assert template["Resources"]["MailFeedbackEvents"]["DependsOn"] == "MailFeedbackTopicPolicy"
    assert "KmsMasterKeyId" not in template["Resources"]["MailFeedbackTopic"]["Properties"]


def test_a_code_never_travels_openly(stack: Stack) -> None:
    assert stack.properties("MailSet")["DeliveryOptions"] == {"TlsPolicy": "REQUIRE"}
    assert stack.properties("MailSet")["ReputationOptions"] == {"ReputationMetricsEnabled": True}
