"""`articles link`, `links`, `unlink`: links of the newsroom's own that give an article to readers."""

from typing import Any

import click

from chalicelib.gift_links.actions.links import ShownLink, revoke_link
from chalicelib.gift_links.actions.newsroom_links import make_link, newsroom_links
from chalicelib.kernel.moments import local, rfc3339
from chalicelib.reading.rules.gift_links import MOST_READERS
from ops.any_name import ANY_NAME
from ops.context import connect
from ops.here import rows_here
from ops.output import emit, say, table

_DAYS = 10
_MOST_DAYS, _MOST = 366, 1_000_000


@click.command(context_settings=ANY_NAME)
@click.argument("article")
@click.option(
    "--days", type=click.IntRange(1, _MOST_DAYS), default=_DAYS, show_default=True, help="How long it works."
)
@click.option(
    "--readers",
    type=click.IntRange(1, _MOST),
    default=MOST_READERS,
    show_default=True,
    help="How many browsers may read by it.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def link(article: str, days: int, readers: int, *, as_json: bool) -> None:
    """Make a link by which so many people read an article, whoever has it. To end it: articles unlink ID."""
    wired = connect()
    made, url = make_link(article, days=days, readers=readers, wiring=wired)
    if as_json:
        emit({"id": made.id, "url": url, "expires_at": rfc3339(made.until), "readers": made.most})
        return
    until = local(made.until, wired.newsroom.zone)
    say(f"{url}\n\nIt opens the article to {made.most} readers, until {until}. To end it: articles unlink {made.id}")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def links(*, as_json: bool) -> None:
    """All links that the newsroom made, also those that ended in the last month, with how many have read."""
    wired = connect()
    found = [_told(one) for one in newsroom_links(wired)]
    if as_json:
        for one in found:
            emit(one)
        return
    columns = ("id", "article", "status", "readers", "most_readers", "expires_at", "url")
    table(rows_here(found, wired.newsroom.zone), columns, "There are no links.")


@click.command(context_settings=ANY_NAME)
@click.argument("link_id")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def unlink(link_id: str, *, as_json: bool) -> None:
    """End a link at once: nobody reads by it any more, also who has read already."""
    ended = revoke_link(None, link_id, connect().table)
    if as_json:
        emit({"id": ended.id, "status": "revoked"})
    else:
        say(f"{ended.id} has ended. {ended.readers} have read by it.")


def _told(one: ShownLink) -> dict[str, Any]:
    made = one.link
    return {
        "id": made.id,
        "article": made.article,
        "status": one.status,
        "readers": made.readers,
        "most_readers": made.most,
        "made_at": rfc3339(made.made_at),
        "expires_at": rfc3339(made.until),
        "url": one.url,
    }
