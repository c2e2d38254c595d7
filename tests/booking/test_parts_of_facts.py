"""Facts that are more than one transaction can hold are booked in parts, gifts first, and none twice."""

from chalicelib.booking.rules.facts import Facts, ReversalFacts
from chalicelib.kernel.ids import SupporterId
from chalicelib.ledger.rules.movements import Booked, Movement


def gift(name: str) -> Movement:
    return Movement(name, "gift", name, 500, "eur", 1_790_000_000, livemode=False, rail="stripe")


def refund(name: str) -> ReversalFacts:
    return ReversalFacts(name, "refund", Booked(gift("pi_1"), SupporterId("ada")), 500)


FACTS = Facts(gifts=(gift("pi_1"), gift("pi_2"), gift("pi_3")), reversals=(refund("re_1"), refund("re_2")))


def parts(most: int) -> list[list[str]]:
    """What each part is about, until the last one."""
    found: list[list[str]] = []
    done: set[str] = set()
    while True:
        part, last = FACTS.part(most, done)
        found.append([*(one.id for one in part.gifts), *(one.by for one in part.reversals)])
        assert set(found[-1]) == part.about
        done |= part.about
        if last:
            return found


def test_gifts_come_first_and_every_part_is_full() -> None:
    assert parts(2) == [["pi_1", "pi_2"], ["pi_3", "re_1"], ["re_2"]]
    assert parts(3) == [["pi_1", "pi_2", "pi_3"], ["re_1", "re_2"]]


def test_what_fits_is_one_part() -> None:
    assert parts(5) == [["pi_1", "pi_2", "pi_3", "re_1", "re_2"]]
    assert parts(9) == parts(5)


def test_the_rest_of_the_facts_goes_with_every_part() -> None:
    facts = Facts(gifts=FACTS.gifts, customer="cus_1", campaign="winter")
    part, last = facts.part(1, {"pi_1"})
    assert (part.customer, part.campaign, [one.id for one in part.gifts], last) == (
        "cus_1",
        "winter",
        ["pi_2"],
        False,
    )
