"""`supporter correct`: the right address in the place of a mistyped one."""

import click

from chalicelib.account.actions.ask_correction import ask_correction
from chalicelib.account.actions.correct_address import correct_address
from chalicelib.kernel.moments import rfc3339
from chalicelib.mail.rows import outbox
from chalicelib.wiring import Wiring
from ops.any_name import ANY_NAME
from ops.context import connect
from ops.output import emit, say

_STRIPE = "Stripe still has the old address at their customer: change it there, too, or Stripe's own mails go there."


@click.command(context_settings=ANY_NAME)
@click.argument("old")
@click.argument("new")
@click.option("--code", help="The code that the owner of NEW was mailed and told you: XXXX-XXXX.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object; times RFC 3339 UTC.")
def correct(old: str, new: str, code: str | None, *, as_json: bool) -> None:
    """Correct an address that was mistyped at checkout. OLD is the address, or the supporter's identifier.

    First without --code: NEW is mailed a code, and told to answer with it. Then with it: what stood under OLD stands
    under NEW, and whoever signed in with OLD is signed out.

    Make sure before that the gifts are theirs: ask when and how much they gave, or for the card's last four digits.
    """
    wired = connect()
    if code is None:
        _ask(wired, old, new, as_json=as_json)
    else:
        _correct(wired, old, new, code, as_json=as_json)


def _ask(wired: Wiring, old: str, new: str, *, as_json: bool) -> None:
    asked = ask_correction(old, new, wired.mail_sender, now=wired.real_now())
    if as_json:
        emit({"supporter": asked.supporter, "mailed": asked.email, "expires": rfc3339(asked.expires)})
        return
    say(f"A code is on its way to {asked.email}. Its owner tells it to you; it works until {rfc3339(asked.expires)}.")
    say("Then: the same command with --code XXXX-XXXX. Nothing has changed yet.")


def _correct(wired: Wiring, old: str, new: str, code: str, *, as_json: bool) -> None:
    key = wired.secrets["SPILNO_EMAIL_KEY"]
    done = correct_address(wired.table, old, new, code, email_key=key, now=wired.now(), real_now=wired.real_now())
    wired.mail_sender.deliver(done.mails, wired.now())
    waiting = [str(row["mail"]) for row in outbox.given_up(wired.table) if row["supporter"] == done.supporter]
    if as_json:
        emit({"supporter": done.supporter, "email": done.email, "joined": done.joined, "not_sent": waiting})
        return
    say(f"{done.email} is their address now. Later gifts with it join; whoever was signed in is out.")
    if done.joined:
        say("An account without any gift had this address; it is one with theirs now.")
    say(_STRIPE)
    for name in waiting:
        say(f"Not sent meanwhile: {name}. To send it now: mail retry {name}")
