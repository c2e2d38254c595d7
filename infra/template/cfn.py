"""CloudFormation's few words, so that the parts read as what they mean."""

from collections.abc import Mapping, Sequence
from typing import Any

Resources = dict[str, dict[str, Any]]


def resource(kind: str, properties: Mapping[str, Any], **attributes: Any) -> dict[str, Any]:
    """One resource; `attributes` are what stands beside its properties, such as Condition or DependsOn."""
    return {"Type": kind, **attributes, "Properties": dict(properties)}


def ref(name: str) -> dict[str, str]:
    """A parameter's value, or what a resource is called."""
    return {"Ref": name}


def attribute(name: str, which: str) -> dict[str, list[str]]:
    """An attribute of a resource, such as its Arn."""
    return {"Fn::GetAtt": [name, which]}


def text(template: str, **values: Any) -> dict[str, Any]:
    """A text with `${names}`: of parameters, of resources, of AWS's own, or of `values`."""
    return {"Fn::Sub": [template, values] if values else template}


def if_(condition: str, then: Any, otherwise: Any) -> dict[str, list[Any]]:
    """One of two values, by a named condition."""
    return {"Fn::If": [condition, then, otherwise]}


def given(parameter: str) -> dict[str, Any]:
    """The condition that a parameter is not empty."""
    return {"Fn::Not": [empty(parameter)]}


def empty(parameter: str) -> dict[str, Any]:
    """The condition that a parameter is empty."""
    return {"Fn::Equals": [ref(parameter), ""]}


def all_of(*conditions: Any) -> dict[str, Any]:
    """The condition that each of several holds; a text is the name of one."""
    return {"Fn::And": [_named(one) for one in conditions]}


def any_of(*conditions: Any) -> dict[str, Any]:
    """The condition that at least one of several holds; a text is the name of one."""
    return {"Fn::Or": [_named(one) for one in conditions]}


def not_(condition: Any) -> dict[str, Any]:
    """The condition that another does not hold; a text is the name of one."""
    return {"Fn::Not": [_named(condition)]}


def is_(parameter: str, value: str) -> dict[str, Any]:
    """The condition that a parameter has this value."""
    return {"Fn::Equals": [ref(parameter), value]}


def _named(condition: Any) -> Any:
    return {"Condition": condition} if isinstance(condition, str) else condition


def tags(stage: str) -> Sequence[dict[str, str]]:
    """On everything that costs something, so that the bill can be read by newsroom system and stage."""
    return [{"Key": "spilno:stage", "Value": stage}]
