"""Stripe repeats a failure under its idempotency key for a day: nobody is stuck behind it, and nothing is done twice.

https://docs.stripe.com/api/idempotent_requests
"""

from collections.abc import Mapping
from typing import Any

import pytest

from chalicelib.rails.stripe.port import Answer, StripeUnavailable
from testkit.harness import Harness
from testkit.visitor import Visitor
from tests.changing.scenes import DAY, Scene, charged, undo_of
from tests.changing.test_charge_now import HIGHER, half_a_month_later


def fails_once(harness: Harness, monkeypatch: pytest.MonkeyPatch, call: str, *, done: bool) -> list[str]:
    """Stripe answers this call's first key with 500, ever after, having `done` it or not; answers the keys."""
    really, keys = getattr(harness.stripe, call), list[str]()

    def asked(*named: str, params: Mapping[str, Any], idempotency_key: str) -> Answer:
        keys.append(idempotency_key)
        if idempotency_key != keys[0]:
            answer: Answer = really(*named, params, idempotency_key=idempotency_key)
            return answer
        if done and len(keys) == 1:
            really(*named, params, idempotency_key=idempotency_key)
        raise StripeUnavailable("status 500", key_spent=True)

    def as_called(*sent: Any, idempotency_key: str) -> Answer:
        return asked(*sent[:-1], params=sent[-1], idempotency_key=idempotency_key)

    monkeypatch.setattr(harness.stripe, call, as_called)
    return keys


@pytest.mark.parametrize("done", [True, False])
def test_a_refund_of_an_undo(harness: Harness, monkeypatch: pytest.MonkeyPatch, done: bool) -> None:
    ada = half_a_month_later(harness)
    assert ada.does(amount=HIGHER, charge="now").status == 200
    link = undo_of(harness)
    fails_once(harness, monkeypatch, "create_refund", done=done)
    assert Visitor().post(link, {}).status == 503
    assert Visitor().post(link, {}).json == {"undone": True}
    ada.hears()
    assert charged(harness) == [500, 500, -500]


def raised_and_paid(harness: Harness) -> tuple[Scene, str]:
    """A raise from 500 to 700, whose first payment came while it can be undone, and the link for that."""
    ada = Scene(harness, 500)
    harness.pass_time(30 * DAY - 3600)
    assert ada.does(amount=700).status == 200
    link = undo_of(harness)
    ada.month_passes()
    return ada, link


@pytest.mark.parametrize("done", [True, False])
def test_a_refund_of_a_part(harness: Harness, monkeypatch: pytest.MonkeyPatch, done: bool) -> None:
    ada, link = raised_and_paid(harness)
    fails_once(harness, monkeypatch, "create_refund", done=done)
    assert Visitor().post(link, {}).status == 503
    assert Visitor().post(link, {}).json == {"undone": True}
    ada.hears()
    assert charged(harness) == [500, 700, -200], "a part is never given back twice"


def test_a_refund_whose_money_is_still_to_move_counts(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stripe waits for a balance: the refund is there, pending, and nothing of it is in the books yet."""
    _, link = raised_and_paid(harness)
    fails_once(harness, monkeypatch, "create_refund", done=False)
    assert Visitor().post(link, {}).status == 503
    harness.stripe.gives_back(harness.stripe.of("payment_intent")[-1]["id"], 200, pending=True)
    assert Visitor().post(link, {}).json == {"undone": True}
    assert [one["amount"] for one in harness.stripe.of("refund")] == [200]


@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize(
    ("before", "what", "body"),
    [
        ((), "", {"amount": 700}),
        ((), "", {"amount": HIGHER, "charge": "now"}),
        ((), "pause", {"months": 2}),
        (("pause",), "resume", {}),
        ((), "stop", {}),
        (("stop",), "keep", {}),
    ],
)
def test_each_change(
    harness: Harness,
    monkeypatch: pytest.MonkeyPatch,
    before: tuple[str, ...],
    what: str,
    body: dict[str, Any],
    done: bool,
) -> None:
    ada = half_a_month_later(harness)
    for one in before:
        body_of = {"months": 2} if one == "pause" else {}
        assert ada.does(one, "", **body_of).status == 200
    ada.new_mails()
    fails_once(harness, monkeypatch, "update_subscription", done=done)
    assert ada.does(what, **body).status == 503
    assert ada.does(what, **body).status == 200
    ada.hears()
    assert len(ada.new_mails()) == 1
    assert sum(charged(harness)) == (1000 if "charge" in body else 500)
