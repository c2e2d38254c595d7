"""A small package of a function, a topic and the table, and a stage to deploy it to."""

import copy
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from click.testing import CliRunner, Result

from infra.package import source_digest
from ops import stages
from ops.deploy import deploy
from ops.stages import ROOT, Stage

SEAL_KEYS = "s1:canaryOfTheSealKeysThatNobodyMaySee01234567"
PASS_KEYS, PROXY = "k1:canaryOfThePassKeysThatNobodyMaySee", "canaryOfTheProxySecretThatNobodyMaySee"
REGION = "eu-central-1"
TEMPLATE: dict[str, Any] = {
    "Transform": "AWS::Serverless-2016-10-31",
    "Parameters": {
        "SiteId": {"Type": "String"},
        "PassKeys": {"Type": "String", "NoEcho": True},
        "SealKeys": {"Type": "String", "NoEcho": True, "Default": ""},
        "ProxySecret": {"Type": "String", "NoEcho": True, "Default": ""},
        "AlarmEmail": {"Type": "String", "Default": ""},
    },
    "Resources": {
        "Table": {
            "Type": "AWS::DynamoDB::Table",
            "DeletionPolicy": "Retain",
            "Properties": {
                "TableName": "spilno-dev",
                "BillingMode": "PAY_PER_REQUEST",
                "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
                "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            },
        },
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Ref": "SiteId"}}},
        "Sweep": {
            "Type": "AWS::Serverless::Function",
            "Properties": {
                "Runtime": "python3.13",
                "Handler": "app.sweep",
                "CodeUri": "",
                "Role": "arn:aws:iam::111122223333:role/any",
            },
        },
    },
    "Outputs": {"AlarmTopicArn": {"Value": {"Ref": "Topic"}}},
}


@dataclass
class Bench:
    """A stage file, an account of the test's own, and a package."""

    directory: Path
    bucket: str
    template: dict[str, Any] = field(default_factory=lambda: copy.deepcopy(TEMPLATE))
    manifest: dict[str, Any] = field(default_factory=dict)
    stage: str = "dev"

    @property
    def package(self) -> Path:
        """build/dev."""
        return self.directory / "build"

    def pack(self, code: str = "def sweep(event, context):\n    return {}\n", newsroom: str = "") -> None:
        """Write the package."""
        self.package.mkdir(exist_ok=True)
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w") as zipped:
            zipped.writestr(zipfile.ZipInfo("app.py"), code)
            if newsroom:
                zipped.writestr(zipfile.ZipInfo("chalicelib/newsroom.toml"), newsroom)
        name = f"spilno-{hashlib.sha256(whole.getvalue()).hexdigest()[:12]}.zip"
        (self.package / name).write_bytes(whole.getvalue())
        self.template["Resources"]["Sweep"]["Properties"]["CodeUri"] = f"./{name}"
        (self.package / "template.json").write_text(json.dumps(self.template))
        told = {"stage": self.stage, "zip": name, "source_digest": source_digest(ROOT), "version": "0.1.0+test"}
        (self.package / "manifest.json").write_text(json.dumps(told | self.manifest))

    def write_stage(self, **parameters: str) -> None:
        """stages/dev.toml."""
        given = {"SiteId": "voice", "PublicUrl": "https://voice.example/support", **parameters}
        stage = Stage(self.stage, REGION, f"spilno-{self.stage}", self.bucket, "", given)
        stages.write(stage, self.directory / "stages")

    def run(self, *flags: str, answer: str = "") -> Result:
        """`ops deploy --stage dev`."""
        env = {"SPILNO_STAGES": str(self.directory / "stages"), "SPILNO_STAGE": ""}
        words = ["--stage", self.stage, "--directory", str(self.package), *flags]
        result = CliRunner().invoke(deploy, words, input=answer, env=env)
        assert "canary" not in result.output
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        return result

    def good(self, *flags: str, answer: str = "") -> str:
        """The same, which has to succeed; answers what it said."""
        result = self.run(*flags, answer=answer)
        assert result.exit_code == 0, result.output
        return result.output

    def bad(self, *flags: str, answer: str = "") -> str:
        """The same, which has to be refused with one sentence."""
        result = self.run(*flags, answer=answer)
        assert result.exit_code == 1, result.output
        return result.output

    def aws(self, service: str) -> Any:
        """A client in the stage's region."""
        return boto3.client(service, region_name=REGION)

    def break_it(self) -> None:
        """Put a bucket into the template whose name is taken."""
        made = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": self.bucket}}
        self.template["Resources"]["Broken"] = made

    def stacks(self) -> list[str]:
        """Every stack that is there, with its state."""
        found = self.aws("cloudformation").describe_stacks()["Stacks"]
        return [f"{one['StackName']} {one['StackStatus']}" for one in found]
