"""`mail`: which addresses get none, which mails could not be sent, and how to repair either."""

import getpass
from collections.abc import Iterable, Mapping
from typing import Any

import click
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.kernel import email_address
from chalicelib.kernel.moments import rfc3339
from chalicelib.mail.actions import budget as mail_budget
from chalicelib.mail.actions.allow import allow_mail
from chalicelib.mail.actions.retry import retry_mail
from chalicelib.mail.rows import outbox
from chalicelib.mail.rows import suppressed as store
from chalicelib.mail.rules.feedback import Suppression
from chalicelib.supporters.rows import supporters
from chalicelib.wiring import Wiring
from ops.context import connect
from ops.here import here, rows_here
from ops.output import emit, say, table

_WHO = ("email", "since", "kind", "reason", "hash")
_ENOUGH = 12  # of a hash's letters, for a person to tell two apart
_GIVEN_UP = ("mail", "status", "kind", "why", "tries", "at", "email")


@click.group()
def mail() -> None:
    """Addresses that get no mail, and mails that were not sent."""


@mail.command()
@click.argument("email", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def suppressed(email: str | None, *, as_json: bool) -> None:
    """Addresses that get no mail: it came back for good, or their owner called it spam.

    Only a hash of each is kept; the address stands with it where a supporter has it. With EMAIL: only that one.
    """
    wired = connect()
    address = email_address.read(email) if email else None
    if address:
        hashed = supporters.email_hash(address, wired.secrets["SPILNO_EMAIL_KEY"])
        held = store.read(wired.table, hashed)
        found: list[tuple[str | None, str, Suppression]] = [(address, hashed, held)] if held else []
    else:
        found = [(_address_of(wired, hashed), hashed, held) for hashed, held in store.every_one(wired.table)]
    rows = [{"email": whose, **told(held), "hash": hashed} for whose, hashed, held in found]
    if not as_json:
        rows = [{**row, "hash": str(row["hash"])[:_ENOUGH]} for row in rows]
    nothing = f"{address} may get mail." if address else "Every address may get mail."
    _show(wired, rows, _WHO, nothing, as_json=as_json)


@mail.command()
@click.argument("email")
@click.option("--reason", required=True, help="How you know that mail is welcome there; it is kept.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def allow(email: str, reason: str, *, as_json: bool) -> None:
    """Let mail go to an address again, after its owner showed that they are there and want it."""
    wired = connect()
    done = allow_mail(
        wired.table,
        email,
        reason,
        by=getpass.getuser(),
        email_key=wired.secrets["SPILNO_EMAIL_KEY"],
        real_now=wired.real_now(),
        unlist=lambda address: "" if wired.settings.local else taken_off_the_services_list(_ses(wired), address),
    )
    was = told(done.was)
    if as_json:
        waiting = list(done.held_back)
        emit({"email": done.email, "was": was, "held_back": waiting, "on_services_list": done.listed or None})
        return
    since = here(was["since"], wired.newsroom.zone)
    say(f"{done.email} may get mail again. It was suppressed {since} ({was['kind']}, {was['reason']}).")
    if done.listed:
        say(f"It may still be on SES's own list ({done.listed}): take it off there, or mail comes back at once.")
    for name in done.held_back:
        say(f"Not sent meanwhile: {name}. To send it now: mail retry {name}")


@mail.command()
@click.argument("email", required=False)
@click.option("--new", "new_addresses", is_flag=True, help="Addresses that nobody has proven or given with.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def lift(email: str | None, *, new_addresses: bool, as_json: bool) -> None:
    """Let sign-in mails go again where strangers have used up an hour's.

    With EMAIL: for an hour everybody who asks for this address has a budget of their own. With --new: what addresses
    never seen before used up, and what came back from them, is forgotten.
    """
    if bool(email) == new_addresses:
        raise click.UsageError("Name an address, or say --new.")
    wired = connect()
    now = wired.real_now()
    if email:
        address = email_address.read(email)
        mail_budget.lift(wired.table, supporters.email_hash(address, wired.secrets["SPILNO_EMAIL_KEY"]), now)
        until = rfc3339(now + mail_budget.LIFTED_FOR)
        shown = here(until, wired.newsroom.zone)
        words = f"Sign-in mails go to {address} again. Until {shown} strangers cannot stop it."
        lifted: dict[str, str | None] = {"email": address, "until": until}
    else:
        mail_budget.lift_new(wired.table, now)
        words, lifted = "Sign-in mails go to addresses never seen before again.", {"email": None, "until": None}
    if as_json:
        emit(lifted)
    else:
        say(words)


@mail.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def undeliverable(*, as_json: bool) -> None:
    """Mails that were given up, or held back because their reader gets no mail."""
    wired = connect()
    rows = [_row(wired, row) for row in outbox.given_up(wired.table)]
    _show(wired, rows, _GIVEN_UP, "No mail was given up.", as_json=as_json)


@mail.command()
@click.argument("mails", metavar="KEY...", nargs=-1)
@click.option("--all", "every_one", is_flag=True, help="All that `mail undeliverable` lists as undeliverable.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def retry(mails: tuple[str, ...], *, every_one: bool, as_json: bool) -> None:
    """Send mails that were not sent, after what was wrong is mended. Their failed tries are forgotten.

    A mail is named as `mail undeliverable` lists it, such as pi_123:thanks.
    """
    if bool(mails) == every_one:
        raise click.UsageError("Name the mails, or say --all.")
    wired = connect()
    if every_one:
        mails = tuple(row["mail"] for row in outbox.given_up(wired.table) if row["status"] == "undeliverable")
    for name in mails:
        status = retry_mail(name, wired.mail_sender, wired.now())
        if as_json:
            emit({"mail": name, "status": status})
        else:
            say(f"{name}: {_SAID.get(status, status)}")
    if not mails and not as_json:
        say("No mail is undeliverable.")


_SAID = {
    "sent": "sent.",
    "unsent": "not sent yet; it is tried again by itself.",
    "undeliverable": "given up again; `mail undeliverable` says why.",
    "suppressed": "held back: its reader gets no mail. See `mail allow`.",
}


def told(held: Suppression) -> dict[str, str]:
    """Since when and why an address is suppressed, for a person or a machine."""
    return {"since": rfc3339(held.since), "kind": held.kind, "reason": held.reason}


def taken_off_the_services_list(ses: Any, email: str) -> str:
    """Take an address off SES's account-level list, too; answers why that failed, empty when it is off the list.

    Done with the operator's permissions: no function has them.
    """
    try:
        ses.delete_suppressed_destination(EmailAddress=email)
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", "ClientError"))
        return "" if code == "NotFoundException" else code
    except BotoCoreError as error:
        return type(error).__name__
    return ""


def _ses(wired: Wiring) -> Any:
    import boto3

    return boto3.client("sesv2", endpoint_url=wired.settings.aws_endpoint)


def _address_of(wired: Wiring, hashed: str) -> str | None:
    """The address behind a hash, if a supporter has it: look-ups by address use the same hash."""
    supporter = supporters.find_by_hash(wired.table, hashed)
    profile = supporters.read_profile(wired.table, supporter) if supporter else None
    return profile.email if profile else None


def _row(wired: Wiring, row: Mapping[str, Any]) -> dict[str, Any]:
    profile = supporters.read_profile(wired.table, row["supporter"])
    shown = {name: row[name] for name in ("mail", "status", "kind", "why", "tries", "supporter")}
    return {**shown, "at": rfc3339(row["sent_at"]), "email": profile.email or None if profile else None}


def _show(
    wired: Wiring, rows: Iterable[Mapping[str, Any]], columns: tuple[str, ...], nothing: str, *, as_json: bool
) -> None:
    if as_json:
        for row in rows:
            emit(row)
        return
    table(rows_here(rows, wired.newsroom.zone), columns, nothing)
