"""The stack at CloudFormation: its state, a change set on it, and the wait until it is done."""

import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
_SHORTEST, _LONGEST = 0.5, 4.0  # seconds between two looks
_NO_CHANGES = ("didn't contain changes", "No updates are to be performed", "no changes")
# CloudFormation's reason for what it stopped because something else failed.
_CANCELLED = "cancelled"
_UNSTARTED = ("REVIEW_IN_PROGRESS",)

State = Mapping[str, Any]


class StackRefused(Exception):
    """CloudFormation refused; the message has its own words."""


class Stack:
    """A CloudFormation stack, by its name. Waiting is polling, with `sleep` (seconds) between two looks."""

    def __init__(self, cloudformation: Any, name: str, sleep: Callable[[float], None] = time.sleep) -> None:
        self._cf, self.name, self._sleep = cloudformation, name, sleep
        self._since = ""  # the newest event before what we executed

    def state(self) -> State | None:
        """DescribeStacks's description; None when there is no such stack, or only a change set that would make it."""
        try:
            found: State = self._cf.describe_stacks(StackName=self.name)["Stacks"][0]
        except ClientError as error:
            if error.response["Error"]["Code"] == "ValidationError":
                return None
            raise
        return None if found["StackStatus"] in (*_UNSTARTED, "DELETE_COMPLETE") else found

    def template(self) -> Mapping[str, Any]:
        """The template of the last deployment, as it was uploaded."""
        body = self._cf.get_template(StackName=self.name, TemplateStage="Original")["TemplateBody"]
        if isinstance(body, str):
            import json

            body = json.loads(body)
        return dict(body)

    def delete_failed(self) -> None:
        """Delete the stack that a failed first deployment left, so that the next can begin."""
        self._cf.delete_stack(StackName=self.name)
        while True:
            found = self.state()
            if found is None:
                return
            if found["StackStatus"].endswith("_FAILED"):
                raise StackRefused(f"The stack could not be deleted: {found.get('StackStatusReason', '')}")
            self._sleep(_SHORTEST)

    def propose(
        self, template_url: str, parameters: Sequence[Mapping[str, str]], *, new: bool, tag: str
    ) -> str | None:
        """Make a change set and wait until it is there; answers its ARN, or None when it would change nothing.

        :raises StackRefused: CloudFormation refuses it.
        """
        made = self._cf.create_change_set(
            StackName=self.name,
            ChangeSetName=f"spilno-{tag}-{uuid.uuid4().hex}",
            ChangeSetType="CREATE" if new else "UPDATE",
            TemplateURL=template_url,
            Parameters=list(parameters),
            Capabilities=_CAPABILITIES,
        )["Id"]
        try:
            found = self._made(made)
        except BaseException:
            self.withdraw(made, new=new)  # Ctrl-C while it is being made
            raise
        if found["Status"] == "CREATE_COMPLETE":
            return str(made)
        reason = "\n  ".join([str(found.get("StatusReason", "")), *self._validation(ChangeSetName=made)])
        self.withdraw(made, new=new)
        if any(words in reason for words in _NO_CHANGES):
            return None
        raise StackRefused(f"CloudFormation refuses the change: {reason}")

    def _made(self, change_set: str) -> State:
        """The change set, once it is made or refused."""
        for _ in _looks(self._sleep):
            found: State = self._cf.describe_change_set(ChangeSetName=change_set, StackName=self.name)
            if found["Status"] in ("CREATE_COMPLETE", "FAILED"):
                return found
        raise AssertionError("unreachable: looks never end")

    def changes(self, change_set: str) -> Iterator[Mapping[str, Any]]:
        """Every change of a change set, as CloudFormation describes it."""
        more: dict[str, str] = {}
        while True:
            found = self._cf.describe_change_set(ChangeSetName=change_set, StackName=self.name, **more)
            yield from found["Changes"]
            if not found.get("NextToken"):
                return
            more = {"NextToken": found["NextToken"]}

    def withdraw(self, change_set: str, *, new: bool) -> None:
        """Delete a change set; with `new` also the empty stack that one for a new stack leaves."""
        self._cf.delete_change_set(ChangeSetName=change_set, StackName=self.name)
        if new and self.state() is None:
            self._cf.delete_stack(StackName=self.name)

    def execute(self, change_set: str, progress: Callable[[str], None]) -> State:
        """Execute a change set and wait for its end, reporting each step; answers the stack's last state."""
        since = self._since = self._newest_event()
        self._cf.execute_change_set(ChangeSetName=change_set, StackName=self.name)
        for _ in _looks(self._sleep):
            found: State = self._cf.describe_stacks(StackName=self.name)["Stacks"][0]
            status = found["StackStatus"]
            events = self.events(since)
            done = {one["LogicalResourceId"] for one in events if one["ResourceStatus"].endswith("_COMPLETE")}
            progress(f"{status.lower().replace('_', ' ')}: {len(done - {self.name})} parts done")
            started = bool(events) or not status.endswith("_COMPLETE")
            if started and not status.endswith("_IN_PROGRESS"):
                return found
        raise AssertionError("unreachable: looks never end")

    def reasons(self) -> list[str]:
        """Why the last operation failed: the parts that failed by themselves, else what was found before it began."""
        return self._validation(StackName=self.name) or failures(self.events(self._since))

    def _validation(self, **of: str) -> list[str]:
        """What CloudFormation found wrong before it touched anything; only this newer call of its API has it."""
        try:
            told = self._cf.describe_events(**of, Filters={"FailedEvents": True})["OperationEvents"]
        except ClientError:
            return []  # only an addition, and not everybody has the permission to ask
        newest = told[0].get("OperationId") if told else None
        return [
            f"{one.get('LogicalResourceId')} ({one.get('ResourceType')}): {one['ValidationStatusReason']}"
            for one in told
            if one.get("ValidationStatusReason") and one.get("OperationId") == newest
        ]

    def events(self, since: str = "") -> list[Mapping[str, Any]]:
        """What happened after the event `since`, oldest first."""
        found: list[Mapping[str, Any]] = []
        for page in self._cf.get_paginator("describe_stack_events").paginate(StackName=self.name):
            for event in page["StackEvents"]:
                if event["EventId"] == since:
                    return found[::-1]
                found.append(event)
        return found[::-1]

    def _newest_event(self) -> str:
        events = self._cf.describe_stack_events(StackName=self.name)["StackEvents"]
        return str(events[0]["EventId"]) if events else ""


def failures(events: Sequence[Mapping[str, Any]]) -> list[str]:
    """The reasons of what failed by itself, the first one first; what was cancelled along with it is left out."""
    found = []
    for event in events:
        reason = str(event.get("ResourceStatusReason", ""))
        if event["ResourceStatus"].endswith("_FAILED") and _CANCELLED not in reason.lower():
            found.append(f"{event['LogicalResourceId']} ({event['ResourceType']}): {reason}")
    return found


def _looks(sleep: Callable[[float], None]) -> Iterator[None]:
    """Yields whenever it is time to look again, after growing pauses."""
    pause = _SHORTEST
    while True:
        yield
        sleep(pause)
        pause = min(_LONGEST, pause * 1.3)
