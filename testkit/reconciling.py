"""Reconcile on a harness, without waiting; Stripe with a list of events that a test may have holes in."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from chalicelib.closing.rules.days import READY, day_of
from chalicelib.jobs import reconciled
from chalicelib.rails.stripe.paced import RING, SWEEP
from chalicelib.rails.stripe.reconcile.rings import RINGS
from chalicelib.reconciling.run import WINDOW
from chalicelib.reconciling.work_limits import WorkLimits
from chalicelib.upkeep.reconcile import Reconciled
from testkit.harness import Harness
from testkit.tables import Around
from testkit.webhooks import Json


@dataclass
class Hours:
    """A clock that runs only while somebody waits or asks; `asked` notes when each call to Stripe began."""

    now: float = 0.0
    a_call: float = 0.0  # how long one takes
    asked: list[float] = field(default_factory=list)

    def clock(self) -> float:
        """See Limits."""
        return self.now

    def pause(self, seconds: float) -> None:
        """See Limits."""
        assert seconds > 0
        self.now += seconds

    def call(self, _name: str = "") -> None:
        """Stripe is asked."""
        self.asked.append(self.now)
        self.now += self.a_call

    def limits(self, per_second: int = SWEEP, seconds: float | None = None) -> WorkLimits:
        """Limits by this clock."""
        return WorkLimits(per_second, seconds, clock=self.clock, pause=self.pause)

    def busiest_second(self) -> int:
        """The most calls that began within any one second."""
        return max(sum(start <= at < start + 1 for at in self.asked) for start in self.asked)


def reconciles(
    harness: Harness,
    rings: Iterable[str] = RINGS,
    *,
    by_hand: bool = True,
    kept: WorkLimits | None = None,
    days: int = WINDOW,
) -> Reconciled:
    """Run rings as a person does, or as the schedule."""
    return reconciled(harness.wiring, rings, by_hand=by_hand, limits=kept or Hours().limits(RING), days=days)


def scheduled(harness: Harness, rings: Iterable[str] = RINGS, *, kept: WorkLimits | None = None) -> Reconciled:
    """Run rings as the schedule does, in the night after today, when the day of now may be closed."""
    end = day_of(harness.now(), harness.wiring.newsroom.zone).until
    harness.pass_time(end + READY - harness.now())
    return reconciles(harness, rings, by_hand=False, kept=kept)


def without(*missing: str, lists: Sequence[str] = ("events",)) -> Callable[[str, Json], Json]:
    """For `double.on_answer`: lists that do not have these objects, as if Stripe had never made them."""

    def holed(name: str, answer: Json) -> Json:
        if name not in lists:
            return answer
        return answer | {"data": [one for one in answer["data"] if one["id"] not in missing]}

    return holed


def givers(harness: Harness, count: int, interval: str = "once") -> list[Json]:
    """So many gifts of as many readers, a minute apart; nobody tells of them."""
    events: list[Json] = []
    for number in range(count):
        harness.pass_time(60)
        harness.stripe.account.seconds = harness.clock.business
        events += harness.gives(500 + number, interval, email=f"{number}@reader.example")
    return events


def slow(harness: Harness, hours: Hours, seconds: float) -> None:
    """From now on each read of the table takes so long."""

    def takes(call: str, _what: object) -> None:
        if call == "get":
            hours.now += seconds

    harness.table = Around(harness.table, takes)
