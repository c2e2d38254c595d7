"""The Stripe key: whether it fits the stage, Stripe takes it, and it may read and write what the app does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import stripe

from chalicelib.settings import SettingsWrong, check_stripe_key
from ops.doctor.findings import Finding, listing, note, ok, problem
from ops.doctor.probe import Probe
from ops.doctor.subject import Subject

# What the app reads, by the name that the permission of a restricted key has in Stripe's dashboard.
READS = {
    "Checkout Sessions": "/v1/checkout/sessions",
    "PaymentIntents": "/v1/payment_intents",
    "Charges and refunds": "/v1/refunds",
    "Disputes": "/v1/disputes",
    "Invoices": "/v1/invoices",
    "Subscriptions": "/v1/subscriptions",
    "Prices": "/v1/prices",
    "Customers": "/v1/customers",
    "Events": "/v1/events",
    "Balance transactions": "/v1/balance_transactions",
}
_NONE = "doctorAsksForNothing"
# What the app writes, each asked of something that does not exist: a key without the right is refused all the same.
WRITES: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
    "Checkout Sessions": ("post", f"/v1/checkout/sessions/cs_{_NONE}/expire", {}),
    "Customer portal": ("post", "/v1/billing_portal/sessions", {"customer": f"cus_{_NONE}"}),
    "Charges and Refunds": ("post", "/v1/refunds", {"payment_intent": f"pi_{_NONE}"}),
    "Customers": ("delete", f"/v1/customers/cus_{_NONE}", {}),
    "Subscriptions": ("delete", f"/v1/subscriptions/sub_{_NONE}", {}),
    "Invoices": ("post", f"/v1/invoices/in_{_NONE}/void", {}),
}
_SETUP = "python -m ops setup --stage {stage} puts another key."


@dataclass(frozen=True)
class Facts:
    """The key. `wrong_mode`: the sentence of the settings' own check.

    `forbidden`, `unwritable`: permissions to read and to write that are missing.
    """

    stage: str
    restricted: bool
    wrong_mode: str = ""
    taken: bool = True
    forbidden: tuple[str, ...] = ()
    unwritable: tuple[str, ...] = ()


def gather(subject: Subject) -> Facts:
    """Try each read, for one object, and each write, for none."""
    reads = subject.stripe
    restricted = reads.key.startswith("rk_")
    try:
        check_stripe_key(reads.key, subject.stage)
    except SettingsWrong as error:
        return Facts(subject.stage, restricted, wrong_mode=str(error))
    forbidden = []
    for name, path in READS.items():
        try:
            reads.get(path, limit=1)
        except stripe.AuthenticationError:
            return Facts(subject.stage, restricted, taken=False)
        except stripe.PermissionError:
            forbidden.append(name)
    unwritable = [
        name
        for name, (method, path, params) in WRITES.items()
        if restricted and not reads.may_write(method, path, **params)
    ]
    return Facts(subject.stage, restricted, forbidden=tuple(forbidden), unwritable=tuple(unwritable))


def check(facts: Facts, _now: int) -> Iterable[Finding]:
    """Judge the key. One that cannot work at all is all that is reported."""
    setup = _SETUP.format(stage=facts.stage)
    if facts.wrong_mode:
        yield problem("stripe_key_mode", facts.wrong_mode, setup)
        return
    if not facts.taken:
        yield problem(
            "stripe_key_refused", "Stripe does not take the key: it was rolled, deleted or mistyped.", setup
        )
        return
    if facts.forbidden:
        yield problem(
            "stripe_key_permissions",
            f"The restricted Stripe key may not read: {listing(facts.forbidden, 9)}.",
            "Stripe dashboard, Developers, API keys: edit the key and give it these as Read.",
        )
    if facts.unwritable:
        yield problem(
            "stripe_key_writes",
            f"The restricted Stripe key may not write: {listing(facts.unwritable, 9)}. Without it nobody can be "
            "erased, stop, withdraw or set a new card, whichever of them needs it.",
            "Stripe dashboard, Developers, API keys: edit the key and give it these as Write.",
        )
    if not facts.forbidden and not facts.unwritable:
        yield ok("stripe_key", "Stripe takes the key, and it may read and write what the app does.")
    if facts.stage == "prod" and not facts.restricted:
        yield note(
            "stripe_key_unrestricted",
            "The Stripe key may do everything (sk_…).",
            f"A restricted one (rk_…) loses less if it is ever stolen; {setup}",
        )


PROBES = (Probe("stripe", "the Stripe key", gather, check),)
