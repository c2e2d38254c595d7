"""The API as the world sees it, at its public address: up, whole, of this version, and safe on its way."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from ops import stages
from ops.doctor import web
from ops.doctor.findings import Finding, note, ok, problem, warning
from ops.doctor.probe import Probe
from ops.doctor.subject import NotThere, Subject

_OK, _MISSING, _UNAVAILABLE = 200, 404, 503
_FAILING = (500, 501, 502)
_HALF_A_YEAR = 15_768_000  # seconds of HSTS: the least that browsers' lists take seriously


@dataclass(frozen=True)
class Facts:
    """The answers to the health call and to an unknown address; `silent` says why there was none."""

    stage: str
    public_url: str
    health: web.Reply | None = None
    unknown: web.Reply | None = None
    silent: str = ""


def gather(subject: Subject) -> Facts:
    """Call the health route, and one that does not exist."""
    base = subject.public_url
    try:
        health = web.fetch(f"{base}/v1/health")
        unknown = web.fetch(f"{base}/v1/no-such-route")
    except requests.RequestException as error:
        return Facts(subject.stage, base, silent=_why(error))
    return Facts(subject.stage, base, health, unknown)


def _why(error: requests.RequestException) -> str:
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not valid for this name, or has expired"
    if isinstance(error, requests.Timeout):
        return "it takes too long"
    if "resolve" in str(error).lower():
        return "there is no such name in DNS"
    return "nobody answers there"


def check(facts: Facts, _now: int) -> Iterable[Finding]:
    """Judge the answers. Only the first fault is reported: nothing behind it can be seen."""
    if facts.health is None or facts.unknown is None:
        mend = "Is it deployed, and does the name lead there? docs/same-origin.md has a recipe for each kind of host."
        if facts.stage == "local":
            mend = "make run starts it."
        yield problem("api_silent", f"{facts.public_url} cannot be reached: {facts.silent}.", mend)
        return
    told = as_json(facts.health)
    if facts.health.status > _UNAVAILABLE or facts.health.status in _FAILING:
        mend = f"Its log says why: aws logs tail /spilno/{facts.stage}/APIHandler --since 10m"
        if facts.stage == "local":
            mend = "Its log says why; after a change of the code, make run needs to be started again."
        yield problem("api_failing", f"The API fails: its health answers {facts.health.status}.", mend)
        return
    if facts.health.status not in (_OK, _UNAVAILABLE) or "table" not in told:
        yield _somebody_else(facts, facts.health)
        return
    if facts.health.status == _UNAVAILABLE:
        yield problem("api_table", "The API runs, but its table does not answer.", "See the table's own check.")
    yield from _on_its_way(facts, facts.health)
    if facts.unknown.status != _MISSING or facts.unknown.media_type != "application/problem+json":
        says = f"Errors of the API arrive changed: an unknown route answers {facts.unknown.status}"
        yield warning(
            "api_errors_replaced",
            f"{says} {facts.unknown.media_type or 'without a type'} instead of 404 application/problem+json.",
            "Turn off custom error pages of the CDN or proxy for this path: the widget reads our errors.",
        )
    if facts.health.status == _OK:
        yield ok("api", f"{facts.public_url} answers.")


def _somebody_else(facts: Facts, health: web.Reply) -> Finding:
    path = urlsplit(facts.public_url).path
    says = f"{facts.public_url}/v1/health answers {health.status} {health.media_type}, and that is not Spilno."
    if location := health.header("location"):
        says += f" It sends on to {location}."
    mend = "Is PublicUrl right, and does the name lead to the API?"
    if path:
        mend = f"The proxy or CDN must pass {path}/* on without its {path}: see docs/same-origin.md."
    return problem("api_elsewhere", says, mend)


def _on_its_way(facts: Facts, health: web.Reply) -> Iterable[Finding]:
    if facts.stage == "local":
        return
    if not facts.public_url.startswith("https://"):
        says = "PublicUrl is not https: browsers send no cookie there, and anyone on the way reads along."
        yield problem("api_https", says, "Write https:// in the stage file, with a certificate behind it.")
        return
    if urlsplit(facts.public_url).netloc.endswith(".amazonaws.com"):
        says = "PublicUrl is AWS's own address: on it, cookies do not work together with your website."
        yield warning("api_address", says, "Put the API on the website's own domain: docs/same-origin.md.")
        return
    strict = health.header("strict-transport-security").lower()
    ages = [part.partition("=")[2].strip('" ') for part in strict.split(";") if part.strip().startswith("max-age")]
    if not ages or not ages[0].isdigit() or int(ages[0]) < _HALF_A_YEAR:
        yield note(
            "api_hsts",
            "The address does not insist on https for later visits (HSTS).",
            "Let your host or CDN send: Strict-Transport-Security: max-age=31536000",
        )


def ours(subject: Subject) -> web.Reply:
    """The answer of the health route, for checks that need the API to answer.

    :raises NotThere: somebody else answers, or nobody; `check` reports that.
    """
    reply = web.fetch(f"{subject.public_url}/v1/health")
    if "table" not in as_json(reply):
        raise NotThere("the API itself does not answer there, see above")
    return reply


def as_json(reply: web.Reply) -> Mapping[str, Any]:
    """The body when it is a JSON object, else an empty mapping."""
    try:
        told = json.loads(reply.text)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


@dataclass(frozen=True)
class Versions:
    """Digests of the sources: of what runs, of the package, of this directory. Empty: not known."""

    stage: str
    running: str
    packaged: str
    here: str


def gather_versions(subject: Subject) -> Versions:
    """Read the three digests; that of what runs is in the health route's answer."""
    from infra.package import source_digest

    told = str(as_json(web.fetch(f"{subject.public_url}/v1/health")).get("version", ""))
    manifest = stages.ROOT / "build" / subject.stage / "manifest.json"
    return Versions(subject.stage, told.partition("+")[2], _packaged(manifest), source_digest(stages.ROOT))


def _packaged(manifest: Path) -> str:
    try:
        return str(json.loads(manifest.read_text(encoding="utf-8"))["source_digest"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def check_versions(facts: Versions, _now: int) -> Iterable[Finding]:
    """Compare what runs with the package and with this directory, by twelve digits of the digests."""
    running, packaged, here = (one[:12] for one in (facts.running, facts.packaged, facts.here))
    package, deploy = f"make package STAGE={facts.stage}", f"python -m ops deploy --stage {facts.stage}"
    if not running:
        yield warning("version_unknown", "What runs does not say its version.", f"{package}, then {deploy}.")
    elif running == here:
        yield ok("version", "What runs is what is in this directory.")
    elif packaged == here:
        says = f"The package is newer than what runs ({running})."
        yield warning("version_not_deployed", says, f"{deploy} puts it into effect.")
    else:
        says = f"The code in this directory is another than what runs ({running})."
        older = f" The package under build/{facts.stage} is older than the code, too." if packaged else ""
        yield warning("version_differs", says + older, f"When you want it to run: {package}, then {deploy}.")


PROBES = (
    Probe("site", "the API's public address", gather, check),
    Probe(
        "site", "the version that runs", gather_versions, check_versions, not_local="it always runs this directory"
    ),
)
