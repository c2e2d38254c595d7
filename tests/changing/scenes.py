"""A supporter who is signed in and changes their own gift, as the tests of this room tell it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from testkit.calls import Reply
from testkit.harness import ADA, Harness
from testkit.visitor import Visitor
from testkit.webhooks import Json

DAY = 86_400


class Scene:
    """Ada gives each month, or as said, and is signed in; Stripe's events wait until they are told (`hears`)."""

    def __init__(self, harness: Harness, amount: int = 500, interval: str = "month", currency: str = "eur") -> None:
        self.harness = harness
        harness.tell(harness.gives(amount, interval, currency=currency))
        self.visitor = Visitor()
        harness.sign_in(self.visitor, ADA)
        self.heard = {one["id"] for one in harness.stripe.of("event")}
        self.mailed = len(self.kinds)

    @property
    def gift(self) -> str:
        """The gift's id, which is its subscription's."""
        return str(self.harness.stripe.of("subscription")[-1]["id"])

    @property
    def at_stripe(self) -> Json:
        """The subscription as Stripe has it."""
        return dict(self.harness.stripe.of("subscription")[-1])

    @property
    def price(self) -> tuple[int, str]:
        """What Stripe will charge, and how often."""
        price = self.at_stripe["items"]["data"][0]["price"]
        return price["unit_amount"], price["recurring"]["interval"]

    def does(self, what: str = "", query: str = "", **body: Any) -> Reply:
        """A change by its call."""
        path = f"/v1/me/recurring/{self.gift}{'/' if what else ''}{what}{query}"
        return self.visitor.post(path, body)

    def preview(self, **body: Any) -> Json:
        """What a change would do."""
        reply = self.does(query="?preview=true", **body)
        assert reply.status == 200, reply.text
        return dict(reply.json)

    def me(self) -> Json:
        """The gift as `/v1/me` has it; a session that was not used for months is over."""
        if self.visitor.get("/v1/me").status != 200:
            self.harness.sign_in(self.visitor, ADA)
        (gift,) = self.visitor.get("/v1/me").json["recurring"]
        return dict(gift)

    def waiting(self) -> list[Json]:
        """Stripe's events since the last time."""
        found = [one for one in self.harness.stripe.of("event") if one["id"] not in self.heard]
        self.heard |= {one["id"] for one in found}
        return found

    def hears(self) -> None:
        """Stripe's notifications arrive."""
        self.harness.tell(self.waiting())

    def month_passes(self) -> None:
        """The next payment is due, and Stripe makes its invoice."""
        self.waiting()
        self.harness.tell(self.harness.stripe.renew(self.gift))
        self.waiting()
        self.harness.pass_time(max(0, self.harness.stripe.account.seconds - self.harness.clock.business))

    @property
    def kinds(self) -> list[str]:
        """The kinds of all mails of the outbox, in the order in which they were sent."""
        sent = {row["pk"].removeprefix("MAIL#").replace(":", "."): row["kind"] for row in self.harness.kinds("MAIL")}
        return [sent[mail.message_id] for mail in self.harness.mails.sent if mail.message_id in sent]

    def new_mails(self) -> list[str]:
        """The kinds of the mails since the last time."""
        found = self.kinds[self.mailed :]
        self.mailed += len(found)
        return found


@contextmanager
def lost_answers(harness: Harness, call: str) -> Iterator[None]:
    """Stripe does what it is asked to by this call, and its answer never arrives."""
    from chalicelib.rails.stripe.port import StripeUnavailable

    def lose(name: str, answer: Json) -> Json:
        if name == call:
            raise StripeUnavailable("the answer was lost")
        return answer

    before, harness.stripe.on_answer = harness.stripe.on_answer, lose
    try:
        yield
    finally:
        harness.stripe.on_answer = before


def undo_of(harness: Harness) -> str:
    """The path of the undo link in the newest mail that has one."""
    found = [re.search(r"/undo/[^?\s]+", mail.text) for mail in harness.mails.sent]
    links = [link.group() for link in found if link]
    assert links, "no mail had an undo link"
    return links[-1]


def charged(harness: Harness) -> list[int]:
    """Every gift in the ledger, in order of time, in minor units; what went back is negative."""
    return [int(row["amount"]) for row in harness.books.entries]
