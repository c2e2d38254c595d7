"""The hands on the other side of the Stripe double: what readers, banks, the newsroom and time do to the account.

Each answers the events that Stripe would send, in the order it made them.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from localdev.stripe import billing, cards, checkout, ending, reversals
from localdev.stripe.account import Account
from localdev.stripe.checkout import Payer
from localdev.stripe.config import Config
from localdev.stripe.deliveries import Deliveries
from localdev.stripe.errors import Json
from localdev.stripe.fidelity import check_answer
from localdev.stripe.objects.customers import customer
from localdev.stripe.optional_keys import kinds
from localdev.stripe.store import Store

CONFIG = Config("https://checkout.stripe.test", "", Path(":memory:"), frozenset(), "")


class _Undelivered(Deliveries):
    """Nothing is sent: the test delivers itself, as often and as oddly as it likes."""

    def plan(self, events: list[str]) -> None:
        """Nothing is planned."""

    def wake(self) -> None:
        """Nobody to wake."""


class ClockedAccount(Account):
    """The stand-in's account with a clock that only the test moves."""

    def __init__(self, now: int) -> None:
        store = Store(Path(":memory:"))
        super().__init__(CONFIG, store, _Undelivered(CONFIG, store))
        self.seconds = now

    def now(self) -> int:
        """See Account."""
        return self.seconds


class StripeActions:
    """What may happen at Stripe."""

    def __init__(self, now: int) -> None:
        self._begun = now
        self._account: ClockedAccount | None = None
        self._lock = threading.RLock()
        self.held_to_types = True  # not where the account was left by an earlier release, of other types

    @property
    def account(self) -> ClockedAccount:
        """What Stripe knows; made when somebody first asks, as most tests never do."""
        with self._lock:
            if self._account is None:
                self._account = ClockedAccount(self._begun)
            return self._account

    def as_it_stands(self) -> Self:
        """A second Stripe in which all this has happened, and from now on nothing of what happens here."""
        other = type(self)(self.account.seconds)
        with self._lock:
            self.account.store.copy_into(other.account.store)
        return other

    def pay(self, session_id: str, email: str = "ada@reader.example", *, delayed: bool = False) -> list[Json]:
        """A reader pays on Stripe's page."""
        with self._change() as events:
            session = self.account.get("checkout.session", session_id)
            payer = Payer(self._known_email(session) or email, kind="sepa_debit" if delayed else "card")
            checkout.pay(self.account, session, payer, delayed=delayed)
        return events

    def declines(self, session_id: str, email: str = "ada@reader.example") -> list[Json]:
        """A card is refused on Stripe's page; the reader, or somebody with many cards, may try another."""

        def work(account: Account) -> None:
            checkout.decline(account, account.get("checkout.session", session_id), Payer(email, last4="0002"))

        return self.happens(work)

    def settle(self, session_id: str, *, succeeds: bool = True) -> list[Json]:
        """A delayed payment ends."""
        with self._change() as events:
            intent = self.account.store.note(session_id)["intent"]
            checkout.settle(self.account, self.account.get("payment_intent", intent), succeeds=succeeds)
        return events

    def expire(self, session_id: str) -> list[Json]:
        """Nobody paid within a day."""
        with self._change() as events:
            checkout.expire(self.account, self.account.get("checkout.session", session_id))
        return events

    def renew(self, subscription_id: str, *, fails: bool = False) -> list[Json]:
        """The period is over (the clock moves to its end), and the next payment is taken or refused."""
        with self._change() as events:
            item = self.account.get("subscription", subscription_id)["items"]["data"][0]
            self.account.seconds = max(self.account.seconds, item["current_period_end"])
            self.account.store.write_note(subscription_id, fails=fails)
            billing.renew(self.account, subscription_id)
        return events

    def stop(self, subscription_id: str, *, by: str = "portal") -> list[Json]:
        """The supporter stops it at the end of the period."""
        with self._change() as events:
            billing.cancel_later(self.account, self.account.get("subscription", subscription_id), by=by)
        return events

    def resume(self, subscription_id: str) -> list[Json]:
        """The supporter thinks better of it."""
        with self._change() as events:
            billing.keep(self.account, self.account.get("subscription", subscription_id))
        return events

    def end(self, subscription_id: str) -> list[Json]:
        """It is over now."""
        with self._change() as events:
            running = self.account.get("subscription", subscription_id)
            ending.end(self.account, running, reason="cancellation_requested")
        return events

    def enters_card(self, customer: str, *, last4: str = "4444", expires: tuple[int, int] = (2036, 3)) -> list[Json]:
        """Somebody enters a new card on the portal's page for it."""
        return self.happens(lambda it: cards.enter(it, it.get("customer", customer), last4=last4, expires=expires))

    def happens(self, work: Callable[[Account], Any]) -> list[Json]:
        """Anything that the stand-in can play: `work(account)`."""
        with self._change() as events:
            work(self.account)
        return events

    def gives_back(self, payment: str, amount: int | None = None, *, pending: bool = False) -> list[Json]:
        """The newsroom gives back a payment, or a part of it."""
        return self.happens(
            lambda it: reversals.refund(it, reversals.collected(it, payment), amount, pending=pending)
        )

    def bank_returns(self, refund: str) -> list[Json]:
        """The bank sends a refund back."""
        return self.happens(lambda it: reversals.fail_refund(it, it.get("refund", refund)))

    def bank_disputes(self, payment: str, *, inquiry: bool = False) -> list[Json]:
        """The giver's bank asks for the money."""
        return self.happens(lambda it: reversals.dispute(it, reversals.collected(it, payment), inquiry=inquiry))

    def bank_decides(self, dispute: str, *, won: bool) -> list[Json]:
        """The bank decides."""
        return self.happens(lambda it: reversals.close(it, it.get("dispute", dispute), won=won))

    def knows_customers(self, *customers: str) -> None:
        """Customers with these ids, from before the test."""
        with self.account.change():
            for identifier in customers:
                self.account.put(customer(self.account.now()) | {"id": identifier})

    def event(self, kind: str, about: Json) -> Json:
        """An event of the test's own making."""
        with self._change() as events:
            self.account.emit(kind, about)
        return events[0]

    def of(self, kind: str) -> list[Json]:
        """All objects of a kind as Stripe calls it, oldest first."""
        assert kind in kinds(), f"Stripe has no {kind!r} here, but: {', '.join(sorted(kinds()))}"
        return self.account.store.find(kind)[::-1]

    def _known_email(self, session: Json) -> str | None:
        known = session["customer"]
        email: str | None = self.account.get("customer", known)["email"] if known else session["customer_email"]
        return email

    @contextmanager
    def _change(self) -> Iterator[list[Json]]:
        events: list[Json] = []
        with self._lock, self.account.change() as made:
            yield events  # filled below, once the change is complete
        for identifier in made:
            event = self.account.get("event", identifier)
            self._check(event)
            events.append(event)

    def _check(self, told: Json) -> None:
        if self.held_to_types:
            check_answer(told)
