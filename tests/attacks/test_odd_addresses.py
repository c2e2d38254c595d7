"""What an operator pastes becomes an address too: nothing that breaks a mail's header, nor holds two addresses."""

import pytest

from chalicelib.actions.grant import Granted, grant_access
from chalicelib.domain.errors import BadInput
from tests.support.world import EMAIL_KEY, NOW, World


@pytest.mark.parametrize(
    "email",
    [
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example, c@d.example",
        "Ada <a@b.example>",
        "a b@c.example",
        "@",
        "a@b",
        "",
    ],
)
def test_no_grant_to_what_is_no_address(world: World, email: str) -> None:
    with pytest.raises(BadInput) as refused:
        give(world, email)
    assert refused.value.code == "bad_email"
    assert not [item for item in everything(world) if "SUP#" in item]


def test_spaces_around_an_address_are_nothing(world: World) -> None:
    assert give(world, " Ada@reader.example\n").supporter == give(world, "ada@reader.example").supporter


def give(world: World, email: str) -> Granted:
    """Open a tier to this address."""
    return grant_access(
        world.table, world.newsroom, email, tier="member", until=NOW + 1, reason="r", email_key=EMAIL_KEY, now=NOW
    )


def everything(world: World) -> list[str]:
    """Every item of the table, as text."""
    items = world.table._dynamodb.scan(TableName=world.settings.table)["Items"]  # type: ignore[attr-defined]
    return [str(item) for item in items]
