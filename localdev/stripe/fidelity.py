"""The pinned Stripe package's own types as validators: what may be asked, and what an answer may hold.

Requests: `stripe.params.*` TypedDicts, rebuilt so that unknown keys are refused and form strings become numbers.
Answers: models built from the resource classes' annotations, chosen by `object`, extra keys forbidden; which keys may
be absent is in `optional_keys`, as these types do not say it.
`Literal[...] | str` (an enum open for later versions) is closed, since this stand-in speaks exactly one version.
"""

import ast
import importlib
import inspect
import re
import sys
import threading
import types
import typing
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, Union

import typing_extensions
from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainValidator, TypeAdapter, create_model
from stripe import ListObject, StripeObject
from stripe._object_classes import get_object_class
from stripe._request_options import RequestOptions
from stripe._stripe_object import UntypedStripeObject

from localdev.stripe.optional_keys import Presence, optional_keys

_UNIONS = (Union, types.UnionType)
_CLOSED = ConfigDict(extra="forbid", strict=True, arbitrary_types_allowed=True)
_RELATED = ("id", "type", "url")
_ABSENT: Any = None
# Python 3.11 counts the parser's depth for all threads together: two at once end in a SystemError.
_PARSING = threading.Lock()


def check_answer(value: object) -> None:
    """Check one JSON object that the stand-in sends, and everything within it.

    :raises ValueError: naming the first fields that Stripe's types do not allow (pydantic's ValidationError is one).
    """
    if isinstance(value, dict) and {"data", "next_page_url"} <= set(value):  # a page of API v2 has no `object`
        for one in value["data"]:
            check_answer(one)
        return
    if not isinstance(value, dict) or not isinstance(value.get("object"), str):
        raise ValueError(f"An answer is an object with `object`, not {value!r:.80}")  # noqa: TRY004 - one kind of error
    name = value["object"]
    if name == "list":
        _list_of(Annotated[Any, PlainValidator(_checked)]).model_validate(value)
    elif value.get("deleted") is True and set(value) == {"id", "object", "deleted"}:
        return
    else:
        _resource_model(name).model_validate(_without_related(value) if name == "v2.core.event" else value)
    if name == "event":
        check_answer(value["data"]["object"])


def _without_related(thin: Mapping[str, Any]) -> dict[str, Any]:
    """A thin event without what it is about, which the package types apart: `{id, type, url}`, all texts."""
    related = thin.get("related_object")
    if related is not None and {name: type(text) for name, text in related.items()} != dict.fromkeys(_RELATED, str):
        raise ValueError(f"related_object is {{id, type, url}}, not {related!r:.80}")
    return {name: value for name, value in thin.items() if name != "related_object"}


def fields_of(value: Mapping[str, Any]) -> frozenset[str]:
    """Every field that a Stripe object of this kind may have; nothing for what is no object of its own."""
    kind = value.get("object")
    if not isinstance(kind, str) or kind == "list":
        return frozenset()
    return frozenset(name.removeprefix("f_") for name in _resource_model(kind).model_fields)


@cache
def request_adapter(params: type) -> TypeAdapter[dict[str, Any]]:
    """A validator for one `stripe.params` TypedDict; lax, since a form carries only strings."""
    return TypeAdapter(_params_type(params))


@cache
def _params_type(params: type) -> Any:
    own = {name: hint for name, hint in params.__annotations__.items() if name not in RequestOptions.__annotations__}
    hints = typing.get_type_hints(_bare(own), _names(params.__module__), include_extras=True)
    fields = {name: _param(hint) for name, hint in hints.items()}
    make: Any = typing_extensions.TypedDict
    made = make(params.__name__, fields)
    made.__pydantic_config__ = ConfigDict(extra="forbid")
    return made


def _param(hint: Any) -> Any:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.NotRequired, typing_extensions.NotRequired):
        return typing_extensions.NotRequired[_param(args[0])]
    if origin in _UNIONS:
        kept = [arg for arg in args if typing.get_origin(arg) is not UntypedStripeObject]
        return Union[tuple(_param(arg) for arg in _closed_enum(kept))]  # noqa: UP007 - built from a tuple
    if origin is list:
        return list[_param(args[0])]  # type: ignore[misc]
    if typing_extensions.is_typeddict(hint):
        return _params_type(hint)
    return {int: _INTEGER, bool: _BOOLEAN, str: _TEXT}.get(hint, hint) if isinstance(hint, type) else hint


def _closed_enum(members: list[Any]) -> list[Any]:
    """Drop `str` beside a Literal of real values; `Literal['']` only means that the field can be emptied."""
    enum = any(typing.get_origin(member) is Literal and typing.get_args(member) != ("",) for member in members)
    return [member for member in members if not (enum and member is str)]


def _integer(value: object) -> object:
    if isinstance(value, str):
        if not re.fullmatch(r"-?\d{1,18}", value):
            raise ValueError(f"Invalid integer: {value}")
        return int(value)
    return value


