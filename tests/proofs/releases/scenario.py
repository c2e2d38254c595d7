"""A newsroom's first months, as the release that runs this writes them: every kind of row, in every state that lasts.

It goes in by the doors that stay as they are (the API, Stripe's events, the operator's commands) and by the harness
of the tests, so that it runs against a release of before as well as against this one.
"""

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import app
from localdev.stripe import pausing
from testkit import correcting
from testkit.calls import Reply
from testkit.commands import command
from testkit.harness import ADA, BEN, Harness
from testkit.mail_feedback import bounce, complaint, sns
from testkit.visitor import Visitor
from testkit.webhooks import Json, one

DAY = 86_400
ARTICLES: dict[str, dict[str, Any]] = {
    "open": {"access": "open"},
    "members": {"access": "members"},
    "patrons": {"access": "tier:patron"},
    "metered": {"access": "metered"},
    "soon": {"access": "members", "opens_at": "2027-08-01T00:00:00Z"},
    "was": {"access": "members", "closes_at": "2026-09-22T00:00:00Z"},
    "elsewhere": {"access": "members", "body_html": None},
}


@dataclass
class Lived:
    """Who lived it: browsers by name, with the checkouts that each began; addresses; identifiers of their gifts."""

    browsers: dict[str, Visitor] = field(default_factory=dict)
    checkouts: dict[str, str] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)
    payments: dict[str, str] = field(default_factory=dict)
    subscriptions: dict[str, str] = field(default_factory=dict)


