"""The Stripe key: whether it fits the stage and may read what the app reads, and whether its account takes money."""

import os
import re
from collections.abc import Callable
from typing import Any

import click
import stripe

from chalicelib.settings import LOCAL_DEFAULTS, SettingsWrong, check_stripe_key
from ops.setup.connections import Connections
from ops.setup.outside import stripe_said
from ops.setup.secret_store import SecretStore

NAME, SETUP_NAME = "STRIPE_SECRET_KEY", "STRIPE_SETUP_KEY"
_KEY = re.compile(r"(sk|rk)_(test|live)_[A-Za-z0-9_]{8,}")
_PERMISSIONS = """\
A restricted key (rk_…) is best: Stripe's dashboard, Developers, API keys, "Create restricted key", with
  write: Checkout Sessions, Customer portal, Charges and Refunds, Customers, Subscriptions, Invoices, Prices
  read:  Balance, Balance Transaction Sources, Disputes, Events, PaymentIntents, PaymentMethods, Products
and for setup itself (another key may do that: STRIPE_SETUP_KEY in the environment, stored nowhere)
  write: Webhook Endpoints, Customer portal, Payment Method Configurations, Products"""
# What the app reads; each is asked for one object at most. What it may write shows only by writing, with the first
# test gift.
_READS = (
    "balance_transactions",
    "charges",
    "checkout.sessions",
    "customers",
    "disputes",
    "events",
    "invoice_payments",
    "invoices",
    "payment_intents",
    "prices",
    "refunds",
    "subscriptions",
)
# Expanding needs a permission of its own.
_EXPANDED = {
    "balance_transactions": {"expand": ["data.source"]},
    "subscriptions": {"expand": ["data.default_payment_method"]},
}


def check_stripe(connections: Connections, store: SecretStore) -> None:
    """Find the key, check it, store it; `connections.stripe` stays None when there is none that works."""
    connections.journal.heading("Stripe")
    key, stored = _the_key(connections, store), store.values.get(NAME, "")
    if not key:
        connections.journal.remains("There is no Stripe key yet. Run setup again when you have one.")
        return
    if not _may_read(connections, connections.outside.stripe(key)):
        return
    if key == stored:
        connections.journal.right(f"the functions' key is in the parameter store ({NAME})")
    else:
        store.put(NAME, key, f"store the functions' key ({NAME}), encrypted")
    own = os.environ.get(SETUP_NAME, "").strip()
    if own:
        _fits(own, connections.stage.name)
        connections.journal.say(f"What follows is done with {SETUP_NAME}, which is stored nowhere.")
    connections.stripe = connections.outside.stripe(own or key)
    _check_account(connections)


def _the_key(connections: Connections, store: SecretStore) -> str:
    """The key from the environment, else asked unseen, else the stored one. Never an argument: `ps` shows those."""
    stage, stored = connections.stage.name, store.values.get(NAME, "")
    from_environment = os.environ.get(NAME, "").strip()
    if from_environment:
        connections.journal.say(f"Using {NAME} from the environment.")
        return _fits(from_environment, stage)
    if not stored:
        connections.explain(_PERMISSIONS)
    kind = "live" if stage == "prod" else "test"
    keep = "empty: keep the stored one" if stored else "empty: later"
    typed = connections.ask.secret(f"Stripe {kind} key, unseen ({keep})", check=lambda key: _typed(key, stage))
    return typed or (_fits(stored, stage) if stored else "")


def _fits(key: str, stage: str) -> str:
    """The key, when its kind and mode fit; the sentence of a refusal quotes nothing of it."""
    if not _KEY.fullmatch(key):
        raise click.UsageError(
            "This is no secret key of Stripe's. It begins with rk_ or sk_ (not pk_), and test or live."
        )
    if key in LOCAL_DEFAULTS:
        raise click.UsageError("This is the local stack's public key. Use your own account's.")
    try:
        check_stripe_key(key, stage)
    except SettingsWrong as error:
        raise click.UsageError(str(error)) from None
    return key


def _typed(key: str, stage: str) -> str:
    """The key as typed, when its kind and mode fit; a refused one is asked for again."""
    try:
        return _fits(key, stage)
    except click.UsageError as error:
        raise click.BadParameter(error.message) from None


def _may_read(connections: Connections, v1: Any) -> bool:
    missing = []
    for name in _READS:
        try:
            _service(v1, name).list({"limit": 1, **_EXPANDED.get(name, {})})
        except stripe.PermissionError as error:
            missing.append(f"{name.replace('.', ' ')}: {stripe_said(error)}")
        except stripe.AuthenticationError as error:
            connections.journal.remains(f"{stripe_said(error)}. Run setup again with a valid one.")
            return False
    if missing:
        connections.journal.remains("The functions' key may not read everything:\n" + "\n".join(missing))
    else:
        connections.journal.right(f"the key may read all {len(_READS)} lists that the app reads")
    return True


def _service(v1: Any, name: str) -> Any:
    for part in name.split("."):
        v1 = getattr(v1, part)
    return v1


def _check_account(connections: Connections) -> None:
    try:
        account = connections.stripe.accounts.retrieve_current().to_dict()
    except stripe.PermissionError as error:
        connections.journal.say(
            f"Whether the account may take money is not known: {stripe_said(error)}. Look at the dashboard."
        )
        return
    name = f"the Stripe account {account['id']} ({account.get('country') or 'its country is not told'})"
    due = (account.get("requirements") or {}).get("currently_due") or []
    # Missing capabilities are no refusal: not every key may see them.
    cards = (account.get("capabilities") or {}).get("card_payments", "active")
    if not account.get("charges_enabled"):
        more = f" It waits for: {', '.join(due)}." if due else ""
        connections.journal.remains(f"{name[0].upper()}{name[1:]} may not take money yet: finish it at Stripe.{more}")
    elif cards != "active":
        connections.journal.remains(f"{name[0].upper()}{name[1:]} may not take cards ({cards}): finish it at Stripe.")
    else:
        connections.journal.right(f"{name} may take money, cards included")


def allowed(connections: Connections, what: str, step: Callable[[], None]) -> None:
    """Run a step that the setup key may lack a permission for; that is reported, and the other steps go on."""
    try:
        step()
    except stripe.PermissionError as error:
        connections.journal.remains(
            f"{what}: {stripe_said(error)}.\n"
            f"Give it to the key, or run setup again with one that has it in the environment, as {SETUP_NAME}."
        )
