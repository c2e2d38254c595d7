"""`supporter` and `grant`."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import click

from chalicelib.actions.find_supporter import as_json as told
from chalicelib.actions.find_supporter import find_supporter
from chalicelib.actions.grant import grant_access
from chalicelib.domain.email_address import EmailAddress
from chalicelib.domain.moments import rfc3339
from chalicelib.domain.money import Money, to_decimal_text
from chalicelib.store import supporters, suppressed
from chalicelib.store.table import Table
from ops.context import connect
from ops.correct import correct
from ops.mail import told as why_no_mail
from ops.output import emit, one_line, say, table


class _WithDefault(click.Group):
    """`supporter EMAIL` as it always was, beside commands of their own: what names none of them is an address."""

    default = "show"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """See click."""
        first = next((word for word in args if not word.startswith("-")), None)
        if first not in self.commands and "--help" not in args:
            args = [self.default, *args]
        return super().parse_args(ctx, args)


@click.group(cls=_WithDefault)
def supporter() -> None:
    """Who somebody is to us, what is open to them now, and what they give; or correct their address.

    `supporter EMAIL` is short for `supporter show EMAIL`. Everywhere an identifier may stand for the address.
    """


supporter.add_command(correct)


@supporter.command(context_settings={"ignore_unknown_options": True})  # an identifier may begin with a dash
@click.argument("email")
@click.option("--json", "as_json", is_flag=True, help="One JSON object; times RFC 3339 UTC.")
def show(email: str, *, as_json: bool) -> None:
    """Who somebody is to us, what is open to them now, and what they give."""
    wired = connect()
    key = wired.secrets["SPILNO_EMAIL_KEY"]
    found = find_supporter(wired.table, email, wired.newsroom, email_key=key, now=wired.now())
    account = dict(told(found))
    no_mail = _no_mail(wired.table, found.profile.email, key)
    if as_json:
        profile = {name: account[name] for name in ("sub", "email", "language", "created_at")}
        access = {name: account[name] for name in ("tier", "until", "payment_failed")}
        emit({**account, "profile": profile, "access": access, "mail_suppressed": no_mail})
        return
    whose = one_line(account["email"] or "no address that mail can go to")
    say(f"{whose}  ({account['sub']}, since {account['created_at']})")
    say(f"open: {account['tier']} until {account['until']}" if account["tier"] else "open: nothing")
    if no_mail:
        say("mail: suppressed since {since} ({kind}, {reason}); see `mail allow`".format(**no_mail))
    columns = ("id", "amount", "currency", "interval", "status", "paid_through", "will_renew", "ends_at")
    table(map(_in_major_units, account["recurring"]), columns, "No recurring gift.")
    refunded = ("refunded",) if any(gift["refunded"] for gift in account["one_off"]) else ()
    columns = ("id", "amount", *refunded, "currency", "given_at")
    table(map(_in_major_units, account["one_off"]), columns, "No one-off gift.")


def _no_mail(of: Table, address: EmailAddress, key: str) -> dict[str, str] | None:
    held = suppressed.read(of, supporters.email_hash(address, key)) if address else None
    return why_no_mail(held) if held else None


def _in_major_units(gift: Mapping[str, Any]) -> Mapping[str, Any]:
    """As a person reads it; nothing where nothing was given back."""
    amounts = {name: gift[name] for name in ("amount", "refunded") if gift.get(name)}
    shown = {name: to_decimal_text(Money(amount, gift["currency"])) for name, amount in amounts.items()}
    return {**gift, "refunded": None, **shown}


@click.command()
@click.argument("email")
@click.option("--tier", required=True, help="A tier of the newsroom's settings.")
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"]), help="UTC.")
@click.option("--reason", required=True, help="Why; it stays in the supporter's history.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def grant(email: str, tier: str, until: datetime, reason: str, *, as_json: bool) -> None:
    """Open a tier to somebody who gave by bank transfer, or works here."""
    wired = connect()
    given = grant_access(
        wired.table,
        wired.newsroom,
        email,
        tier=tier,
        until=int(until.replace(tzinfo=UTC).timestamp()),
        reason=reason,
        email_key=wired.secrets["SPILNO_EMAIL_KEY"],
        now=wired.now(),
    )
    if as_json:
        ends = rfc3339(int(until.replace(tzinfo=UTC).timestamp()))
        emit({"supporter": given.supporter, "grant": given.grant, "tier": tier, "until": ends})
        return
    say(f"{given.email} has {tier} until {until:%Y-%m-%d}." + (" They are new to us." if given.created else ""))
