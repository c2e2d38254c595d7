"""A newsroom in memory with made-up words wherever a person's own may stand: secrets, readers, Stripe's objects."""

from collections.abc import Mapping
from typing import Any

from chalicelib.kernel import email_address
from chalicelib.kernel.ids import SupporterId, new_id
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.access import Grant, Standing
from chalicelib.supporters.rules.state import Profile, State
from tests.observing.secrets_probe import SecretsProbe
from tests.support.calls import Reply, Visitor
from tests.support.harness import raw
from tests.support.memory_harness import MemoryHarness
from tests.support.wired_app import CMS_KEY, NOW


class Newsroom(MemoryHarness):
    """A newsroom whose secrets, readers, articles and Stripe objects are all full of canaries."""

    def __init__(self, secrets_probe: SecretsProbe) -> None:
        super().__init__()
        self.secrets_probe = secrets_probe
        new = secrets_probe.new
        kept = dict(self.settings.secrets)
        self.settings = self.settings._replace(
            secrets=kept
            | {
                "STRIPE_SECRET_KEY": f"sk_test_{new('the Stripe key')}",
                "STRIPE_WEBHOOK_SECRET": f"{kept['STRIPE_WEBHOOK_SECRET']},whsec_{new('the webhook secret')}",
                "SPILNO_EMAIL_KEY": new("the key of addresses"),
                "SPILNO_PROXY_SECRET": new("the proxy's secret"),
            },
            pass_keys=(("first", f"{new('the pass key')}-long-enough-for-anything".encode()),),
        )
        secrets_probe.learn(CMS_KEY, "the CMS's key")
        self.double.on_answer = lambda _name, answer: self.sung(answer)
        self.email = f"{new('an address')}@reader.example"

    def sung(self, told: Any) -> Any:
        """An object of Stripe's with canaries wherever a person's words may stand."""
        if isinstance(told, list):
            return [self.sung(each) for each in told]
        if not isinstance(told, dict):
            return told
        personal = ("name", "phone", "line1", "description", "receipt_url", "statement_descriptor", "last4")
        sung = {key: self.sung(value) for key, value in told.items()}
        for key in sung.keys() & set(personal):
            sung[key] = self.secrets_probe.same(f"Stripe's {key}")
        if isinstance(sung.get("metadata"), dict):
            sung["metadata"] = {**sung["metadata"], "note": self.secrets_probe.same("Stripe's metadata")}
        return sung

    def visitor(self) -> Visitor:
        """Somebody with a browser."""
        return Watched(self.secrets_probe)

    def reader(self) -> Visitor:
        """Somebody who is signed in, and may read."""
        visitor = self.visitor()
        grant = Grant("pi_before", "member", NOW, days=30)
        self.supporter(self.email, Standing(grants=(grant,)), customers={"eur": "cus_made_up"})
        visitor.post("/v1/sign-in", {"email": self.email})
        visitor.post("/v1/sign-in/confirm", {"code": self.post.last.code})
        return visitor

    def supporter(self, email: str, standing: Standing | None = None, **more: Any) -> SupporterId:
        """See World; under this newsroom's own key."""
        supporter, key = SupporterId(new_id()), self.secrets["SPILNO_EMAIL_KEY"]
        state = State(supporter, standing=standing or Standing(), **more)
        profile = Profile(email_address.read(email), "uk", self.now())
        self.table.transact([*supporters.new_supporter(supporter, profile, key), supporters.save_state(state)])
        return supporter

    def learn_mails(self) -> None:
        """Codes and links are secrets from the moment they leave; so is what a letter says to somebody."""
        for mail in self.post.sent:
            if "/v1/sign-in/" in mail.text:
                self.secrets_probe.learn(mail.code, "a code")
                self.secrets_probe.learn(mail.token, "a link's token")
            self.secrets_probe.learn(mail.subject, "a subject")

    def delivered(self, stripe_event: Mapping[str, Any]) -> Reply:
        """One webhook, full of canaries."""
        return self.post_raw(raw(self.sung(dict(stripe_event))))


class Watched(Visitor):
    """A browser whose cookies and addresses must not be heard."""

    def __init__(self, secrets_probe: SecretsProbe) -> None:
        super().__init__(client="2001:db8:1:2:aaaa:bbbb:cccc:dddd")
        self._canaries = secrets_probe

    def call(self, method: str, url: str, body: str = "", headers: Mapping[str, str] | None = None) -> Reply:
        """See Visitor."""
        sent = {"User-Agent": self._canaries.new("the browser's name"), **(headers or {})}
        reply = super().call(method, url, body, sent)
        for name, value in self.cookies.items():
            if len(value) >= 8:
                self._canaries.learn(value, f"the cookie {name}")
        return reply
