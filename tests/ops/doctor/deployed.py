"""A stage as AWS would have it after a deployment, small enough to be read: for what doctor gathers there."""

import json
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
import botocore.loaders

from chalicelib import settings
from chalicelib.kernel.schema import TABLE
from ops.doctor.subject import Subject
from testkit.engine import Engine
from testkit.waiting import until

# Reading AWS's descriptions of its services is most of a run; one loader for all tests reads them once.
_LOADER: Any = botocore.loaders.create_loader()
REGION = "eu-central-1"
PASS_KEYS = "k1:3f9c1e7ab2d04856c7e1f0a9b8d2463effcc"
SEAL_KEYS = "s1:ZG9jdG9ycy1vd24tc2VhbC1rZXktb2YtMzItYnl0ZXM_"
STRIPE_KEY = "rk_test_doctorsOwnKey"
SECRETS = {
    "STRIPE_SECRET_KEY": STRIPE_KEY,
    "STRIPE_WEBHOOK_SECRET": "whsec_" + "x" * 30,
    "SPILNO_EMAIL_KEY": "e" * 40,
    "SPILNO_PASS_KEYS": PASS_KEYS,
    "SPILNO_SEAL_KEYS": SEAL_KEYS,
}
PARAMETERS = {
    "SiteId": "herald",
    "PublicUrl": "https://herald.example/support",
    "SiteOrigins": "https://herald.example",
    "MailIdentity": "herald.example",
    "LogDays": "30",
}
ENVIRONMENT = {
    "SPILNO_SITE_ID": PARAMETERS["SiteId"],
    "SPILNO_PUBLIC_URL": PARAMETERS["PublicUrl"],
    "SPILNO_SITE_ORIGINS": PARAMETERS["SiteOrigins"],
    "SPILNO_PASS_KEYS": PASS_KEYS,
    "SPILNO_SEAL_KEYS": SEAL_KEYS,
    "SPILNO_TABLE": "spilno-dev",
}


def template(environment: Mapping[str, str]) -> dict[str, Any]:
    """One of each kind of resource that doctor looks at."""
    function = {
        "FunctionName": "spilno-dev-Sweep", "Runtime": "python3.11", "Handler": "index.handler",
        "Role": "arn:aws:iam::000000000000:role/x", "Code": {"ZipFile": "def handler(event, context): return 1"},
        "Environment": {"Variables": dict(environment)},
    }  # fmt: skip
    rule = {
        "Name": "spilno-dev-sweep", "ScheduleExpression": "rate(5 minutes)", "State": "ENABLED",
        "Targets": [{"Id": "1", "Arn": {"Fn::GetAtt": ["Sweep", "Arn"]}}],
    }  # fmt: skip
    alarm = {
        "AlarmName": "spilno-dev-inbox", "MetricName": "InboxAge", "Namespace": "Spilno", "Statistic": "Maximum",
        "Period": 300, "EvaluationPeriods": 1, "Threshold": 900, "ComparisonOperator": "GreaterThanThreshold",
    }  # fmt: skip
    return {
        "Resources": {
            "Sweep": {"Type": "AWS::Lambda::Function", "Properties": function},
            "SweepRule": {"Type": "AWS::Events::Rule", "Properties": rule},
            "Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": alarm},
            "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "spilno-dev-alarms"}},
            "Logs": {
                "Type": "AWS::Logs::LogGroup",
                "Properties": {"LogGroupName": "/spilno/dev/Sweep", "RetentionInDays": 30},
            },
        },
        "Outputs": {"AlarmTopicArn": {"Value": {"Ref": "Topic"}}},
    }


class Account:
    """An AWS account of its own on local AWS: twelve digits as an access key are one there."""

    def __init__(self, engine: Engine) -> None:
        self.id = str(10**11 + uuid.uuid4().int % 10**11)
        self.endpoint = engine.endpoint
        self.session = boto3.Session(aws_access_key_id=self.id, aws_secret_access_key="local", region_name=REGION)
        self.session._session.register_component("data_loader", _LOADER)

    def client(self, service: str) -> Any:
        """A client in it."""
        return self.session.client(service, endpoint_url=self.endpoint)

    def deploy(self, environment: Mapping[str, str] = ENVIRONMENT) -> None:
        """The stack, and what is kept beside it."""
        formation = self.client("cloudformation")
        body = json.dumps(template(environment))
        formation.create_stack(StackName="spilno-dev", TemplateBody=body)
        until(
            lambda: (
                formation.describe_stacks(StackName="spilno-dev")["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"
            ),
            "the stack to be made",
            30,
        )
        self.keep()

    def keep(self) -> None:
        """The secrets and the table alone."""
        ssm = self.client("ssm")
        for name, value in SECRETS.items():
            ssm.put_parameter(Name=f"/spilno/dev/{name}", Value=value, Type="SecureString")
        dynamodb = self.client("dynamodb")
        dynamodb.create_table(TableName="spilno-dev", **TABLE)
        ttl = {"Enabled": True, "AttributeName": "expires"}
        dynamodb.update_time_to_live(TableName="spilno-dev", TimeToLiveSpecification=ttl)

    def subject(self, stripe_base: str | None = None, **parameters: str) -> Subject:
        """What doctor looks at."""
        told = {**PARAMETERS, **parameters}
        subject = Subject(
            stage="dev",
            site_id=told["SiteId"],
            public_url=told["PublicUrl"],
            site_origins=(told["SiteOrigins"],),
            table_name="spilno-dev",
            newsroom_file=Path(settings.__file__).with_name("newsroom.toml"),
            stack_name="spilno-dev",
            region=REGION,
            account=self.id,
            parameters=told,
            aws_endpoint=self.endpoint,
            stripe_base=stripe_base,
        )
        subject.session = self.session
        return subject
