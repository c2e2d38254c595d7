"""`articles push`: bring the API to what the files say, in one run or, if it is cut short, in the next."""

import sys
from pathlib import Path

import click

from ops.articles.api import ApiRefused, ApiUnanswered
from ops.articles.outcomes import Outcome, as_planned, carried_out, names, tell
from ops.articles.plan import PushPlan, plan
from ops.articles.reading import API, ENCODING, PATHS, SITE, origin_of, read_articles, tell_incomplete
from ops.articles.sending import INTERRUPTED
from ops.articles.where import connect_to_api
from ops.output import Refusal, one_line, say


@click.command()
@PATHS
@click.option("--origin", required=True, callback=origin_of, help="Who puts these articles: a name of your choice.")
@API
@SITE
@ENCODING
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option(
    "--delete-missing",
    is_flag=True,
    help="Delete what this origin has put and no file has any more, or only a draft.",
)
@click.option("--take-over", is_flag=True, help="Take ids that belong to another origin.")
@click.option("--yes", is_flag=True, help="Delete even if it is much.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for each article.")
def push(  # noqa: PLR0913 - the options of one command
    paths: tuple[Path, ...],
    origin: str,
    api: str | None,
    site: str,
    encoding: str,
    *,
    dry_run: bool,
    delete_missing: bool,
    take_over: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Put the articles of files and folders: Markdown or HTML with a front matter. What is unchanged is not sent.

    What follows a line <!--more--> is gated. Nothing is sent before every file was read and found right.
    """
    manuscripts = read_articles(paths, site=site, encoding=encoding, as_json=as_json)
    outcomes: list[Outcome] = []
    with connect_to_api(api) as connected:
        try:
            todo = plan(manuscripts, connected.articles(origin))
        except (ApiRefused, ApiUnanswered) as error:
            raise Refusal(f"Nothing was done. {error}") from None
        tell_incomplete(connected)
        _tell_missing(todo, origin, delete_missing=delete_missing)
        if delete_missing and todo.deletes_much and not yes and not dry_run:
            raise Refusal(
                "Nothing was done: that is more than a tenth of all. If these are the right files, add --yes."
            )
        doing = (
            as_planned(todo, delete_missing=delete_missing)
            if dry_run
            else carried_out(connected, todo, origin=origin, take_over=take_over, delete_missing=delete_missing)
        )
        interrupted = False
        try:
            outcomes.extend(doing)
        except KeyboardInterrupt:
            interrupted = True
    tell(outcomes, dry_run=dry_run, as_json=as_json)
    if interrupted or any(one.failure for one in outcomes):
        say("What was put stays. Run it again for the rest.", err=True)
        sys.exit(INTERRUPTED if interrupted else 1)


def _tell_missing(todo: PushPlan, origin: str, *, delete_missing: bool) -> None:
    if todo.missing:
        found = names([step.id for step in todo.missing])
        rest = "" if delete_missing else " --delete-missing deletes them."
        say(one_line(f"{len(todo.missing):,} of the origin '{origin}' have no file: {found}.{rest}"), err=True)
