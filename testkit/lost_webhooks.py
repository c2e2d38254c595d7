"""A newsroom that heard of everything and one that heard of nothing for 29 days, before the same Stripe (P6)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.kernel.table import Put
from chalicelib.ledger.rows import sums as ledger_sums
from chalicelib.ledger.rules.sums import Sums, Total
from chalicelib.rails.stripe.understand import HANDLED
from chalicelib.supporters.rules.access import Entitlement
from testkit.harness import ADA, BEN, Harness
from testkit.reconciling import without
from testkit.webhooks import Json, one

CLEO, DORA = "cleo@reader.example", "dora@reader.example"
DAY = 86_400


@dataclass(frozen=True)
class Known:
    """All that a newsroom knows of money and access, by address and without names of its own making."""

    entries: list[dict[str, Any]]
    totals: Mapping[str, Sums]
    months: list[Total]
    standings: Mapping[str, Any]
    access: Mapping[str, Entitlement]


def known(harness: Harness) -> Known:
    """What this newsroom knows now."""
    people = {email: harness.state(email) for email in (ADA, BEN, CLEO, DORA) if harness.knows(email)}
    emails = {state.id: email for email, state in people.items()}
    own = ("pk", "sk", "gsi1pk", "gsi1sk")
    entries = [
        {name: emails[value] if name == "supporter" else value for name, value in row.items() if name not in own}
        for row in harness.books.entries
    ]
    return Known(
        sorted(entries, key=lambda entry: str(entry["id"])),
        ledger_sums.totals(harness.table),
        ledger_sums.totals_by_month(harness.table),
        {email: (state.standing, dict(state.customers)) for email, state in people.items()},
        {email: harness.access(email) for email in people},
    )


def untold(harness: Harness, told: Harness) -> set[str]:
    """Mails that the one newsroom wrote and the other did not, but that a refund left which came back since.

    Who hears late that it came back need not hear that it left.
    """
    mails = set(harness.books.mails) ^ set(told.books.mails)
    return {mail for mail in mails if mail.replace(":told", ":failed:told") not in told.books.mails}


@dataclass
class Outage:
    """29 days: `told` heard of everything as it happened, `deaf` of nothing.

    `steps` are the events of each turn, `until` the newsroom that heard of everything before that turn.
    """

    told: Harness
    deaf: Harness
    steps: dict[str, list[Json]] = field(default_factory=dict)
    until: dict[str, Harness] = field(default_factory=dict)

    @property
    def events(self) -> list[Json]:
        """All that anything handles, as Stripe made them."""
        return [event for events in self.steps.values() for event in events if event["type"] in HANDLED]

    def of(self, *turns: str) -> list[Json]:
        """All events of these turns."""
        return [event for turn in turns for event in self.steps[turn]]

    def missing(self, *events: Json, heard_until: str | None = None) -> Harness:
        """The deaf newsroom, or one that heard of all before a turn; Stripe has never made these events."""
        harness = (self.until[heard_until] if heard_until else self.deaf).fork()
        harness.clock.real, harness.clock.business = self.told.clock.real, self.told.clock.business
        harness.stripe.on_answer = without(*(str(event["id"]) for event in events))
        return harness


def outage() -> Outage:
    """Gifts, a monthly gift, a renewal, a refund that comes back, a lost dispute, a stop and an end."""
    deaf = Harness()
    cleo = deaf.gives(300, "month", CLEO)
    for event in cleo:
        deaf.take_in(event)
    deaf.pass_time(5 * DAY)
    played = Outage(deaf.fork(), deaf)
    told, hands = played.told, played.told.stripe

    def happens(name: str, work: Callable[[], list[Json]], after: int = 1) -> list[Json]:
        told.pass_time(after * DAY)
        played.until[name] = told.fork()
        events = work()
        told.pass_time(max(0, hands.account.seconds - told.clock.business))
        for event in events:
            told.take_in(event)
        played.steps[name] = events
        return events

    def subscription(events: list[Json]) -> str:
        return str(one(events, "customer.subscription.created")["data"]["object"]["id"])

    def payment(events: list[Json]) -> str:
        return str(one(events, "charge.succeeded")["data"]["object"]["payment_intent"])

    ada = happens("gift", lambda: told.gives(1000, email=ADA, campaign="winter"))
    ben = happens("monthly gift", lambda: told.gives(500, "month", BEN))
    dora = happens("another gift", lambda: told.gives(2000, email=DORA))
    refund = happens("refund", lambda: hands.gives_back(payment(ada), 400), 2)
    happens("dispute", lambda: hands.bank_disputes(payment(dora)), 2)
    refund_id = one(refund, "refund.created")["data"]["object"]["id"]
    happens("failed refund", lambda: hands.bank_returns(refund_id), 4)
    happens("dispute lost", lambda: hands.bank_decides(hands.of("dispute")[0]["id"], won=False))
    happens("renewal", lambda: hands.renew(subscription(cleo)), 5)
    happens("stop", lambda: hands.stop(subscription(cleo)))
    happens("end", lambda: hands.end(subscription(ben)))
    told.pass_time(deaf.clock.business + 29 * DAY - told.clock.business)
    _same_checkouts(told, deaf)
    return played


def _same_checkouts(told: Harness, deaf: Harness) -> None:
    """What the deaf newsroom wrote itself, when its readers pressed the button: it lost webhooks only."""
    for row in told.kinds("CHECKOUT"):
        fresh = {name: value for name, value in row.items() if name not in _LEARNED}
        deaf.table.write(Put(fresh | ({"status": "open"} if "status" in fresh else {})))


_LEARNED = ("supporter", "movement", "subscription", "customer", "epoch", "paid_at", "greeted")
