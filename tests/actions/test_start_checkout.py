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
from tests.support.tables import Around, Unguarded
from tests.support.till import ADA, Till, at_once

ATTEMPT = "attempt-0123456789"
WISH = Wish(1000, "eur", "once", ADA, "uk", "winter", "http://127.0.0.1:8080/a", "/about")
HERE = CheckoutStarter("browser")


def ask(till: Till, wish: Wish = WISH, starter: CheckoutStarter = HERE, attempt: str = ATTEMPT) -> tuple[str, str]:
    return start_checkout(
        attempt, wish, starter, till.offer(), table=till.table, stripe=till.stripe, now=till.real_now()
    )


def refused(till: Till, **changes: Any) -> str:
    with pytest.raises(Conflict) as conflict:
        ask(till, **changes)
    assert conflict.value.status == 409
    return conflict.value.code


# ---- one attempt, one session ----


def test_asked_again_it_answers_the_same_page(till: Till) -> None:
    first = ask(till)
    assert [ask(till) for _ in range(3)] == [first] * 3
    assert len(till.double.of("checkout.session")) == 1
    assert till.double.calls["create_checkout_session"] == 1
    session, url = first
    assert session.startswith("cs_")
    assert session in url


def test_a_double_tap_from_eight_threads_makes_one_session(till: Till) -> None:
    results = at_once(8, lambda _: ask(till))
    assert len(set(results)) == 1, results
    assert len(till.double.of("checkout.session")) == 1
    assert len(till.kinds("CHECKOUT")) == 2, "the attempt and its session"


def test_without_the_claim_different_wishes_at_once_would_both_go_through(till: Till) -> None:
    """The negative control: only the put-if-absent makes one of them the first."""
    wishes = [replace(WISH, amount=1000 + 100 * number) for number in range(8)]
    results = at_once(8, lambda number: ask(till, wishes[number]))
    assert sum(isinstance(result, tuple) for result in results) == 1
    assert {result.code for result in results if isinstance(result, Conflict)} == {"attempt_changed"}

    till.table = Unguarded(till.table, "CHECKOUT#")
    results = at_once(8, lambda number: ask(till, wishes[number], attempt="another-attempt-1"))
    assert not any(isinstance(result, Conflict) for result in results)


def test_a_changed_wish_needs_a_new_attempt(till: Till) -> None:
    ask(till)
    for change in ({"amount": 2000}, {"interval": "month"}, {"email": None}, {"campaign": None}, {"return_to": "/"}):
        assert refused(till, wish=replace(WISH, **change)) == "attempt_changed"
    assert ask(till, replace(WISH, amount=2000), attempt="another-attempt-1") != ask(till)


def test_another_browser_cannot_take_the_attempt_over(till: Till) -> None:
    ask(till)
    assert refused(till, starter=CheckoutStarter("other")) == "attempt_elsewhere"
    assert refused(till, starter=CheckoutStarter("other"), wish=replace(WISH, amount=2000)) == "attempt_elsewhere", (
        "it does not even learn whether the wish was the same"
    )


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("ending", ["pay", "expire"])
def test_a_finished_attempt_is_over_whether_we_heard_of_it_or_not(till: Till, ending: str, told: bool) -> None:
    session, _ = ask(till)
    events = till.double.pay(session) if ending == "pay" else till.double.expire(session)
    if told:
        till.tell(events)
    assert refused(till) == "attempt_finished"
    assert len(till.double.of("checkout.session")) == 1


def test_a_session_that_stripe_no_longer_knows_is_over_too(till: Till) -> None:
    """As after a change of the Stripe account: a sentence, not a fault."""
    session, _ = ask(till)
    till.double.account.store.run("DELETE FROM objects WHERE id = ?", session)
    assert refused(till) == "attempt_finished"


def test_an_open_page_is_shown_again_even_while_stripe_is_away(till: Till) -> None:
    first = ask(till)
    till.double.down = True
    assert ask(till) == first


# ---- Stripe, and the table, in trouble ----


def test_while_stripe_is_away_nothing_is_lost_and_the_same_attempt_works_later(till: Till) -> None:
    till.double.down = True
    for _ in range(2):
        with pytest.raises(StripeUnavailable):
            ask(till)
    till.double.down = False
    assert ask(till) == ask(till)
    assert len(till.double.of("checkout.session")) == 1
    assert [key for _, key in till.double.created_with] == [f"checkout:{ATTEMPT}"]


def test_a_failure_that_stripe_keeps_under_its_key_is_left_behind(till: Till) -> None:
    def spend(name: str) -> None:
        till.double.on_call = lambda _name: None
        raise StripeUnavailable(name, key_spent=True)

    for spent in range(1, 3):
        till.double.on_call = spend
        with pytest.raises(StripeUnavailable):
            ask(till)
        assert (till.table.get(keys.checkout(ATTEMPT)) or {})["spent"] == spent
    ask(till)
    assert [key for _, key in till.double.created_with] == [f"checkout:{ATTEMPT}:2"]


def test_a_session_that_we_could_not_remember_is_found_again_by_its_key(till: Till) -> None:
    real = till.table

    def forget(call: str, _what: Any) -> None:
        if call == "transact":
            raise TableUnavailable("injected")

    till.table = Around(real, forget)
    with pytest.raises(TableUnavailable):
        ask(till)
    till.table = real
    session, _ = ask(till)
    assert [found["id"] for found in till.double.of("checkout.session")] == [session]
    assert till.comes_back(session).checkout.status == "open"


def test_a_conflict_in_remembering_is_tried_again(till: Till) -> None:
    """DynamoDB may refuse a transaction because another is at work, which then fails as well."""
    conflicts = [TransactionLost([]), TransactionLost([])]

    def meet(call: str, _what: Any) -> None:
        if call == "transact" and conflicts:
            raise conflicts.pop()

    till.table = Around(till.table, meet)
    session, _ = ask(till)
    assert conflicts == []
    assert till.comes_back(session).checkout.status == "open"


@pytest.mark.parametrize(
    ("code", "field"),
    [("email_invalid", "email"), ("amount_too_small", "amount"), ("amount_too_large", "amount")],
)
def test_what_stripe_refuses_in_a_field_is_said_of_that_field(till: Till, code: str, field: str) -> None:
    def refuse(_name: str) -> None:
        raise StripeRefused(code)

    till.double.on_call = refuse
    with pytest.raises(BadInput) as refusal:
        ask(till)
    assert (refusal.value.code, refusal.value.details) == (f"bad_{field}", {"field": field})


def test_what_else_stripe_refuses_is_said_without_its_words(till: Till) -> None:
    def refuse(_name: str) -> None:
        raise StripeRefused("account_invalid")

    till.double.on_call = refuse
    with pytest.raises(Unavailable) as refusal:
        ask(till)
    assert refusal.value.code == "stripe_refused"
    assert "account" not in refusal.value.title
