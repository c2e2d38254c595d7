"""`ops deploy` with a small package of a function, a topic and the table, against local CloudFormation."""

import copy
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
import pytest

from chalicelib import settings
from chalicelib.kernel import keys
from chalicelib.upgrade.steps import STEPS
from ops import stages
from ops.deploy import Deployment
from ops.deploying.artefact import read_artefact
from ops.deploying.parameters import parameters_for
from ops.deploying.stack import Stack, StackRefused
from tests.ops.small_package import PASS_KEYS, SEAL_KEYS, Bench


def test_the_first_deployment_says_what_it_makes_and_what_is_next(bench: Bench) -> None:
    said = bench.good(answer="y\n")
    assert "new        table Table" in said
    assert "new        function Sweep" in said
    assert "Go ahead?" in said
    assert "AlarmTopicArn" in said
    assert "let https://voice.example/support lead to ApiUrl" in said
    assert bench.stacks() == ["spilno-dev CREATE_COMPLETE"]
    (stack,) = bench.aws("cloudformation").describe_stacks()["Stacks"]
    given = {one["ParameterKey"]: one["ParameterValue"] for one in stack["Parameters"]}
    assert given["SiteId"] == "voice"
    function = bench.aws("lambda").list_functions()["Functions"]
    assert [one["Handler"] for one in function] == ["app.sweep"]


def test_again_changes_nothing_and_a_new_parameter_changes_what_uses_it(bench: Bench) -> None:
    bench.good("--yes")
    said = bench.good("--yes")
    assert "Nothing would change" in said
    assert "in the bucket already" in said
    bench.write_stage(SiteId="other")
    said = bench.good("--yes")
    assert "changed    topic Topic" in said
    assert "function Sweep" not in said
    bench.pack("def sweep(event, context):\n    return {'new': True}\n")
    assert "function Sweep" in bench.good("--yes")
    assert bench.stacks() == ["spilno-dev UPDATE_COMPLETE"]


def test_a_dry_run_uploads_and_changes_nothing(bench: Bench) -> None:
    said = bench.good("--dry-run")
    assert "new        table Table" in said
    assert bench.stacks() == []
    assert "Contents" not in bench.aws("s3").list_objects_v2(Bucket=bench.bucket)
    bench.good("--yes")
    del bench.template["Resources"]["Topic"], bench.template["Outputs"]
    bench.pack("pass")
    before = bench.aws("s3").list_objects_v2(Bucket=bench.bucket)["KeyCount"]
    said = bench.good("--dry-run")
    assert "removed    topic Topic" in said
    assert bench.aws("s3").list_objects_v2(Bucket=bench.bucket)["KeyCount"] == before
    assert bench.stacks() == ["spilno-dev CREATE_COMPLETE"]


def test_who_declines_finds_everything_as_it_was(bench: Bench) -> None:
    assert "Nothing was changed" in bench.bad(answer="n\n")
    assert bench.stacks() == [], "not even an empty stack with a change set"
    result = bench.run(answer="")  # the end of the input, as Ctrl-C
    assert result.exit_code == 1
    assert bench.stacks() == []
    bench.good("--yes")


@pytest.mark.parametrize("harm", ["replaced", "removed"])
def test_the_table_is_never_replaced_or_removed(bench: Bench, harm: str) -> None:
    bench.good("--yes")
    bench.aws("dynamodb").put_item(TableName="spilno-dev", Item={"pk": {"S": "a gift"}})
    if harm == "removed":
        del bench.template["Resources"]["Table"]
    else:
        table = bench.template["Resources"]["Table"]["Properties"]
        table["KeySchema"][0]["AttributeName"] = table["AttributeDefinitions"][0]["AttributeName"] = "id"
    bench.pack()
    said = bench.bad("--yes")
    assert "would remove or replace the table (Table)" in said
    assert bench.stacks() == ["spilno-dev CREATE_COMPLETE"]
    held = [item["pk"]["S"] for item in bench.aws("dynamodb").scan(TableName="spilno-dev")["Items"]]
    assert sorted(held) == sorted([*(keys.upgraded(step)[0] for step in STEPS), "a gift"])
    left = bench.aws("cloudformation").list_change_sets(StackName="spilno-dev")["Summaries"]
    assert not [one for one in left if one["ExecutionStatus"] == "AVAILABLE"]
    if harm == "removed":
        assert "would remove or replace" in bench.bad("--dry-run")


def test_what_fails_is_named_with_its_reason_and_the_next_try_begins_anew(bench: Bench) -> None:
    bench.break_it()
    bench.pack()
    said = bench.bad("--yes")
    assert "It failed (ROLLBACK_COMPLETE). Nothing works yet" in said
    assert "Broken (AWS::S3::Bucket)" in said
    del bench.template["Resources"]["Broken"]
    bench.pack()
    dynamodb = bench.aws("dynamodb")
    if "spilno-dev" not in dynamodb.list_tables()["TableNames"]:  # the template retains it; not every engine does
        keys = bench.template["Resources"]["Table"]["Properties"]
        dynamodb.create_table(**keys, DeletionProtectionEnabled=True)
    dynamodb.put_item(TableName="spilno-dev", Item={"pk": {"S": "a gift"}})
    assert "holds data" in bench.bad("--yes")
    dynamodb.delete_item(TableName="spilno-dev", Key={"pk": {"S": "a gift"}})
    dynamodb.put_item(TableName="spilno-dev", Item={"pk": {"S": "UPGRADED#rails"}})  # nobody's: it is empty
    assert "Nothing was changed" in bench.bad(answer="n\n")
    said = bench.good("--yes")
    assert "Deleted the empty table spilno-dev" in said
    assert bench.stacks()[-1] == "spilno-dev CREATE_COMPLETE"


