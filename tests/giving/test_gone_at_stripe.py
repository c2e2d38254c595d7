"""A customer was deleted in Stripe's dashboard: its supporter can still give, and nothing ends in a 500."""

import pytest

from chalicelib.checkouts.rules.wish import Wish
from chalicelib.giving.actions.start_checkout import CheckoutStarter
from chalicelib.http.problems import as_problem
from chalicelib.rails.stripe.port import StripeRefused
from testkit.harness import ADA, Harness

ATTEMPT = "attempt-0123456789"


@pytest.mark.parametrize("interval", ["once", "month"])
def test_a_supporter_gives_as_a_new_customer(harness: Harness, interval: str) -> None:
    starter = CheckoutStarter("browser", harness.supporter(ADA), "cus_deleted", ADA)
    wish = Wish(1000, "eur", interval)  # type: ignore[arg-type] # one of the two above
    session = harness.starts(wish, starter, ATTEMPT)
    assert harness.starts(wish, starter, ATTEMPT) == session, "a second tap is still the same gift"
    harness.tell(harness.stripe.pay(session, ADA))
    assert harness.access(ADA).tier == "member"
    assert harness.state(ADA).customers["eur"] != "cus_deleted"


def test_any_other_refusal_is_a_sentence_and_no_500() -> None:
    problem = as_problem(StripeRefused("secret_key_required"))
    assert (problem.status, problem.code) == (503, "stripe_refused")
