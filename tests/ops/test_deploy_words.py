"""What CloudFormation tells, in words; the judgement on the table."""

from typing import Any

import pytest

from ops.deploying.changes import _WORDS, Change, asked_for, between, harm, in_words, read_changes
from ops.deploying.conditions import met
from ops.deploying.stack import failures
from tests.template.conftest import finished


def _told(action: str, kind: str, replacement: str = "", target: str = "") -> dict[str, Any]:
    change: dict[str, Any] = {"Action": action, "LogicalResourceId": "One", "ResourceType": kind}
    if replacement:
        change["Replacement"] = replacement
    if target:
        change["Details"] = [{"Target": {"Attribute": "Properties", "Name": target}}]
    return {"ResourceChange": change}


@pytest.mark.parametrize(
    ("action", "replacement", "verb", "harm"),
    [
        ("Add", "", "new", False),
        ("Modify", "False", "changed", False),
        ("Modify", "True", "replaced", True),
        ("Modify", "Conditional", "replaced", True),
        ("Remove", "", "removed", True),
        ("Dynamic", "", "may change", False),
    ],
)
def test_the_table_is_judged_strictly(action: str, replacement: str, verb: str, harm: object) -> None:
    (change,) = read_changes([_told(action, "AWS::DynamoDB::Table", replacement)])
    assert (change.verb, change.harms_the_table) == (verb, harm)


def test_others_may_be_replaced_and_are_not_called_so_without_need() -> None:
    changes = read_changes(
        [
            _told("Modify", "AWS::Lambda::Permission", "Conditional", "FunctionName"),
            _told("Modify", "AWS::SNS::Topic", "True", "TopicName"),
        ]
    )
    assert [(one.verb, one.what, one.harms_the_table) for one in changes] == [
        ("changed", ["FunctionName"], False),
        ("replaced", ["TopicName"], False),
    ]


_OLD, _NEW = "AWS::ApiGateway::BasePathMapping", "AWS::ApiGatewayV2::ApiMapping"


@pytest.mark.parametrize(
    ("told", "refused"),
    [
        ([_told("Remove", _OLD), _told("Add", _NEW)], True),
        ([_told("Add", _OLD), _told("Remove", _NEW)], True),
        ([_told("Remove", _OLD)], False),
        ([_told("Add", _NEW)], False),
        ([_told("Modify", _NEW, "False", "ApiId")], False),
        ([_told("Remove", _OLD), _told("Add", "AWS::ApiGatewayV2::Api")], False),
    ],
)
def test_a_domain_does_not_change_its_mapping_in_one_step(told: list[dict[str, Any]], *, refused: bool) -> None:
    assert ("moving" in harm(read_changes(told))) is refused


def test_what_harms_the_table_is_refused_before_all_else() -> None:
    told = [_told("Remove", "AWS::DynamoDB::Table"), _told("Remove", _OLD), _told("Add", _NEW)]
    assert "the books" in harm(read_changes(told))
    assert harm(read_changes(told[:0])) == ""


def test_a_few_are_named_and_many_counted() -> None:
    roles = [Change(f"Role{number}", "AWS::IAM::Role", "new") for number in range(6)]
    lines = in_words([*roles, Change("Topic", "AWS::SNS::Topic", "changed", ["DisplayName"])])
    assert lines == ["new        role (6)", "changed    topic Topic: DisplayName"]


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_every_kind_of_resource_in_the_template_has_a_word(stage: str) -> None:
    made = finished(stage)["Resources"]
    nameless = {one["Type"] for one in made.values()} - _WORDS.keys()
    assert not nameless, f"`ops deploy` would show {nameless} as they are: say what they are for people."


def test_a_dry_run_leaves_out_what_nobody_asked_for() -> None:
    """Else it would announce a CloudFront distribution to everybody."""
    template = finished("dev")
    optional = {name for name, one in template["Resources"].items() if "Condition" in one}
    assert "Distribution" in optional
    bare = asked_for(template, {"SiteId": "herald"})["Resources"]
    by_default = {"RestAPI", "APIHandlerInvokePermission"}  # a stage that says nothing keeps the API that it has
    assert bare.keys() == template["Resources"].keys() - optional | by_default
    assert asked_for(template, {"Api": "http"})["Resources"].keys() == bare.keys() - by_default
    with_mail = asked_for(template, {"AlarmEmail": "dev@herald.example"})["Resources"]
    assert with_mail.keys() - bare.keys() == {"AlarmMail"}
    domains = {"SiteDomainName": "b.example", "ApiDomainName": "c.example"}
    whole = asked_for(template, {"AlarmEmail": "a@b.example", "Firewall": "on", **domains})
    assert whole["Resources"].keys() == template["Resources"].keys() - {"ApiMapping"}
    moved = asked_for(template, {"AlarmEmail": "a@b.example", "Firewall": "on", "Api": "http", **domains})
    assert moved["Resources"].keys() == template["Resources"].keys() - {"ApiDomainMapping"}


def test_a_condition_that_looks_elsewhere_counts_as_met() -> None:
    template = {
        "Parameters": {"A": {"Default": "x"}},
        "Conditions": {
            "Region": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-central-1"]},
            "Mapped": {"Fn::Equals": [{"Fn::FindInMap": ["M", "a", "b"]}, "c"]},
            "Elsewhere": {"Fn::Not": [{"Condition": "Mapped"}]},
            "Not": {"Fn::Not": [{"Fn::Equals": [{"Ref": "A"}, "x"]}]},
            "Both": {"Fn::And": [{"Condition": "Region"}, {"Condition": "Not"}]},
            "Either": {"Fn::Or": [{"Condition": "Region"}, {"Condition": "Not"}]},
        },
    }
    unmet = {name for name, holds in met(template, {}).items() if not holds}
    assert unmet == {"Not", "Both"}
    assert met(template, {"A": "y"})["Both"]
    assert not met(template, {"A": ""})["Both"], "what is empty in the stage file takes the default, as deploy does"


def test_two_templates_are_compared_by_property() -> None:
    old = {"Resources": {"A": {"Type": "T", "Properties": {"x": 1, "y": 2}}, "B": {"Type": "T"}}}
    new = {"Resources": {"A": {"Type": "T", "Properties": {"x": 1, "y": 3}}, "C": {"Type": "T"}}}
    assert between(old, new) == [
        Change("C", "T", "new"),
        Change("B", "T", "removed"),
        Change("A", "T", "changed", ["y"]),
    ]


def test_of_failures_the_cause_is_told_and_not_what_was_cancelled() -> None:
    def event(status: str, reason: str) -> dict[str, str]:
        return {
            "ResourceStatus": status,
            "ResourceStatusReason": reason,
            "LogicalResourceId": "One",
            "ResourceType": "T",
        }

    events = [
        event("CREATE_IN_PROGRESS", ""),
        event("CREATE_FAILED", "no such role"),
        event("CREATE_FAILED", "Resource creation cancelled"),
    ]
    assert failures(events) == ["One (T): no such role"]
