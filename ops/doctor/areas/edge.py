"""Whether the gate at the edge of the stack's own CloudFront answers supporters, with the keys of now (docs/edge.md).

It is asked as a supporter would ask, with a pass that is over in a minute: whoever may read the keys can make one.
What it holds itself cannot be read with the rights to look alone.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.kernel.moments import BusinessTime
from chalicelib.reading.rules import passes
from chalicelib.reading.rules.passes import Pass
from ops.access_keys import PASS_KEYS, parts
from ops.doctor import web
from ops.doctor.areas.api import as_json
from ops.doctor.findings import Finding, note, ok
from ops.doctor.probe import Probe
from ops.doctor.subject import Subject

_LIFE = 60  # seconds
# What CloudFront says of an answer that a function of its own made.
_AT_THE_EDGE = "functiongeneratedresponse"


@dataclass(frozen=True)
class Facts:
    """The answer to a supporter of the newest pass key; None where the stack has no gate at the edge."""

    stage: str
    reply: web.Reply | None


def gather(subject: Subject) -> Facts:
    """Ask the gate with a pass."""
    if "EdgeKeysArn" not in subject.outputs:
        return Facts(subject.stage, None)
    name, _, key = parts(subject.secret(PASS_KEYS))[0].partition(":")
    until = BusinessTime(int(time.time()) + _LIFE)
    held = Pass("doctor", "doctor", ("doctor",), until, until)
    keys = [(name, key.encode())]
    token = passes.issue(held, keys=keys, issuer=subject.public_url, audience=subject.site_id)
    cookie = {"Cookie": f"__Host-spilno-pass={token}"}
    return Facts(subject.stage, web.fetch(f"{subject.public_url}/v1/access?needs=members", headers=cookie))


def check(facts: Facts, _now: int) -> Iterable[Finding]:
    """Note where the API had to be asked: that costs money and time, and shuts out nobody."""
    if facts.reply is None:
        yield ok("edge", "The stack has no gate at the edge: the API answers supporters, or a server of your own.")
    elif as_json(facts.reply).get("open") is not True:
        says = "A pass of the newest key opens nothing, neither at the edge nor at the API."
        yield note("edge_unseen", says, "The checks of the functions and of the public address say why.")
    elif _AT_THE_EDGE in facts.reply.header("x-cache").lower():
        yield ok("edge", "CloudFront answers supporters itself, with the newest key.")
    else:
        says = "CloudFront hands supporters on to the API: it has no keys, or not the newest one."
        mend = f".venv/bin/pip install -r ops/requirements-edge.txt, then python -m ops deploy --stage {facts.stage}"
        yield note("edge_off", says, f"{mend} (docs/edge.md).")


PROBES = (Probe("site", "the gate at the edge", gather, check, not_local="the local stack has none"),)
