"""Circuit breaker for background work: whether to go on after an outage.

Single objects may be out of order at a provider, or nobody may be there at all. Trying everything would then tell
nothing new, and use up the tries of what is well.
"""

from collections.abc import Callable, Mapping

from chalicelib.kernel.outages import Outage

IN_A_ROW = 3  # outages after which we ask whether anybody is there
Probes = Mapping[str, Callable[[], bool]]  # who is asked, and whether they answer


class CircuitBreaker:
    """Counts outages in a row for one run of background work.

    :param probes: by name (`table`, `stripe`), asked in this order after three outages in a row.
    """

    def __init__(self, probes: Probes) -> None:
        self._probes, self._row = probes, 0

    def open_for(self, error: Exception | None) -> str | None:
        """After each try, with its error if any: the name of who answers nobody; None to go on."""
        self._row = self._row + 1 if isinstance(error, Outage) else 0
        if self._row < IN_A_ROW:
            return None
        self._row = 0
        return who_is_away(self._probes)


def who_is_away(probes: Probes) -> str | None:
    """The first that does not answer, or None when all do."""
    return next((name for name, answers in probes.items() if not answers()), None)
