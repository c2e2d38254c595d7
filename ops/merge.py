"""`supporter merge`: two records of one person become one."""

import getpass
from datetime import tzinfo

import click

from chalicelib.account.actions.merge_records import finish, merge_records
from chalicelib.account.actions.plan_merge import MergePlan, Record, plan_merge
from chalicelib.kernel.moments import when
from chalicelib.supporters.rules.access import Entitlement
from ops.any_name import ANY_NAME
from ops.context import connect
from ops.here import here
from ops.output import emit, one_line, say, table


@click.command(context_settings=ANY_NAME)
@click.argument("source", metavar="FROM")
@click.argument("into", metavar="INTO")
@click.option("--yes", is_flag=True, help="Do it. Without it, only what would happen is said.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen; so it is without --yes, too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object; times RFC 3339 UTC.")
def merge(source: str, into: str, *, yes: bool, dry_run: bool, as_json: bool) -> None:
    """Make one of two records of the same person: everything of FROM becomes INTO's, and INTO's address stays.

    Each is an address or a supporter's identifier. Gifts, access, receipts and history move, recurring gifts go on,
    sums stay as they are; all devices are signed out, and both addresses are told. It cannot be undone: make sure
    that both are one person. If it is cut off, the same command goes on.
    """
    wired = connect()
    key, now = wired.secrets["SPILNO_EMAIL_KEY"], wired.now()
    plan = plan_merge(wired.table, source, into, wired.newsroom, email_key=key, now=now)
    do = yes and not dry_run
    rows = dict(plan.source.rows)
    if do:
        finish(wired.table, plan.into.id)
        done = merge_records(wired.table, plan.source.id, plan.into.id, email_key=key, by=getpass.getuser(), now=now)
        wired.mail_sender.deliver(done.mails, now)
    if as_json:
        emit(
            {
                "from": _as_json(plan.source),
                "into": _as_json(plan.into),
                "after": _access(plan.after),
                "goes_on": plan.goes_on,
                "merged": do,
            }
        )
        return
    _say(plan, rows, wired.newsroom.zone, do=do)


def _say(plan: MergePlan, rows: dict[str, int], zone: tzinfo, *, do: bool) -> None:
    def opened(access: Entitlement) -> str:
        return f"{access.tier} until {here(when(access.until), zone)}" if access.tier else "nothing"

    for name, one in (("from", plan.source), ("into", plan.into)):
        say(f"{name}: {one_line(one.email or 'no address')}  ({one.id}), open: {opened(one.access)}")
    say(f"{'Open now' if do else 'Open afterwards'}: {opened(plan.after)}")
    table([{"kind": kind, "rows": rows[kind]} for kind in sorted(rows)], ("kind", "rows"), "Nothing is left to move.")
    if plan.source.running and plan.into.running:
        say("Recurring gifts run in both: they all go on, and more is given than by either.")
    if plan.goes_on:
        say("This merge was begun before.")
    say("Done. Both addresses are told." if do else "Nothing has changed. To do it: the same command with --yes.")


def _as_json(one: Record) -> dict[str, object]:
    return {
        "supporter": one.id,
        "email": one.email or None,
        "access": _access(one.access),
        "recurring_running": one.running,
        "rows": dict(one.rows),
    }


def _access(access: Entitlement) -> dict[str, object]:
    return {"tier": access.tier, "until": when(access.until), "payment_failed": access.payment_failed}
