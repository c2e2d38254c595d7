"""What commands about articles have in common: their options, and files that are read whole or not at all."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from chalicelib.articles.rules.origins import PATTERN
from ops.articles.api import ArticlesApi
from ops.articles.files import shelf
from ops.articles.manuscript import Manuscript, PassedOver
from ops.articles.outcomes import names
from ops.output import Refusal, emit, one_line, say

_ENCODINGS = ("utf-8", "windows-1251", "koi8-u", "windows-1252")


def origin_of(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """The name of an origin, as the API takes it."""
    if value is not None and not re.fullmatch(PATTERN, value):
        raise click.BadParameter("an origin has 1 to 32 of the letters a-z 0-9 -, such as site.")
    return value


def site_of(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    """The website's address."""
    if value and not re.match(r"https?://[^/]", value):
        raise click.BadParameter("write the website's whole address, such as https://news.example.")
    return value


def read_articles(paths: Iterable[Path], *, site: str, encoding: str, as_json: bool) -> Sequence[Manuscript]:
    """All articles of these files and folders; every reason against one of them is told, and then none is taken.

    :raises Refusal: there is such a reason, or no article at all.
    """
    found = shelf(paths, site=site, encoding=encoding)
    for file, refused in found.refused:
        if as_json:
            emit({"file": file, "action": "refuse", "done": False, "line": refused.line, "why": refused.sentence})
        say(one_line(refused.at(file)), err=True)
    _tell_passed_over(found.passed_over)
    if found.refused:
        count = len({file for file, _ in found.refused})
        raise Refusal(f"Nothing was done, as {count} file{'s' if count > 1 else ''} cannot be taken as written.")
    if not found.manuscripts:
        raise Refusal("There is no article here: a Markdown or HTML file with id and access in its front matter.")
    return found.manuscripts


def _tell_passed_over(passed_over: Sequence[PassedOver]) -> None:
    for why in dict.fromkeys(one.why for one in passed_over):
        files = [one.file for one in passed_over if one.why == why]
        say(one_line(f"{len(files):,} passed over, {why}: {names(files)}"), err=True)


def tell_incomplete(api: ArticlesApi) -> None:
    """Say so where the API's list lacks articles of an earlier release."""
    if not api.complete:
        say(
            "The list may lack articles of an earlier release until `ops upgrade` is run once.",
            err=True,
        )


PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
API = click.option("--api", help="The API's address, where it is not that of the stage.")
SITE = click.option("--site", default="", callback=site_of, help="The website's address, for a url such as /bridge.")
ENCODING = click.option(
    "--encoding", type=click.Choice(_ENCODINGS), default="utf-8", help="Of files that are not UTF-8."
)
