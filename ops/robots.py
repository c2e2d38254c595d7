"""`robots`: what the newsroom's website says to machines, from `[machines]` in the newsroom's file."""

import click

from chalicelib.machines.views.machines import for_the_website
from ops.context import connect
from ops.output import emit, say


@click.command("robots")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, as GET /v1/machines answers it.")
def robots_command(*, as_json: bool) -> None:
    """Lines for the end of the website's robots.txt, from [machines] in the newsroom's file. Changes nothing."""
    wired = connect()
    told = for_the_website(wired.newsroom.machines, wired.settings)
    if as_json:
        emit(told)
    else:
        say(told["robots_txt"].rstrip("\n"))
