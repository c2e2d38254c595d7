"""CloudFormation's functions, worked out for given parameters: what a stage's stack would really be made of."""

import re
from collections.abc import Mapping
from typing import Any

ACCOUNT, REGION = "123456789012", "eu-central-1"
NOTHING = object()  # takes away the property, or the item of a list, whose value it is
PSEUDO = {
    "AWS::NoValue": NOTHING,
    "AWS::AccountId": ACCOUNT,
    "AWS::Region": REGION,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/the-stack/0a1b",
}
GIVEN = {
    "SiteId": "nadrichchia",
    "PublicUrl": "https://nadrichchia.example/support",
    "SiteOrigins": "https://nadrichchia.example",
    "PassKeys": "k1:3f9c1e7ab2d04856c7e1f0a9b8d2463e",
    "MailIdentity": "nadrichchia.example",
    "Bucket": "spilno-packages",
}
# All that is optional, too.
WHOLE = {
    **GIVEN,
    "AlarmEmail": "desk@nadrichchia.example",
    "ProxySecret": "a-secret-of-the-proxy",
    "ApiDomainName": "support.nadrichchia.example",
    "ApiCertificateArn": f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/0a1b",
    "SiteDomainName": "nadrichchia.example",
    "SiteOriginDomain": "origin.nadrichchia.example",
    "SiteCertificateArn": f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/2c3d",
    "Firewall": "on",
}
# What a resource is called by others when it has a name of its own.
_NAMES = {
    "AWS::DynamoDB::Table": "TableName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::SES::ConfigurationSet": "Name",
}


class Stack:
    """One template with its parameters. `resources` are those whose condition holds, with values in place."""

    def __init__(self, template: Mapping[str, Any], **parameters: str) -> None:
        self._template = template
        defaults = {name: told["Default"] for name, told in template["Parameters"].items() if "Default" in told}
        self._parameters: dict[str, Any] = {**PSEUDO, **defaults, **parameters}
        missing = set(template["Parameters"]) - set(self._parameters)
        assert not missing, f"These parameters need a value: {sorted(missing)}"
        self.resources: dict[str, Any] = {
            name: self.value(resource)
            for name, resource in template["Resources"].items()
            if self.holds(resource.get("Condition"))
        }
        self.outputs = {
            name: self.value(output["Value"])
            for name, output in template["Outputs"].items()
            if self.holds(output.get("Condition"))
        }

    def properties(self, name: str) -> Any:
        """One resource's properties."""
        return self.resources[name]["Properties"]

    def of_type(self, kind: str) -> dict[str, Any]:
        """The properties of all resources of a type, by logical id."""
        return {name: found["Properties"] for name, found in self.resources.items() if found["Type"] == kind}

    def holds(self, condition: str | None) -> bool:
        """Whether a named condition holds; none always does."""
        return condition is None or self._judged(self._template["Conditions"][condition])

    def refusals(self) -> list[str]:
        """What the template's rules say against these parameters, before anything is made."""
        return [
            assertion["AssertDescription"]
            for rule in self._template["Rules"].values()
            if self._judged(rule["RuleCondition"])
            for assertion in rule["Assertions"]
            if not self._judged(assertion["Assert"])
        ]

    def _judged(self, condition: Mapping[str, Any]) -> bool:
        ((function, told),) = condition.items()
        if function == "Fn::Not":
            return not self._judged(told[0])
        if function == "Condition":
            return self.holds(told)
        if function in ("Fn::And", "Fn::Or"):
            return (all if function == "Fn::And" else any)(map(self._judged, told))
        assert function == "Fn::Equals", function
        return bool(self.value(told[0]) == self.value(told[1]))

    def value(self, told: Any) -> Any:
        """Any part of the template with its functions worked out."""
        if isinstance(told, list):
            return [part for part in map(self.value, told) if part is not NOTHING]
        if not isinstance(told, dict):
            return told
        if len(told) == 1:
            ((function, argument),) = told.items()
            if function == "Ref":
                return self._ref(argument)
            if function.startswith("Fn::"):
                return self._worked_out(function, argument)
        worked_out = {name: self.value(part) for name, part in told.items()}
        return {name: part for name, part in worked_out.items() if part is not NOTHING}

    def _worked_out(self, function: str, told: Any) -> Any:
        if function == "Fn::GetAtt":
            return self._attribute(*told)
        if function == "Fn::If":
            return self.value(told[1] if self.holds(told[0]) else told[2])
        if function == "Fn::Join":
            return told[0].join(self.value(told[1]))
        if function == "Fn::Split":
            assert isinstance(told[0], str), "CloudFormation wants the separator written out."
            return self.value(told[1]).split(told[0])
        if function == "Fn::Select":
            return self.value(told[1])[int(told[0])]
        assert function == "Fn::Sub", function
        text, values = told if isinstance(told, list) else (told, {})
        return re.sub(r"\$\{(!?)([^}]*)\}", lambda found: self._filled(found, values), text)

    def _filled(self, found: re.Match[str], values: Mapping[str, Any]) -> str:
        literal, name = found.groups()
        if literal:
            return f"${{{name}}}"
        if name in values:
            return str(self.value(values[name]))
        first, _, which = name.partition(".")
        return str(self._attribute(first, which) if which else self._ref(name))

    def _ref(self, name: str) -> Any:
        if name in self._parameters:
            return self._parameters[name]
        first = name.partition(".")[0]  # SAM's `RestAPI.Stage`
        resource = self._template["Resources"][first]
        own = _NAMES.get(resource["Type"])
        return self.value(resource["Properties"][own]) if own else f"ref-of-{name}"

    def _attribute(self, name: str, which: str) -> str:
        resource = self._template["Resources"][name]
        if which == "Arn" and resource["Type"] == "AWS::DynamoDB::Table":
            return f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{self._ref(name)}"
        if which == "Arn" and resource["Type"] == "AWS::Logs::LogGroup":
            return f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{self._ref(name)}:*"
        return f"{which}-of-{name}"
