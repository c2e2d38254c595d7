"""An alarm may come twice, but it comes: also when the answer to what it is about was lost."""

from typing import Any

from chalicelib.checkouts.rules.wish import Wish
from chalicelib.kernel.table import TableUnavailable
from chalicelib.rails.stripe.port import StripeUnavailable
from tests.support.tables import Around
from tests.support.till import Till, one


def test_of_a_dispute_whose_booking_was_not_answered(till: Till, alarms: list[str]) -> None:
    """Somebody must answer a dispute within days, or loses it."""
    till.tell(till.gives(1000))
    withdrawn = one(till.double.bank_disputes(till.double.of("payment_intent")[0]["id"]), "charge.dispute.created")
    real = till.table

    def answer_is_lost(call: str, changes: Any) -> None:
        if call == "transact":
            real.transact(changes)
            raise TableUnavailable("the answer was lost")

    till.table = Around(real, answer_is_lost)
    assert till.deliver(withdrawn).json == {"stored": True, "applied": False}
    till.table = real
    till.pass_time(3600)
    till.sweeps()
    assert till.status(withdrawn["id"]) == "applied"
    assert [line.split()[1] for line in alarms] == ["dispute_opened"]


def test_of_tried_cards_when_stripe_did_not_answer_that_the_checkout_is_over(till: Till, alarms: list[str]) -> None:
    session = till.starts(Wish(1000, "eur", "once"))
    for _ in range(9):
        till.tell(till.double.declines(session))
    tenth = one(till.double.declines(session), "payment_intent.payment_failed")

    def answer_is_lost(name: str, answer: Any) -> Any:
        if name == "expire_checkout_session":
            raise StripeUnavailable("the answer was lost")
        return answer

    till.double.on_answer = answer_is_lost
    assert till.deliver(tenth).json == {"stored": True, "applied": False}
    till.pass_time(3600)
    till.sweeps()
    assert till.double.checkout_session(session)["status"] == "expired"
    assert till.status(tenth["id"]) == "applied"
    assert [line.split()[1] for line in alarms] == ["card_testing"]
