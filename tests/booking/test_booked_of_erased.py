"""What is booked of somebody who was erased says nothing about a person."""

from dataclasses import replace

from chalicelib.booking.rules.changes import Changes
from chalicelib.booking.rules.erased import without_person
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.ledger.rules.movements import Entry, MethodOfPayment
from chalicelib.supporters.rules.access import Standing
from chalicelib.supporters.rules.state import State
from tests.ledger.numbering import GIFT

ENTRY = Entry(replace(GIFT, method=MethodOfPayment("card", "visa", "4242")), "winter", "https://news.example/a")


def test_money_is_booked_without_the_payer_and_what_they_paid_with() -> None:
    decided = Changes(Standing(), {}, entries=(ENTRY,))
    erased = State(SupporterId("ada"), erased=BusinessTime(GIFT.occurred_at + 1))
    (entry,) = without_person(decided, erased).entries
    assert entry == Entry(replace(GIFT, payer=None), "winter")
    (whole,) = without_person(decided, replace(erased, erased=None)).entries
    assert whole == ENTRY, "the control"
