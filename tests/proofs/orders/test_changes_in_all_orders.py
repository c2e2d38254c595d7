"""Promise P1 for a change that its supporter asked for: our call dies right after Stripe has made it.

Then Stripe tells, in every order and each event twice: the same gift, the same money, one mail with its undo link.
"""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from testkit.harness import ADA, Harness
from tests.changing.scenes import DAY, Scene, charged, lost_answers

TOLD = (
    "customer.subscription.updated",
    "customer.subscription.resumed",
    "invoice.paid",
    "invoice.payment_succeeded",
    "invoice_payment.paid",
    "payment_intent.succeeded",
)
ACTS: dict[str, tuple[str, dict[str, Any], str, int]] = {
    "raise now": ("", {"amount": 1500, "charge": "now"}, "recurring_changed", 2),
    "a year now": ("", {"amount": 15000, "interval": "year", "charge": "now"}, "recurring_changed", 2),
    "a year next": ("", {"amount": 5000, "interval": "year"}, "recurring_changed", 1),
    "stop": ("stop", {}, "recurring_will_end", 1),
    "pause": ("pause", {"months": 1}, "recurring_paused", 1),
}


@pytest.mark.parametrize("name", ACTS)
def test_whatever_order_stripe_tells_in(name: str, record_property: Callable[[str, object], None]) -> None:
    what, body, kind, payments = ACTS[name]
    root = Harness()
    with root.installed():
        ada = Scene(root)
        root.pass_time(15 * DAY)
        root.sign_in(ada.visitor, ADA)
        with lost_answers(root, "update_subscription"):
            assert ada.does(what, **body).status == 503
        asked = root.state(ADA).standing.recurring[0].asked
        told = [one for one in ada.waiting() if one["type"] in TOLD]
    assert asked
    assert told
    outcomes = set()
    orders = list(permutations(told))
    for order in orders:
        harness = root.fork()
        with harness.installed():
            harness.tell(order)
            harness.tell(order[::-1])
            [gift] = harness.state(ADA).standing.recurring
            mails = [row for row in harness.kinds("MAIL") if row["kind"] == kind]
            assert [row["values"].get("undo") for row in mails] == [asked.undo], [one["type"] for one in order]
            kinds = sorted(row["kind"] for row in harness.kinds("MAIL"))
            outcomes.add((repr(gift), tuple(charged(harness)), harness.access(ADA), tuple(kinds)))
    assert len(outcomes) == 1, outcomes
    [(_, money, _, told_by)] = outcomes
    assert len(money) == payments
    assert "renewed" not in told_by, "what was charged is told with the change"
    record_property("figures", f"{name}: {len(orders)} orders of {len(told)} events: one outcome")


def test_the_control_without_the_note_nothing_can_be_undone() -> None:
    """The same without what was noted: the change is booked, and no mail leads back."""
    root = Harness()
    with root.installed():
        ada = Scene(root)
        with lost_answers(root, "update_subscription"):
            assert ada.does("stop").status == 503
        noted = [row for row in root.rows() if row["sk"] == "ACCESS"]
        [row] = noted
        gift = dict(row["recurring"][ada.gift])
        del gift["asked"]
        from chalicelib.kernel.table import Update

        root.table.write(Update((row["pk"], row["sk"]), set={"recurring": {ada.gift: gift}}))
        ada.hears()
        [mail] = [row for row in root.kinds("MAIL") if row["kind"] == "recurring_will_end"]
        assert not mail["values"].get("undo")
