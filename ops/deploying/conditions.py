"""A template's conditions, worked out for a dry run from the stage file's parameters and the template's defaults."""

from collections.abc import Mapping
from typing import Any


def met(template: Mapping[str, Any], parameters: Mapping[str, str]) -> dict[str, bool]:
    """Whether each condition holds, by its name. What is neither told nor has a default counts as empty.

    What cannot be worked out here, as it looks at something else than parameters, counts as met.
    """
    declared: Mapping[str, Any] = template.get("Parameters", {})
    values = {name: str(one.get("Default", "")) for name, one in declared.items()}
    values |= {name: value for name, value in parameters.items() if value}
    conditions: Mapping[str, Any] = template.get("Conditions", {})
    return {name: _holds(one, conditions, values) is not False for name, one in conditions.items()}


def _holds(condition: Mapping[str, Any], conditions: Mapping[str, Any], values: Mapping[str, str]) -> bool | None:
    """None where it cannot be worked out."""
    ((function, told),) = condition.items()
    if function == "Condition":
        return _holds(conditions[told], conditions, values)
    if function == "Fn::Equals":
        one, other = (_value(side, values) for side in told)
        return None if one is None or other is None else one == other
    parts = [_holds(one, conditions, values) for one in told]
    if function == "Fn::Not":
        return None if parts[0] is None else not parts[0]
    decides = function == "Fn::Or"
    return decides if decides in parts else None if None in parts else not decides


def _value(told: Any, values: Mapping[str, str]) -> str | None:
    """A text, or what a parameter holds; None for anything else."""
    return told if isinstance(told, str) else values.get(str(told.get("Ref", "")))
