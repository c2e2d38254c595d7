"""Promise P1 while life goes on: events are delivered at any time after they happened, also before what comes later.

Again exactly: every way to weave the deliveries into the life. And of two workers at once, one overtakes the other.
"""

from collections.abc import Callable, Iterator
from itertools import permutations

import pytest

from tests.proofs.orders import wrong
from tests.proofs.orders.checks import assert_true, by_name, lasting, past_of
from tests.proofs.orders.past import RIGHT, Flaw, Past, Scenario
from tests.proofs.orders.scenarios import DISPUTED, OVERLAPPING, RETURNED
from tests.proofs.orders.search import Place, overtaken, search
from tests.proofs.orders.written import Written, written

Record = Callable[[str, object], None]


@by_name
def test_every_way_to_hear_of_it_while_it_goes_on_ends_the_same(scenario: Scenario, record_property: Record) -> None:
    """Each event at any time after it happened: life goes on between deliveries, in every possible place.

    Ledger, sums, access, guards and look-ups are the same. What a supporter hears is not, and should not be: that a
    payment failed, that a gift was stopped or goes on, or that a refund is on its way is told while it is so; who
    hears of it only when it is over hears the end of it. Each mail is one that some order of hearing earns.
    """
    past = past_of(scenario)
    found = search(past, told_late=False)
    late = search(past, told_late=True, again=False)
    assert len({lasting(end).text for end in found.ends}) == 1
    assert lasting(found.ends[0]) == lasting(late.ends[0])
    for end in found.ends:
        assert_true(past, end)
    passing = {name for end in found.ends for name in set(end.said.mails) ^ set(late.ends[0].said.mails)}
    assert not {name for name in passing if name.endswith(":thanks")}
    record_property("figures", f"{found.orders:,} orders of deliveries and of what happens, 1 end")


# ---- one that is overtaken by another while it is at work ----


_GAPS = 16  # calls to the table or to Stripe that a worker makes at most before it writes
_EVERY = 3  # of the pairs, each at one gap after the other; all of them at all gaps take minutes


def overtakings(past: Past, flaw: Flaw = RIGHT) -> Iterator[tuple[Written, set[str], bool]]:
    """Pairs of events at every state, gaps between all calls: what is left, what may be left, whether they met."""
    number = 0
    found = search(past, told_late=False, again=False)
    may_be = {place: {lasting(node).text for node in nodes.values()} for place, nodes in found.states.items()}
    for place, nodes in found.states.items():
        node = next(iter(nodes.values()))
        for goes_on in {place.moment, min(place.moment + 1, past.last)}:
            new = [at for at, told in enumerate(past.told) if at not in place.delivered and told.step <= goes_on]
            for one, other in permutations(new, 2):
                if past.told[one].step > place.moment:
                    continue
                number += 1
                if number % _EVERY:
                    continue
                table, moments = node.table.fork(), (past.moments[place.moment], past.moments[goes_on])
                gap = number // _EVERY % _GAPS + 1
                met = overtaken(past, table, (past.told[one], past.told[other]), moments, gap, flaw)
                said = written(table.rows()).without("MAIL#")
                yield said, may_be[Place(goes_on, place.delivered | {one, other})], met


@pytest.mark.parametrize("scenario", [RETURNED, OVERLAPPING, DISPUTED], ids=lambda scenario: scenario.name)
def test_an_event_that_is_overtaken_between_any_two_of_its_calls_ends_the_same(
    scenario: Scenario, record_property: Record
) -> None:
    """Of two workers one has begun, life goes on, the other one does all of its work, and then the first goes on."""
    tried = 0
    for said, may_be, met in overtakings(past_of(scenario)):
        assert said.text in may_be, said.rows
        tried += met
    assert tried > 500
    record_property("figures", f"{tried:,} overtakings, each as if one had come after the other")


def test_without_the_version_of_the_standing_what_the_other_wrote_is_lost() -> None:
    assert any(said.text not in may_be for said, may_be, _ in overtakings(past_of(OVERLAPPING), wrong.NO_VERSION))
