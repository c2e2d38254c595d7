"""Roles: exact resources, one a function, no wildcard anywhere."""

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.template.resolve import ACCOUNT, GIVEN, REGION, Stack

SECRETS = {"STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "SPILNO_EMAIL_KEY", "SPILNO_PROXY_SECRET"}


def statements(stack: Stack) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement of every role, with the function's name."""
    for name, role in stack.of_type("AWS::IAM::Role").items():
        for policy in role["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                yield name.removesuffix("Role"), statement


def faults(stack: Stack, stage: str) -> list[str]:
    """What is wrong with the roles, in words."""
    exact = {
        f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/spilno-{stage}",
        f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/spilno-{stage}/index/gsi1",
        f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/nadrichchia.example",
        f"arn:aws:ses:{REGION}:{ACCOUNT}:configuration-set/spilno-{stage}",
        f"arn:aws:s3:::spilno-packages/{stage}/erased/*",  # an object for each erased supporter, named by a hash
        *(f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/spilno/{stage}/{name}" for name in SECRETS),
    }
    found = []
    for function, statement in statements(stack):
        # Of a log the streams are created while running; their names cannot be known before.
        own_log = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/spilno/{stage}/{function}:*"
        if set(statement) != {"Sid", "Effect", "Action", "Resource"} or statement["Effect"] != "Allow":
            found.append(f"{function}: {statement['Sid']} has more, or less, than actions and resources")
        wide = [action for action in statement["Action"] if not re.fullmatch(r"[a-z0-9]+:[A-Za-z]+", action)]
        found += [f"{function}: {action} is no single action" for action in wide]
        logs = all(action.startswith("logs:") for action in statement["Action"])
        wanted = {own_log} if logs else exact
        found += [f"{function}: {one} is too much" for one in statement["Resource"] if one not in wanted]
    return found


def test_every_resource_is_exact(stack: Stack, stage: str) -> None:
    assert not faults(stack, stage)


def test_a_restored_table_takes_the_place_of_the_own_one(template: dict[str, Any], stage: str) -> None:
    stack = Stack(template, **GIVEN, TableInUse="spilno-restored")
    found = {one for _, statement in statements(stack) for one in statement["Resource"] if ":table/" in one}
    base = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/spilno-restored"
    assert found == {base, f"{base}/index/gsi1"}
    for function in stack.of_type("AWS::Serverless::Function").values():
        assert function["Environment"]["Variables"]["SPILNO_TABLE"] == "spilno-restored"
    assert stack.properties("Table")["TableName"] == f"spilno-{stage}", "Its own one stays, untouched."


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"Resource": ["*"]}, "* is too much"),
        ({"Resource": [f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/*"]}, "table/* is too much"),
        (
            {"Resource": [f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/spilno/prod/SPILNO_PASS_KEYS"]},
            "PASS_KEYS is too",
        ),
        (
            {"Resource": [f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/spilno/prod/SPILNO_SEAL_KEYS"]},
            "SEAL_KEYS is too",
        ),
        ({"Action": ["dynamodb:*"]}, "dynamodb:* is no single action"),
        ({"Action": ["dynamodb:Get*"]}, "dynamodb:Get* is no single action"),
        ({"NotAction": []}, "has more, or less"),
    ],
)
def test_a_wider_statement_is_found(template: dict[str, Any], stage: str, change: dict[str, Any], told: str) -> None:
    wide = copy.deepcopy(template)
    policy = wide["Resources"]["SweepRole"]["Properties"]["Policies"][0]["PolicyDocument"]
    policy["Statement"][1] |= change
    assert any(told in fault for fault in faults(Stack(wide, **GIVEN), stage))


def test_a_function_uses_its_own_role_and_log(stack: Stack, template: dict[str, Any]) -> None:
    for name, function in stack.of_type("AWS::Serverless::Function").items():
        raw = template["Resources"][name]["Properties"]
        assert raw["Role"] == {"Fn::GetAtt": [f"{name}Role", "Arn"]}
        assert function["LoggingConfig"]["LogGroup"] == stack.properties(f"{name}Logs")["LogGroupName"]


def test_only_lambda_takes_on_a_role_and_nothing_is_attached(stack: Stack) -> None:
    for role in stack.of_type("AWS::IAM::Role").values():
        (trusted,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert trusted["Principal"] == {"Service": "lambda.amazonaws.com"}
        assert "ManagedPolicyArns" not in role


def test_other_policies_name_a_service_and_this_account_only(whole: Stack) -> None:
    policies = whole.of_type("AWS::SNS::TopicPolicy")
    assert len(policies) == 2
    for policy in policies.values():
        (statement,) = policy["PolicyDocument"]["Statement"]
        assert set(statement["Principal"]) == {"Service"}
        assert statement["Action"] == "sns:Publish"
        assert statement["Condition"]["StringEquals"]["AWS:SourceAccount"] == ACCOUNT
