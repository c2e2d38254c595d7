"""A newsroom in memory with made-up words wherever a person's own may stand: secrets, readers, Stripe's objects."""

from collections.abc import Mapping
from typing import Any

from chalicelib.supporters.rules.access import Grant, Standing
from testkit.calls import Reply
from testkit.clock import NOW
from testkit.harness import CMS_KEY, Harness
from testkit.visitor import Visitor
from testkit.webhooks import raw
from tests.observing.secrets_probe import SecretsProbe


class ProbedNewsroom(Harness):
    """A newsroom whose secrets, readers, articles and Stripe objects are all full of canaries."""

    def __init__(self, secrets_probe: SecretsProbe) -> None:
        super().__init__()
        self.secrets_probe = secrets_probe
        new = secrets_probe.new
        kept = dict(self.settings.secrets)
        self.wiring.settings = self.settings._replace(
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
        self.stripe.on_answer = lambda _name, answer: self.sung(answer)
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
        visitor.post("/v1/sign-in/confirm", {"code": self.mails.last.code})
        return visitor

    def learn_mails(self) -> None:
        """Codes and links are secrets from the moment they leave; so is what a letter says to somebody."""
        for mail in self.mails.sent:
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
