"""A gift that Stripe calls paid, and of which its own books know nothing."""

from typing import Any

from chalicelib.reconciling.run import MoneyTally
from tests.support.reconciling import reconciles, without
from tests.support.till import Till


def test_a_gift_that_made_no_line_in_stripes_books_is_told_once_it_should_have_settled(till: Till) -> None:
    """Its payment says that it succeeded; no money moved."""
    till.tell(till.gives(1000))
    lines = [one["id"] for one in till.double.of("balance_transaction")]
    hidden = without(*lines, lists=("balance_transactions",))

    def unsettled(name: str, answer: Any) -> Any:
        answer = hidden(name, answer)
        if name == "payment_intent" and isinstance(answer.get("latest_charge"), dict):
            answer = answer | {"latest_charge": answer["latest_charge"] | {"balance_transaction": None}}
        return answer

    till.double.on_answer = unsettled
    assert not reconciles(till, ["money"]).differs, "it may settle a little later"
    till.pass_time(4 * 86_400)
    done = reconciles(till, ["money"])
    assert done.differs
    part = done.parts["money"]
    assert isinstance(part, MoneyTally)
    assert part.currencies["eur"].missing == 1000
