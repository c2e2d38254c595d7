"""The template as CloudFormation gets it from SAM, by AWS's own translator, which lives where local AWS does."""

import json
import os
import subprocess
from typing import Any, cast

from localdev.ports import ROOT

_TRANSLATE = """
import json, sys
from samtranslator.translator.transform import transform

class NoManagedPolicies:
    def load(self):
        return {}

json.dump(transform(json.load(sys.stdin), {}, NoManagedPolicies()), sys.stdout)
"""


def transformed(template: dict[str, Any]) -> dict[str, Any]:
    """What the transform makes of a template. It wants the code in S3, where the deployment puts it."""
    functions = [one for one in template["Resources"].values() if one["Type"] == "AWS::Serverless::Function"]
    given = json.loads(json.dumps(template).replace(functions[0]["Properties"]["CodeUri"], "s3://bucket/spilno.zip"))
    done = subprocess.run(
        [str(ROOT / ".venv-aws" / "bin" / "python"), "-c", _TRANSLATE],
        input=json.dumps(given), capture_output=True, text=True, check=True,
        env={**os.environ, "AWS_DEFAULT_REGION": "eu-central-1"},
    )  # fmt: skip
    return cast("dict[str, Any]", json.loads(done.stdout))
