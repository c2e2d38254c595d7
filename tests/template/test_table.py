"""The table of a deployed stage is the one that every test runs on."""

from typing import Any

from chalicelib.kernel import schema
from tests.template.resolve import Stack


def test_keys_and_index_are_the_codes_own(stack: Stack) -> None:
    table = stack.properties("Table")
    assert {name: table[name] for name in schema.TABLE} == schema.TABLE
    (index,) = table["GlobalSecondaryIndexes"]
    assert index["IndexName"] == schema.INDEX
    assert index["Projection"] == {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(schema.PROJECTED)}
    assert table["BillingMode"] == "PAY_PER_REQUEST"


def test_nothing_is_lost_by_a_slip(stack: Stack, template: dict[str, Any], stage: str) -> None:
    table = stack.properties("Table")
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["DeletionProtectionEnabled"] is (stage == "prod")
    assert template["Resources"]["Table"]["DeletionPolicy"] == "Retain"
    assert template["Resources"]["Table"]["UpdateReplacePolicy"] == "Retain"


def test_it_is_encrypted_and_forgets_what_expires(stack: Stack) -> None:
    table = stack.properties("Table")
    assert table["SSESpecification"] == {"SSEEnabled": True}
    assert table["TimeToLiveSpecification"] == {"AttributeName": schema.TTL_ATTRIBUTE, "Enabled": True}


def test_only_one_resource_keeps_data(template: dict[str, Any]) -> None:
    kept = [name for name, found in template["Resources"].items() if found.get("DeletionPolicy")]
    assert kept == ["Table"]
