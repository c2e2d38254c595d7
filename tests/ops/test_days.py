"""`ops days`: what is said of each day, and when it ends with 1."""

import json

from chalicelib.kernel import keys
from chalicelib.kernel.table import Put, Update
from testkit.harness import Harness
from testkit.reconciling import reconciles, scheduled
from tests.ops.conftest import Run


def test_days_that_nobody_walked_are_not_closed_and_by_hand_they_are(harness: Harness, run: Run) -> None:
    harness.gives(1000)
    harness.pass_time(2 * 86_400)
    before = run("days", "--days", "2")
    assert before.exit_code == 1
    assert "not closed" in before.output
    assert "days differ or are not closed" in before.stderr
    reconciles(harness, ["money"])
    done = run("days", "--days", "2")
    assert done.exit_code == 0, done.output
    assert "closed  eur       1      10.00   10.00" in done.output


def test_a_machine_is_told_both_sides_and_what_is_open(harness: Harness, run: Run) -> None:
    harness.tell(harness.gives(1000))
    (entry,) = harness.books.entries
    made_up = dict(entry) | {"id": "pi_made_up", "amount": 700, "gsi1sk": f"{entry['gsi1sk']}x"}
    harness.table.write(Put(made_up | {"sk": f"{entry['sk']}x"}))
    scheduled(harness, ["money"])
    done = run("days", "--days", "1", "--json")
    assert done.exit_code == 1, "one movement is unknown at Stripe"
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["state"] == "differs"
    assert told["currencies"] == {"eur": {"lines": 1, "stripe": 1000, "ledger": 1000}}
    assert [(one["movement"], one["status"], one["amount"]) for one in told["open"]] == [
        ("pi_made_up", "unknown", 700)
    ]


def test_a_seal_that_somebody_wrote_over_is_said(harness: Harness, run: Run) -> None:
    scheduled(harness, ["money"])
    day = json.loads(run("days", "--days", "1", "--json").stdout.splitlines()[-1])["day"]
    harness.table.write(Update(keys.seal(day, "stripe"), set={"sums": {"eur": {"provider": 1}}}))
    assert "seal unreadable" in run("days", "--days", "1").output
    assert "are found otherwise now" in run("reconcile", "--ring", "money").stderr
    assert run("days", "--days", "1").exit_code == 0
