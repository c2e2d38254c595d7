"""The newsroom's websites: whether they may call the API, and whether browsers send our cookies from there."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests

from chalicelib.http.sites import is_suffix, same_site, shared_suffix
from ops.doctor import web
from ops.doctor.areas.api import ours
from ops.doctor.findings import Finding, listing, note, ok, problem, warning
from ops.doctor.obstacles import obstacle
from ops.doctor.probe import Probe
from ops.doctor.subject import Subject

STRANGER = "https://spilno-doctor.invalid"
_REDIRECTS = range(300, 400)


@dataclass(frozen=True)
class Origin:
    """One website: the preflight's answer, and where its own front page sends readers (empty: nowhere)."""

    origin: str
    preflight: web.Reply
    sends_on_to: str = ""
    silent: str = ""


@dataclass(frozen=True)
class Facts:
    """The listed websites, and the answer to a preflight from a stranger's page."""

    stage: str
    public_url: str
    origins: tuple[Origin, ...]
    stranger: web.Reply


def gather(subject: Subject) -> Facts:
    """Send a preflight from each website, as a browser does before a donate button's call."""
    assert ours(subject)
    base = subject.public_url
    return Facts(
        subject.stage,
        base,
        tuple(_origin(base, origin) for origin in subject.site_origins),
        _preflight(base, STRANGER),
    )


def _origin(base: str, origin: str) -> Origin:
    asked = _preflight(base, origin)
    try:
        front = web.fetch(f"{origin}/")
    except requests.RequestException as error:
        return Origin(origin, asked, silent=obstacle(error).says)
    target = urlsplit(front.header("location")) if front.status in _REDIRECTS else urlsplit("")
    return Origin(origin, asked, f"{target.scheme}://{target.netloc}".lower() if target.netloc else "")


def _preflight(base: str, origin: str) -> web.Reply:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    return web.fetch(f"{base}/v1/checkouts", method="OPTIONS", headers=headers)


def check(facts: Facts, _now: int) -> Iterable[Finding]:
    """Judge the answers by the contract: credentials for the same site only, and never for everybody."""
    found = []
    if facts.stranger.header("access-control-allow-origin"):
        allowed = facts.stranger.header("access-control-allow-origin")
        says = f"Any website may call the API (Access-Control-Allow-Origin: {allowed})."
        found.append(
            problem("cors_everybody", says, "Something on the way adds CORS headers of its own: turn that off.")
        )
    if not facts.origins:
        mend = f"Write SiteOrigins into stages/{facts.stage}.toml, then deploy."
        found.append(problem("origins_none", "No website may call the API: SiteOrigins is empty.", mend))
    for one in facts.origins:
        found += [*_site(facts, one), *_front(facts, one)]
    yield from found
    if not any(one.level in ("warning", "problem") for one in found):
        yield ok("origins", f"{listing([one.origin for one in facts.origins])} may call the API.")


def _site(facts: Facts, one: Origin) -> Iterable[Finding]:
    api = facts.public_url
    if not same_site(one.origin, api):
        shared = shared_suffix(urlsplit(address).hostname or "" for address in (one.origin, api))
        if is_suffix(shared):
            says = f"{one.origin} and the API look like one site, but browsers keep them apart: "
            says += f"below {shared} everybody may have a name."
            yield warning("origin_public_suffix", says, "Put both on a domain of your own.")
        else:
            yield note(
                "origin_other_site",
                f"{one.origin} is another site than the API ({urlsplit(api).netloc}): browsers send it no cookies. "
                "There the elements only link to the pages at the API's own address.",
                "Put the API on the website's own domain: docs/same-origin.md.",
            )
        return
    allowed = one.preflight.header("access-control-allow-origin")
    credentials = one.preflight.header("access-control-allow-credentials").lower() == "true"
    if allowed != one.origin.lower() or not credentials:
        says = f"A page on {one.origin} may not call the API: its preflight answers {one.preflight.status} "
        says += f"for '{allowed or 'nobody'}'."
        mend = "Let OPTIONS and the Origin header through to the API; then deploy SiteOrigins again."
        yield problem("cors_refused", says, mend)


def _front(facts: Facts, one: Origin) -> Iterable[Finding]:
    if facts.stage == "local":
        return
    if one.silent:
        yield warning("origin_silent", f"{one.origin} does not answer: {one.silent}.", "Is it spelled right?")
    elif one.sends_on_to and one.sends_on_to not in {known.origin.lower() for known in facts.origins}:
        says = f"{one.origin} sends its readers to {one.sends_on_to}, and that is not in SiteOrigins."
        yield problem("origin_elsewhere", says, f"Add {one.sends_on_to} in stages/{facts.stage}.toml, then deploy.")
    if is_suffix(urlsplit(one.origin).hostname or ""):
        yield warning("origin_suffix", f"{one.origin} is a public suffix.", "Use a domain of your own.")


PROBES = (Probe("site", "the websites' calls", gather, check),)
