"""The logs: kept as long as the stage file says, and not for ever."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ops.doctor.findings import Finding, listing, ok, warning
from ops.doctor.probe import Probe
from ops.doctor.subject import Subject

_DAYS = 30


@dataclass(frozen=True)
class Facts:
    """The days that each log group is kept, None for ever; `wanted`: those of the stage file."""

    stage: str
    kept: Mapping[str, int | None]
    wanted: int


def gather(subject: Subject) -> Facts:
    """Read the stage's own groups, and those that Lambda may have made beside them."""
    assert subject.stack, "Without a stack there is nothing to keep: its own check says so."
    logs = subject.aws("logs")
    kept: dict[str, int | None] = {}
    for prefix in (f"/spilno/{subject.stage}/", f"/aws/lambda/{subject.stack_name}-"):
        for page in logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix):
            kept |= {one["logGroupName"]: one.get("retentionInDays") for one in page["logGroups"]}
    return Facts(subject.stage, kept, int(subject.parameters.get("LogDays") or _DAYS))


def check(facts: Facts, _now: int) -> Iterable[Finding]:
    """Warn of logs that are kept for longer: they hold no addresses, but they cost, and nobody needs them."""
    endless = sorted(name for name, days in facts.kept.items() if days is None)
    longer = sorted(name for name, days in facts.kept.items() if days is not None and days > facts.wanted)
    if endless or longer:
        says = f"Kept longer than {facts.wanted} days: {listing([*endless, *longer])}."
        mend = f"aws logs put-retention-policy --retention-in-days {facts.wanted} --log-group-name …"
        yield warning("logs_kept", says, mend)
    elif not facts.kept:
        deploy = f"python -m ops deploy --stage {facts.stage} makes them."
        yield warning("logs_none", "There are no log groups: nothing tells what the functions did.", deploy)
    else:
        yield ok("logs", f"Logs are kept for at most {facts.wanted} days.")


PROBES = (Probe("aws", "the logs", gather, check, not_local="local logs are files, deleted with .local/"),)
