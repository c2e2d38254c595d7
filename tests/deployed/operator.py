"""The person who runs the newsroom: the operator's commands on a deployed stage, as they are called from a shell."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.template.operators import LOOK_AROUND
from localdev.ports import ROOT
from ops import stages
from tests.deployed.cloud import ACCOUNT, REGION, Cloud
from tests.deployed.deployment import BUCKET, IDENTITY, PUBLIC, SITE, Deployment

NAME = "operator"


@dataclass(frozen=True)
class Operator:
    """See above. `scratch` holds their home and stage files; `stripe` is where Stripe is to be.

    `keys`: the access key and its secret; the account's owner's, unless they are somebody's.
    """

    cloud: Cloud
    scratch: Path
    stripe: str = ""
    keys: tuple[str, str] = ("test", "test")

    def run(self, stage: str, *arguments: str, unwell: bool = False) -> str:
        """What `python -m ops --stage …` prints. `unwell`: the doctor's exit code 1 is no surprise.

        :raises AssertionError: it refused; with all its words.
        """
        parameters = {"SiteId": "proof", "PublicUrl": PUBLIC, "SiteOrigins": SITE, "MailIdentity": IDENTITY}
        stage_file = stages.Stage(stage, REGION, f"spilno-{stage}", BUCKET, ACCOUNT, parameters)
        stages.write(stage_file, self.scratch / "stages")
        environment = {
            "PATH": os.defpath, "HOME": str(self.scratch), "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1",
            "AWS_ENDPOINT_URL": self.cloud.endpoint,
            "AWS_ACCESS_KEY_ID": self.keys[0], "AWS_SECRET_ACCESS_KEY": self.keys[1],
            "SPILNO_STAGES": str(self.scratch / "stages"), "STRIPE_API_BASE": self.stripe,
        }  # fmt: skip
        command = [sys.executable, "-m", "ops", "--stage", stage, *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode in ((0, 1) if unwell else (0,)), done.stdout + done.stderr
        return done.stdout

    @classmethod
    def hired(cls, deployed: Deployment, scratch: Path, stripe: str) -> "Operator":
        """Somebody who may do what the stack's policy for operators says, look around, and nothing else."""
        iam = deployed.cloud.client("iam")
        iam.create_user(UserName=NAME)
        iam.attach_user_policy(UserName=NAME, PolicyArn=deployed.outputs["OperatorPolicyArn"])
        iam.put_user_policy(UserName=NAME, PolicyName="look-around", PolicyDocument=json.dumps(LOOK_AROUND))
        made = iam.create_access_key(UserName=NAME)["AccessKey"]
        return cls(deployed.cloud, scratch, stripe, (made["AccessKeyId"], made["SecretAccessKey"]))

    def json(self, stage: str, *arguments: str) -> list[Any]:
        """The lines of a command that answers machines."""
        return [json.loads(line) for line in self.run(stage, *arguments, "--json").splitlines()]
