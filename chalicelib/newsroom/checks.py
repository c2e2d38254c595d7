"""Turn a mistake in the newsroom's file into a sentence that names the setting and says what to write instead.

pydantic validates the file. Our own checks raise its errors (`wrong`), and `read` makes a sentence of the first.
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

_OURS, _NO_TABLE = "newsroom", "dict_type"  # types of pydantic's errors: raised by `wrong`; the value is no table


class NewsroomFileWrong(Exception):
    """The newsroom's file has a mistake. The sentence names the setting and says what to write instead."""


def wrong(instead: str, *below: str, alone: bool = False) -> PydanticCustomError:
    """The error that a check raises for a value, with what to write in its place.

    :param below: names to add to the setting's own, where the mistake is further inside the value.
    :param alone: name the setting by the last part of its name only.
    """
    return PydanticCustomError(_OURS, "{instead}", {"instead": instead, "below": below, "alone": alone})


def or_write(instead: str) -> WrapValidator:
    """Say what to write where pydantic itself refuses a value; errors within the value stay as they are."""

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
    """Validate a setting by a check of ours alone; it is called with the value and the settings so far."""
    return PlainValidator(lambda value, info: check(value, info.context))


def then(check: Callable[[Any, Any], Any]) -> AfterValidator:
    """Validate a setting by a check of ours after pydantic's; called with the value and the settings so far."""
    return AfterValidator(lambda value, info: check(value, info.context))


class Section(BaseModel):
    """A table of settings. One that is missing and has no default is read as None, which every check refuses."""

    model_config = ConfigDict(strict=True, frozen=True, defer_build=True)  # built once, as parts of the file

    @model_validator(mode="before")
    @classmethod
    def _names(cls, raw: Any) -> Any:
        """Refuse unknown names: a misspelt setting would be ignored silently."""
        if not isinstance(raw, dict):
            return raw
        fields = {field.alias or name: field for name, field in cls.model_fields.items()}
        for name in raw:
            if name not in fields:
                raise wrong(f"one of {', '.join(sorted(fields))}", name)
        return {name: None for name, field in fields.items() if field.is_required()} | raw


Model = TypeVar("Model", bound=Section)


def read(model: type[Model], raw: Mapping[str, Any], context: object) -> Model:
    """Validate the parsed file by this model. `context`: what the checks are called with (`SettingsSoFar`).

    :raises NewsroomFileWrong: at the first mistake.
    """
    try:
        return model.model_validate(raw, context=context)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
    place = first["loc"][:-1] if first["loc"][-1:] == ("[key]",) else first["loc"]
    names = [part for part in place if isinstance(part, str)]
    said = first.get("ctx", {})
    if first["type"] != _OURS:  # pydantic has found something that is no table
        said = {"instead": "a table of settings", "below": (), "alone": True}
    setting = [*names, *said["below"]][-1 if said["alone"] else 0 :]
    raise NewsroomFileWrong(f"In the newsroom's file, '{'.'.join(setting)}' is wrong. Write {said['instead']}.")
