"""`articles list` and `articles remove`: what the API has, and taking something away, over HTTP."""

import sys
from typing import Any

import click

from chalicelib.kernel.ids import IDENTIFIER
from ops.any_name import ANY_NAME
from ops.articles.api import ApiRefused, ApiUnanswered
from ops.articles.reading import API, origin_of, tell_incomplete
from ops.articles.sending import INTERRUPTED, Failure, each
from ops.articles.where import connect_to_api
from ops.output import Refusal, emit, one_line, say, table

_COLUMNS = ("id", "access", "origin", "opens_at", "closes_at", "updated_at", "title")


@click.command("list")
@click.option("--origin", callback=origin_of, help="Only what was put under this name.")
@API
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_articles(origin: str | None, api: str | None, *, as_json: bool) -> None:
    """All articles that the API has, by their ids; times in UTC."""
    with connect_to_api(api) as connected:
        try:
            found = list(connected.articles(origin))
        except (ApiRefused, ApiUnanswered) as error:
            raise Refusal(str(error)) from None
        tell_incomplete(connected)
    if not as_json:
        table(found, _COLUMNS, "There are no articles.")
    for item in found if as_json else ():
        emit(item)


@click.command(context_settings=ANY_NAME)
@click.argument("ids", nargs=-1, required=True)
@click.option("--origin", callback=origin_of, help="Not if another origin has put them.")
@API
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def remove(ids: tuple[str, ...], origin: str | None, api: str | None, *, as_json: bool) -> None:
    """Delete articles from the API at once: nobody reads them there any more. The files stay."""
    for name in ids:
        if not IDENTIFIER.fullmatch(name) or not name.strip("."):
            raise Refusal(f"'{one_line(name)}' is no identifier of an article. Nothing was done.")
    done: list[tuple[str, bool | Failure]] = []
    interrupted = failed = False
    with connect_to_api(api) as connected:
        wanted = tuple(dict.fromkeys(ids))
        try:
            done.extend(each(connected, wanted, lambda name: connected.delete(name, origin), "Deleting"))
        except KeyboardInterrupt:
            interrupted = True
    for name, got in sorted(done, key=lambda told: told[0]):
        failure = Failure("There is no such article.", "unknown_article") if got is False else got
        failed |= isinstance(failure, Failure)
        _tell_removed(name, failure, as_json=as_json)
    if interrupted:
        say("A few more than are named here may be gone. Run it again for the rest.", err=True)
    if interrupted or failed:
        sys.exit(INTERRUPTED if interrupted else 1)


def _tell_removed(name: str, got: Any, *, as_json: bool) -> None:
    failure = got if isinstance(got, Failure) else None
    if as_json:
        why, code = (failure.why, failure.code or None) if failure else (None, None)
        emit({"id": name, "done": failure is None, "code": code, "why": why})
    elif failure is None:
        say(f"deleted  {name}")
    if failure:
        say(one_line(f"{name}: {failure.why}"), err=True)
