"""The table's settings, compared with those that the code is written for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.kernel.schema import INDEX, PROJECTED, TABLE, TTL_ATTRIBUTE
from ops.doctor.findings import Finding, listing, note, ok, problem, warning
from ops.doctor.probe import Probe
from ops.doctor.subject import Subject

# A deployment of an unchanged template restores no setting, and a restored table is not in the template at all.
_AWS = "aws dynamodb {command} --table-name {table} {words}"


@dataclass(frozen=True)
class Facts:
    """DynamoDB's descriptions of the table. `backups` is None where there are none to ask for (the local stage).

    `missing` is the table's name where the stack is there and its table is not.
    """

    stage: str
    table: Mapping[str, Any]
    ttl: Mapping[str, Any]
    backups: Mapping[str, Any] | None
    missing: str = ""

    @property
    def prod(self) -> bool:
        """Whether the table holds supporters' real data."""
        return self.stage == "prod"


def gather(subject: Subject) -> Facts:
    """Read the descriptions of the table, its expiry and its backups."""
    dynamodb, name = subject.aws("dynamodb"), subject.table_name
    try:
        described = dynamodb.describe_table(TableName=name)["Table"]
    except ClientError as error:
        if subject.local or error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        if not subject.stack_is_there():
            raise  # nothing is deployed yet, which the stack's own check reports
        return Facts(subject.stage, {}, {}, None, missing=name)
    ttl = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    backups = None
    if not subject.local:
        backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    return Facts(subject.stage, described, ttl, backups)


def check(facts: Facts, _now: int) -> Iterable[Finding]:
    """Judge the table: whether it is there, its keys, index and expiry, and what protects its data."""
    if facts.missing:
        yield problem(
            "table_missing",
            f"There is no table {facts.missing}, and the stack is there: the books cannot be read.",
            f"If TableInUse in stages/{facts.stage}.toml is a slip, correct it. If the table was deleted: "
            "docs/restoring.md.",
        )
        return
    found = [*_shape(facts), *_safety(facts)]
    yield from found or [ok("table", "The table has its keys, its index, its expiry and its protection.")]


def _shape(facts: Facts) -> Iterable[Finding]:
    if facts.table["TableStatus"] != "ACTIVE":
        says = f"The table is {facts.table['TableStatus']}."
        yield warning("table_status", says, "Wait until it is ACTIVE: AWS is working on it.")
    if _keys(facts.table) != _keys(TABLE):
        says = "The table has other keys than this code writes."
        yield problem(
            "table_keys", says, "TableInUse names a table that is none of Spilno's: correct the stage file."
        )
        return
    index = next((one for one in facts.table.get("GlobalSecondaryIndexes", []) if one["IndexName"] == INDEX), None)
    if index is None or _keys(index) != _keys(TABLE["GlobalSecondaryIndexes"][0]):
        says = f"The index {INDEX} is missing or has other keys: nothing that waits is found."
        yield problem("table_index", says, _new_index(facts.stage))
    elif index["Projection"]["ProjectionType"] != "ALL":
        lacking = [name for name in PROJECTED if name not in index["Projection"].get("NonKeyAttributes", [])]
        if lacking:
            says = f"The index {INDEX} does not copy {listing(lacking)}: lists would lack it."
            yield problem("table_projection", says, _new_index(facts.stage))
    billing = facts.table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED")
    if billing != "PAY_PER_REQUEST":
        says = "The table has provisioned capacity: it throttles on a busy evening and costs on a quiet one."
        yield warning("table_billing", says, _command(facts, "update-table", "--billing-mode PAY_PER_REQUEST"))
    if (
        facts.ttl.get("TimeToLiveStatus") not in ("ENABLED", "ENABLING")
        or facts.ttl["AttributeName"] != TTL_ATTRIBUTE
    ):
        says = f"Expiry on '{TTL_ATTRIBUTE}' is off: old sessions, sign-ins and raw events are never deleted."
        words = f"--time-to-live-specification Enabled=true,AttributeName={TTL_ATTRIBUTE}"
        yield problem("table_ttl", says, _command(facts, "update-time-to-live", words))


def _command(facts: Facts, command: str, words: str) -> str:
    return _AWS.format(command=command, table=facts.table.get("TableName", "…"), words=words)


def _new_index(stage: str) -> str:
    if stage == "local":
        return "The code grew since the table was made: stop make run, delete .local/, start again."
    return "An index cannot be changed, only made anew under another name: deploy a version that does so."


def _safety(facts: Facts) -> Iterable[Finding]:
    if facts.backups is None:
        return
    recovery = facts.backups.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus")
    if recovery != "ENABLED":
        says = "Point-in-time recovery is off: a mistake with the table cannot be undone."
        words = "--point-in-time-recovery-specification PointInTimeRecoveryEnabled=true"
        mend = _command(facts, "update-continuous-backups", words)
        yield problem("table_recovery", says, mend) if facts.prod else note("table_recovery", says, mend)
    if facts.prod and not facts.table.get("DeletionProtectionEnabled", False):
        says = "The table has no deletion protection: one wrong click deletes every supporter."
        mend = _command(facts, "update-table", "--deletion-protection-enabled")
        yield problem("table_protection", says, mend)


def _keys(described: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(one["AttributeName"], one["KeyType"]) for one in described["KeySchema"]]


PROBES = (Probe("table", "the table", gather, check),)
