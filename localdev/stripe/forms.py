"""Stripe's form encoding, `line_items[0][price_data][currency]=eur`, to nested dicts and lists of strings."""

import re
from typing import Any
from urllib.parse import parse_qsl

from localdev.stripe.errors import ApiRefusal, Json

_KEY = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
_PART = re.compile(r"\[([^\[\]]*)\]")
_MAX_DEPTH = 12


def decode(encoded: str) -> Json:
    """Decode a query string or a form body. Every leaf is a string.

    :raises ApiRefusal: 400, when a key is malformed or used both as a value and as a container.
    """
    tree: Json = {}
    for key, value in parse_qsl(encoded, keep_blank_values=True):
        match = _KEY.match(key)
        if not match:
            raise ApiRefusal(f"Invalid request: '{key}' is not a parameter name.", param=key)
        path = [match[1], *_PART.findall(match[2])]
        if len(path) > _MAX_DEPTH:
            raise ApiRefusal("Invalid request: parameters are nested too deeply.")
        _put(tree, path, value, key)
    return {name: _listed(value, name) for name, value in tree.items()}


def _put(tree: Json, path: list[str], value: str, key: str) -> None:
    node = tree
    *parents, last = path
    for part in parents:
        node = node.setdefault(part or str(len(node)), {})
        if not isinstance(node, dict):
            raise _both(key)
    name = last or str(len(node))
    if isinstance(node.get(name), dict):
        raise _both(key)
    node[name] = value


def _both(key: str) -> ApiRefusal:
    return ApiRefusal(f"Invalid request: '{key}' is both a value and an object.", param=key)


def _listed(node: Any, name: str = "") -> Any:
    """Turn dicts whose keys are 0, 1, 2 … into lists, the way Stripe reads `expand[0]`; metadata has any keys."""
    if not isinstance(node, dict) or name == "metadata":
        return node
    values = {name: _listed(value, name) for name, value in node.items()}
    if values and all(name.isdecimal() for name in values):
        return [values[name] for name in sorted(values, key=int)]
    return values


def bracketed(path: list[str | int]) -> str:
    """`["line_items", 0, "quantity"]` as the caller wrote it: `line_items[0][quantity]`."""
    head, *rest = [str(part) for part in path] or [""]
    return head + "".join(f"[{part}]" for part in rest)
