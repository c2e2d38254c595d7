"""The schedules: whether they are on and run. Without them nothing that failed is tried again."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ops.doctor.findings import Finding, ok, problem, span, warning
from ops.doctor.probe import Probe
from ops.doctor.subject import Subject

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_SECONDS = {"minute": 60, "hour": 3_600, "day": 86_400}
_PATIENCE = 2  # periods without a run before that is reported
_LEAST = 1_800  # seconds: metrics come some minutes late
_MOSTLY = 2  # reported when one of so many runs fails


@dataclass(frozen=True)
class Schedule:
    """One rule and the function that it calls, which had `runs` and `errors` in the last `looked` seconds."""

    function: str
    period: int
    enabled: bool
    looked: int
    runs: int
    errors: int
    rule: str


@dataclass(frozen=True)
class Facts:
    """All rules of the stack; `deployed` is when the stack was last changed, in seconds."""

    stage: str
    schedules: tuple[Schedule, ...]
    deployed: int


def gather(subject: Subject) -> Facts:
    """Read the stack's rules, their targets, and the targets' metrics."""
    rules, now = subject.aws("events"), datetime.now(UTC)
    found = []
    for name in subject.resources("AWS::Events::Rule").values():
        rule = rules.describe_rule(Name=name)
        match = _RATE.fullmatch(rule.get("ScheduleExpression", ""))
        if not match:
            continue
        period = int(match[1]) * _SECONDS[match[2]]
        looked = max(_LEAST, period * _PATIENCE)
        targets = rules.list_targets_by_rule(Rule=name)["Targets"]
        for target in targets:
            function = target["Arn"].rpartition(":")[2]
            runs, errors = (_sum(subject, function, metric, now, looked) for metric in ("Invocations", "Errors"))
            found.append(Schedule(function, period, rule["State"] == "ENABLED", looked, runs, errors, name))
    changed = subject.stack.get("LastUpdatedTime") or subject.stack["CreationTime"]
    return Facts(subject.stage, tuple(found), int(changed.timestamp()))


def _sum(subject: Subject, function: str, metric: str, now: datetime, looked: int) -> int:
    points: list[Mapping[str, Any]] = subject.aws("cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName=metric,
        Dimensions=[{"Name": "FunctionName", "Value": function}],
        StartTime=now - timedelta(seconds=looked),
        EndTime=now,
        Period=3_600 if looked > _LEAST else 300,
        Statistics=["Sum"],
    )["Datapoints"]
    return int(sum(one["Sum"] for one in points))


def check(facts: Facts, now: int) -> Iterable[Finding]:
    """Judge each schedule by itself, so that one that does not run is named."""
    deploy = f"python -m ops deploy --stage {facts.stage} puts it back."
    if not facts.schedules:
        yield problem("schedules_none", "The stack has no schedules: nothing that failed is tried again.", deploy)
        return
    found = [finding for one in facts.schedules for finding in _one(one, now - facts.deployed, deploy)]
    yield from found or [ok("schedules", f"{len(facts.schedules)} schedules are on, and their functions run.")]


def _one(one: Schedule, since_deployed: int, deploy: str) -> Iterable[Finding]:
    every = span(one.period)
    if not one.enabled:
        # A deployment of an unchanged template does not switch it on again.
        mend = f"aws events enable-rule --name {one.rule}"
        yield problem("schedule_off", f"The schedule of {one.function} (every {every}) is switched off.", mend)
    elif not one.runs and since_deployed > one.looked:
        says = f"{one.function} has not run for {span(one.looked)}; it should every {every}."
        yield problem("schedule_still", says, f"Its rule may have lost its permission to call it: {deploy}")
    elif one.errors * _MOSTLY >= max(one.runs, 1):
        says = f"{one.function} failed {one.errors} of {one.runs} times in the last {span(one.looked)}."
        yield problem(
            "schedule_failing", says, "Its log says why; python -m ops sweep and reconcile do the same by hand."
        )
    elif one.errors:
        says = f"{one.function} failed {one.errors} of {one.runs} times in the last {span(one.looked)}."
        yield warning("schedule_errors", says, "Its log says why.")


PROBES = (Probe("aws", "the schedules", gather, check, not_local="`make run` runs them itself, see its log"),)
