"""Mail: how SES sends it, and how we hear that an address is dead or does not want it.

SES -> configuration set -> topic -> the function MailFeedback, which suppresses the address.
Costs: 0.10 USD a thousand mails; bounces and complaints are too few to cost anything.
The reputation figures are free.
"""

from typing import Any

from infra.template.cfn import Resources, ref, resource, tags, text

IDENTITY_ARN = text("arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/${MailIdentity}")


def set_arn(stage: str) -> dict[str, Any]:
    """The configuration set's Arn. SES asks for permission on it beside the sender's."""
    return text(f"arn:${{AWS::Partition}}:ses:${{AWS::Region}}:${{AWS::AccountId}}:configuration-set/spilno-{stage}")


def mail(stage: str) -> Resources:
    """The configuration set, its events, and the topic they go to."""
    options = {
        "Name": f"spilno-{stage}",
        # A mail holds a code that signs in: rather unsent than over an open line.
        "DeliveryOptions": {"TlsPolicy": "REQUIRE"},
        "ReputationOptions": {"ReputationMetricsEnabled": True},
        "SendingOptions": {"SendingEnabled": True},
        # The second net, in case our function missed one: SES itself sends nothing more to a dead address.
        "SuppressionOptions": {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]},
    }
    destination = {
        "ConfigurationSetName": ref("MailSet"),
        "EventDestination": {
            "Name": "feedback",
            "Enabled": True,
            "MatchingEventTypes": ["bounce", "complaint"],
            "SnsDestination": {"TopicARN": ref("MailFeedbackTopic")},
        },
    }
    # Not encrypted by AWS's own key for topics: SES cannot publish into one that is.
    topic = {"TopicName": f"spilno-{stage}-mail-feedback", "Tags": tags(stage)}
    policy = {
        "Topics": [ref("MailFeedbackTopic")],
        "PolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "OurMailSet",
                    "Effect": "Allow",
                    "Principal": {"Service": "ses.amazonaws.com"},
                    "Action": "sns:Publish",
                    "Resource": ref("MailFeedbackTopic"),
                    "Condition": {
                        "StringEquals": {"AWS:SourceAccount": ref("AWS::AccountId"), "AWS:SourceArn": set_arn(stage)}
                    },
                }
            ],
        },
    }
    return {
        "MailSet": resource("AWS::SES::ConfigurationSet", options),
        "MailFeedbackTopic": resource("AWS::SNS::Topic", topic),
        "MailFeedbackTopicPolicy": resource("AWS::SNS::TopicPolicy", policy),
        # SES tries the topic when it is told of it.
        "MailFeedbackEvents": resource(
            "AWS::SES::ConfigurationSetEventDestination", destination, DependsOn="MailFeedbackTopicPolicy"
        ),
    }
