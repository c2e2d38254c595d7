"""A newsroom for a test: the app wired to a table in memory, a clock that stands still, a Stripe and mails to read.

harness.gives(500)                      a reader starts a checkout and pays; the events that Stripe would send
harness.deliver(event)                  one webhook, signed and sent through the app
harness.books                           ledger, totals, mails, supporters, as they stand
Visitor().get("/v1/newsroom")           any call of a reader, inside `with harness.installed():`
"""

import base64
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

from chalicelib import settings, wiring
from chalicelib.articles.actions import api_keys
from chalicelib.checkouts.rows import checkouts
from chalicelib.checkouts.rules.wish import Wish
from chalicelib.giving.actions import return_from_checkout
from chalicelib.giving.actions.return_from_checkout import CheckoutView, CheckoutViewer
from chalicelib.giving.actions.start_checkout import CheckoutStarter, start_checkout
from chalicelib.inbox import rows as inbox
from chalicelib.kernel import email_address
from chalicelib.kernel.ids import SupporterId, new_id, new_secret
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.table import Item, Table, every
from chalicelib.ledger.rows import sums as ledger_sums
from chalicelib.mail.actions.send import MailSender
from chalicelib.newsroom.rules import INTERVALS, Newsroom
from chalicelib.rails.stripe import receive as receive_event
from chalicelib.rails.stripe.checkout import Offer
from chalicelib.rails.stripe.deps import StripeDeps
from chalicelib.settings import Settings
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.access import Entitlement, Standing, entitlement
from chalicelib.supporters.rules.state import Profile, State
from chalicelib.upkeep.sweep import sweep
from testkit.calls import Reply, event, invoke
from testkit.clock import NOW, StillClock
from testkit.memory_store import MemoryStore
from testkit.memory_table import MemoryTable
from testkit.sent import Outgoing
from testkit.stripe_double import StripeDouble
from testkit.visitor import Visitor
from testkit.webhooks import WEBHOOK, Json, raw, signature
from testkit.wired import Wired, usual_settings

ADA, BEN = email_address.read("ada@reader.example"), email_address.read("ben@reader.example")
CMS_KEY = "test-cms-key"
EMAIL_KEY = settings.LOCAL_EMAIL_KEY


@dataclass(frozen=True)
class Books:
    """What is written down: the ledger's rows, the sums by currency, and how many guards and mails there are."""

    entries: tuple[Item, ...]
    totals: Mapping[str, tuple[int, int]]
    guards: int
    mails: tuple[str, ...]