class Scenario:
    """Plays it on a harness."""

    def __init__(self, harness: Harness) -> None:
        self.harness, self.stripe, self.lived = harness, harness.stripe, Lived()

    def play(self) -> Lived:
        """All of it, in order of time."""
        self._put_articles()
        self._an_event_is_parked()
        self._gives_and_takes_back()
        self._is_disputed()
        self._gives_monthly()
        self._by_hand()
        self._two_become_one()
        self._mails_come_back()
        self._checkouts_in_each_state()
        self._sessions()
        self._something_waits()
        return self.lived

    # ---- by whom ----

    def _gives(self, whose: str, amount: int, interval: str = "once", **more: Any) -> list[Json]:
        """Somebody gives, in a browser of that name; answers what Stripe would tell."""
        wish = {"amount": amount, "currency": "eur", "interval": interval, "attempt": f"attempt-of-{whose:_>12}"}
        email = more.pop("email", f"{whose}@reader.example")
        visitor = Visitor(client=f"192.0.2.{len(self.lived.browsers) + 10}")
        reply = visitor.post("/v1/checkouts", {**wish, **more})
        assert reply.status == 201, reply.text
        self.lived.browsers[whose], self.lived.checkouts[whose] = visitor, reply.json["id"]
        self.lived.addresses.append(email)
        return self.stripe.pay(reply.json["id"], email)

    def _given(self, whose: str, amount: int, interval: str = "once", **more: Any) -> None:
        self.harness.tell(self._gives(whose, amount, interval, **more))
        if interval == "once":
            self.lived.payments[whose] = str(self.stripe.of("payment_intent")[-1]["id"])
        else:
            self.lived.subscriptions[whose] = str(self.stripe.of("subscription")[-1]["id"])
        self.harness.pass_time(60)

    def _renewed(self, whose: str, *, fails: bool = False) -> None:
        self.harness.tell(self.stripe.renew(self.lived.subscriptions[whose], fails=fails))
        self.harness.pass_time(max(0, self.stripe.account.seconds - self.harness.clock.business))

    # ---- what happens ----

    def _put_articles(self) -> None:
        key = self.harness.cms_key()
        for name, policy in ARTICLES.items():
            text = {"teaser_html": f"<p>Початок: {name}.</p>", "body_html": f"<p>Увесь текст: {name}.</p>"}
            words = {"title": f"Стаття «{name}»", "url": f"http://127.0.0.1:8080/{name}"}
            article = {field: value for field, value in {**words, **text, **policy}.items() if value is not None}
            reply = Visitor(origin=None).put(f"/v1/articles/{name}", article, **key)
            assert reply.status in (200, 201, 204), reply.text

    def _an_event_is_parked(self) -> None:
        """Of a payment of ours that Stripe does not have: tried for days, then left for a person."""
        event = one(self._gives("early", 1000), "payment_intent.succeeded")
        event = {**event, "id": "evt_lost", "data": {"object": {**event["data"]["object"], "id": "pi_lost"}}}
        self.harness.deliver(event)
        for _ in range(60):
            if self.harness.status(event["id"]) == "parked":
                return
            self.harness.pass_time(6 * 3600)
            self.harness.sweeps()
        raise AssertionError("it was never parked")

    def _gives_and_takes_back(self) -> None:
        self._given("ada", 2000, campaign="winter", source="http://127.0.0.1:8080/members")
        self._given("whole", 1500)
        self.harness.tell(self.stripe.gives_back(self.lived.payments["whole"]))
        self._given("part", 2500)
        self.harness.tell(self.stripe.gives_back(self.lived.payments["part"], 700))
        self._given("returned", 1800)
        self.harness.tell(self.stripe.gives_back(self.lived.payments["returned"]))
        self.harness.pass_time(DAY)
        self.harness.tell(self.stripe.bank_returns(self.stripe.of("refund")[-1]["id"]))

    def _is_disputed(self) -> None:
        for whose, won in (("lost", False), ("won", True)):
            self._given(whose, 3000)
            self.harness.tell(self.stripe.bank_disputes(self.lived.payments[whose]))
            self.harness.pass_time(DAY)
            self.harness.tell(self.stripe.bank_decides(self.stripe.of("dispute")[-1]["id"], won=won))

    def _gives_monthly(self) -> None:
        self._given("monthly", 500, "month", campaign="winter")
        self._given("patron", 20_000, "month", currency="uah")
        self._given("yearly", 15_000, "year")
        for _ in range(2):
            self._renewed("monthly")
        self._given("failing", 500, "month")
        self._given("paused", 700, "month")
        self._given("stopped", 500, "month")
        self._renewed("failing", fails=True)
        subscription = self.stripe.account.get("subscription", self.lived.subscriptions["paused"])
        self.harness.tell(self.stripe.happens(partial(pausing.pause, subscription=subscription)))
        self.harness.tell(self.stripe.end(self.lived.subscriptions["stopped"]))

    def _by_hand(self) -> None:
        until = "2027-06-30T12:00:00Z"
        self._ops("grant", BEN, "--tier", "patron", "--until", until, "--reason", "bank transfer")
        self.lived.addresses.append(BEN)

    def _two_become_one(self) -> None:
        """A gift under a mistyped address; the owner of the right one had signed in, and had nothing else."""
        wrong, right = "nora@reader.exampel", "nora@reader.example"
        self._given("nora", 1200, email=wrong)
        self.harness.sign_in(Visitor(client="192.0.2.7"), right)
        correcting.corrects(self.harness, correcting.asks(self.harness, wrong, right), wrong, right)
        self.lived.addresses.append(right)

    def _mails_come_back(self) -> None:
        for whose, message in (("bounced", bounce), ("complained", complaint)):
            app.mail_feedback(sns(message(f"{whose}@reader.example")), None)
            self._given(whose, 1100)

    def _checkouts_in_each_state(self) -> None:
        for name in ("begun", "expired", "processing", "failed"):
            visitor = Visitor(client=f"192.0.2.{len(self.lived.browsers) + 10}")
            wish = {"amount": 900, "currency": "eur", "interval": "once", "attempt": f"attempt-of-{name:_>12}"}
            self.lived.checkouts[name] = visitor.post("/v1/checkouts", wish).json["id"]
            self.lived.browsers[name] = visitor
        open_ones = self.lived.checkouts
        self.harness.tell(self.stripe.declines(open_ones["begun"]))
        self.harness.tell(self.stripe.expire(open_ones["expired"]))
        for name in ("processing", "failed"):
            self.harness.tell(self.stripe.pay(open_ones[name], f"{name}@reader.example", delayed=True))
        self.harness.tell(self.stripe.settle(open_ones["failed"], succeeds=False))

    def _sessions(self) -> None:
        self.lived.browsers["ben"] = Visitor(client="192.0.2.6")
        for whose in ("ada", "ben", "monthly", "yearly", "patron", "failing", "lost", "nora"):
            self.harness.sign_in(self.lived.browsers[whose], f"{whose}@reader.example", remember=True)
        left = Visitor(client="192.0.2.8")
        self.harness.sign_in(left, ADA)
        self.lived.browsers["left"] = left
        assert left.delete("/v1/session").status in (200, 204)
        assert Visitor(client="192.0.2.9").post("/v1/sign-in", {"email": ADA}).status == 202, (
            "and one waits for its code"
        )

    def _something_waits(self) -> None:
        self.harness.mails.down = True
        self._given("unsent", 1300)
        events = self._gives("pending", 1400)
        self.stripe.down = True
        self.harness.deliver(one(events, "payment_intent.succeeded"))
        self.stripe.down = self.harness.mails.down = False

    def _ops(self, *words: str) -> str:
        return ops(self.harness, *words)


def ops(harness: Harness, *words: str, codes: tuple[int, ...] = (0,)) -> str:
    """One of the operator's commands, on this harness; answers what it printed."""
    done = command(harness, *words)
    assert done.exit_code in codes, done.output
    return str(done.stdout)


def replied(reply: Reply) -> dict[str, Any]:
    """An answer of the API, without what differs from one call to the next."""
    return {"status": reply.status, "text": reply.text, "location": reply.headers.get("location")}
