"""A stage deployed from its package as it is: the zip and the template go to S3, CloudFormation does the rest."""

import io
import json
import time
import uuid
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.deployed.cloud import REGION, Cloud

SITE = "https://news.example"
PUBLIC = f"{SITE}/support"
IDENTITY = "nadrichchia.example"  # the demo newsroom's sender, support@…, is an address of this domain
STRIPE_KEY, STRIPE_SECRET = "sk_test_the_deployed_proof", "whsec_the_deployed_proof"
PROXY_SECRET = "only-the-sites-own-proxy-knows-this"
PASS_KEYS = "proof:a-pass-key-of-the-deployed-proof-and-of-nothing-else"
SEAL_KEYS = "proof:Nk5vdCBhIHNlY3JldDogdGhlIGRlcGxveWVkIHByb29m"
BUCKET = "spilno-artefacts"
CAPABILITIES = ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND")
Change = Callable[[dict[str, Any]], None]


class FunctionFailed(AssertionError):
    """A function raised; with what it said and the end of its log."""


@dataclass(frozen=True)
class Package:
    """What the packaging step wrote; see infra/package."""

    directory: Path

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """Its manifest.json."""
        return dict(json.loads((self.directory / "manifest.json").read_text()))

    def template(self) -> dict[str, Any]:
        """A fresh copy of its template."""
        return dict(json.loads((self.directory / "template.json").read_text()))

    def zip(self, without: str = "") -> bytes:
        """The zip; `without` leaves out every file below this folder, for a negative control."""
        whole = (self.directory / str(self.manifest["zip"])).read_bytes()
        if not without:
            return whole
        rest = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(whole)) as packed, zipfile.ZipFile(rest, "w") as kept:
            for entry in packed.infolist():
                if not entry.filename.startswith(f"{without}/"):
                    kept.writestr(entry, packed.read(entry), compress_type=zipfile.ZIP_STORED)
        return rest.getvalue()


@dataclass(frozen=True)
class Deployment:
    """A deployed stage: `spilno-<stage>` in this cloud."""

    cloud: Cloud
    stage: str

    @property
    def stack(self) -> str:
        """The stack's name, and the table's."""
        return f"spilno-{self.stage}"

    @cached_property
    def outputs(self) -> dict[str, str]:
        """What the stack tells, by name."""
        stacks = self.cloud.client("cloudformation").describe_stacks(StackName=self.stack)["Stacks"]
        return {output["OutputKey"]: output["OutputValue"] for output in stacks[0]["Outputs"]}

    @cached_property
    def resources(self) -> dict[str, str]:
        """Physical names by the template's."""
        found = self.cloud.client("cloudformation").describe_stack_resources(StackName=self.stack)["StackResources"]
        return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in found}

    @cached_property
    def functions(self) -> dict[str, str]:
        """The functions' physical names by the template's."""
        found = self.cloud.client("cloudformation").describe_stack_resources(StackName=self.stack)["StackResources"]
        return {
            one["LogicalResourceId"]: one["PhysicalResourceId"]
            for one in found
            if one["ResourceType"] == "AWS::Lambda::Function"
        }

    @property
    def api(self) -> str:
        """The API's address: local AWS serves the same call on a path, as no name of AWS's leads to it."""
        return f"{self.cloud.endpoint}/_aws/execute-api/{self.resources['HttpApi']}"

    @property
    def rest_api(self) -> str:
        """The address of the REST API of before."""
        return f"{self.cloud.endpoint}/_aws/execute-api/{self.resources['RestAPI']}/api"

    def set_environment(self, **more: str) -> None:
        """TEST ONLY: what production has no setting in the template for, put into every function's environment."""
        functions = self.cloud.client("lambda")
        for name in self.functions.values():
            now = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
            functions.update_function_configuration(FunctionName=name, Environment={"Variables": {**now, **more}})

    def invoke(self, function: str, event: Any) -> Any:
        """Invoke one by its template's name.

        :raises FunctionFailed: with its log.
        """
        answer = self.cloud.client("lambda").invoke(
            FunctionName=self.functions[function], Payload=json.dumps(event).encode()
        )
        said = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise FunctionFailed(said, self.log(function)[-20:])
        return said

    def log(self, function: str) -> list[str]:
        """Every line that a function has logged."""
        found = self.cloud.client("lambda").get_function_configuration(FunctionName=self.functions[function])
        logs = self.cloud.client("logs")
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=found["LoggingConfig"]["LogGroup"])
        return [event["message"] for page in pages for event in page["events"]]


