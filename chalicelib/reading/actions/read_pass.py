"""Passes at the gate: find the best one in a call, and issue new ones. Reads no table."""

from collections.abc import Iterable

from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.reading.rules import passes
from chalicelib.reading.rules.passes import LIFE, Pass
from chalicelib.settings import Settings

GUEST = "guest_"  # begins the `sub` of a browser that paid and did not sign in


def best_pass(tokens: Iterable[str], settings: Settings, *, real_now: RealTime, now: BusinessTime) -> Pass | None:
    """The valid pass with the highest tier; None when none is valid, which by itself refuses nobody.

    A pass expires in real time; the access it stands for also ends in business time (`now`).
    """
    best = None
    for token in tokens:
        held = passes.check(
            token, keys=settings.pass_keys, issuer=settings.public_url, audience=settings.site_id, now=real_now
        )
        if held is not None and held.until > now and (best is None or len(held.tiers) > len(best.tiers)):
            best = held
    return best


def issue_pass(
    sub: str,
    tiers: tuple[str, ...],
    until: BusinessTime,
    settings: Settings,
    *,
    longest: int = LIFE,
    real_now: RealTime,
    now: BusinessTime,
) -> str:
    """A pass for these tiers, lowest first, of which the last is the one held.

    `longest` in seconds, where a pass must end before its access does.
    """
    held = Pass(sub, tiers[-1], tiers, until, real_now + min(LIFE, longest, until - now))
    return passes.issue(held, keys=settings.pass_keys, issuer=settings.public_url, audience=settings.site_id)
