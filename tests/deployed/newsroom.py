"""A deployed newsroom with Stripe beside it, and its life told in chapters.

Each chapter is something that readers, Stripe, SES or a schedule do; together they use all that the roles permit.
A chapter is lived once, whichever test asks first.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, cast

from chalicelib.kernel import keys
from chalicelib.kernel.schema import INDEX
from testkit.stand_in import StandIn
from testkit.visitor import Visitor
from testkit.waiting import until
from tests.deployed.cloud import ACCOUNT, REGION
from tests.deployed.deployment import Deployment
from tests.deployed.operator import Operator
from tests.deployed.visitor import visitor

Result = TypeVar("Result")
_CODE = re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}$", re.MULTILINE)


@dataclass
class DeployedNewsroom:
    """See above. `scratch` is a directory of its own; `payments` counts what was paid at checkouts."""

    deployed: Deployment
    stripe: StandIn
    scratch: Path
    payments: int = 0
    _lived: dict[str, Any] = field(default_factory=dict)

    def once(self, chapter: "Callable[[DeployedNewsroom], Result]") -> "Result":
        """Live this chapter if it has not been lived yet; what it told."""
        if chapter.__name__ not in self._lived:
            self._lived[chapter.__name__] = chapter(self)
        return cast("Result", self._lived[chapter.__name__])

    @cached_property
    def operator(self) -> Operator:
        """Who runs the commands."""
        return Operator.hired(self.deployed, self.scratch, self.stripe.url)

    def visitor(self) -> Visitor:
        """Somebody new."""
        return visitor(self.deployed.api)

    def mail(self, to: str, subject: str) -> Any:
        """The mail to this address whose subject holds these words; waited for."""
        found: list[Any] = []

        def came() -> bool:
            found[:] = [one for one in self.deployed.cloud.mails(to) if subject in one["Subject"]]
            return bool(found)

        until(came, f"a mail about {subject!r} to {to}")
        return found[-1]

    def code(self, to: str) -> str:
        """The code that was mailed to this address."""
        return code_in(self.mail(to, "Код"))

    def pays(self, checkout: str, **more: str) -> Any:
        """Somebody pays at Stripe's checkout; what came of it."""
        self.payments += 1
        return self.stripe.control(f"checkouts/{checkout}/pay", outcome="succeeds", **more)

    def ops(self, *arguments: str) -> list[Any]:
        """An operator's command on this stage; its lines of JSON.

        :raises AssertionError: it refused; with its words.
        """
        return self.operator.json(self.deployed.stage, *arguments)

    def fire(self, function: str) -> Any:
        """What a schedule does: its rule's own event, to its own target."""
        cloud = self.deployed.cloud
        events = cloud.client("events")
        name = self.deployed.functions[function]
        function_arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"
        (rule_name,) = events.list_rule_names_by_target(TargetArn=function_arn)["RuleNames"]
        rule = events.describe_rule(Name=rule_name)
        assert rule["State"] == "ENABLED"
        event = {
            "version": "0", "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa", "detail-type": "Scheduled Event",
            "source": "aws.events", "account": ACCOUNT, "time": "2026-08-01T00:00:00Z", "region": REGION,
            "resources": [rule["Arn"]], "detail": {},
        }  # fmt: skip
        return self.deployed.invoke(function, event)

    def waiting(self) -> list[Any]:
        """The rows of the inbox and the outbox that wait for somebody."""
        table = self.deployed.cloud.client("dynamodb")
        return [
            row
            for work in (*keys.all_inbox_work(), keys.DUE_WORK)
            for row in table.query(
                TableName=self.deployed.stack,
                IndexName=INDEX,
                KeyConditionExpression="gsi1pk = :work",
                ExpressionAttributeValues={":work": {"S": work}},
            )["Items"]
        ]

    def a_minute_passes(self) -> None:
        """What waits is due now. Deployed functions have no clock that can be moved, so the rows are."""
        for row in self.waiting():
            sorted_by = f"{_LONG_AGO}#{row['gsi1sk']['S'].partition('#')[2]}"
            self.deployed.cloud.client("dynamodb").update_item(
                TableName=self.deployed.stack,
                Key={"pk": row["pk"], "sk": row["sk"]},
                UpdateExpression="SET due = :due, gsi1sk = :sorted REMOVE taken_until",
                ExpressionAttributeValues={":due": {"S": _LONG_AGO}, ":sorted": {"S": sorted_by}},
            )


def code_in(mail: Any) -> str:
    """The sign-in code of a mail."""
    found = _CODE.search(mail["BodyText"])
    assert found
    return found.group()


_LONG_AGO = keys.moment(1_700_000_000)