class Harness:
    """Everything that the app is wired to, and what a test does with it.

    `table`: any that passes the contract; one in memory, if none is given. `environ`: settings beside a test's usual.
    A part may be exchanged at any time: `harness.table = Around(harness.table, …)`.
    """

    def __init__(
        self,
        table: Table | None = None,
        environ: Mapping[str, str] | None = None,
        stripe: StripeDouble | None = None,
    ) -> None:
        self.clock, self.mails, self.bucket = StillClock(), Outgoing(), MemoryStore()
        self._stripe = StripeDouble(NOW) if stripe is None else stripe
        self.stored: Table = MemoryTable() if table is None else table  # whatever a test has put around it
        self.wiring = Wired(
            usual_settings(environ or {}),
            clock=self.clock,
            table=self.stored,
            stripe=self._stripe,
            mailer=self.mails,
            objects=self.bucket,
        )

    @contextmanager
    def installed(self) -> Iterator[Self]:
        """As long as the block lasts, the app of this process is wired to this newsroom; afterwards to none."""
        wiring.install(self.wiring)
        try:
            yield self
        finally:
            wiring.uninstall()

    def fork(self) -> "Harness":
        """Another newsroom that begins where this one stands, before the same Stripe. Only of a table in memory."""
        other = Harness(self.memory.fork(), stripe=self.stripe)
        other.clock.real, other.clock.business = self.clock.real, self.clock.business
        return other

    # ---- what the app is wired to ----

    @property
    def table(self) -> Table:
        """The table as the app sees it."""
        return self.wiring.table

    @table.setter
    def table(self, table: Table) -> None:
        self.wiring.table = table

    @property
    def stripe(self) -> StripeDouble:
        """Stripe, as the app asks it, and what readers, banks and time do there."""
        return self._stripe

    @stripe.setter
    def stripe(self, stripe: StripeDouble) -> None:
        self._stripe = self.wiring.stripe = stripe

    @property
    def memory(self) -> MemoryTable:
        """The table in memory, whatever a test has put around it."""
        assert isinstance(self.stored, MemoryTable)
        return self.stored

    @property
    def settings(self) -> Settings:
        """See Wiring."""
        return self.wiring.settings

    @property
    def newsroom(self) -> Newsroom:
        """See Wiring."""
        return self.wiring.newsroom

    @property
    def mail_sender(self) -> MailSender:
        """See Wiring."""
        return self.wiring.mail_sender

    @property
    def stripe_deps(self) -> StripeDeps:
        """See Wiring."""
        return self.wiring.stripe_deps

    def now(self) -> BusinessTime:
        """See Wiring."""
        return self.clock.now()

    def real_now(self) -> RealTime:
        """See Wiring."""
        return self.clock.real_now()

    def pass_time(self, seconds: int) -> None:
        """Move all clocks, Stripe's too."""
        self.clock.pass_time(seconds)
        self.stripe.account.seconds = max(self.stripe.account.seconds, self.clock.business)

    # ---- people ----

    def supporter(self, email: str = ADA, standing: Standing | None = None, **more: Any) -> SupporterId:
        """Somebody who is known already; with what they gave, if anything is said of it."""
        supporter, key = SupporterId(new_id()), self.wiring.secrets["SPILNO_EMAIL_KEY"]
        profile = Profile(email_address.read(email), "uk", self.now())
        changes = supporters.new_supporter(supporter, profile, key)
        if standing or more:
            changes = [*changes, supporters.save_state(State(supporter, standing=standing or Standing(), **more))]
        self.table.transact(changes)
        return supporter

    def sign_in(self, visitor: Visitor, email: str, **more: Any) -> Reply:
        """Ask for a mail and enter its code."""
        assert visitor.post("/v1/sign-in", {"email": email}).status == 202
        reply = visitor.post("/v1/sign-in/confirm", {"code": self.mails.last.code, **more})
        assert reply.status == 200, reply.text
        return reply

    def cms_key(self) -> dict[str, str]:
        """The header of the newsroom's CMS."""
        api_keys.import_key(self.table, CMS_KEY, "cms", self.real_now(), "test")
        return {"Authorization": f"Bearer {CMS_KEY}"}

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
        assert interval in INTERVALS, f"One gives {', '.join(INTERVALS)}, not {interval!r}."
        currency = more.pop("currency", "eur")
        session = self.starts(Wish(amount, currency, interval, **more), starter)
        return self.stripe.pay(session, email)

    # ---- telling ----

    def deliver(self, stripe_event: Mapping[str, Any]) -> Reply:
        """One webhook through the app."""
        return self.post_raw(raw(stripe_event))

    def post_raw(self, body: bytes, header: str | None = None) -> Reply:
        """Any bytes to the webhook, signed just now unless a header is given."""
        sent = {"Stripe-Signature": signature(body, at=self.clock.real) if header is None else header}
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
            self.stripe_deps.table,
            lambda: (self.stripe_deps, self.mail_sender),
            email_key=lambda: EMAIL_KEY,
            now=self.now(),
            real_now=self.real_now(),
            live=False,
        )

    def comes_back(self, session_id: str) -> CheckoutView:
        """The reader's return page."""
        row = checkouts.read(self.table, session_id)
        looker = CheckoutViewer(row.browser if row else "", "192.0.2.1")
        return return_from_checkout.refresh_checkout(
            session_id, looker, self.stripe_deps, self.mail_sender, now=self.now(), real_now=self.real_now()
        )

    def sweeps(self) -> Mapping[str, int]:
        """The scheduled sweep."""
        return sweep(self.wiring)

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

    def rows(self) -> list[Item]:
        """Every item of the table, in order of its key, but the counters of limits: to ask leaves no other trace."""
        kept = (item for item in self.items() if not item["pk"].startswith("RATE#"))
        return sorted(kept, key=lambda item: (item["pk"], item["sk"]))

    def items(self) -> list[Item]:
        """Every item of the table, in any order, past whatever a test has put around it."""
        return list(every(self.stored.scan))

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
