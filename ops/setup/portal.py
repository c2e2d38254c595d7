"""Our own configuration of Stripe's customer portal, where a supporter enters a new card and finds Stripe's receipts.

Stopping, pausing and changing are on our own pages, in the reader's language and with what they mean for access.

The app passes its id with every portal session: the account's default one may belong to another product.
"""

from collections.abc import Mapping
from typing import Any

from ops.setup.connections import Connections
from ops.setup.webhook import MARK

_HEADLINE = 60  # characters, Stripe's limit
# What the app relies on; all else may be changed in the API or the dashboard.
REQUIRED: Mapping[str, Mapping[str, Any]] = {
    # Stripe's e-mail address is not the sign-in address: changing it here would not do what a supporter expects.
    "customer_update": {"enabled": False},
    "invoice_history": {"enabled": True},
    "payment_method_update": {"enabled": True},
    # On our pages: with ways out, reasons, what stays open, and a link that undoes it.
    "subscription_cancel": {"enabled": False},
    # Stripe's own pause ends the period at once and may credit unused time; ours skips whole payments.
    "subscription_pause": {"enabled": False},
    # It switches to other prices or numbers of them, and none of our pages or mails would know what was meant: how
    # much, for which tier, from when. Our gifts have prices of their own. `ops doctor` looks at all of these.
    "subscription_update": {"enabled": False},
}


def mend_portal(connections: Connections, headline: str) -> str:
    """Create the configuration, or correct it; answers its id, "" in a dry run that would create it.

    `headline` stands above it, such as the newsroom's name for supporting it; at most 60 characters are taken.
    """
    journal, configurations = connections.journal, connections.stripe.billing_portal.configurations
    journal.heading("Stripe's customer portal")
    known = _found(connections)
    back = f"{connections.stage.public_url}/account"
    profile = _policies(connections, known)
    if known is None:
        journal.say("There a supporter enters a new card and finds Stripe's receipts; all else is on our own pages.")
        asked = {
            "name": f"Spilno {connections.stage.site_id}",
            "metadata": {MARK: connections.stage.site_id},
            "default_return_url": back,
            "business_profile": {"headline": headline[:_HEADLINE], **profile},
            "features": {name: dict(wanted) for name, wanted in REQUIRED.items()},
        }
        made = journal.change("create the portal configuration", lambda: str(configurations.create(asked).id))
        return made or ""
    changes, words = _changes(known, back, profile)
    if changes:
        journal.change(
            f"mend the portal configuration {known['id']}: {', '.join(words)}",
            lambda: configurations.update(known["id"], changes),
        )
    else:
        journal.right(f"the portal is set up ({known['id']}): new card, receipts; nothing else is changed there")
    return str(known["id"])


def _found(connections: Connections) -> dict[str, Any] | None:
    pages = connections.stripe.billing_portal.configurations.list({"limit": 100}).auto_paging_iter()
    # to_dict, since a StripeObject without metadata has None there.
    ours: list[dict[str, Any]] = [one.to_dict() for one in pages]
    ours = [one for one in ours if (one.get("metadata") or {}).get(MARK) == connections.stage.site_id]
    kept = connections.stage.parameters.get("PortalConfiguration")
    return min(ours, key=lambda one: (one["id"] != kept, not one["active"]), default=None)


def _policies(connections: Connections, known: Mapping[str, Any] | None) -> dict[str, str]:
    """Addresses that the portal links to; asked for once, and only shown when they are set."""
    profile = known["business_profile"] if known else {}
    names = {"privacy_policy_url": "Your privacy policy's address", "terms_of_service_url": "Your terms' address"}
    answers = {}
    for name, question in names.items():
        before = profile.get(name) or ""
        answer = connections.ask.text(question, before, check=_https, optional=True)
        if answer != before:
            answers[name] = answer
    return answers


def _https(answer: str) -> str:
    import click

    if not answer.startswith("https://"):
        raise click.BadParameter("Write an address that begins with https://.")
    return answer


def _changes(known: Mapping[str, Any], back: str, profile: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    changes: dict[str, Any] = {}
    words = []
    features = {
        name: dict(wanted)
        for name, wanted in REQUIRED.items()
        if any(known["features"][name].get(key) != value for key, value in wanted.items())
    }
    if features:
        changes["features"] = features
        words += [name.replace("_", " ") for name in features]
    if known.get("default_return_url") != back:
        changes["default_return_url"] = back
        words.append("the way back")
    if not known["active"]:
        changes["active"] = True
        words.append("active again")
    if profile:
        changes["business_profile"] = dict(profile)
        words += [name.replace("_", " ") for name in profile]
    return changes, words
