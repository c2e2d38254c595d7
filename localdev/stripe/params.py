"""From what a caller sent to checked parameters, refused in Stripe's words."""

import importlib
from functools import cache
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from localdev.stripe.errors import ApiRefusal, Json, missing_param
from localdev.stripe.fidelity import request_adapter
from localdev.stripe.forms import bracketed
from localdev.stripe.played import refuse_unplayed

# https://docs.stripe.com/api/metadata
_METADATA_KEYS, _METADATA_KEY_LENGTH, _METADATA_VALUE_LENGTH = 50, 40, 500


def checked(name: str, sent: Json) -> Json:
    """Check `sent` against `stripe.params.<name>` and give it back with numbers and booleans in place of strings.

    :raises ApiRefusal: 400 with Stripe's code and the parameter's bracketed name; for what is not played, too.
    """
    try:
        params = request_adapter(typed_dict(name)).validate_python(sent)
    except ValidationError as error:
        raise _refusal(_worst(error.errors(include_url=False)), sent) from None
    refuse_unplayed(name, params)
    _check_metadata(sent, [])
    lowered: Json = _with_small_currencies(params)
    return lowered


def _with_small_currencies(node: Any) -> Any:
    """Stripe takes `EUR` as well, and answers `eur`."""
    if isinstance(node, list):
        return [_with_small_currencies(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {
        key: value if key == "metadata" else value.lower() if key == "currency" else _with_small_currencies(value)
        for key, value in node.items()
    }


@cache
def typed_dict(name: str) -> type:
    """`stripe.params.<name>`."""
    module, _, leaf = f"stripe.params.{name}".rpartition(".")
    found: type = getattr(importlib.import_module(module), leaf)
    return found


def _worst(errors: list[ErrorDetails]) -> ErrorDetails:
    """Stripe names unknown parameters before anything else."""
    return next((error for error in errors if error["type"] == "extra_forbidden"), errors[0])


def _refusal(error: ErrorDetails, sent: Json) -> ApiRefusal:
    param = bracketed(_path(error, sent))
    if error["type"] == "missing":
        return missing_param(param)
    sentence, code = f"Invalid {param}: {error['input']!r:.80}", None
    match error["type"]:
        case "extra_forbidden":
            sentence, code = f"Received unknown parameter: {param}", "parameter_unknown"
        case "value_error":
            sentence = error["msg"].removeprefix("Value error, ")
            words = {"integer": "parameter_invalid_integer", "empty string": "parameter_invalid_empty"}
            code = next((code for word, code in words.items() if word in sentence), None)
        case "literal_error":
            expected = error.get("ctx", {}).get("expected", "").replace("'", "")
            sentence = f"Invalid {param}: must be one of {expected}"
        case "string_type":
            sentence, code = f"Invalid string: {error['input']!r:.80}", "parameter_invalid_string"
        case "list_type":
            sentence = "Invalid array"
    return ApiRefusal(sentence, code=code, param=param)


def _path(error: ErrorDetails, sent: Json) -> list[str | int]:
    """The error's place without pydantic's own steps (which member of a union it tried)."""
    path: list[str | int] = []
    node: Any = sent
    for step in error["loc"]:
        inside = isinstance(node, dict) and step in node
        if inside or (isinstance(node, list) and isinstance(step, int) and step < len(node)):
            node = node[step]
        elif step != error["loc"][-1] or error["type"] != "missing":
            continue
        path.append(step)
    return path


def _check_metadata(node: Any, path: list[str | int]) -> None:
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        here = [*path, key]
        if key == "metadata" and isinstance(value, dict):
            _check_one_metadata(value, bracketed(here))
        else:
            _check_metadata(value, here)


def _check_one_metadata(metadata: Json, param: str) -> None:
    if len(metadata) > _METADATA_KEYS:
        raise ApiRefusal(f"Metadata can hold up to {_METADATA_KEYS} keys.", param=param)
    for key, value in metadata.items():
        if len(key) > _METADATA_KEY_LENGTH:
            raise ApiRefusal(
                f"Metadata keys can be up to {_METADATA_KEY_LENGTH} characters long. You passed in '{key}'.",
                param=param,
            )
        if len(value) > _METADATA_VALUE_LENGTH:
            raise ApiRefusal(
                f"Metadata values can have up to {_METADATA_VALUE_LENGTH} characters, but you passed in a value that "
                f"is {len(value)} characters. Invalid value: {value[:40]}…",
                param=f"{param}[{key}]",
            )


def merged_metadata(current: Json, sent: Json | str | None) -> Json:
    """Stripe merges metadata: an empty value removes a key, an empty string removes all."""
    if sent is None:
        return current
    if isinstance(sent, str):
        return {}
    return {key: value for key, value in {**current, **sent}.items() if value != ""}
