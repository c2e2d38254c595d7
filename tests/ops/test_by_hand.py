"""What an operator's hand does: sweep, retry, reconcile, and what the commands say and end with."""

import json
from typing import Any

from chalicelib.inbox import rows as inbox
from chalicelib.rails.stripe.port import StripeRefused
from testkit.harness import BEN, Harness
from testkit.webhooks import one, raw
from tests.ops.conftest import Run

# ---- sweep and retry ----


def test_a_sweep_by_hand_takes_up_what_is_not_due_and_one_of_what_is_due_does_not(harness: Harness, run: Run) -> None:
    event = one(harness.gives(1000), "checkout.session.completed")
    harness.stripe.down = True
    harness.take_in(event)
    harness.stripe.down = False
    assert json.loads(run("sweep", "--due", "--json").output) == {"events": 0, "applied": 0, "mails": 0, "sent": 0}
    assert run("sweep").output == "1 of 1 events applied, 0 of 0 mails sent.\n"
    assert harness.books.totals == {"eur": (1000, 1)}


def test_a_sweep_while_stripe_is_away_says_so(harness: Harness, run: Run) -> None:
    events = [one(harness.gives(1000, email=f"{n}@reader.example"), "checkout.session.completed") for n in range(4)]
    harness.stripe.down = True
    for event in events:
        harness.take_in(event)
    told = run("sweep").output
    assert "0 of 3 events applied" in told
    assert "no answer from Stripe" in told


def test_retry_takes_up_an_event_of_a_type_that_was_unknown_then(harness: Harness, run: Run) -> None:
    event = one(harness.gives(1000), "checkout.session.completed")
    inbox.store(harness.table, event["id"], event["type"], raw(event), harness.now(), "unhandled")
    assert run("inbox", "retry", event["id"]).output == f"{event['id']}: nothing is left to do.\n"
    assert harness.status(event["id"]) == "applied"


def test_retry_of_an_event_that_nothing_handles_says_so(harness: Harness, run: Run) -> None:
    event = one(harness.gives(1000), "charge.succeeded")
    harness.take_in(event)
    assert run("inbox", "retry", event["id"]).output.endswith(
        "recorded only; nothing is done about charge.succeeded.\n"
    )


def test_retry_forgets_what_failed_before(harness: Harness, run: Run) -> None:
    event = one(harness.gives(1000), "checkout.session.completed")
    harness.stripe.on_answer = lambda name, answer: answer | {"mode": None} if name == "checkout_session" else answer
    harness.take_in(event)
    while harness.status(event["id"]) == "pending":
        harness.pass_time(7 * 3600)
        harness.sweeps()
    assert "still pending" in run("inbox", "retry", event["id"]).output
    (waiting,) = inbox.waiting(harness.table)
    assert (waiting["status"], waiting["tries"]) == ("pending", 1)


# ---- reconcile ----


def test_reconcile_shows_each_part_and_each_currency_and_ends_well(harness: Harness, run: Run) -> None:
    harness.gives(1000)
    harness.gives(50_000, currency="uah", email=BEN)
    done = run("reconcile")
    assert done.exit_code == 0, done.output
    lines = [line.split() for line in done.output.splitlines()]
    assert [line[0] for line in lines if line][:5] == ["part", "undelivered", "events", "money", "recurring"]
    assert ["eur", "10.00", "10.00", "0.00", "0.00"] in lines
    assert ["uah", "500.00", "500.00", "0.00", "0.00"] in lines


def test_reconcile_for_a_machine_is_one_object(harness: Harness, run: Run) -> None:
    harness.gives(1000)
    done = run("reconcile", "--ring", "money", "--json")
    told = json.loads(done.output)
    assert set(told) == {"differs", "money", "recurring", "methods"}
    assert told["money"]["currencies"] == {
        "eur": {"stripe": 1000, "ledger": 1000, "missing_at_stripe": 0, "unexplained": 0}
    }
    assert (done.exit_code, told["differs"]) == (0, False)


def test_reconcile_ends_with_1_when_the_books_differ(harness: Harness, run: Run) -> None:
    harness.tell(harness.gives(1000))
    lost = one(harness.gives(500, email=BEN), "charge.succeeded")["data"]["object"]["payment_intent"]

    def ill(name: str, answer: Any) -> Any:
        return answer | {"currency": None} if name == "payment_intent" and answer["id"] == lost else answer

    harness.stripe.on_answer = ill
    done = run("reconcile", "--ring", "money")
    assert done.exit_code == 1
    assert lost in done.output
    assert "differ" in done.stderr


def test_reconcile_ends_with_1_when_stripe_is_away(harness: Harness, run: Run) -> None:
    harness.stripe.down = True
    done = run("reconcile", "--ring", "events")
    assert done.exit_code == 1
    assert "events could not finish: StripeUnavailable." in done.stderr


def test_a_list_that_the_key_may_not_read_is_told_and_the_rest_counts(harness: Harness, run: Run) -> None:
    harness.gives(1000)

    def denied(name: str) -> None:
        if name in ("balance_transactions", "subscriptions"):
            raise StripeRefused("permission_error")

    harness.stripe.on_call = denied
    done = run("reconcile")
    assert done.exit_code == 1
    assert "money could not finish: StripeRefused: permission_error." in done.stderr
    assert "No money of ours has moved" not in done.output, "nobody has looked"
    assert harness.books.totals == {"eur": (1000, 1)}
