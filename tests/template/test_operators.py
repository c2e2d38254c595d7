"""The operator's policy covers what the commands ask of AWS, and is narrow where AWS lets it be."""

import ast
import json
import re
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

from infra.template.operators import FOR_THE_ACCOUNT, LOOK_AROUND
from tests.template.needs import of_nodes
from tests.template.reach import ROOT, Node, ours
from tests.template.resolve import ACCOUNT, Stack

# How a service is called in policies, where that is not its name in the SDK.
IN_POLICIES = {"sesv2": "ses", "cloudwatch": "cloudwatch"}
# Administrators' own: they make and change what the operator may only look at.
NOT_THE_OPERATORS = ("deploy", "deploying", "rotate", "setup", "rehearsal")
# Asked without any permission, or of another place: whoever is signed in may ask who they are.
FREE = {"sts:GetCallerIdentity"}


def statements(stack: Stack) -> list[dict[str, Any]]:
    """The policy's statements."""
    return list(stack.properties("OperatorPolicy")["PolicyDocument"]["Statement"])


def asked() -> dict[str, set[str]]:
    """Call of the SDK -> the actions it may be, for every call that the operator's commands make of a client."""
    sources = [
        path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "ops").rglob("*.py"))
        if path.relative_to(ROOT / "ops").parts[0].removesuffix(".py") not in NOT_THE_OPERATORS
    ]
    services = {name for source in sources for name in re.findall(r'(?:aws|boto3\.client)\("([\w-]+)"', source)}
    session = botocore.session.get_session()
    known: dict[str, set[str]] = {}
    for service in services:
        for name in session.get_service_model(service).operation_names:
            known.setdefault(xform_name(name), set()).add(f"{IN_POLICIES.get(service, service)}:{name}")
    written: set[str] = set()
    for tree in map(ast.parse, sources):
        written |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
        written |= {value for value in constants if isinstance(value, str)}
    return {name: known[name] for name in written & set(known)}


def test_the_commands_may_do_what_they_do(stack: Stack) -> None:
    allowed = {action for statement in statements(stack) for action in statement["Action"]}
    allowed |= FREE | set(FOR_THE_ACCOUNT)
    calls = asked()
    assert len(calls) > 15
    missing = {name: actions for name, actions in calls.items() if not actions & allowed}
    # A name that urllib3 has, too.
    assert set(missing) <= {"create_connection"}, missing


def test_the_commands_may_do_to_the_table_what_the_code_can(stack: Stack) -> None:
    whole = ours().reached([node for node in ours().bodies if not node.module.startswith("chalicelib.aws.")])
    need = of_nodes(whole, ours())
    by_sid = {statement["Sid"]: set(statement["Action"]) for statement in statements(stack)}
    assert need["table"] <= by_sid["Books"]
    assert need["index"] <= by_sid["BooksByIndex"]
    assert "dynamodb:Scan" in need["table"]
    assert Node("chalicelib.rebuild.actions.rebuild", "rebuild") in whole
    upgrading = ours().reached([Node("chalicelib.upgrade.run", "upgrade")])
    assert {"dynamodb:Scan", "dynamodb:UpdateItem", "dynamodb:PutItem"} <= of_nodes(upgrading, ours())["table"]


def test_the_stack_grants_nothing_wide(stack: Stack) -> None:
    for statement in statements(stack):
        assert all(re.fullmatch(r"[a-z0-9]+:[A-Za-z]+", action) for action in statement["Action"])
        assert not set(statement["Action"]) & set(FOR_THE_ACCOUNT)
        assert not [
            resource
            for resource in statement["Resource"]
            if resource.endswith("*") and ":log-group:" not in resource and not resource.endswith("/erased/*")
        ]


def test_what_an_administrator_adds_stands_in_the_docs() -> None:
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    (written,) = re.findall(r"```json\n(\{[^`]*\"Version\"[^`]*\})\n```", page)
    assert json.loads(written) == LOOK_AROUND
    assert not [
        action for action in FOR_THE_ACCOUNT if not re.search(r":(Describe|Get|List|DeleteSuppressed)", action)
    ]


@pytest.mark.parametrize(
    "action",
    ["dynamodb:DeleteTable", "dynamodb:UpdateTable", "ssm:PutParameter", "lambda:UpdateFunctionCode", "iam:PassRole"],
)
def test_nothing_of_the_stack_can_be_changed_or_lost(stack: Stack, action: str) -> None:
    assert action not in {one for statement in statements(stack) for one in statement["Action"]}


def test_it_is_of_this_stage_alone(stack: Stack, stage: str) -> None:
    other = {"prod": "dev", "dev": "prod"}[stage]
    for statement in statements(stack):
        for resource in statement["Resource"]:
            assert f"spilno-{other}" not in resource
            assert f"/spilno/{other}/" not in resource
            # A bucket's name is the world's, so its Arn has no account: the part of it says the stage.
            if resource.startswith("arn:aws:s3:::"):
                assert resource in ("arn:aws:s3:::spilno-packages", f"arn:aws:s3:::spilno-packages/{stage}/erased/*")
            elif resource.startswith("arn:"):
                assert f":{ACCOUNT}:" in resource
