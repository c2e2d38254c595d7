"""API keys of the newsroom's own systems: made, taken over, listed, checked and revoked."""

import pytest

from chalicelib.articles.actions import api_keys
from chalicelib.kernel.errors import NotFound, Problem, Unauthorized
from chalicelib.kernel.keys import moment
from chalicelib.kernel.moments import RealTime
from testkit.clock import NOW
from testkit.harness import Harness


def test_a_key_is_shown_once_and_works_until_it_is_revoked(harness: Harness) -> None:
    key_id, secret = api_keys.create_key(harness.table, "cms", RealTime(NOW), "old CMS")
    assert api_keys.check_key(harness.table, secret, "cms").label == "old CMS"
    (listed,) = api_keys.list_keys(harness.table)
    assert (listed.id, listed.status, listed.created_at) == (key_id, "active", moment(NOW))
    assert secret not in repr(listed)
    api_keys.revoke_key(harness.table, key_id)
    with pytest.raises(Unauthorized):
        api_keys.check_key(harness.table, secret, "cms")
    assert [key.status for key in api_keys.list_keys(harness.table)] == ["revoked"]


def test_a_known_key_is_taken_over_once(harness: Harness) -> None:
    assert api_keys.import_key(harness.table, "k" * 20, "cms", RealTime(NOW)) == api_keys.import_key(
        harness.table, "k" * 20, "cms", RealTime(NOW)
    )
    assert len(api_keys.list_keys(harness.table)) == 1


@pytest.mark.parametrize("secret", ["", "x", "spilno_cms_nobody"])
def test_an_unknown_key_is_no_key(harness: Harness, secret: str) -> None:
    with pytest.raises(Problem, match="API key"):
        api_keys.check_key(harness.table, secret, "cms")
    with pytest.raises(NotFound):
        api_keys.revoke_key(harness.table, "key_nobody")


def test_a_key_for_something_else_is_not_the_one_that_was_meant(harness: Harness) -> None:
    key_id, secret = api_keys.create_key(harness.table, "cms", RealTime(NOW))
    with pytest.raises(NotFound, match=f"no key {key_id} for archive"):
        api_keys.revoke_key(harness.table, key_id, "archive")
    assert api_keys.check_key(harness.table, secret, "cms").id == key_id
    api_keys.revoke_key(harness.table, key_id, "cms")
    with pytest.raises(Unauthorized):
        api_keys.check_key(harness.table, secret, "cms")
