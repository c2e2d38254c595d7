"""Long scenarios: whatever happens and whatever is heard of it when, in the end the books are Stripe's (P1, P3)."""

from collections import Counter
from collections.abc import Callable

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from chalicelib.kernel.moments import BusinessTime
from chalicelib.supporters.rules.access import entitled
from testkit.clock import NOW
from tests.proofs.orders import truth
from tests.proofs.orders.long_scenario import AT_STRIPE, DAY, HEARD, READERS, LongLife, steps_of
from tests.proofs.orders.written import written

seen: Counter[str] = Counter()


def assert_true(scenario: LongLife) -> None:
    """Ledger, sums and access are what Stripe's own objects say; nothing waits, and every mail could be written."""
    harness, account = scenario.harness, scenario.stripe.account
    said = written(harness.rows())
    assert said.waiting == []
    assert said.ledger == truth.ledger(account)
    assert said.sums == truth.sums(account)
    unsent = [row["pk"] for row in harness.rows() if row["sk"] == "MAIL" and row["status"] != "sent"]
    assert unsent == [], "a mail that cannot be written"
    days = range(harness.clock.business - NOW, harness.clock.business - NOW + 400 * DAY, DAY)
    for email in READERS:
        told = truth.opened(account, email, harness.newsroom, NOW, NOW + days.stop, DAY)[days.start // DAY :]
        standing = harness.state(email).standing if harness.knows(email) else None
        ours = [
            entitled(standing, harness.newsroom, BusinessTime(NOW + at)).tier if standing else None for at in days
        ]
        assert ours == told, (email, standing)


@settings(max_examples=150, deadline=None, derandomize=True, phases=[Phase.generate])
@given(st.integers(0, 2**32 - 1))
def test_in_the_end_the_books_are_stripes(seed: int) -> None:
    scenario = LongLife()
    for step in steps_of(seed):
        scenario.does(step)
    scenario.ends(seed)
    assert_true(scenario)
    seen.update(
        scenario.done, scenarios=1, events=len(scenario.pool), movements=len(truth.ledger(scenario.stripe.account))
    )


def test_the_scenarios_were_worth_their_name(record_property: Callable[[str, object], None]) -> None:
    """The figures, and that no kind of step was left out."""
    if seen["scenarios"]:  # in the run of this file
        assert {*AT_STRIPE, *HEARD} <= set(seen), {*AT_STRIPE, *HEARD} - set(seen)
        record_property(
            "figures", f"{seen['scenarios']} scenarios, {seen['events']} events, {seen['movements']} movements"
        )
