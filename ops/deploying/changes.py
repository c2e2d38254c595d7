"""What a change set would do, in words, and whether it would harm the table."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ops.deploying.conditions import met

_WORDS = {
    "AWS::ApiGateway::BasePathMapping": "part of the API",
    "AWS::ApiGateway::Deployment": "part of the API",
    "AWS::ApiGateway::DomainName": "part of the API",
    "AWS::ApiGateway::GatewayResponse": "part of the API",
    "AWS::ApiGateway::RestApi": "the API",
    "AWS::ApiGateway::Stage": "part of the API",
    "AWS::ApiGatewayV2::Api": "the API",
    "AWS::ApiGatewayV2::ApiMapping": "part of the API",
    "AWS::ApiGatewayV2::Integration": "part of the API",
    "AWS::ApiGatewayV2::Route": "part of the API",
    "AWS::ApiGatewayV2::Stage": "part of the API",
    "AWS::CloudFront::CachePolicy": "part of CloudFront",
    "AWS::CloudFront::Function": "part of CloudFront",
    "AWS::CloudFront::KeyValueStore": "part of CloudFront",
    "AWS::CloudFront::Distribution": "CloudFront distribution",
    "AWS::Budgets::Budget": "budget",
    "AWS::CloudWatch::Alarm": "alarm",
    "AWS::CloudWatch::Dashboard": "dashboard",
    "AWS::DynamoDB::Table": "table",
    "AWS::Events::Rule": "schedule",
    "AWS::IAM::ManagedPolicy": "policy",
    "AWS::IAM::Role": "role",
    "AWS::Lambda::EventInvokeConfig": "part of the functions",
    "AWS::Lambda::Function": "function",
    "AWS::Serverless::Api": "the API",
    "AWS::Serverless::Function": "function",
    "AWS::Lambda::Permission": "permission to call a function",
    "AWS::Logs::LogGroup": "log group",
    "AWS::SES::ConfigurationSet": "part of the mail",
    "AWS::SES::ConfigurationSetEventDestination": "part of the mail",
    "AWS::SNS::Subscription": "subscription",
    "AWS::SNS::Topic": "topic",
    "AWS::SNS::TopicPolicy": "topic's policy",
    "AWS::WAFv2::WebACL": "firewall",
    "AWS::WAFv2::WebACLAssociation": "part of the firewall",
}
_TABLE = "AWS::DynamoDB::Table"
# What makes a domain lead to an API, before and now (infra/template/domain.py).
_MAPPINGS = ("AWS::ApiGateway::BasePathMapping", "AWS::ApiGatewayV2::ApiMapping")
_VERBS = {"Add": "new", "Modify": "changed", "Remove": "removed", "Import": "taken in", "Dynamic": "may change"}
_ORDER = ("new", "changed", "may change", "taken in", "replaced", "removed")
# Named one by one up to so many; more of a kind are counted.
_NAMED = 4


class Change(NamedTuple):
    """One resource of a change set. `what` names the properties that change."""

    name: str
    type: str
    verb: str
    what: Sequence[str] = ()

    @property
    def harms_the_table(self) -> bool:
        """Whether the table would or might be deleted or replaced."""
        return self.type == _TABLE and self.verb in ("removed", "replaced")


def read_changes(told: Iterable[Mapping[str, Any]]) -> list[Change]:
    """The changes that DescribeChangeSet lists. A replacement of the table that is not ruled out counts as one."""
    found = []
    for one in told:
        change = one["ResourceChange"]
        verb = _VERBS.get(change["Action"], change["Action"])
        if change["Action"] == "Modify" and change.get("Replacement") in ("True", "Conditional"):
            # Whatever depends on a replaced resource is "Conditional"; only the table then counts as replaced.
            sure = change["Replacement"] == "True" or change["ResourceType"] == _TABLE
            verb = "replaced" if sure else verb
        targets = (detail.get("Target", {}) for detail in change.get("Details", []))
        what = sorted({target.get("Name") or target.get("Attribute", "") for target in targets} - {""})
        found.append(Change(change["LogicalResourceId"], change["ResourceType"], verb, what))
    return found


def harm(changes: Sequence[Change]) -> str:
    """Why these must not be made, in sentences for the operator; empty if nothing speaks against them."""
    harmed = [change.name for change in changes if change.harms_the_table]
    if harmed:
        return (
            f"This would remove or replace the table ({', '.join(harmed)}), and with it the books. Refused; nothing "
            "was changed. If it has to be: restore a backup under a new name, and set TableInUse in the stage file."
        )
    verbs = {change.verb for change in changes if change.type in _MAPPINGS}
    if {"new", "removed"} <= verbs:
        return (
            "A domain of the API's own has one mapping, and AWS makes what is new before it takes away what is old: "
            "this would fail, and all would go back. Refused; nothing was changed. First deploy with "
            'Api = "moving" in the stage file, then like this: docs/moving-to-the-http-api.md.'
        )
    return ""


def in_words(changes: Sequence[Change]) -> list[str]:
    """Describe the changes in lines for a person: what is new, changed, replaced and removed, by kind."""
    grouped: defaultdict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in changes:
        grouped[change.verb, _WORDS.get(change.type, change.type)].append(change)
    lines = []
    for verb, kind in sorted(grouped, key=lambda key: (_ORDER.index(key[0]) if key[0] in _ORDER else 0, key[1])):
        group = grouped[verb, kind]
        if len(group) > _NAMED or kind.startswith("part of"):
            lines.append(f"{verb:<10} {kind} ({len(group)})")
        else:
            lines += [f"{verb:<10} {kind} {_one(change)}" for change in group]
    return lines


def _one(change: Change) -> str:
    return change.name + (f": {', '.join(change.what)}" if change.what else "")


def asked_for(template: Mapping[str, Any], parameters: Mapping[str, str]) -> Mapping[str, Any]:
    """The template without the parts whose condition these parameters do not meet."""
    holds = met(template, parameters)
    kept = {name: one for name, one in template["Resources"].items() if holds.get(one.get("Condition"), True)}
    return {**template, "Resources": kept}


def between(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """The changes between two templates, for a dry run; it cannot know which of them need a replacement."""
    before, after = old.get("Resources", {}), new["Resources"]
    found = [Change(name, after[name]["Type"], "new") for name in sorted(after.keys() - before.keys())]
    found += [Change(name, before[name]["Type"], "removed") for name in sorted(before.keys() - after.keys())]
    for name in sorted(before.keys() & after.keys()):
        if before[name] != after[name]:
            was, now = before[name].get("Properties", {}), after[name].get("Properties", {})
            what = sorted(key for key in {**was, **now} if was.get(key) != now.get(key))
            found.append(Change(name, after[name]["Type"], "changed", what))
    return found
