"""Who comes back from paying never hears "not finished yet" only because somebody looked too often."""

from typing import Any

import pytest

from chalicelib.rails.stripe.port import StripeUnavailable
from testkit.harness import Harness
from testkit.visitor import Visitor

GIFT = {"amount": 500, "currency": "eur", "interval": "month", "attempt": "attempt-0123456789", "locale": "en"}
OPEN, PAY_AGAIN = "No money has been taken yet", "To the payment page"
WAIT = "pay again: we will email you"
Paid = tuple[str, Visitor]


@pytest.fixture
def paid(harness: Harness) -> Paid:
    """A reader who has just paid: no webhook came yet, and they did not come back yet."""
    reader = Visitor(client="192.0.2.1")
    session = reader.post("/v1/checkouts", GIFT).json["id"]
    harness.stripe.pay(session)
    return session, reader


class Heard:
    """Which sessions Stripe is asked about from now on; it can be made not to answer."""

    def __init__(self, harness: Harness) -> None:
        self.sessions: list[str] = []
        self.away = False
        self._real = harness.stripe.checkout_session
        harness.stripe.checkout_session = self  # type: ignore[method-assign] # one more line, same answer

    def __call__(self, session_id: str) -> Any:
        if self.away:
            raise StripeUnavailable("busy")
        self.sessions.append(session_id)
        return self._real(session_id)


def page(visitor: Visitor, session: str) -> str:
    reply = visitor.navigate(f"/thanks/{session}?lang=en")
    assert reply.status == 200
    return reply.text


def test_strangers_who_know_the_name_use_up_nobodys_look(harness: Harness, paid: Paid) -> None:
    session, reader = paid
    heard = Heard(harness)
    heard.away = True  # so that none of these looks finds out for the reader
    for number in range(100):
        Visitor(client=f"203.0.113.{number}").navigate(f"/thanks/{session}")
    heard.away = False
    assert reader.get(f"/v1/checkouts/return?session_id={session}").status == 303
    assert "Thank you" in page(reader, session)
    assert reader.get(f"/v1/checkouts/{session}").json == {"status": "paid"}


def test_strangers_ask_stripe_once_a_minute_however_many_they_are(harness: Harness) -> None:
    session = Visitor().post("/v1/checkouts", GIFT).json["id"]
    heard = Heard(harness)
    for number in range(40):
        Visitor(client=f"203.0.113.{number}").navigate(f"/thanks/{session}")
        Visitor(client=f"203.0.113.{number}").get(f"/v1/checkouts/return?session_id={session}")
    once = len(heard.sessions)
    assert 1 <= once <= 2, "what is told may be fetched anew before it is believed"
    harness.pass_time(66)
    Visitor(client="203.0.113.1").navigate(f"/thanks/{session}")
    assert len(heard.sessions) == 2 * once


def test_one_stranger_asks_about_few_checkouts_a_minute(harness: Harness) -> None:
    sessions = []
    for number in range(50):
        wish = GIFT | {"attempt": f"attempt-{number:016}"}
        sessions.append(Visitor(client=f"192.0.2.{number}").post("/v1/checkouts", wish).json["id"])
    heard = Heard(harness)
    for session in sessions:
        Visitor(client="203.0.113.1").navigate(f"/thanks/{session}")
    assert len(set(heard.sessions)) == 30


def test_used_up_looks_never_say_open(harness: Harness) -> None:
    """Where it is not known, nobody is told to pay, by page or by answer, whoever used the looks up."""
    reader, stranger = Visitor(), Visitor()
    session = reader.post("/v1/checkouts", GIFT).json["id"]
    assert PAY_AGAIN in page(reader, session), "the control: while it is known, the way to pay is shown"
    assert OPEN in page(stranger, session), "the stranger's one look, which is true"
    for _ in range(40):
        last = reader.get(f"/v1/checkouts/{session}")
    assert (last.status, last.code) == (429, "too_many_looks")
    assert 1 <= int(last.headers["retry-after"]) <= 66
    harness.stripe.pay(session)
    for visitor in (reader, stranger):
        shown = page(visitor, session)
        assert WAIT in shown
        assert OPEN not in shown
        assert PAY_AGAIN not in shown
    harness.pass_time(70)
    assert "Thank you" in page(reader, session)


def test_what_stripe_does_not_answer_is_not_called_open(harness: Harness, paid: Paid) -> None:
    session, reader = paid
    Heard(harness).away = True
    assert (reader.get(f"/v1/checkouts/{session}").status, WAIT in page(reader, session)) == (503, True)


def test_processing_stays_processing_when_it_was_looked_at_a_moment_ago(harness: Harness) -> None:
    """Nobody is told to pay there, so what was true a minute ago may be said."""
    reader = Visitor()
    session = reader.post("/v1/checkouts", GIFT | {"interval": "once"}).json["id"]
    harness.stripe.pay(session, delayed=True)
    assert reader.get(f"/v1/checkouts/{session}").json == {"status": "processing"}
    answers = [reader.get(f"/v1/checkouts/{session}") for _ in range(40)]
    assert {(reply.status, reply.text) for reply in answers} == {(200, '{"status":"processing"}')}


def test_one_browser_that_started_many_checkouts_asks_about_few_a_minute(harness: Harness) -> None:
    """Each of its own: nobody uses up what Stripe answers all of us."""
    reader, sessions = Visitor(), []
    for number in range(10):
        reply = reader.post("/v1/checkouts", GIFT | {"attempt": f"attempt-{number:016}"})
        sessions.append((reply.json["id"], dict(reader.cookies)))
    heard = Heard(harness)
    for session, cookies in sessions:
        looker = Visitor(cookies=cookies)
        for _ in range(10):
            looker.get(f"/v1/checkouts/{session}")
    assert len(heard.sessions) <= 2 * 60
