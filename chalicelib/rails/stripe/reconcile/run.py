"""One run of Stripe's rings."""

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
    """`deps.stripe` is a paced one."""

    deps: StripeDeps

    @property
    def probes(self) -> Probes:
        """Stripe, too."""
        return {**super().probes, "stripe": lambda: answers(self.deps.stripe, self.now())}

    def apply_found(self, kind: str, found: Mapping[str, Any]) -> Outcome:
        """Apply an object of Stripe's as an event about it would be.

        :param kind: its `object`.
        :raises Exception: as `apply.apply` does; nothing was changed.
        """
        return self.apply(
            StripeNotification(BY_OBJECT[kind], found, self.deps, now=self.now(), real_now=self.real_now())
        )
