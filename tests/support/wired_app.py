"""The app on a real table, with clocks that a test moves, mails that it reads and a Stripe that it scripts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from chalicelib import settings
from chalicelib.kernel import email_address
from chalicelib.kernel.ids import SupporterId, new_id
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.rails.stripe.port import Answer, Stripe, StripeRefused
from chalicelib.reading.actions import api_keys
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.access import Standing
from chalicelib.supporters.rules.state import Profile, State
from chalicelib.wiring import Wiring
from tests.support.calls import Reply, Visitor
from tests.support.sent import Outgoing
from tests.support.stripe_calls import UnexpectedStripe

NOW = 1_790_000_000  # 2026-09-21T14:13:20Z
CMS_KEY = "test-cms-key"
EMAIL_KEY = settings.LOCAL_EMAIL_KEY


@dataclass
class ScriptedStripe(UnexpectedStripe):
    """`Stripe` as the account needs it; knows the customers that a test names."""

    customers: set[str] = field(default_factory=set)
    portals: list[dict[str, str]] = field(default_factory=list)

    def create_portal_session(self, customer: str, *, return_url: str, locale: str) -> Answer:
        """See the port."""
        if customer not in self.customers:
            raise StripeRefused("resource_missing", missing=True)
        self.portals.append({"customer": customer, "return_url": return_url, "locale": locale})
        return {"url": f"https://billing.stripe.com/p/session/{customer}"}


class WiredApp(Wiring):
    """A wiring whose clocks stand still until a test moves them."""

    def __init__(self, endpoint: str, table: str, environ: Mapping[str, str] | None = None) -> None:
        local = {"AWS_ENDPOINT_URL": endpoint, "SPILNO_TABLE": table, "SPILNO_SITE_ID": "test"}
        super().__init__(settings.from_environment({**local, **(environ or {})}))
        self.real = self.business = NOW
        self.outgoing = Outgoing()
        self.scripted = ScriptedStripe()

    def real_now(self) -> RealTime:
        """See Wiring."""
        return RealTime(self.real)

    def now(self) -> BusinessTime:
        """See Wiring."""
        return BusinessTime(self.business)

    def pass_time(self, seconds: int) -> None:
        """Move both clocks."""
        self.real += seconds
        self.business += seconds

    @cached_property
    def mailer(self) -> Outgoing:
        """See Wiring."""
        return self.outgoing

    @cached_property
    def stripe(self) -> Stripe:
        """See Wiring."""
        return self.scripted

    def supporter(self, email: str, standing: Standing | None = None, **more: Any) -> SupporterId:
        """Somebody who is known already, with what they gave."""
        supporter = SupporterId(new_id())
        profile = Profile(email_address.read(email), "uk", self.now())
        state = State(supporter, standing=standing or Standing(), **more)
        self.table.transact([*supporters.new_supporter(supporter, profile, EMAIL_KEY), supporters.save_state(state)])
        return supporter

    def cms_key(self) -> dict[str, str]:
        """The header of the newsroom's CMS."""
        api_keys.import_key(self.table, CMS_KEY, "cms", self.real_now(), "test")
        return {"Authorization": f"Bearer {CMS_KEY}"}

    def sign_in(self, visitor: Visitor, email: str, **more: Any) -> Reply:
        """Ask for a mail and enter its code."""
        assert visitor.post("/v1/sign-in", {"email": email}).status == 202
        reply = visitor.post("/v1/sign-in/confirm", {"code": self.mailer.last.code, **more})
        assert reply.status == 200, reply.text
        return reply
