"""Whether anything limits calls by IP address, before the limits that all callers share.

The recipes for a server of one's own have such a limit; whether it is set up there cannot be seen from outside
without calling until it refuses, which doctor does not do. What the stack itself has can be seen.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ops.doctor.findings import Finding, note, ok, warning
from ops.doctor.probe import Probe
from ops.doctor.subject import Subject


@dataclass(frozen=True)
class Facts:
    """The firewall that the stage file wants, and whether the stack has it; `fronts`: its parts before the API."""

    stage: str
    wanted: bool
    there: bool
    fronts: tuple[str, ...]


def gather(subject: Subject) -> Facts:
    """Read the stage file, and the stack's resources."""
    names = {"SiteDomainName": "CloudFront", "ApiDomainName": "a domain of the API's own"}
    fronts = tuple(words for name, words in names.items() if subject.parameters.get(name))
    wanted = subject.parameters.get("Firewall") == "on"
    return Facts(subject.stage, wanted, bool(subject.resources("AWS::WAFv2::WebACLAssociation")), fronts)


def check(facts: Facts, _now: int) -> Iterable[Finding]:
    """Note that nothing limits calls: no more, as a firewall costs money, and an alarm says when it is needed."""
    deploy = f"python -m ops deploy --stage {facts.stage}"
    if facts.wanted and not facts.there:
        yield warning("firewall_missing", "The stage file wants a firewall, and the stack has none.", f"{deploy}.")
    elif facts.there:
        yield ok("firewall", "A firewall holds each address to 25 calls a second.")
    elif facts.fronts:
        ways = " and ".join(facts.fronts)
        says = f"Readers come by {ways}, where nothing free counts calls by address: one machine that calls"
        says += " without end can close the API until somebody stops it."
        mend = f'When the alarm calls-burst rings, or before: Firewall = "on" in stages/{facts.stage}.toml, then '
        yield note("firewall_off", says, f"{mend}{deploy}. 7 USD a month and 0.60 USD a million calls.")
    else:
        yield ok("firewall", "No firewall; the recipe of your own server counts calls by address.")


PROBES = (Probe("aws", "the firewall", gather, check, not_local="the local stack has none"),)