def test_a_failed_update_goes_back_and_says_why(bench: Bench) -> None:
    bench.good("--yes")
    bench.break_it()
    bench.pack()
    said = bench.bad("--yes")
    assert "UPDATE_ROLLBACK_COMPLETE" in said
    assert "As before" in said
    assert "Broken" in said
    del bench.template["Resources"]["Broken"]
    bench.pack("pass")
    bench.good("--yes")


def test_a_package_of_other_code_or_for_another_stage_or_changed_is_refused(bench: Bench) -> None:
    bench.manifest = {"source_digest": "0" * 12}
    bench.pack()
    assert "made of other code" in bench.bad("--yes")
    bench.manifest = {"stage": "prod"}
    bench.pack()
    assert "is for the stage 'prod'" in bench.bad("--yes")
    bench.manifest = {}
    bench.pack()
    (zipped,) = bench.package.glob("*.zip")
    zipped.write_bytes(zipped.read_bytes() + b"x")
    assert "its bytes have changed" in bench.bad("--yes")
    zipped.unlink()
    assert "There is no package" in bench.bad("--yes")
    assert bench.stacks() == []


def test_the_made_up_newsroom_is_not_deployed_as_prod(bench: Bench) -> None:
    bench.manifest = {"newsroom": "demo"}
    bench.pack()
    assert "made-up newsroom's settings" in bench.good("--yes")
    bench.stage = "prod"
    bench.write_stage()
    bench.pack()
    assert "`python -m ops setup` makes one" in bench.bad("--yes")


def test_an_editors_picture_that_is_on_no_website_of_the_stage_is_not_deployed(bench: Bench) -> None:
    shipped = Path(settings.__file__).with_name("newsroom.toml").read_text(encoding="utf-8")
    bench.write_stage(SiteOrigins="https://voice.example")
    bench.pack(newsroom=shipped.replace("/static/editor.svg", "https://cdn.example/editor.jpg"))
    assert "'editor.picture' is wrong" in bench.bad("--yes")
    assert bench.stacks() == []
    bench.pack(newsroom=shipped.replace("/static/editor.svg", "https://voice.example/editor.jpg"))
    bench.good("--yes")


def test_of_several_proxy_secrets_the_distribution_shows_the_newest(bench: Bench) -> None:
    ssm = bench.aws("ssm")
    several = "theNewestProxySecret,canaryOfTheOlder"
    ssm.put_parameter(Name="/spilno/dev/SPILNO_PROXY_SECRET", Value=several, Type="SecureString", Overwrite=True)
    given, _ = parameters_for(bench.template, stages.read("dev", bench.directory / "stages"), ssm)
    assert {"ParameterKey": "ProxySecret", "ParameterValue": "theNewestProxySecret"} in given


def test_what_is_nowhere_is_asked_for_and_what_is_in_vain_is_told(bench: Bench) -> None:
    bench.write_stage(LogDays="30")
    assert "no parameter LogDays" in bench.good("--yes")
    bench.aws("ssm").delete_parameter(Name="/spilno/dev/SPILNO_PASS_KEYS")
    assert "Nowhere to be found: PassKeys" in bench.bad("--yes")


def test_a_template_of_another_kind_may_take_the_place(bench: Bench, tmp_path: Path) -> None:
    """A transformed one, whose functions name the zip in another bucket."""
    other = copy.deepcopy(bench.template)
    function = other["Resources"]["Sweep"]
    name = function["Properties"].pop("CodeUri").removeprefix("./")
    function["Type"] = "AWS::Lambda::Function"
    function["Properties"]["Code"] = {"S3Bucket": "elsewhere", "S3Key": name}
    del other["Transform"]
    path = tmp_path / "transformed.json"
    path.write_text(json.dumps(other))
    bench.good("--yes", "--template", str(path))
    assert bench.aws("lambda").list_functions()["Functions"]
    function["Properties"]["Code"]["S3Key"] = "another.zip"
    path.write_text(json.dumps(other))
    assert "No function of the template uses" in bench.bad("--yes", "--template", str(path))


class Refusing(Stack):
    """CloudFormation refuses a parameter, and quotes it."""

    def propose(
        self, template_url: str, parameters: Sequence[Mapping[str, str]], *, new: bool, tag: str
    ) -> str | None:
        quoted = ", ".join(one["ParameterValue"] for one in parameters)
        raise StackRefused(f"CloudFormation refuses {template_url}, {new}, {tag}: {quoted}")


def test_a_refusal_that_quotes_the_parameters_shows_no_secret(bench: Bench) -> None:
    stage = stages.read("dev", bench.directory / "stages")
    deployment = Deployment(stage, read_artefact(bench.package, "dev"))
    deployment.stack = Refusing(bench.aws("cloudformation"), stage.stack)
    with pytest.raises(click.ClickException, match="refuses") as refused:
        deployment.run(yes=True, dry=False)
    assert "voice" in refused.value.message
    assert PASS_KEYS not in refused.value.message
    assert SEAL_KEYS not in refused.value.message
    assert "***" in refused.value.message


def test_without_a_stage_file_it_says_how_to_make_one(bench: Bench) -> None:
    stages.path_of("dev", bench.directory / "stages").unlink()
    assert "ops setup --stage dev" in bench.bad("--yes")
