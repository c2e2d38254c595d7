"""Doubles of Stripe have the whole port: what a test did not expect fails it, what is let through stays as it was."""

import inspect
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from chalicelib.rails.stripe.port import Answer, Stripe
from testkit.stripe_calls import AroundStripe, Asked, UnexpectedStripe, Work

CALLS = sorted(name for name in vars(Stripe) if not name.startswith("_"))


class Echo(UnexpectedStripe):
    """Answers every call with its own name and what it was asked."""

    def _call(self, name: str, asked: Asked, work: Work) -> Sequence[Answer]:
        del work
        return [{"name": name, "asked": asked}]


def asks(stripe: Stripe, name: str) -> Any:
    """Make one of the port's calls, each parameter with its own name for a value."""
    call = getattr(stripe, name)
    parameters = inspect.signature(getattr(Stripe, name)).parameters.values()
    given = {one.name: {} if one.name == "params" else one.name for one in parameters if one.name != "self"}
    return call(**given), tuple(one for one in given.values() if one)


def test_the_port_is_looked_at() -> None:
    assert {"charge", "events", "create_refund", "checkout_session_of_payment"} <= set(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_what_a_test_did_not_expect_fails_it(name: str) -> None:
    with pytest.raises(AssertionError, match=rf"^This test did not expect that Stripe is asked for {name}\("):
        asks(UnexpectedStripe(), name)


@pytest.mark.parametrize("name", CALLS)
def test_what_is_let_through_arrives_as_it_was_asked(name: str) -> None:
    found, given = asks(AroundStripe(Echo()), name)
    [answer] = list(found) if isinstance(found, (list, Iterator)) else [found]
    assert answer == {"name": name, "asked": given}
