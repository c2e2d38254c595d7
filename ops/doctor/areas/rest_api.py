"""Whether the REST API of before is still there, beside the HTTP API that took its place (decision 0110)."""

from collections.abc import Iterable
from dataclasses import dataclass

from ops.doctor.findings import Finding, note, ok
from ops.doctor.probe import Probe
from ops.doctor.subject import Subject


@dataclass(frozen=True)
class Facts:
    """Whether the stack has a REST API, and whether the stage file keeps it for a firewall."""

    stage: str
    there: bool
    for_a_firewall: bool


def gather(subject: Subject) -> Facts:
    """Read the stage file, and the stack's resources."""
    there = bool(subject.resources("AWS::ApiGateway::RestApi"))
    return Facts(subject.stage, there, subject.parameters.get("Firewall") == "on")


def check(facts: Facts, _now: int) -> Iterable[Finding]:
    """Note that it can go; it costs nothing until somebody calls it, and then three times as much."""
    if not facts.there:
        yield ok("rest_api", "Readers come by the HTTP API alone.")
    elif facts.for_a_firewall:
        yield ok("rest_api", "The REST API is there for the firewall, which stands before no HTTP API.")
    else:
        says = "The REST API of before is still there beside the HTTP API; the next release has it no more."
        mend = f'docs/moving-to-the-http-api.md; at the end Api = "http" in stages/{facts.stage}.toml.'
        yield note("rest_api_kept", says, mend)


PROBES = (Probe("aws", "the REST API of before", gather, check, not_local="the local stack has none"),)
