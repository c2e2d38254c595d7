"""A gift that Stripe calls paid, and of which its own books know nothing."""

import logging
from typing import Any

import pytest

from chalicelib.reconciling.run import MoneyTally
from testkit.harness import Harness
from testkit.reconciling import reconciles, without


def test_a_gift_that_made_no_line_in_stripes_books_is_told_after_35_days(
    harness: Harness, caplog: pytest.LogCaptureFixture
) -> None:
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
    assert told(caplog) == []
    harness.pass_time(36 * 86_400)
    done = reconciles(harness, ["money"])
    part = done.parts["money"]
    assert isinstance(part, MoneyTally)
    assert (part.open, done.differs) == (1, False)
    payment = harness.stripe.of("payment_intent")[0]["id"]
    assert told(caplog) == [f"alarm movement_open movement={payment} days=36"]


def test_a_payment_that_was_taken_back_is_unknown_at_once(harness: Harness) -> None:
    """It has no line, and its status says that it never will."""
    harness.tell(harness.gives(1000))
    lines = [one["id"] for one in harness.stripe.of("balance_transaction")]
    hidden = without(*lines, lists=("balance_transactions",))
    harness.stripe.on_answer = lambda name, answer: hidden(
        name, answer | {"status": "canceled"} if name == "payment_intent" else answer
    )
    done = reconciles(harness, ["money"])
    part = done.parts["money"]
    assert isinstance(part, MoneyTally)
    assert done.differs
    assert part.currencies["eur"].missing == 1000


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR]
