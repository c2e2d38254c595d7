"""What `ops setup` makes at Stripe, in the stand-in's account from the start: the local stack shall lack nothing.

The ids are fixed, so that the app and `ops doctor` know them without a stage file; Stripe itself chooses them.
`ops doctor` at the local stack says when this falls behind what `ops setup` makes.
"""

from collections.abc import Mapping

from localdev.parts import needs_stand_in
from localdev.stripe.account import Account
from localdev.stripe.configurations import PORTAL, new_portal
from localdev.stripe.objects import prices

PORTAL_ID, PRODUCT_ID = "bpc_1SpilnoSetUp", "prod_SpilnoSetUp"
_IDS = {"SPILNO_PORTAL": PORTAL_ID, "SPILNO_PRODUCT": PRODUCT_ID}
_NAME = "Підтримка «Вістей Надріччя» · Support for Nadrichchia News"


def ensure(account: Account) -> None:
    """The portal for cards and receipts alone, and the one product of all recurring gifts, where they are missing."""
    if account.store.get(PORTAL_ID, PORTAL) is None:
        features = {name: {"enabled": True} for name in ("invoice_history", "payment_method_update")}
        account.put(new_portal(account, {"features": features}) | {"id": PORTAL_ID})
    if account.store.get(PRODUCT_ID, "product") is None:
        account.put(prices.product(account.now(), {"name": _NAME}) | {"id": PRODUCT_ID, "active": True})


def with_ids(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of a stack with the stand-in, with these ids where the developer has set none."""
    if not needs_stand_in(environ):
        return dict(environ)
    return {**environ, **{name: made for name, made in _IDS.items() if not environ.get(name)}}
