"""What roles permit, as they are deployed, beside what their functions were seen to ask for."""

import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from tests.deployed.cloud import Question
from tests.deployed.deployment import Deployment

# Lambda itself writes a function's log, with the function's role; ministack writes it without asking anybody.
BY_LAMBDA = frozenset({"logs:CreateLogStream", "logs:PutLogEvents"})


class Grant(NamedTuple):
    """One action on one resource that one function may do. `function` is the template's name for it."""

    function: str
    action: str
    resource: str


def permitted(deployed: Deployment) -> set[Grant]:
    """Every grant of every function's role."""
    return {
        Grant(function, action, resource)
        for function in deployed.functions
        for statement in Role(deployed, function).statements()
        for action in as_list(statement["Action"])
        for resource in as_list(statement["Resource"])
    }


def used(deployed: Deployment, questions: Iterable[Question]) -> set[Grant]:
    """What functions asked for and got, each on the resource that was asked for."""
    names = {physical: name for name, physical in deployed.functions.items()}
    return {
        Grant(names[question.who.rpartition("/")[2]], question.action, question.resource)
        for question in questions
        if question.allowed
    }


def unused(grants: Collection[Grant], used_grants: Collection[Grant]) -> set[Grant]:
    """What may be taken away: granted, and nobody was ever seen to use it.

    A grant on names that only the moment gives (`…/*`) is used by whoever asked for one of them. That none is wider
    than it must be, tests/template/test_roles.py sees to.
    """
    return {
        grant
        for grant in grants
        if grant.action not in BY_LAMBDA and not any(_allows(grant, asked) for asked in used_grants)
    }


def _allows(grant: Grant, asked: Grant) -> bool:
    return grant[:2] == asked[:2] and fnmatchcase(asked.resource, grant.resource)


def as_list(one_or_many: Any) -> list[Any]:
    """A policy writes a single value without a list."""
    return one_or_many if isinstance(one_or_many, list) else [one_or_many]


class Role:
    """One function's role, to be looked at and, for a negative control, altered."""

    def __init__(self, deployed: Deployment, function: str) -> None:
        self._iam = deployed.cloud.client("iam")
        found = deployed.cloud.client("lambda").get_function_configuration(FunctionName=deployed.functions[function])
        self.name = found["Role"].rpartition("/")[2]

    def statements(self) -> Iterator[dict[str, Any]]:
        """Of all its policies; all are its own."""
        assert not self._iam.list_attached_role_policies(RoleName=self.name)["AttachedPolicies"]
        for policy in self._iam.list_role_policies(RoleName=self.name)["PolicyNames"]:
            yield from self._document(policy)["Statement"]

    @contextmanager
    def with_one_more(self, action: str, resource: str) -> Iterator[None]:
        """A block in which one thing more is permitted."""
        statement = {"Effect": "Allow", "Action": action, "Resource": resource}
        self._put("OneMore", {"Version": "2012-10-17", "Statement": [statement]})
        yield
        self._iam.delete_role_policy(RoleName=self.name, PolicyName="OneMore")

    @contextmanager
    def without(self, action: str, part: str = "") -> Iterator[None]:
        """A block in which this action is not permitted, in statements on a resource whose name holds `part`."""

        def meant(one: str, statement: dict[str, Any]) -> bool:
            return one == action and any(part in resource for resource in as_list(statement["Resource"]))

        (policy,) = self._iam.list_role_policies(RoleName=self.name)["PolicyNames"]
        whole = self._document(policy)
        left = [
            {**statement, "Action": actions}
            for statement in whole["Statement"]
            if (actions := [one for one in as_list(statement["Action"]) if not meant(one, statement)])
        ]
        assert left != whole["Statement"], f"{action} is not permitted in the first place"
        self._put(policy, {**whole, "Statement": left})
        try:
            yield
        finally:
            self._put(policy, whole)

    def _document(self, policy: str) -> dict[str, Any]:
        return dict(self._iam.get_role_policy(RoleName=self.name, PolicyName=policy)["PolicyDocument"])

    def _put(self, policy: str, document: dict[str, Any]) -> None:
        self._iam.put_role_policy(RoleName=self.name, PolicyName=policy, PolicyDocument=json.dumps(document))
