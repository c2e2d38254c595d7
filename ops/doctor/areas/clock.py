"""This machine's clock. Stripe's and AWS's signatures allow 300 seconds; on the local stage the app runs here."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import requests

from ops.doctor import web
from ops.doctor.findings import Finding, ok, problem, span, warning
from ops.doctor.probe import Probe
from ops.doctor.subject import Subject

ALLOWED = 300  # seconds, https://docs.stripe.com/webhooks#replay-attacks
WORTH_SAYING = 30
STRIPE = "https://api.stripe.com"


@dataclass(frozen=True)
class Facts:
    """Seconds by which this machine's clock is ahead of others', by whose they are."""

    ahead: Mapping[str, float]


def gather(subject: Subject) -> Facts:
    """Ask Stripe and AWS for the time; one answer is enough."""
    addresses = {"Stripe": subject.stripe_base or STRIPE}
    if not subject.local:
        addresses["AWS"] = f"https://sts.{subject.region or 'us-east-1'}.amazonaws.com"
    ahead: dict[str, float] = {}
    last: requests.RequestException | None = None
    for whose, url in addresses.items():
        before = time.time()
        try:
            said = web.fetch(url).header("date")
        except requests.RequestException as error:
            last = error
            continue
        here = (before + time.time()) / 2
        if said:
            # A Date header has whole seconds: on average half a second has passed since.
            ahead[whose] = here - parsedate_to_datetime(said).timestamp() - 0.5
    if not ahead and last is not None:
        raise last
    return Facts(ahead)


def check(facts: Facts, _now: int) -> Iterable[Finding]:
    """Judge this machine's clock by the widest difference."""
    if not facts.ahead:
        yield warning("clock_unknown", "Nobody outside told the time.", "Compare this machine's clock yourself.")
        return
    whose, ahead = max(facts.ahead.items(), key=lambda pair: abs(pair[1]))
    way = "ahead of" if ahead > 0 else "behind"
    says = f"This machine's clock is {span(abs(ahead))} {way} {whose}'s."
    mend = "Turn on time synchronisation: sudo timedatectl set-ntp true."
    if abs(ahead) > ALLOWED:
        yield problem("clock_wrong", f"{says} Signatures are refused from {ALLOWED} seconds on.", mend)
    elif abs(ahead) > WORTH_SAYING:
        yield warning("clock_off", f"{says} From {ALLOWED} seconds on signatures are refused.", mend)
    else:
        yield ok("clock", f"This machine's clock agrees with {' and '.join(facts.ahead)}.")


PROBES = (Probe("clock", "the clock", gather, check),)
