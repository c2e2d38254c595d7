"""How a mistake in the newsroom's file becomes a sentence: it names the setting and says what to write instead.

pydantic goes over the file; what our own checks say of a value stands in its errors, which `read` turns into words.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    PlainValidator,
    ValidationError,
    WrapValidator,
    model_validator,
)
from pydantic_core import PydanticCustomError

_OURS, _NO_TABLE = "newsroom", "dict_type"  # types of errors: what to write is said; it is no table


class NewsroomFileWrong(Exception):
    """The newsroom's file has a mistake; the sentence names the setting and what to write instead."""


def wrong(instead: str, *below: str, alone: bool = False) -> PydanticCustomError:
    """The error to raise for a value, with what to write in its place.

    :param below: more of the setting's name than the place where it is found.
    :param alone: the last part of its name says enough.
    """
    return PydanticCustomError(_OURS, "{instead}", {"instead": instead, "below": below, "alone": alone})


def or_write(instead: str) -> WrapValidator:
    """Where pydantic says that the value itself is wrong: what to write."""

    def checked(value: Any, handler: Callable[[Any], Any]) -> Any:
        try:
            return handler(value)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            if first["loc"] or first["type"] in (_OURS, _NO_TABLE):
                raise
            raise wrong(instead) from None

    return WrapValidator(checked)


def held(check: Callable[[Any, Any], Any]) -> PlainValidator:
    """A check of ours, which is also told what the file has said so far."""
    return PlainValidator(lambda value, info: check(value, info.context))


def then(check: Callable[[Any, Any], Any]) -> AfterValidator:
    """The same, of a value that is right so far."""
    return AfterValidator(lambda value, info: check(value, info.context))


class Section(BaseModel):
    """A table of settings. What is not there and has no default is None, which no setting may be."""

    model_config = ConfigDict(strict=True, frozen=True, defer_build=True)  # built once, as parts of the file

    @model_validator(mode="before")
    @classmethod
    def _names(cls, raw: Any) -> Any:
        """Nothing but these names: a misspelt one would silently not count."""
        if not isinstance(raw, dict):
            return raw
        fields = {field.alias or name: field for name, field in cls.model_fields.items()}
        for name in raw:
            if name not in fields:
                raise wrong(f"one of {', '.join(sorted(fields))}", name)
        return {name: None for name, field in fields.items() if field.is_required()} | raw


Model = TypeVar("Model", bound=Section)


def read(model: type[Model], raw: Mapping[str, Any], context: object) -> Model:
    """The file as this model.

    :raises NewsroomFileWrong: at the first mistake.
    """
    try:
        return model.model_validate(raw, context=context)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
    place = first["loc"][:-1] if first["loc"][-1:] == ("[key]",) else first["loc"]
    names = [part for part in place if isinstance(part, str)]
    said = first.get("ctx", {})
    if first["type"] != _OURS:  # then pydantic has found something that is no table
        said = {"instead": "a table of settings", "below": (), "alone": True}
    setting = [*names, *said["below"]][-1 if said["alone"] else 0 :]
    raise NewsroomFileWrong(f"In the newsroom's file, '{'.'.join(setting)}' is wrong. Write {said['instead']}.")
