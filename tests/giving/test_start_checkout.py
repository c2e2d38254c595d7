"""Starting a gift: one attempt is one wish in one browser and one session at Stripe, however often it is asked."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.checkouts.rules.wish import Wish
from chalicelib.giving.actions.start_checkout import CheckoutStarter, start_checkout
from chalicelib.kernel import keys
from chalicelib.kernel.errors import BadInput, Conflict, Unavailable
from chalicelib.kernel.table import TableUnavailable, TransactionLost
from chalicelib.rails.stripe.port import StripeRefused, StripeUnavailable
from testkit.at_once import at_once
from testkit.harness import ADA, Harness
from testkit.tables import Around, Unguarded

ATTEMPT = "attempt-0123456789"
WISH = Wish(1000, "eur", "once", ADA, "uk", "winter", "http://127.0.0.1:8080/a", "/about")
HERE = CheckoutStarter("browser")


def ask(
    harness: Harness, wish: Wish = WISH, starter: CheckoutStarter = HERE, attempt: str = ATTEMPT
) -> tuple[str, str]:
    return start_checkout(
        attempt, wish, starter, harness.offer(), table=harness.table, stripe=harness.stripe, now=harness.real_now()
    )


def refused(harness: Harness, **changes: Any) -> str:
    with pytest.raises(Conflict) as conflict:
        ask(harness, **changes)
    assert conflict.value.status == 409
    return conflict.value.code


# ---- one attempt, one session ----


def test_asked_again_it_answers_the_same_page(harness: Harness) -> None:
    first = ask(harness)
    assert [ask(harness) for _ in range(3)] == [first] * 3
    assert len(harness.stripe.of("checkout.session")) == 1
    assert harness.stripe.calls["create_checkout_session"] == 1
    session, url = first
    assert session.startswith("cs_")
    assert session in url


@pytest.mark.engine
def test_a_double_tap_from_eight_threads_makes_one_session(harness: Harness) -> None:
    results = at_once(8, lambda _: ask(harness))
    assert len(set(results)) == 1, results
    assert len(harness.stripe.of("checkout.session")) == 1
    assert len(harness.kinds("CHECKOUT")) == 2, "the attempt and its session"


@pytest.mark.engine
def test_without_the_claim_different_wishes_at_once_would_both_go_through(harness: Harness) -> None:
    """The negative control: only the put-if-absent makes one of them the first."""
    wishes = [replace(WISH, amount=1000 + 100 * number) for number in range(8)]
    results = at_once(8, lambda number: ask(harness, wishes[number]))
    assert sum(isinstance(result, tuple) for result in results) == 1
    assert {result.code for result in results if isinstance(result, Conflict)} == {"attempt_changed"}

    harness.table = Unguarded(harness.table, "CHECKOUT#")
    results = at_once(8, lambda number: ask(harness, wishes[number], attempt="another-attempt-1"))
    assert not any(isinstance(result, Conflict) for result in results)


def test_a_changed_wish_needs_a_new_attempt(harness: Harness) -> None:
    ask(harness)
    for change in ({"amount": 2000}, {"interval": "month"}, {"email": None}, {"campaign": None}, {"return_to": "/"}):
        assert refused(harness, wish=replace(WISH, **change)) == "attempt_changed"
    assert ask(harness, replace(WISH, amount=2000), attempt="another-attempt-1") != ask(harness)


def test_another_browser_cannot_take_the_attempt_over(harness: Harness) -> None:
    ask(harness)
    assert refused(harness, starter=CheckoutStarter("other")) == "attempt_elsewhere"
    assert (
        refused(harness, starter=CheckoutStarter("other"), wish=replace(WISH, amount=2000)) == "attempt_elsewhere"
    ), "it does not even learn whether the wish was the same"


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("ending", ["pay", "expire"])
def test_a_finished_attempt_is_over_whether_we_heard_of_it_or_not(harness: Harness, ending: str, told: bool) -> None:
    session, _ = ask(harness)
    events = harness.stripe.pay(session) if ending == "pay" else harness.stripe.expire(session)
    if told:
        harness.tell(events)
    assert refused(harness) == "attempt_finished"
    assert len(harness.stripe.of("checkout.session")) == 1


def test_a_session_that_stripe_no_longer_knows_is_over_too(harness: Harness) -> None:
    """As after a change of the Stripe account: a sentence, not a fault."""
    session, _ = ask(harness)
    harness.stripe.account.store.run("DELETE FROM objects WHERE id = ?", session)
    assert refused(harness) == "attempt_finished"


def test_an_open_page_is_shown_again_even_while_stripe_is_away(harness: Harness) -> None:
    first = ask(harness)
    harness.stripe.down = True
    assert ask(harness) == first


# ---- Stripe, and the table, in trouble ----


def test_while_stripe_is_away_nothing_is_lost_and_the_same_attempt_works_later(harness: Harness) -> None:
    harness.stripe.down = True
    for _ in range(2):
        with pytest.raises(StripeUnavailable):
            ask(harness)
    harness.stripe.down = False
    assert ask(harness) == ask(harness)
    assert len(harness.stripe.of("checkout.session")) == 1
    assert [key for _, key in harness.stripe.created_with] == [f"checkout:{ATTEMPT}"]


def test_a_failure_that_stripe_keeps_under_its_key_is_left_behind(harness: Harness) -> None:
    def spend(name: str) -> None:
        harness.stripe.on_call = lambda _name: None
        raise StripeUnavailable(name, key_spent=True)

    for spent in range(1, 3):
        harness.stripe.on_call = spend
        with pytest.raises(StripeUnavailable):
            ask(harness)
        assert (harness.table.get(keys.checkout(ATTEMPT)) or {})["spent"] == spent
    ask(harness)
    assert [key for _, key in harness.stripe.created_with] == [f"checkout:{ATTEMPT}:2"]


def test_a_session_that_we_could_not_remember_is_found_again_by_its_key(harness: Harness) -> None:
    real = harness.table

    def forget(call: str, _what: Any) -> None:
        if call == "transact":
            raise TableUnavailable("injected")

    harness.table = Around(real, forget)
    with pytest.raises(TableUnavailable):
        ask(harness)
    harness.table = real
    session, _ = ask(harness)
    assert [found["id"] for found in harness.stripe.of("checkout.session")] == [session]
    assert harness.comes_back(session).checkout.status == "open"


def test_a_conflict_in_remembering_is_tried_again(harness: Harness) -> None:
    """DynamoDB may refuse a transaction because another is at work, which then fails as well."""
    conflicts = [TransactionLost([]), TransactionLost([])]

    def meet(call: str, _what: Any) -> None:
        if call == "transact" and conflicts:
            raise conflicts.pop()

    harness.table = Around(harness.table, meet)
    session, _ = ask(harness)
    assert conflicts == []
    assert harness.comes_back(session).checkout.status == "open"


@pytest.mark.parametrize(
    ("code", "field"),
    [("email_invalid", "email"), ("amount_too_small", "amount"), ("amount_too_large", "amount")],
)
def test_what_stripe_refuses_in_a_field_is_said_of_that_field(harness: Harness, code: str, field: str) -> None:
    def refuse(_name: str) -> None:
        raise StripeRefused(code)

    harness.stripe.on_call = refuse
    with pytest.raises(BadInput) as refusal:
        ask(harness)
    assert (refusal.value.code, refusal.value.details) == (f"bad_{field}", {"field": field})


def test_what_else_stripe_refuses_is_said_without_its_words(harness: Harness) -> None:
    def refuse(_name: str) -> None:
        raise StripeRefused("account_invalid")

    harness.stripe.on_call = refuse
    with pytest.raises(Unavailable) as refusal:
        ask(harness)
    assert refusal.value.code == "stripe_refused"
    assert "account" not in refusal.value.title
