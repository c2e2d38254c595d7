"""`supporter` and `grant`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import click

from chalicelib.account.actions.find_supporter import find_supporter
from chalicelib.account.actions.grant import grant_access
from chalicelib.account.views.account_json import as_json as told
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.moments import local, rfc3339
from chalicelib.kernel.money import shown
from chalicelib.kernel.table import Table
from chalicelib.mail.rows import suppressed
from chalicelib.supporters.rows import supporters
from ops.any_name import ANY_NAME
from ops.context import connect
from ops.correct import correct
from ops.default_command import with_default
from ops.erase import erase
from ops.here import Until, ends_at, here, rows_here
from ops.mail import told as why_no_mail
from ops.merge import merge
from ops.output import emit, end_with_unreadable, one_line, say, table


@click.group(cls=with_default("show"))
def supporter() -> None:
    """Who somebody is to us, what is open to them now, and what they give; correct their address, or make one of two.

    `supporter EMAIL` is short for `supporter show EMAIL`. Everywhere an identifier may stand for the address.
    """


supporter.add_command(correct)
supporter.add_command(merge)
supporter.add_command(erase)


@supporter.command(context_settings=ANY_NAME)
@click.argument("email")
@click.option("--json", "as_json", is_flag=True, help="One JSON object; times RFC 3339 UTC.")
def show(email: str, *, as_json: bool) -> None:
    """Who somebody is to us, what is open to them now, and what they give."""
    wired = connect()
    key = wired.secrets["SPILNO_EMAIL_KEY"]
    found = find_supporter(wired.table, email, wired.newsroom, email_key=key, now=wired.now())
    account = dict(told(found, wired.newsroom))
    no_mail = _no_mail(wired.table, found.profile.email, key)
    if as_json:
        profile = {name: account[name] for name in ("sub", "email", "language", "created_at")}
        access = {name: account[name] for name in ("tier", "until", "payment_failed")}
        emit({**account, "profile": profile, "access": access, "mail_suppressed": no_mail})
        end_with_unreadable("Entries", found.unreadable)
        return
    zone = wired.newsroom.zone
    whose = one_line(account["email"] or "no address that mail can go to")
    say(f"{whose}  ({account['sub']}, since {here(account['created_at'], zone)})")
    say(f"open: {account['tier']} until {here(account['until'], zone)}" if account["tier"] else "open: nothing")
    if no_mail:
        held = {name: here(value, zone) for name, value in no_mail.items()}
        say("mail: suppressed since {since} ({kind}, {reason}); see `mail allow`".format(**held))
    columns = ("id", "amount", "currency", "interval", "status", "paid_through", "will_renew", "ends_at")
    table(rows_here(map(_in_major_units, account["recurring"]), zone), columns, "No recurring gift.")
    refunded = ("refunded",) if any(gift["refunded"] for gift in account["one_off"]) else ()
    columns = ("id", "amount", *refunded, "currency", "given_at")
    table(rows_here(map(_in_major_units, account["one_off"]), zone), columns, "No one-off gift.")
    end_with_unreadable("Entries", found.unreadable)


def _no_mail(of: Table, address: EmailAddress, key: str) -> dict[str, str] | None:
    held = suppressed.read(of, supporters.email_hash(address, key)) if address else None
    return why_no_mail(held) if held else None


def _in_major_units(gift: Mapping[str, Any]) -> Mapping[str, Any]:
    """A gift as a person reads it: the rhythm as `month` or `6 months`; no refund where nothing was given back."""
    amounts = {name: shown(gift[name], gift["currency"]) for name in ("amount", "refunded") if gift.get(name)}
    often, count = gift.get("interval"), gift.get("interval_count", 1)
    rhythm = {"interval": often if count == 1 else f"{count} {often}s"}
    return {**gift, **rhythm, "amount": shown(gift["amount"], gift["currency"]), "refunded": None, **amounts}


@click.command()
@click.argument("email")
@click.option("--tier", required=True, help="A tier of the newsroom's settings.")
@click.option(
    "--until", required=True, type=Until(), help="The last day, in the newsroom's time zone; or a time in UTC."
)
@click.option("--reason", required=True, help="Why; it stays in the supporter's history.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def grant(email: str, tier: str, until: date | int, reason: str, *, as_json: bool) -> None:
    """Open a tier to somebody who gave by bank transfer, or works here."""
    wired = connect()
    end = ends_at(until, wired.newsroom.zone)
    given = grant_access(
        wired.table,
        wired.newsroom,
        email,
        tier=tier,
        until=end,
        reason=reason,
        email_key=wired.secrets["SPILNO_EMAIL_KEY"],
        now=wired.now(),
    )
    if as_json:
        emit({"supporter": given.supporter, "grant": given.grant, "tier": tier, "until": rfc3339(end)})
        return
    last = local(end, wired.newsroom.zone)
    say(f"{given.email} has {tier} until {last}." + (" They are new to us." if given.created else ""))
