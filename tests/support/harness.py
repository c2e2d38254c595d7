"""A newsroom's till: the app's money side on a real table, with a Stripe in memory and hands to give and to deliver.

till.gives(500)                      a reader starts a checkout and pays; the events that Stripe would send
till.deliver(event)                  one webhook, signed and sent through the app
till.books                           ledger, totals, mails, supporters, as they stand
"""

import hmac
import json
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from chalicelib.aws import dynamodb
from chalicelib.checkouts.rows import checkouts
from chalicelib.checkouts.rules.wish import Wish
from chalicelib.giving.actions import return_from_checkout
from chalicelib.giving.actions.return_from_checkout import CheckoutView, CheckoutViewer
from chalicelib.giving.actions.start_checkout import CheckoutStarter, start_checkout
from chalicelib.inbox import rows as inbox
from chalicelib.kernel import email_address
from chalicelib.kernel.ids import SupporterId, new_id, new_secret
from chalicelib.kernel.table import Item
from chalicelib.ledger.rows import sums as ledger_sums
from chalicelib.rails.stripe import receive as receive_event
from chalicelib.rails.stripe.checkout import Offer
from chalicelib.rails.stripe.deps import StripeDeps
from chalicelib.rails.stripe.port import Stripe
from chalicelib.settings import LOCAL_WEBHOOK_SECRET
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.access import Entitlement, entitlement
from chalicelib.supporters.rules.state import Profile, State
from chalicelib.upkeep.sweep import sweep
from tests.support.calls import Reply, event, invoke
from tests.support.stripe_double import StripeDouble
from tests.support.wired_app import EMAIL_KEY, NOW, WiredApp

Json = dict[str, Any]
Result = TypeVar("Result")
ADA, BEN = email_address.read("ada@reader.example"), email_address.read("ben@reader.example")
WEBHOOK = "/v1/stripe/webhook"


def signature(body: bytes, *, at: int = NOW, secret: str = LOCAL_WEBHOOK_SECRET) -> str:
    """`Stripe-Signature`, by Stripe's published scheme; its own package cannot sign what is not UTF-8."""
    digest = hmac.digest(secret.encode(), str(at).encode() + b"." + body, "sha256").hex()
    return f"t={at},v1={digest}"


def raw(stripe_event: Mapping[str, Any]) -> bytes:
    """An event as it travels."""
    return json.dumps(stripe_event, indent=2).encode()


@dataclass(frozen=True)
class Books:
    """What is written down: the ledger's rows, the sums by currency, and how many guards and mails there are."""

    entries: tuple[Item, ...]
    totals: Mapping[str, tuple[int, int]]
    guards: int
    mails: tuple[str, ...]


