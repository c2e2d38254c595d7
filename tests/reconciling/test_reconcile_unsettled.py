"""A gift that Stripe calls paid, and of which its own books know nothing."""

from typing import Any

from chalicelib.reconciling.run import MoneyTally
from testkit.harness import Harness
from testkit.reconciling import reconciles, without


def test_a_gift_that_made_no_line_in_stripes_books_is_told_once_it_should_have_settled(harness: Harness) -> None:
    """Its payment says that it succeeded; no money moved."""
    harness.tell(harness.gives(1000))
    lines = [one["id"] for one in harness.stripe.of("balance_transaction")]
    hidden = without(*lines, lists=("balance_transactions",))

    def unsettled(name: str, answer: Any) -> Any:
        answer = hidden(name, answer)
        if name == "payment_intent" and isinstance(answer.get("latest_charge"), dict):
            answer = answer | {"latest_charge": answer["latest_charge"] | {"balance_transaction": None}}
        return answer

    harness.stripe.on_answer = unsettled
    assert not reconciles(harness, ["money"]).differs, "it may settle a little later"
    harness.pass_time(4 * 86_400)
    done = reconciles(harness, ["money"])
    assert done.differs
    part = done.parts["money"]
    assert isinstance(part, MoneyTally)
    assert part.currencies["eur"].missing == 1000
