"""The local stack's account at Stripe is set up as `ops setup` does it, and doctor looks at what the app uses."""

import pytest

from chalicelib.settings import LOCAL_STRIPE_KEY
from localdev.stripe import configurations, set_up
from localdev.stripe.account import Account
from ops.doctor.areas import portal, product
from ops.doctor.subject import local_subject
from testkit.clock import NOW
from testkit.stripe_double import StripeDouble


@pytest.fixture
def account() -> Account:
    """The stand-in's, as it starts."""
    made = StripeDouble(NOW).account
    configurations.ensure_defaults(made)
    return made


def found(account: Account, portal_id: str, product_id: str) -> list[str]:
    """What doctor says of these two."""
    facts = portal.Facts("local", portal_id, account.get(configurations.PORTAL, portal_id))
    bought = product.Facts("local", product_id, account.store.get(product_id, "product"))
    return [one.code for one in (*portal.check_portal(facts, 0), *product.check(bought, 0))]


def test_a_stand_in_is_set_up_and_again_changes_nothing(account: Account) -> None:
    """The account's default stays what Stripe's dashboard makes: the negative control."""
    assert found(account, configurations.DEFAULT_PORTAL, "") == [
        "portal_cancel",
        "portal_pause",
        "portal_receipts",
        "product_none",
    ]
    set_up.ensure(account)
    assert found(account, set_up.PORTAL_ID, set_up.PRODUCT_ID) == ["portal", "product"]
    account.put(account.get("product", set_up.PRODUCT_ID) | {"active": False})
    set_up.ensure(account)
    assert found(account, set_up.PORTAL_ID, set_up.PRODUCT_ID) == ["portal", "product_archived"], "a developer's wish"


@pytest.mark.parametrize(
    ("given", "portal_id", "product_id"),
    [
        ({}, set_up.PORTAL_ID, set_up.PRODUCT_ID),
        ({"SPILNO_PORTAL": "bpc_own"}, "bpc_own", set_up.PRODUCT_ID),
        ({"STRIPE_SECRET_KEY": LOCAL_STRIPE_KEY}, set_up.PORTAL_ID, set_up.PRODUCT_ID),
        ({"STRIPE_SECRET_KEY": "sk_test_real"}, "", ""),  # Stripe itself knows neither
    ],
)
def test_doctor_asks_for_what_the_app_of_the_stack_uses(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], portal_id: str, product_id: str
) -> None:
    for name in ("SPILNO_STAGE", "SPILNO_PORTAL", "SPILNO_PRODUCT", "STRIPE_SECRET_KEY", "STRIPE_API_BASE"):
        monkeypatch.setenv(name, given.get(name, ""))
    asked = local_subject().parameters
    assert (asked["PortalConfiguration"], asked["Product"]) == (portal_id, product_id)