class Harness(WiredApp):
    """A World whose Stripe is the double and whose waiting costs no time."""

    def __init__(self, endpoint: str, table: str, environ: Mapping[str, str] | None = None) -> None:
        super().__init__(endpoint, table, environ)
        self.double = StripeDouble(NOW)
        self.post = self.outgoing

    @cached_property
    def stripe(self) -> Stripe:
        """See Wiring."""
        return self.double

    @property
    def deps(self) -> StripeDeps:
        """What applying needs."""
        return self.stripe_deps

    def pass_time(self, seconds: int) -> None:
        """Move all clocks, Stripe's too."""
        super().pass_time(seconds)
        self.double.account.seconds = max(self.double.account.seconds, self.business)

    # ---- giving ----

    def starts(self, wish: Wish, starter: CheckoutStarter | None = None, attempt: str | None = None) -> str:
        """Start a checkout; answers the session's id."""
        session, _ = start_checkout(
            attempt or new_secret(),
            wish,
            starter or CheckoutStarter("browser"),
            self.offer(),
            table=self.table,
            stripe=self.stripe,
            now=self.real_now(),
        )
        return session

    def offer(self, locale: str = "en") -> Offer:
        """How the newsroom asks."""
        return Offer("test", self.settings.public_url, "uk", locale, "Підтримка «Вістей Надріччя»", "Дякуємо.")

    def gives(
        self,
        amount: int = 1000,
        interval: Any = "once",
        email: str = ADA,
        starter: CheckoutStarter | None = None,
        **more: Any,
    ) -> list[Json]:
        """A reader gives; answers the events that Stripe would send, in the order it made them."""
        currency = more.pop("currency", "eur")
        session = self.starts(Wish(amount, currency, interval, **more), starter)
        return self.double.pay(session, email)

    # ---- telling ----

    def deliver(self, stripe_event: Mapping[str, Any]) -> Reply:
        """One webhook through the app."""
        return self.post_raw(raw(stripe_event))

    def post_raw(self, body: bytes, header: str | None = None) -> Reply:
        """Any bytes to the webhook, signed just now unless a header is given."""
        import base64

        sent = {"Stripe-Signature": signature(body, at=self.real) if header is None else header}
        api_event = event("POST", WEBHOOK, "", {"Content-Type": "application/json", **sent}, "192.0.2.9")
        api_event |= {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
        return invoke(api_event)

    def tell(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Deliver several events one after the other; each must be done with at once."""
        for one in events:
            reply = self.deliver(one)
            assert (reply.status, reply.json) == (200, {"stored": True, "applied": True}), (one["type"], reply.text)

    def take_in(self, stripe_event: Mapping[str, Any]) -> Mapping[str, Any]:
        """One webhook handed to the action; for threads, as a Lambda handles one call at a time."""
        return receive_event.receive(
            raw(stripe_event),
            self.deps.table,
            lambda: (self.deps, self.mail_sender),
            now=self.now(),
            real_now=self.real_now(),
            live=False,
        )

    def comes_back(self, session_id: str) -> CheckoutView:
        """The reader's return page."""
        row = checkouts.read(self.table, session_id)
        looker = CheckoutViewer(row.browser if row else "", "192.0.2.1")
        return return_from_checkout.refresh_checkout(
            session_id, looker, self.deps, self.mail_sender, now=self.now(), real_now=self.real_now()
        )

    def sweeps(self) -> Mapping[str, int]:
        """The scheduled sweep."""
        return sweep(self)

    # ---- looking ----

    @property
    def books(self) -> Books:
        """Everything that money wrote, read past the code's own views: from the whole table."""
        rows = self.rows()
        entries = tuple(row for row in rows if row["pk"].startswith("SUP#") and row["sk"].startswith("MONEY#"))
        guards = sum(row["pk"].startswith("MONEY#") for row in rows)
        mails = tuple(row["pk"].removeprefix("MAIL#") for row in rows if row["pk"].startswith("MAIL#"))
        return Books(entries, self.totals(), guards, mails)

    def totals(self) -> dict[str, tuple[int, int]]:
        """(gross, payments) by currency."""
        return {currency: (sums.gross, sums.payments) for currency, sums in ledger_sums.totals(self.table).items()}

    @cached_property
    def _client(self) -> Any:
        return dynamodb.client(self.settings.aws_endpoint, local=True)

    def rows(self) -> list[Item]:
        """Every item of the table, in order of its key, but the counters of limits: to ask leaves no other trace."""
        pages = self._client.get_paginator("scan").paginate(TableName=self.settings.table, ConsistentRead=True)
        found = [dynamodb._plain(item) for page in pages for item in page["Items"]]
        kept = (item for item in found if not item["pk"].startswith("RATE#"))
        return sorted(kept, key=lambda item: (item["pk"], item["sk"]))

    def kinds(self, *kinds: str) -> list[Item]:
        """The items whose partition key starts so."""
        return [row for row in self.rows() if row["pk"].partition("#")[0] in kinds]

    def state(self, email: str = ADA) -> State:
        """A supporter's state by their address."""
        supporter = supporters.find_by_email(self.table, email_address.read(email), EMAIL_KEY)
        assert supporter, f"{email} is nobody here"
        return supporters.read_state(self.table, supporter)

    def knows(self, email: str) -> bool:
        """Whether this address has a supporter."""
        return supporters.find_by_email(self.table, email_address.read(email), EMAIL_KEY) is not None

    def access(self, email: str = ADA) -> Entitlement:
        """What is open to them now."""
        grace = self.newsroom.grace_days * 86_400
        return entitlement(self.state(email).standing, self.newsroom.tier_names, grace, self.now())

    def status(self, event_id: str) -> str:
        """How an event stands in the inbox."""
        stored = inbox.read(self.table, event_id)
        return stored.status if stored else "absent"

    def known(self, email: str = ADA) -> SupporterId:
        """Somebody with an account and no gift."""
        supporter = SupporterId(new_id())
        profile = Profile(email_address.read(email), "uk", self.now())
        self.table.transact(supporters.new_supporter(supporter, profile, EMAIL_KEY))
        return supporter


def one(events: Iterable[Mapping[str, Any]], kind: str) -> Json:
    """The event of this type."""
    return dict(next(event for event in events if event["type"] == kind))


def at_once(count: int, work: Callable[[int], Result]) -> list[Result | BaseException]:
    """Run `work(0)` … `work(count - 1)` in as many threads, let go by one barrier; what each answered or raised."""
    barrier = threading.Barrier(count)
    results: list[Result | BaseException] = [RuntimeError("did not run")] * count

    def run(number: int) -> None:
        barrier.wait(30)
        try:
            results[number] = work(number)
        except BaseException as error:  # noqa: BLE001 - handed to the test, which looks at every one
            results[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return results
