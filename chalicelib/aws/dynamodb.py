"""The table port on DynamoDB, through botocore's client."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from chalicelib.aws import clients
from chalicelib.aws.attribute_values import from_wire, to_wire
from chalicelib.kernel.schema import INDEX
from chalicelib.kernel.table import (
    Change,
    Check,
    Condition,
    ConditionFailed,
    Delete,
    Item,
    ItemPage,
    Key,
    Put,
    TableRefused,
    TableUnavailable,
    TransactionLost,
    Update,
)

# Four tries of a table that is silent, and what botocore rests between them, end before API Gateway's 29 seconds do:
# 16 seconds, and in versions that rest long 7 more. The deployed functions run on Lambda's botocore, not on ours.
_CONFIG = Config(connect_timeout=2, read_timeout=4, retries={"mode": "standard", "total_max_attempts": 4})
# A reader waits, and may be let in without it: by a ticket, say. Two tries of 0.6 seconds, so that a wall that asks
# twice, for the seal and then for the key, still opens within three. In AWS an item takes a hundredth of that; two
# tries, as a connection that was idle for long may be dead. The second one is ours: before it some versions of
# botocore rest for up to a second.
_HURRIED = Config(connect_timeout=0.6, read_timeout=0.6, retries={"mode": "standard", "total_max_attempts": 1})
_HURRIED_TRIES = 2
# DynamoDB refuses a single write while a transaction holds its item, and the SDK does not try it again.
_CONFLICT_TRIES = 6
# Refusals for good, not outages: a request that is too large or not valid. A transaction has them among its reasons.
_NEVER = frozenset(
    {
        "ValidationException",
        "ValidationError",
        "SerializationException",
        "ItemCollectionSizeLimitExceeded",
        "ItemCollectionSizeLimitExceededException",
        "RequestEntityTooLarge",
        "413",
    }
)


def client(endpoint: str | None, *, local: bool, hurried: bool = False) -> Any:
    """A DynamoDB client; on the local stage with dummy credentials, so that it can never reach a real account.

    :param hurried: one that does not wait long for an answer.
    """
    return clients.client("dynamodb", endpoint, _HURRIED if hurried else _CONFIG, local=local)


_BY_INDEX: Mapping[str, Any] = {"IndexName": INDEX}


class DynamoTable:
    """Implements `kernel.table.Table` on one DynamoDB table; `hurried` makes a client for hurried reads."""

    def __init__(self, dynamodb: Any, name: str, hurried: Callable[[], Any] | None = None) -> None:
        self._dynamodb = dynamodb
        self._hurried = cache(hurried) if hurried else None
        self._name = name

    def get(self, key: Key, *, hurried: bool = False, eventual: bool = False) -> Item | None:
        """Implements `Table.get`."""
        request: dict[str, Any] = {"Key": _key(key), "ConsistentRead": not eventual}
        answer = self._answered_soon(self._hurried(), request) if hurried and self._hurried else None
        if answer is None:
            answer = self._call("get_item", **request)
        return _plain(answer["Item"]) if "Item" in answer else None

    def _answered_soon(self, client: Any, request: Mapping[str, Any]) -> Any:
        """The answer to a hurried read; None from a table that answers, but is busy: that is waited for as ever.

        :raises TableUnavailable: it is silent.
        """
        silence: BotoCoreError | None = None
        for _ in range(_HURRIED_TRIES):
            try:
                return client.get_item(TableName=self._name, **request)
            except ClientError:
                return None
            except BotoCoreError as error:
                silence = error
        raise TableUnavailable(type(silence).__name__) from silence

    def write(self, change: Put | Update | Delete) -> Item | None:
        """Implements `Table.write`."""
        request = _request(change)
        request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        if isinstance(change, Update):
            request["ReturnValues"] = "ALL_NEW"
        operation = {Put: "put_item", Update: "update_item", Delete: "delete_item"}[type(change)]
        for attempt in range(_CONFLICT_TRIES):
            try:
                answer = self._call(operation, **request)
            except TransactionLost:
                time.sleep(random.uniform(0.01, 0.03) * (attempt + 1))  # noqa: S311 - spreads tries, no secret
                continue
            return _plain(answer["Attributes"]) if "Attributes" in answer else None
        raise TableUnavailable("TransactionConflict")

    def transact(self, changes: Sequence[Change]) -> None:
        """Implements `Table.transact`."""
        names: dict[type, str] = {Put: "Put", Update: "Update", Delete: "Delete", Check: "ConditionCheck"}
        items = [{names[type(change)]: {"TableName": self._name, **_request(change)}} for change in changes]
        self._call("transact_write_items", table=False, TransactItems=items)

    def query(
        self,
        pk: str,
        *,
        prefix: str = "",
        up_to: str | None = None,
        newest_first: bool = False,
        limit: int | None = None,
        start: Any = None,
    ) -> ItemPage:
        """Implements `Table.query`."""
        condition, values = "pk = :pk", {":pk": to_wire(pk)}
        if prefix:
            condition, values = f"{condition} AND begins_with(sk, :sk)", {**values, ":sk": to_wire(prefix)}
        elif up_to is not None:
            condition, values = f"{condition} AND sk <= :sk", {**values, ":sk": to_wire(up_to)}
        extra = {"ConsistentRead": True, "ScanIndexForward": not newest_first}
        return self._query(condition, values, limit, start, extra)

    def query_index(
        self,
        pk: str,
        *,
        up_to: str | None = None,
        after: str | None = None,
        limit: int | None = None,
        start: Any = None,
    ) -> ItemPage:
        """Implements `Table.query_index`."""
        condition, values = "gsi1pk = :pk", {":pk": to_wire(pk)}
        if up_to is not None and after is not None:
            if after >= up_to:
                return ItemPage([])  # which DynamoDB refuses
            # A key takes one condition; this one includes both ends.
            values |= {":after": to_wire(after), ":sk": to_wire(up_to)}
            page = self._query(f"{condition} AND gsi1sk BETWEEN :after AND :sk", values, limit, start, _BY_INDEX)
            return ItemPage([item for item in page.items if item["gsi1sk"] != after], page.next)
        if up_to is not None:
            condition, values = f"{condition} AND gsi1sk <= :sk", {**values, ":sk": to_wire(up_to)}
        elif after is not None:
            condition, values = f"{condition} AND gsi1sk > :sk", {**values, ":sk": to_wire(after)}
        return self._query(condition, values, limit, start, _BY_INDEX)

    def scan(self, *, start: Any = None) -> ItemPage:
        """Implements `Table.scan`."""
        more = {} if start is None else {"ExclusiveStartKey": start}
        answer = self._call("scan", ConsistentRead=True, **more)
        return ItemPage([_plain(item) for item in answer["Items"]], answer.get("LastEvaluatedKey"))

    def describe(self) -> bool:
        """Implements `Table.describe`."""
        try:
            self._call("get_item", Key=_key(("HEALTH", "HEALTH")))
        except TableUnavailable:
            return False
        return True

    def _query(
        self, condition: str, values: Mapping[str, Any], limit: int | None, start: Any, extra: Mapping[str, Any]
    ) -> ItemPage:
        request: dict[str, Any] = {
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": values,
            **extra,
        }
        if limit is not None:
            request["Limit"] = limit
        if start is not None:
            request["ExclusiveStartKey"] = start
        answer = self._call("query", **request)
        return ItemPage([_plain(item) for item in answer["Items"]], answer.get("LastEvaluatedKey"))

    def _call(self, operation: str, *, table: bool = True, **request: Any) -> Any:
        try:
            return getattr(self._dynamodb, operation)(**({"TableName": self._name} if table else {}), **request)
        except ClientError as error:
            raise _translated(error) from error
        except ParamValidationError:
            # Its message quotes the item, so the error must not be chained as the cause either.
            raise TableRefused(ParamValidationError.__name__) from None
        except BotoCoreError as error:
            raise TableUnavailable(type(error).__name__) from error


def _translated(error: ClientError) -> Exception:
    answer: Mapping[str, Any] = error.response
    code = answer["Error"]["Code"]
    if code == "ConditionalCheckFailedException":
        stored = answer.get("Item")
        return ConditionFailed(_plain(stored) if stored else None)
    if code == "TransactionCanceledException":
        reasons = [reason.get("Code") for reason in answer.get("CancellationReasons", [])]
        known = {"None", None, "ConditionalCheckFailed", "TransactionConflict"}
        if set(reasons) <= known and set(reasons) - {"None", None}:
            return TransactionLost([at for at, reason in enumerate(reasons) if reason == "ConditionalCheckFailed"])
        if refused := next((reason for reason in reasons if reason in _NEVER), None):
            return TableRefused(refused)
    if code in ("TransactionConflictException", "TransactionInProgressException"):
        return TransactionLost([])
    return TableRefused(code) if code in _NEVER else TableUnavailable(code)


def _request(change: Change) -> dict[str, Any]:
    request: dict[str, Any] = {}
    names = _Names()
    if isinstance(change, Put):
        request["Item"] = {name: to_wire(value) for name, value in change.item.items()}
    else:
        request["Key"] = _key(change.key)
    if isinstance(change, Update):
        request["UpdateExpression"] = names.update(change)
    if change.only_if:
        request["ConditionExpression"] = " AND ".join(names.condition(condition) for condition in change.only_if)
    return request | names.attributes()


class _Names:
    """Placeholders for the names and values of one request.

    Every name gets one, by its number: DynamoDB reserves many words, and takes no dash in a placeholder.
    """

    def __init__(self) -> None:
        self._placeholders: dict[str, str] = {}
        self._values: dict[str, Any] = {}

    def name(self, attribute: str) -> str:
        return self._placeholders.setdefault(attribute, f"#n{len(self._placeholders)}")

    def value(self, value: Any) -> str:
        placeholder = f":v{len(self._values)}"
        self._values[placeholder] = to_wire(value)
        return placeholder

    def update(self, change: Update) -> str:
        clauses = {
            "SET": [f"{self.name(name)} = {self.value(value)}" for name, value in change.set.items()],
            "ADD": [f"{self.name(name)} {self.value(value)}" for name, value in change.add.items()],
            "REMOVE": [self.name(name) for name in change.remove],
        }
        return " ".join(f"{verb} {', '.join(parts)}" for verb, parts in clauses.items() if parts)

    def condition(self, condition: Condition) -> str:
        name = self.name(condition.attribute)
        if condition.test == "absent":
            return f"attribute_not_exists({name})"
        if condition.test == "present":
            return f"attribute_exists({name})"
        if condition.test == "contains":
            return f"contains({name}, {self.value(condition.value)})"
        if condition.test == "absent or =":
            return f"(attribute_not_exists({name}) OR {name} = {self.value(condition.value)})"
        return f"{name} {condition.test} {self.value(condition.value)}"

    def attributes(self) -> dict[str, Any]:
        names = {placeholder: attribute for attribute, placeholder in self._placeholders.items()}
        pairs = {"ExpressionAttributeNames": names, "ExpressionAttributeValues": self._values}
        return {name: value for name, value in pairs.items() if value}


def _key(key: Key) -> dict[str, Any]:
    return {"pk": {"S": key[0]}, "sk": {"S": key[1]}}


def _plain(item: Mapping[str, Any]) -> Item:
    return {name: from_wire(value) for name, value in item.items()}
