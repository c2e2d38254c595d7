"""The context of commands that take an identifier, which may begin with a dash: click would take it for an option."""

from typing import Final

ANY_NAME: Final = {"ignore_unknown_options": True}