def _boolean(value: object) -> object:
    if isinstance(value, str):
        if value not in ("true", "false"):
            raise ValueError(f"Invalid boolean: {value}")
        return value == "true"
    return value


def _text(value: object) -> object:
    if value == "":
        raise ValueError("You passed an empty string. Remove the parameter or supply a non-empty value.")
    return value


# Where emptying is allowed, the types say `Literal['']` beside `str`; metadata values (a dict) may be empty too.
_TEXT = Annotated[str, BeforeValidator(_text)]
_INTEGER = Annotated[int, BeforeValidator(_integer)]
_BOOLEAN = Annotated[bool, BeforeValidator(_boolean)]


def _decimal_string(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"-?\d+(\.\d{1,12})?", value):
        raise ValueError(f"a decimal travels as a string, not {value!r}")
    return value


@cache
def _resource_model(name: str) -> type[BaseModel]:
    found = get_object_class("V2" if name.startswith("v2.") else "V1", name)
    if found is StripeObject:
        raise ValueError(f"Stripe has no object '{name}'")
    return _model(typing.cast("Any", found))


@cache
def _model(cls: type) -> type[BaseModel]:
    """A closed model of one StripeObject class, its inner classes included."""
    fields: dict[str, Any] = {}
    own = inspect.get_annotations(cls)
    optional = _optional_keys_of(cls)
    for name, hint in typing.get_type_hints(_bare(own), _names(cls.__module__), dict(vars(cls))).items():
        if name.startswith("_") or typing.get_origin(hint) is typing.ClassVar:
            continue
        # An alias keeps field names such as `object`, `model` or `copy` from meaning something to pydantic.
        fields[f"f_{name}"] = (_answer(_without_null(hint, optional.get(name))), _field(name, optional.get(name)))
    return create_model(cls.__qualname__, __config__=_CLOSED, **fields)


def _bare(annotations: dict[str, Any]) -> type:
    """A class with these annotations and no bases, so that only they are resolved."""
    return type("Bare", (), {"__annotations__": dict(annotations)})


def _optional_keys_of(cls: type) -> Mapping[str, Presence]:
    """Which keys may be absent; none of a class that belongs to no object, such as an address."""
    root, _, path = cls.__qualname__.partition(".")
    kind = getattr(getattr(sys.modules[cls.__module__], root), "OBJECT_NAME", None)
    return {} if kind is None else optional_keys(kind, path)


def _without_null(hint: Any, presence: Presence | None) -> Any:
    """The type of a key that is never null, without the None by which the package says that it may be absent."""
    if presence != "absent" or typing.get_origin(hint) not in _UNIONS:
        return hint
    return Union[tuple(arg for arg in typing.get_args(hint) if arg is not type(None))]  # noqa: UP007 - from a tuple


def _field(name: str, presence: Presence | None) -> Any:
    from pydantic import Field

    return Field(... if presence is None else _ABSENT, alias=name)


def _answer(hint: Any) -> Any:  # noqa: PLR0911 - type algebra, one line a case
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in _UNIONS:
        return Union[tuple(_answer(arg) for arg in _closed_enum(list(args)))]  # noqa: UP007 - built from a tuple
    if origin is UntypedStripeObject:
        return dict[str, _answer(args[0])]  # type: ignore[misc]
    if origin is ListObject:
        return _list_of(_answer(args[0]))
    if origin is list:
        return list[_answer(args[0])]  # type: ignore[misc]
    if hint is Decimal:
        return Annotated[str, BeforeValidator(_decimal_string)]
    if inspect.isclass(hint) and issubclass(hint, StripeObject):
        name = getattr(hint, "OBJECT_NAME", None)
        return _model(typing.cast("Any", hint)) if name is None else Annotated[Any, PlainValidator(_named(name))]
    return hint


def _named(name: str) -> Any:
    def check(value: object) -> object:
        if not isinstance(value, dict) or value.get("object") != name:
            raise ValueError(f"expected a '{name}'")
        return _checked(value)

    return check


def _checked(value: object) -> object:
    check_answer(value)
    return value


@cache
def _list_of(item: Any) -> type[BaseModel]:
    fields: dict[str, Any] = {"object": (Literal["list"], ...), "data": (list[item], ...)}
    return create_model("List", __config__=_CLOSED, **fields, has_more=(bool, ...), url=(str, ...))


@cache
def _names(module: str) -> dict[str, Any]:
    """A module's globals and what it imports for type checkers only, so that string annotations resolve."""
    names = dict(vars(sys.modules[module]))
    source = inspect.getsource(sys.modules[module])
    with _PARSING:
        tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("stripe._"):
            origin = importlib.import_module(node.module)
            names.update({alias.asname or alias.name: getattr(origin, alias.name, Any) for alias in node.names})
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("stripe."):
            names.update({alias.asname or alias.name: Any for alias in node.names if alias.name not in names})
    return names
