"""Stripe's webhook endpoint: whether it is enabled, at our address, in the pinned version, for what we ask for.

No "event destination" beside it may send thin events to our address: each of them is refused.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import stripe

from chalicelib.rails.stripe.enabled_events import ENABLED_EVENTS, REDUNDANT_EVENTS
from chalicelib.rails.stripe.port import API_VERSION
from ops.doctor.findings import Finding, listing, note, ok, problem, warning
from ops.doctor.probe import Probe
from ops.doctor.subject import Subject

PATH = "/v1/stripe/webhook"


@dataclass(frozen=True)
class Facts:
    """The endpoints as Stripe lists them. `standing_in`: Stripe is the stand-in, whose own endpoint takes all types.

    `destinations`: event destinations of the API's second version, `[]` where the key may not read them.
    """

    stage: str
    site_id: str
    address: str
    endpoints: Sequence[Mapping[str, Any]]
    standing_in: bool
    polled: bool = False
    destinations: Sequence[Mapping[str, Any]] = ()


def gather(subject: Subject) -> Facts:
    """Read all endpoints of the account, in the key's mode."""
    address = f"{subject.public_url}{PATH}"
    if subject.local and subject.stripe_base is None:
        # With a real test key, `make run` fetches events itself: Stripe could not reach an endpoint on this machine.
        return Facts(subject.stage, subject.site_id, address, (), standing_in=False, polled=True)
    found = list(subject.stripe.listed("/v1/webhook_endpoints"))
    there = _destinations(subject)
    return Facts(subject.stage, subject.site_id, address, found, standing_in=subject.local, destinations=there)


def _destinations(subject: Subject) -> Sequence[Mapping[str, Any]]:
    """Event destinations with their addresses; `[]` where Stripe does not allow to read them."""
    try:
        return list(subject.stripe.listed_v2("/v2/core/event_destinations", include=["webhook_endpoint.url"]))
    except stripe.StripeError:
        return []  # a restricted key may lack this permission, an account this API: the rest is judged without it


def check(facts: Facts, _now: int) -> Iterable[Finding]:
    """Judge the endpoint at our address; report others that bear our mark."""
    if facts.polled:
        yield ok("webhook_polled", "The local stack asks Stripe for events itself.")
        return
    found = [*_endpoints(facts), *_thin(facts)]
    yield from found or [ok("webhook", "Stripe's webhook endpoint is enabled, in our version, for what we ask for.")]


def _endpoints(facts: Facts) -> Iterable[Finding]:
    setup = f"python -m ops setup --stage {facts.stage} mends it."
    here = [one for one in facts.endpoints if one["url"].rstrip("/") == facts.address]
    enabled = [one for one in here if one["status"] == "enabled"]
    if not here:
        yield _missing(facts, setup)
        return
    if not enabled:
        yield problem("webhook_disabled", "Stripe's webhook endpoint is disabled: no event comes.", setup)
        return
    yield from _version(enabled, setup)
    yield from _events(enabled, facts, setup)
    if len(enabled) > 1:
        names = listing([str(one["id"]) for one in enabled])
        yield warning(
            "webhook_several",
            f"{len(enabled)} enabled endpoints stand at our address ({names}): each event comes that often.",
            "Harmless, but one is enough: disable the older one in Stripe's dashboard, Developers, Webhooks.",
        )
    yield from _elsewhere(facts)


def _thin(facts: Facts) -> Iterable[Finding]:
    """Warn of event destinations that send thin events to our address: without the object that they are about."""
    thin = [
        one
        for one in facts.destinations
        if one.get("event_payload") == "thin"
        and one.get("status") != "disabled"
        and str((one.get("webhook_endpoint") or {}).get("url") or "").rstrip("/") == facts.address
    ]
    if thin:
        names = listing([str(one["id"]) for one in thin])
        yield warning(
            "webhook_thin",
            f"An event destination at Stripe ({names}) sends thin events to our address: each one is refused.",
            "Delete it at Stripe, Workbench, Webhooks. Our events come by an endpoint with the payload style "
            f'"snapshot", API version {API_VERSION}: python -m ops setup --stage {facts.stage} makes it.',
        )


def _missing(facts: Facts, setup: str) -> Finding:
    ours = [one for one in facts.endpoints if (one.get("metadata") or {}).get("spilno") == facts.site_id]
    if ours:
        says = f"Our webhook endpoint stands at {ours[0]['url']}, but the app is at {facts.address}."
        return problem("webhook_elsewhere", says, setup)
    return problem("webhook_missing", f"Stripe has no webhook endpoint for {facts.address}.", setup)


def _version(enabled: Sequence[Mapping[str, Any]], setup: str) -> Iterable[Finding]:
    others = [
        one.get("api_version") or "the account's default" for one in enabled if one.get("api_version") != API_VERSION
    ]
    if len(others) == len(enabled):
        says = f"The webhook endpoint speaks API version {others[0]}; this code is written for {API_VERSION}."
        yield problem("webhook_version", says, setup)


def _events(enabled: Sequence[Mapping[str, Any]], facts: Facts, setup: str) -> Iterable[Finding]:
    wanted = {name for one in enabled for name in one["enabled_events"]}
    if "*" in wanted:
        if not facts.standing_in:
            says = "The webhook endpoint takes every type of event: each one costs a call and a row."
            yield warning("webhook_every_event", says, setup)
        return
    if missing := sorted(ENABLED_EVENTS.keys() - wanted):
        yield problem("webhook_events_missing", f"The webhook endpoint does not take {listing(missing)}.", setup)
    if redundant := sorted(wanted & REDUNDANT_EVENTS.keys()):
        says = (
            f"The webhook endpoint also takes {len(redundant)} types ({listing(redundant)}) of which others "
            "tell the same: harmless, but each event costs a call, a row and questions to Stripe."
        )
        yield note("webhook_events_redundant", says, setup)
    if superfluous := sorted(wanted - ENABLED_EVENTS.keys() - REDUNDANT_EVENTS.keys()):
        yield note("webhook_events_superfluous", f"The webhook endpoint also takes {listing(superfluous)}.", setup)


def _elsewhere(facts: Facts) -> Iterable[Finding]:
    others = [
        one
        for one in facts.endpoints
        if one["url"].endswith(PATH) and one["url"].rstrip("/") != facts.address and one["status"] == "enabled"
        and (one.get("metadata") or {}).get("spilno") == facts.site_id
    ]  # fmt: skip
    if others:
        yield warning(
            "webhook_left_over",
            f"Another enabled endpoint bears our mark: {listing([str(one['url']) for one in others])}.",
            "Is it an older address of yours? Then delete it: Stripe mails about its failures and keeps trying.",
        )


PROBES = (Probe("stripe", "the webhook endpoint", gather, check),)
