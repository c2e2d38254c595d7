"""Stripe's pages as supporters and readers see them: the customer portal's features, and the ways to pay."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ops.doctor.findings import Finding, listing, note, ok, problem, warning
from ops.doctor.probe import Probe
from ops.doctor.subject import Subject

_PORTALS, _METHODS = "/v1/billing_portal/configurations", "/v1/payment_method_configurations"


@dataclass(frozen=True)
class Facts:
    """The portal configuration that the app uses: ours by its id, else the account's default; None for none."""

    stage: str
    ours: str
    portal: Mapping[str, Any] | None


def gather_portal(subject: Subject) -> Facts:
    """By the id in the stage file, or the default."""
    ours = subject.parameters.get("PortalConfiguration", "")
    listed = list(subject.stripe.listed(_PORTALS))
    found = [one for one in listed if (one["id"] == ours if ours else one["is_default"])]
    return Facts(subject.stage, ours, found[0] if found else None)


def check_portal(facts: Facts, _now: int) -> Iterable[Finding]:
    """Judge the portal's features: a new card is entered there, all else is on our own pages."""
    setup = f"python -m ops setup --stage {facts.stage} mends it."
    if facts.portal is None:
        says = f"Stripe has no portal configuration {facts.ours}." if facts.ours else "The portal is not set up."
        yield problem("portal_missing", f"{says} Nobody can enter a new card.", setup)
        return
    features = facts.portal["features"]
    found = []
    if not facts.portal["active"]:
        found.append(problem("portal_off", "Our portal configuration is switched off.", setup))
    if features["subscription_cancel"]["enabled"]:
        if features["subscription_cancel"]["mode"] == "at_period_end":
            says = "Supporters can stop a gift in the portal too, in English and without our own page's ways out."
            found.append(warning("portal_cancel", says, setup))
        else:
            says = "Who stops a gift in the portal ends it at once; our pages say that what is paid for stays open."
            found.append(problem("portal_cancel_at_once", says, setup))
    if (features.get("subscription_pause") or {}).get("enabled"):
        says = "Supporters can pause a gift in the portal: Stripe's pause ends the paid period at once."
        found.append(warning("portal_pause", says, setup))
    found += _changes_of_plan(features["subscription_update"], setup)
    if facts.ours and not features["invoice_history"]["enabled"]:
        found.append(note("portal_receipts", "Supporters find no receipts in Stripe's portal.", setup))
    if not features["payment_method_update"]["enabled"]:
        says = "Supporters cannot put a new card in the portal: a gift ends with its card."
        found.append(warning("portal_card", says, setup))
    customer = features["customer_update"]
    if customer["enabled"] and "email" in (customer.get("allowed_updates") or []):
        says = "Supporters can change their address in the portal, but not here: mails and account then differ."
        found.append(warning("portal_email", says, setup))
    yield from found or [ok("portal", "In Stripe's portal, supporters can enter a new card, and nothing else.")]


def _changes_of_plan(feature: Mapping[str, Any], setup: str) -> Iterable[Finding]:
    """Warn if plans can be changed: each gift has a price of its own, and our pages and mails know no other."""
    if not feature["enabled"]:
        return
    allowed = feature.get("default_allowed_updates") or []
    if allowed:
        says = f"Supporters can change a gift's {listing(sorted(allowed)).replace('_', ' ')} in the portal, past our"
        says += " pages: what they then give and what is open to them is nothing that we offer."
        yield problem("portal_update", says, setup)
    else:
        says = "Changes of plan are switched on in the portal; as it lists nothing that may change, none works yet."
        yield warning("portal_update", says, setup)


@dataclass(frozen=True)
class Methods:
    """The payment-method configuration that checkouts use; `shown` names the ways to pay that readers see."""

    stage: str
    ours: str
    there: bool
    active: bool
    shown: tuple[str, ...]


def gather_methods(subject: Subject) -> Methods:
    """By the id in the stage file, or the default."""
    ours = subject.parameters.get("PaymentMethods", "")
    listed = list(subject.stripe.listed(_METHODS))
    found = next((one for one in listed if (one["id"] == ours if ours else one["is_default"])), None)
    if found is None:
        return Methods(subject.stage, ours, there=False, active=False, shown=())
    shown = tuple(sorted(name for name, told in found.items() if _offered(told)))
    return Methods(subject.stage, ours, there=True, active=bool(found["active"]), shown=shown)


def _offered(told: object) -> bool:
    if not isinstance(told, dict) or not isinstance(told.get("display_preference"), dict):
        return False
    return bool(told["display_preference"]["value"] == "on" and told.get("available", False))


def check_methods(facts: Methods, _now: int) -> Iterable[Finding]:
    """Judge the ways to pay: without cards, hardly anybody can give."""
    setup = f"python -m ops setup --stage {facts.stage} mends it."
    if not facts.there:
        says = f"Stripe has no payment-method configuration {facts.ours or 'by default'}."
        yield problem("methods_missing", f"{says} Checkouts are refused.", setup)
    elif not facts.active:
        yield problem("methods_off", "Our payment-method configuration is switched off.", setup)
    elif "card" not in facts.shown:
        says = f"Readers cannot pay by card; they are shown {listing(facts.shown) or 'nothing'}."
        yield problem("methods_card", says, "Stripe dashboard, Settings, Payment methods: turn cards on.")
    else:
        yield ok("methods", f"Readers can pay by {listing(facts.shown, 9).replace('_', ' ')}.")


PROBES = (
    Probe("stripe", "the customer portal", gather_portal, check_portal),
    Probe("stripe", "ways to pay", gather_methods, check_methods),
)
