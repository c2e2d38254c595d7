"""The one template engine of pages and mails: everything in `.html` is escaped, every missing value is an error."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from chalicelib.i18n.texts import Texts, fill

_FITS_A_PHONE = 24  # letters
Say = Callable[..., str]


@cache
def environment() -> Environment:
    """The templates of `chalicelib/templates`."""
    made = _environment()
    made.filters["unbroken"] = unbroken
    return made


def unbroken(text: str) -> str:
    """A few words that stay on one line: `5 € щомісяця`."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def whole(text: str) -> Markup:
    """An address or a code, on a page: no hyphen in it ends a line. What might be wider than a phone may break."""
    return Markup('<span class="whole">{}</span>').format(text) if len(text) <= _FITS_A_PHONE else escape(text)


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )


def in_html(texts: Texts) -> Say:
    """The sentences for a page: sentence and values are escaped, except values that are markup already."""

    def say(key: str, /, **values: object) -> str:
        return fill(Markup(escape(texts.pattern(key, values.get("count")))), values, key)  # noqa: S704 - escaped here

    return say
