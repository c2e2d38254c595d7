"""One run of Stripe's rings of reconcile."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.booking.rail import Outcome
from chalicelib.rails.stripe.deps import StripeDeps
from chalicelib.rails.stripe.events.registry import BY_OBJECT
from chalicelib.rails.stripe.notification import StripeNotification
from chalicelib.rails.stripe.probe import answers
from chalicelib.reconciling.circuit_breaker import Probes
from chalicelib.reconciling.run import Run


@dataclass(frozen=True, kw_only=True)
class StripeRun(Run):
    """One run of Stripe's rings. `deps.stripe` is rate-limited (`Paced`)."""

    deps: StripeDeps

    @property
    def probes(self) -> Probes:
        """The probes of every run, and Stripe's."""
        return {**super().probes, "stripe": lambda: answers(self.deps.stripe, self.now())}

    def apply_found(self, kind: str, found: Mapping[str, Any]) -> Outcome:
        """Apply an object of Stripe's as if an event about it had come.

        :param kind: its `object`.
        :raises Exception: as `apply.apply` does; nothing was changed.
        """
        return self.apply(
            StripeNotification(BY_OBJECT[kind], found, self.deps, now=self.now(), real_now=self.real_now())
        )
