"""An alarm may come twice, but it comes: also when the answer to what it is about was lost."""

from typing import Any

from chalicelib.checkouts.rules.wish import Wish
from chalicelib.kernel.table import TableUnavailable
from chalicelib.rails.stripe.port import StripeUnavailable
from testkit.harness import Harness
from testkit.tables import Around
from testkit.webhooks import one


def test_of_a_dispute_whose_booking_was_not_answered(harness: Harness, alarms: list[str]) -> None:
    """Somebody must answer a dispute within days, or loses it."""
    harness.tell(harness.gives(1000))
    withdrawn = one(
        harness.stripe.bank_disputes(harness.stripe.of("payment_intent")[0]["id"]), "charge.dispute.created"
    )
    real = harness.table

    def answer_is_lost(call: str, changes: Any) -> None:
        if call == "transact":
            real.transact(changes)
            raise TableUnavailable("the answer was lost")

    harness.table = Around(real, answer_is_lost)
    assert harness.deliver(withdrawn).json == {"stored": True, "applied": False}
    harness.table = real
    harness.pass_time(3600)
    harness.sweeps()
    assert harness.status(withdrawn["id"]) == "applied"
    assert [line.split()[1] for line in alarms] == ["dispute_opened"]


def test_of_tried_cards_when_stripe_did_not_answer_that_the_checkout_is_over(
    harness: Harness, alarms: list[str]
) -> None:
    session = harness.starts(Wish(1000, "eur", "once"))
    for _ in range(9):
        harness.tell(harness.stripe.declines(session))
    tenth = one(harness.stripe.declines(session), "payment_intent.payment_failed")

    def answer_is_lost(name: str, answer: Any) -> Any:
        if name == "expire_checkout_session":
            raise StripeUnavailable("the answer was lost")
        return answer

    harness.stripe.on_answer = answer_is_lost
    assert harness.deliver(tenth).json == {"stored": True, "applied": False}
    harness.pass_time(3600)
    harness.sweeps()
    assert harness.stripe.checkout_session(session)["status"] == "expired"
    assert harness.status(tenth["id"]) == "applied"
    assert [line.split()[1] for line in alarms] == ["card_testing"]
