"""`ops rotate` on a stage of local AWS: what it writes, when it does not, and that no key is shown."""

import json
from pathlib import Path

import boto3
import pytest
from click.testing import CliRunner

from ops import stages
from ops.access_keys import kid, parts
from ops.rotate import rotate
from ops.stages import Stage
from testkit.waiting import until
from tests.ops.small_package import REGION

OLD = "k1:canaryOfTheKeyThatNobodyMaySee_0123456789abc"


class Rotating:
    """A stage with one function, and whoever changes its keys."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.deployed = folder, False
        stages.write(Stage("dev", REGION, "spilno-dev", "bucket"), folder)
        self.ssm, self.formation = (boto3.client(one, region_name=REGION) for one in ("ssm", "cloudformation"))
        for name in ("PASS", "SEAL"):
            self.ssm.put_parameter(Name=f"/spilno/dev/SPILNO_{name}_KEYS", Value=OLD, Type="SecureString")

    def deploy(self) -> None:
        """A stack whose function has what the store holds now."""
        function = {
            "Runtime": "python3.13", "Handler": "index.handler", "Role": "arn:aws:iam::000000000000:role/x",
            "Code": {"ZipFile": "def handler(event, context): return 1"},
            "Environment": {"Variables": {"SPILNO_SEAL_KEYS": self.held}},
        }  # fmt: skip
        resources = {"Sweep": {"Type": "AWS::Lambda::Function", "Properties": function}}
        change = self.formation.update_stack if self.deployed else self.formation.create_stack
        change(StackName="spilno-dev", TemplateBody=json.dumps({"Resources": resources}))
        self.deployed = True
        until(lambda: self._state().endswith("_COMPLETE"), "the stack to be as wanted", 30)

    def _state(self) -> str:
        return str(self.formation.describe_stacks(StackName="spilno-dev")["Stacks"][0]["StackStatus"])

    @property
    def held(self) -> str:
        """The seal keys in the store."""
        found = self.ssm.get_parameter(Name="/spilno/dev/SPILNO_SEAL_KEYS", WithDecryption=True)["Parameter"]
        assert found["Type"] == "SecureString"
        return str(found["Value"])

    def run(self, *words: str, answer: str = "", code: int = 0) -> str:
        """`ops rotate … --stage dev`; answers what it said."""
        env = {"SPILNO_STAGES": str(self.folder), "SPILNO_STAGE": ""}
        result = CliRunner().invoke(rotate, [*words, "--stage", "dev"], input=answer, env=env)
        assert result.exit_code == code, result.output
        assert "canary" not in result.output
        for part in parts(self.held):
            assert part.partition(":")[2] not in result.output
        return result.output


@pytest.fixture
def rotating(own_account: None, tmp_path: Path) -> Rotating:
    """One key each, nothing deployed yet."""
    del own_account
    return Rotating(tmp_path)


def test_from_one_key_to_the_next(rotating: Rotating) -> None:
    rotating.deploy()
    said = rotating.run("seal-keys", answer="y\n")
    assert "Copies of before still open" in said
    assert "ops rotate seal-keys --stage dev --finish" in said
    new, old = parts(rotating.held)
    assert old == OLD
    both = rotating.held
    assert "Finish that rotation first" in rotating.run("seal-keys", "--yes", code=1)
    assert "do not use the new key" in rotating.run("seal-keys", "--finish", "--yes", code=1)
    assert rotating.held == both
    rotating.deploy()
    assert "is DEAD" in rotating.run("seal-keys", "--finish", answer="y\n")
    assert rotating.held == new
    assert "nothing to finish" in rotating.run("seal-keys", "--finish", "--yes", code=1)


def test_a_leaked_one_goes_at_once_and_the_other_keys_stay(rotating: Rotating) -> None:
    said = rotating.run("seal-keys", "--leaked", answer="y\n")
    assert "opens EVERY copy" in said
    assert OLD not in rotating.held
    assert len(parts(rotating.held)) == 1
    assert kid(rotating.held) != kid(OLD)
    passes = rotating.ssm.get_parameter(Name="/spilno/dev/SPILNO_PASS_KEYS", WithDecryption=True)["Parameter"]
    assert passes["Value"] == OLD


@pytest.mark.parametrize("words", [("seal-keys",), ("seal-keys", "--leaked")])
def test_who_declines_changes_nothing(rotating: Rotating, words: tuple[str, ...]) -> None:
    assert "Nothing was changed" in rotating.run(*words, answer="n\n", code=1)
    rotating.run(*words, answer="", code=1)
    assert rotating.held == OLD


def test_what_makes_no_sense_is_refused(rotating: Rotating) -> None:
    rotating.run("seal-keys", "--leaked", "--finish", code=2)
    rotating.run("email-key", code=2)
    assert rotating.held == OLD
