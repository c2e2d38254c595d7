"""`ops deploy` tells the gate at the edge its keys: what differs, on condition, and never in a sentence."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ops.deploying.edge_keys import fill, tell_the_edge
from ops.output import Refusal

ARN = "arn:aws:cloudfront::123456789012:key-value-store/0a1b"
KEYS = {"pass_keys": "b:canaryOfThePassKeys", "seal_keys": "k1:canaryOfTheRoots", "issuer": "https://n.example/s",
        "audience": "herald"}  # fmt: skip


class Store:
    """CloudFront's KeyValueStore: each write names the version that it was read at."""

    def __init__(self, **held: str) -> None:
        self.held, self.version, self.writes = dict(held), 1, 0
        self.meanwhile: list[dict[str, str]] = []

    def describe_key_value_store(self, **_asked: str) -> Mapping[str, Any]:
        """See boto3."""
        return {"ETag": f"v{self.version}"}

    def get_paginator(self, name: str) -> "Store":
        """See boto3."""
        assert name == "list_keys"
        return self

    def paginate(self, **_asked: str) -> Iterator[Mapping[str, Any]]:
        """A key a page, and at the end one without any."""
        items = [{"Key": key, "Value": value} for key, value in self.held.items()]
        if self.meanwhile:
            self.held |= self.meanwhile.pop()
            self.version += 1
        yield from ({"Items": [item]} for item in items)
        yield {}

    def update_keys(self, *, IfMatch: str, Puts: list[Any], Deletes: list[Any], **_asked: str) -> None:  # noqa: N803
        """See boto3."""
        if IfMatch != f"v{self.version}":
            raise ClientError({"Error": {"Code": "ConflictException", "Message": "canary"}}, "UpdateKeys")
        self.held |= {one["Key"]: one["Value"] for one in Puts}
        for one in Deletes:
            del self.held[one["Key"]]
        self.version += 1
        self.writes += 1


def test_an_empty_store_is_filled_by_one_write_and_a_full_one_by_none() -> None:
    store = Store()
    assert fill(store, ARN, KEYS) == list(KEYS)
    assert (store.held, store.writes) == (KEYS, 1)
    assert fill(store, ARN, KEYS) == []
    assert store.writes == 1, "Each write is paid for."


def test_only_what_differs_is_written_and_what_is_over_goes() -> None:
    store = Store(**KEYS, somebodys="own")
    assert fill(store, ARN, {**KEYS, "pass_keys": "c:new"}) == ["pass_keys"]
    without = {name: value for name, value in KEYS.items() if name != "seal_keys"}
    assert fill(store, ARN, without) == ["pass_keys", "seal_keys"]
    assert store.held == {**without, "somebodys": "own"}


def test_who_writes_meanwhile_is_not_overwritten_unread() -> None:
    store = Store()
    store.meanwhile = [{"pass_keys": "z:somebody"}]
    fill(store, ARN, KEYS)
    assert store.held == KEYS
    store.meanwhile = [{"pass_keys": f"z:{number}"} for number in range(9)]
    store.held["pass_keys"] = "y:old"
    with pytest.raises(ClientError):
        fill(store, ARN, KEYS)


def test_keys_that_are_too_many_are_refused_before_anything_is_written() -> None:
    store = Store(**KEYS)
    with pytest.raises(Refusal, match="1024 bytes; pass_keys has more") as refused:
        fill(store, ARN, {**KEYS, "pass_keys": ",".join(f"k{n}:canary{'x' * 43}" for n in range(20))})
    assert "canary" not in refused.value.message
    assert store.writes == 0


def test_a_stack_without_a_distribution_has_no_store() -> None:
    tell_the_edge({"ApiUrl": "x"}, {"PassKeys": "b:x"})


def test_without_the_package_that_signs_it_says_so_and_goes_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    tell_the_edge({"EdgeKeysArn": ARN}, {"PassKeys": KEYS["pass_keys"], "SiteId": "herald"})
    said = capsys.readouterr().out
    assert "ops/requirements-edge.txt" in said
    assert "canary" not in said