def deploy(
    cloud: Cloud,
    package: Package,
    stage: str,
    *,
    parameters: Mapping[str, str] | None = None,
    change: Change | None = None,
    without: str = "",
) -> Deployment:
    """Deploy `package` as this stage.

    :param parameters: beside what every stage here gets.
    :param change: alters the template, for a negative control; `without` leaves a folder out of the zip.
    :raises AssertionError: CloudFormation refused; with its reasons.
    """
    set_up(cloud, stage)
    address, template = uploaded(cloud, package, change, without)
    given = {
        "SiteId": "proof", "PublicUrl": PUBLIC, "SiteOrigins": SITE, "PassKeys": PASS_KEYS, "SealKeys": SEAL_KEYS,
        "ProxySecret": PROXY_SECRET, "MailIdentity": IDENTITY, "Bucket": BUCKET, **(parameters or {}),
    }  # fmt: skip
    formation = cloud.client("cloudformation")
    formation.create_stack(
        StackName=f"spilno-{stage}",
        TemplateURL=address,
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in given.items()],
        Capabilities=CAPABILITIES,
    )
    deployment = Deployment(cloud, stage)
    wait(formation, deployment.stack, "CREATE_COMPLETE")
    import_gateway_responses(deployment, template)
    return deployment


def import_gateway_responses(deployment: Deployment, template: Mapping[str, Any]) -> None:
    """TEST ONLY: ministack overlooks what the API's description says of the gateway's own answers; AWS imports it."""
    described = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    gateway, api = deployment.cloud.client("apigateway"), deployment.resources.get("RestAPI")
    if api is None:
        return
    for kind, answer in described["x-amazon-apigateway-gateway-responses"].items():
        gateway.put_gateway_response(restApiId=api, responseType=kind, **answer)
    gateway.create_deployment(restApiId=api, stageName="api")


def uploaded(cloud: Cloud, package: Package, change: Change | None, without: str = "") -> tuple[str, dict[str, Any]]:
    """Put the zip and the template into the bucket; the template's address there, and the template."""
    template = package.template()
    if change:
        change(template)
    key = f"{uuid.uuid4().hex}.zip"
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            # What `aws cloudformation package` and `ops deploy` do: the address where the zip lies now.
            resource["Properties"]["CodeUri"] = f"s3://{BUCKET}/{key}"
    storage = cloud.client("s3")
    storage.put_object(Bucket=BUCKET, Key=key, Body=package.zip(without))
    storage.put_object(Bucket=BUCKET, Key=f"{key}.json", Body=json.dumps(template).encode())
    return f"https://s3.{REGION}.amazonaws.com/{BUCKET}/{key}.json", template


def wait(formation: Any, stack: str, for_: str) -> None:
    """Wait until the stack has this status.

    :raises AssertionError: it ends in another; with CloudFormation's reasons.
    """
    deadline = time.monotonic() + 60
    status = "IN_PROGRESS"
    while status.endswith("IN_PROGRESS") and time.monotonic() < deadline:
        time.sleep(0.1)
        (found,) = formation.describe_stacks(StackName=stack)["Stacks"]
        status = found["StackStatus"]
    if status != for_:
        pages = formation.get_paginator("describe_stack_events").paginate(StackName=stack)
        told = [one for page in pages for one in page["StackEvents"] if one.get("ResourceStatusReason")]
        raise AssertionError(status, [(one["LogicalResourceId"], one["ResourceStatusReason"]) for one in told])


def set_up(cloud: Cloud, stage: str) -> None:
    """What `ops setup` does before the first deployment: the bucket, the sender's identity, the secrets."""
    region = {"LocationConstraint": REGION}
    cloud.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration=region)
    cloud.client("sesv2").create_email_identity(EmailIdentity=IDENTITY)
    live = "sk_live_" if stage == "prod" else "sk_test_"
    secrets = {
        "STRIPE_SECRET_KEY": STRIPE_KEY.replace("sk_test_", live),
        "STRIPE_WEBHOOK_SECRET": STRIPE_SECRET,
        "SPILNO_EMAIL_KEY": "an-address-key-of-the-deployed-proof",
        "SPILNO_PROXY_SECRET": PROXY_SECRET,
        "SPILNO_PASS_KEYS": PASS_KEYS,
        "SPILNO_SEAL_KEYS": SEAL_KEYS,
    }
    parameters = cloud.client("ssm")
    for name, value in secrets.items():
        parameters.put_parameter(Name=f"/spilno/{stage}/{name}", Value=value, Type="SecureString", Overwrite=True)
