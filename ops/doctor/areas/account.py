"""The Stripe account: whether it may take money, what Stripe still asks of it, and which currencies it takes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Any

import stripe

from chalicelib.kernel.moments import local
from ops.doctor.areas.newsroom import read_newsroom
from ops.doctor.findings import Finding, listing, note, ok, problem, warning
from ops.doctor.probe import Probe
from ops.doctor.stripe_reads import StripeReads
from ops.doctor.subject import Subject

_DASHBOARD = "Stripe dashboard, Settings, Business: answer what is asked there."


@dataclass(frozen=True)
class Facts:
    """The account as Stripe describes it; the newsroom's currencies and time zone, none and UTC without its file."""

    account: Mapping[str, Any]
    currencies: tuple[str, ...]
    payment_currencies: tuple[str, ...] | None
    prod: bool
    zone: tzinfo = UTC


def gather(subject: Subject) -> Facts:
    """Ask Stripe for the account, and for the currencies that its country takes."""
    reads = subject.stripe
    account = reads.get("/v1/account")
    taken: tuple[str, ...] | None = None
    if account.get("country") and not subject.local:  # the stand-in takes every currency
        taken = _taken(reads, account["country"])
    newsroom = read_newsroom(subject).newsroom
    currencies, zone = (tuple(newsroom.currencies), newsroom.zone) if newsroom else ((), UTC)
    return Facts(account, currencies, taken, subject.prod, zone)


def _taken(reads: StripeReads, country: str) -> tuple[str, ...] | None:
    try:
        return tuple(reads.get(f"/v1/country_specs/{country}")["supported_payment_currencies"])
    except (stripe.PermissionError, stripe.InvalidRequestError):
        return None  # the rest of the account can be judged without it


def check(facts: Facts, _now: int) -> Iterable[Finding]:
    """Judge whether the account takes payments, what Stripe still asks of it, and its currencies."""
    account, found = facts.account, []
    if not account.get("charges_enabled", False):
        found.append(problem("account_charges", "Stripe lets this account take no payments.", _DASHBOARD))
    elif facts.prod and not account.get("payouts_enabled", False):
        found.append(warning("account_payouts", "Stripe pays nothing out to this account.", _DASHBOARD))
    found += [*_asked(account.get("requirements") or {}, facts.zone), *_currencies(facts)]
    yield from found
    if not any(one.level in ("problem", "warning") for one in found):
        yield ok("account", "The Stripe account takes payments, and Stripe asks nothing more of it.")


def _asked(requirements: Mapping[str, Any], zone: tzinfo) -> Iterable[Finding]:
    overdue, due = list(requirements.get("past_due") or []), list(requirements.get("currently_due") or [])
    if overdue:
        says = f"Stripe waits for answers that are overdue: {listing(overdue)}."
        yield problem("account_overdue", says, _DASHBOARD)
    elif due:
        deadline = requirements.get("current_deadline")
        by = f" by {local(deadline, zone)[:10]}" if deadline else ""
        yield warning("account_due", f"Stripe wants answers{by}: {listing(due)}.", _DASHBOARD)


def _currencies(facts: Facts) -> Iterable[Finding]:
    if facts.payment_currencies is not None:
        refused = [code for code in facts.currencies if code not in facts.payment_currencies]
        if refused:
            yield problem(
                "account_currencies",
                f"This Stripe account cannot charge in {listing(refused).upper()}; whoever chooses it is refused.",
                "Take the currency out of newsroom.toml.",
            )
    settles = str(facts.account.get("default_currency") or "")
    foreign = [code for code in facts.currencies if settles and code != settles]
    if foreign and facts.prod:
        yield note(
            "account_conversion",
            f"Gifts in {listing(foreign).upper()} are paid out in {settles.upper()}, less Stripe's conversion fee, "
            "unless the account has a bank account in that currency.",
        )


PROBES = (Probe("stripe", "the Stripe account", gather, check),)
