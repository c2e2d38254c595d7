"""Circuit breaker for background work: whether to go on after outages.

An outage may be about one object only, or the provider or the table may be down. If one is down, going on would only
use up the tries of everything that waits.
"""

from collections.abc import Callable, Mapping

from chalicelib.kernel.outages import Outage

IN_A_ROW = 3  # outages after which the services are probed
Probes = Mapping[str, Callable[[], bool]]  # by a service's name, a call that says whether it answers


class CircuitBreaker:
    """The circuit breaker of one run of background work: after three consecutive outages, it probes the services.

    :param probes: by name (the table, a provider), probed in this order.
    """

    def __init__(self, probes: Probes) -> None:
        self._probes, self._row = probes, 0

    def open_for(self, error: Exception | None) -> str | None:
        """Note a try, with its error if any; answers the name of the service that is down, None to go on."""
        self._row = self._row + 1 if isinstance(error, Outage) else 0
        if self._row < IN_A_ROW:
            return None
        self._row = 0
        return who_is_away(self._probes)


def who_is_away(probes: Probes) -> str | None:
    """The name of the first service that does not answer, None when all do."""
    return next((name for name, answers in probes.items() if not answers()), None)
