"""The template as a whole: the linter, nothing lost of what Chalice wrote, nothing changed in it."""

import copy
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from infra.package.lint import lint
from infra.template import finish, permissions
from tests.template.conftest import by_chalice, finished
from tests.template.resolve import Stack
from tests.template.transformed import transformed

HOW: dict[str, Any] = {"code_uri": "./spilno-0123456789ab.zip", "runtime": "python3.13", "architecture": "arm64"}


def written(template: dict[str, Any], folder: Path) -> Path:
    """The template as a file."""
    file = folder / "template.json"
    file.write_text(json.dumps(template), encoding="utf-8")
    return file


def test_the_linter_has_nothing_to_say(tmp_path: Path) -> None:
    assert not lint(written(finished("dev"), tmp_path)), "prod's is looked at whenever it is packaged"


def test_nor_has_it_of_what_sam_makes_of_it(template: dict[str, Any], tmp_path: Path) -> None:
    """Before the transform the linter leaves out what it checks of roles, among others."""
    assert not lint(written(transformed(template), tmp_path))


def test_the_linter_would_find_an_action_that_is_none(stack: Stack, tmp_path: Path) -> None:
    role = stack.resources["SweepRole"]
    role["Properties"]["Policies"][0]["PolicyDocument"]["Statement"][1]["Action"].append(
        "dynamodb:TransactWriteItems"
    )
    assert "transactwriteitems" in " ".join(lint(written({"Resources": {"SweepRole": role}}, tmp_path)))


def test_sam_adds_one_stage_and_no_rights(template: dict[str, Any]) -> None:
    plain = transformed(template)["Resources"]
    kinds = Counter(resource["Type"] for resource in plain.values())
    assert kinds["AWS::ApiGateway::Stage"] == kinds["AWS::ApiGateway::Deployment"] == 1
    assert kinds["AWS::IAM::Role"] == kinds["AWS::Lambda::Function"] == len(permissions.FUNCTIONS)
    for resource in plain.values():
        if resource["Type"] == "AWS::Lambda::Permission":
            assert resource["Properties"]["Action"] == "lambda:InvokeFunction"
            assert resource["Properties"]["Principal"].endswith(".amazonaws.com")
            assert "SourceArn" in resource["Properties"], "Others' rules and topics must not call our functions."


def test_it_is_the_same_for_the_same_and_leaves_what_it_was_given(stage: str) -> None:
    given = copy.deepcopy(by_chalice(stage))
    first = json.dumps(finish(given, stage=stage, **HOW))
    assert given == by_chalice(stage)
    assert json.dumps(finish(given, stage=stage, **HOW)) == first


def test_a_function_that_nobody_wrote_permissions_for_is_refused() -> None:
    more = copy.deepcopy(by_chalice("prod"))
    more["Resources"]["Surprise"] = more["Resources"]["Sweep"]
    with pytest.raises(permissions.FunctionUnknown, match="Surprise"):
        finish(more, stage="prod", **HOW)


def test_a_resource_that_nobody_knows_does_not_vanish() -> None:
    more = copy.deepcopy(by_chalice("prod"))
    more["Resources"]["Surprise"] = {"Type": "AWS::SQS::Queue", "Properties": {}}
    with pytest.raises(ValueError, match="Surprise"):
        finish(more, stage="prod", **HOW)


def test_what_is_optional_costs_nothing_until_it_is_wanted(stack: Stack, whole: Stack, stage: str) -> None:
    extra = {"AlarmMail", "ApiDomain", "ApiDomainMapping", "WebAcl", "WebAclBeforeTheApi"}
    extra |= {"CachePolicy", "StripPrefix", "SiteCookies", "Distribution", "EdgeKeys"}
    extra |= {"MonthlyBudgetAlarm"} if stage == "prod" else set()
    assert set(whole.resources) - set(stack.resources) == extra
    assert set(whole.outputs) - set(stack.outputs) == {"ApiDomainTarget", "DistributionDomain", "EdgeKeysArn"}


def test_the_outputs_are_those_that_others_read(stack: Stack, stage: str) -> None:
    assert stack.outputs["ApiUrl"] == "https://ref-of-HttpApi.execute-api.eu-central-1.amazonaws.com"
    assert stack.outputs["TableName"] == stack.outputs["MailSetName"] == f"spilno-{stage}"
    assert stack.outputs["Version"] == "0.1.0+0123456789ab"
    dashboard = "?region=eu-central-1#dashboards/dashboard/spilno-prod"
    assert stack.outputs.get("DashboardUrl", "").endswith(dashboard if stage == "prod" else "")
    assert ("DashboardUrl" in stack.outputs) == (stage == "prod")
    assert set(stack.outputs) >= {"ApiId", "AlarmTopicArn", "MailFeedbackTopicArn"}


def test_no_value_of_the_building_machine_gets_in(template: dict[str, Any]) -> None:
    text = json.dumps(template)
    assert str(Path.home()) not in text
    assert str(Path(__file__).parents[2]) not in text


def test_it_fits_into_what_cloudformation_takes(template: dict[str, Any]) -> None:
    # 1 MB from S3, 500 resources, 200 outputs and parameters, 4 KB of description
    assert len(json.dumps(template)) < 500_000
    assert len(template["Resources"]) < 200
    for parameter in template["Parameters"].values():
        assert parameter["Description"].endswith(".")
