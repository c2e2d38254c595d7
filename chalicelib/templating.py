"""The template engine of pages and mails: everything in `.html` is escaped, every missing value is an error."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from chalicelib.i18n.texts import Texts, fill, unbroken
from chalicelib.kernel.plain_url import readable

_FITS_A_PHONE = 24  # letters
Say = Callable[..., str]


@cache
def environment() -> Environment:
    """The Jinja environment of `chalicelib/templates`, made once."""
    made = _environment()
    made.filters["unbroken"] = unbroken
    made.filters["readable"] = readable
    return made


@cache
def mail_environment(form: str) -> Environment:
    """The same for mails, whose one template is written twice: `form` is `html`, where all is escaped, or `txt`."""
    return environment().overlay(autoescape=form == "html")


def whole(text: str) -> Markup:
    """Markup that keeps an address or a code on one line, unless it may be wider than a phone (over 24 letters)."""
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
    """The function by which a page says its sentences; they and their values are escaped, except markup values."""

    def say(key: str, /, **values: object) -> str:
        return fill(Markup(escape(texts.pattern(key, values.get("count")))), values, key)  # noqa: S704 - escaped here

    return say
