"""Every function may do what its code can come to, and nothing else."""

from pathlib import Path

import pytest

from infra.template import permissions
from tests.template.needs import ACTIONS, ENTRIES, GATEWAYS, Needs, needs, of_nodes, secrets, services
from tests.template.reach import ROOT, Node, Sources, ours
from tests.template.resolve import Stack


def allowed(stack: Stack, function: str) -> Needs:
    """What the role in the template allows, by where."""
    found = Needs(table=set(), index=set(), other=set())
    (policy,) = stack.properties(f"{function}Role")["Policies"]
    for statement in policy["PolicyDocument"]["Statement"]:
        for action in statement["Action"]:
            if not action.startswith("logs:"):
                where = {"Table": "table", "Index": "index"}.get(statement["Sid"], "other")
                found[where].add(action)
    return found


def differences(may: Needs, need: Needs) -> list[str]:
    """In words: what is missing, and what nothing uses."""
    told = [f"{action} on {where} is missing" for where in need for action in sorted(need[where] - may[where])]
    return told + [f"{action} on {where} is not used" for where in may for action in sorted(may[where] - need[where])]


# `.get` leads to a dictionary and to the parameter store alike. That this function asks for no secret is shown in
# tests/upkeep/test_how_many_give.py.
WITHOUT = {"CountSupporters"}
_NEVER_ASKS = ["ssm:GetParameters on other is missing"]
NOT_ASKED = {"MailFeedback": {"STRIPE_SECRET_KEY"}, "CountSupporters": {"STRIPE_SECRET_KEY"}}


@pytest.mark.parametrize("function", sorted(ENTRIES))
def test_a_role_fits_its_function(stack: Stack, function: str) -> None:
    assert differences(allowed(stack, function), needs(function)) == (_NEVER_ASKS if function in WITHOUT else [])


@pytest.mark.parametrize("function", sorted(ENTRIES))
def test_a_role_reads_the_secrets_that_its_code_names_and_no_others(stack: Stack, stage: str, function: str) -> None:
    (policy,) = stack.properties(f"{function}Role")["Policies"]
    found = [told["Resource"] for told in policy["PolicyDocument"]["Statement"] if told["Sid"] == "Secrets"]
    assert len(found) == (function not in WITHOUT)
    given = {arn.rpartition(f":parameter/spilno/{stage}/")[2] for allowed in found for arn in allowed}
    # Mail feedback's code reads properties of Stripe's name; that it never asks is shown where it is deployed.
    assert given == (secrets(function) - NOT_ASKED.get(function, set()))


def test_every_function_is_looked_at(stack: Stack) -> None:
    assert set(stack.of_type("AWS::Serverless::Function")) == set(ENTRIES) == set(permissions.FUNCTIONS)


def test_only_the_gateways_make_clients_and_all_their_services_are_known() -> None:
    assert services() == {"dynamodb", "s3", "sesv2", "ssm"}


@pytest.mark.parametrize(
    ("may", "told"),
    [
        ({"GetItem", "PutItem"}, ["dynamodb:UpdateItem on table is missing"]),
        ({"GetItem", "PutItem", "UpdateItem", "Scan"}, ["dynamodb:Scan on table is not used"]),
    ],
)
def test_a_missing_and_an_unused_action_are_told(may: set[str], told: list[str]) -> None:
    need = Needs(table={f"dynamodb:{one}" for one in ("GetItem", "PutItem", "UpdateItem")}, index=set(), other=set())
    given = Needs(table={f"dynamodb:{one}" for one in may}, index=set(), other=set())
    assert differences(given, need) == told


SMALL = """
from functools import partial
from chalicelib.store import table as port

def reads(table, parts, entries):
    if parts.scan or parts.scan["a"]:
        return entries
    return partial(table.query, "pk")

def passes_on(table):
    return every(table.query_index)

def entries(table):
    table.scan()

def takes_away(table):
    return table.transact([port.Delete(("a", "b")), port.Check(("a", "b"))])

CHOICE = {"a": takes_away}

def chooses(table, what):
    return CHOICE[what](table)
"""


def small(tmp_path: Path, start: str) -> Needs:
    """What one function of the small module above needs, beside our real gateway."""
    source = tmp_path / "small.py"
    source.write_text(SMALL)
    gateway = ROOT / "chalicelib" / "aws" / "dynamodb.py"
    sources = Sources({"chalicelib.small": source, f"{GATEWAYS}dynamodb": gateway})
    return of_nodes(sources.reached([Node("chalicelib.small", start)]), sources)


def test_the_analysis_sees_what_is_called_later_and_chosen_by_a_table(tmp_path: Path) -> None:
    # The gateway itself says `.get` of a dict, which may be the table's for all that this reading knows.
    get = {"dynamodb:GetItem"}
    assert small(tmp_path, "reads")["table"] - get == {"dynamodb:Query"}
    assert small(tmp_path, "passes_on")["index"] == {"dynamodb:Query"}
    assert small(tmp_path, "entries")["table"] - get == {"dynamodb:Scan"}
    assert small(tmp_path, "chooses")["table"] - get == {"dynamodb:DeleteItem", "dynamodb:ConditionCheckItem"}


def test_no_function_reads_the_whole_table() -> None:
    reached = {name for function in ENTRIES for name in needs(function)["table"]}
    assert "dynamodb:Scan" not in reached
    assert ACTIONS["scan"] == {"dynamodb:Scan"}
    # The operator's command does: the analysis would see it.
    rebuild = of_nodes(ours().reached([Node("chalicelib.rebuild.actions.rebuild", "rebuild")]), ours())
    assert "dynamodb:Scan" in rebuild["table"]
    assert "dynamodb:ConditionCheckItem" in rebuild["table"]
