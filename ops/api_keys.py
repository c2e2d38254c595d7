"""`keys`: API keys of the newsroom's own systems."""

import click

from chalicelib.articles.actions import api_keys
from ops.context import connect
from ops.here import rows_here
from ops.output import emit, say, table


@click.group()
def keys() -> None:
    """API keys: create, list, revoke."""


@keys.command()
@click.option("--for", "purpose", type=click.Choice(api_keys.PURPOSES), required=True, help="What it may do.")
@click.option("--label", default="", help="Where it is used, so that you know it again.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def create(purpose: str, label: str, *, as_json: bool) -> None:
    """Make a key. Its secret is shown now and never again."""
    wired = connect()
    key_id, secret = api_keys.create_key(wired.table, purpose, wired.real_now(), label)
    if as_json:
        emit({"id": key_id, "key": secret})
        return
    say(f"{secret}\n\nKeep it now: it is not shown again. To end it: keys revoke {key_id}")


@keys.command("list")
@click.option("--for", "purpose", type=click.Choice(api_keys.PURPOSES), help="Only those for this.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_keys(purpose: str | None, *, as_json: bool) -> None:
    """All keys, the revoked ones too; never their secrets."""
    wired = connect()
    listed = [vars(key) for key in api_keys.list_keys(wired.table) if purpose in (None, key.purpose)]
    if as_json:
        for key in listed:
            emit(key)
        return
    table(
        rows_here(listed, wired.newsroom.zone),
        ("id", "purpose", "label", "status", "created_at"),
        "There are no keys.",
    )


@keys.command()
@click.argument("key_id")
@click.option("--for", "purpose", type=click.Choice(api_keys.PURPOSES), help="Only if the key is for this.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def revoke(key_id: str, purpose: str | None, *, as_json: bool) -> None:
    """End a key at once."""
    api_keys.revoke_key(connect().table, key_id, purpose)
    if as_json:
        emit({"id": key_id, "status": "revoked"})
    else:
        say(f"{key_id} is revoked.")
