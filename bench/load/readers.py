"""What readers do, for locust; runs in `.venv-bench`, see `drive.py`.

Every reader is a browser of their own: cookies, an address behind the newsroom's proxy, an e-mail address. Who paid
is written down, line by line, for the books to be held against.
"""

import hmac
import json
import os
import random
import re
import secrets
import time
from typing import Any

import gevent
from locust import HttpUser, between, task

STRIPE, MAIL, SITE = (os.environ[f"LOAD_{name}"] for name in ("STRIPE", "MAIL", "SITE"))
PROXY_SECRET, PAID = os.environ["LOAD_PROXY_SECRET"], os.environ["LOAD_PAID"]
STRIPE_KEY, WEBHOOK_SECRET = os.environ["LOAD_STRIPE_KEY"], os.environ["LOAD_WEBHOOK_SECRET"]
# interval -> amounts in euro cents, of which some earn something and some do not
AMOUNTS = {"once": (500, 1000, 3000, 15000), "month": (300, 1500)}
_CODE = re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}$", re.MULTILINE)
_MAIL_SECONDS = 20


class Unexpected(Exception):
    """An answer was another one than expected; it is counted as a failure already."""


class Browser:
    """One reader's browser. `_Secure` cookies over http: sent by hand, as the contract says of scripts."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._cookies: dict[str, str] = {}
        # Addresses for examples (RFC 5737 has too few): a private network, so that nobody's is used.
        self._address = f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(1, 255)}"  # noqa: S311
        self.email = f"load-{secrets.token_hex(6)}@example.org"

    def call(self, method: str, path: str, kind: str, status: int, body: Any = None) -> Any:
        """One call to the app, its answer's body.

        :raises Unexpected: another status than this.
        """
        headers = {"X-Spilno-Proxy": PROXY_SECRET, "X-Forwarded-For": self._address, "Origin": SITE}
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        asked = {"headers": headers, "json": body, "name": kind, "allow_redirects": False, "catch_response": True}
        with self._client.request(method, path, **asked) as answer:
            if answer.status_code != status:
                answer.failure(f"{answer.status_code} {answer.text[:200]}")
                raise Unexpected
            for cookie in answer.cookies:
                self._cookies[cookie.name] = cookie.value
            return answer.json() if "json" in answer.headers.get("Content-Type", "") else answer.text

    def must(self, kind: str, *, hold: bool, why: str) -> None:
        """Count it as a failure when this does not hold."""
        if not hold:
            self._client.request_event.fire(
                request_type="CHECK",
                name=kind,
                response_time=0,
                response_length=0,
                response=None,
                context={},
                exception=AssertionError(why),
            )


class Reader(HttpUser):
    """Somebody who reads, gives, and signs in; each gift is another person's."""

    wait_time = between(0.05, 0.4)

    def on_start(self) -> None:
        """A stranger at first."""
        self.browser = Browser(self.client)

    @task(3)
    def gives(self) -> None:
        """A new reader gives once."""
        self._gift("once")

    @task(1)
    def gives_monthly(self) -> None:
        """A new reader gives every month."""
        self._gift("month")

    @task(12)
    def reads(self) -> None:
        """Whoever sits here asks at the gate: with a pass, or as a stranger."""
        told = self._quietly("GET", "/v1/access?needs=members", "gate check")
        self.opened = bool(told and told["open"])

    @task(6)
    def opens_an_article(self) -> None:
        """The wall's own call."""
        self._quietly("GET", "/v1/articles/demo-members", "article")

    @task(2)
    def signs_in(self) -> None:
        """A new reader signs in with the code of the mail."""
        browser = Browser(self.client)
        try:
            browser.call("POST", "/v1/sign-in", "sign-in asked", 202, {"email": browser.email})
            code = self._code(browser.email)
            browser.must("sign-in mail", hold=code is not None, why=f"no mail within {_MAIL_SECONDS} seconds")
            if code is None:
                return
            browser.call("POST", "/v1/sign-in/confirm", "sign-in confirmed", 200, {"code": code})
            session = browser.call("GET", "/v1/session", "session", 200)
            browser.must("session", hold=session["signed_in"], why="not signed in after confirming")
        except Unexpected:
            return

    @task(4)
    def delivers_again(self) -> None:
        """Stripe sends some event of late once more: signed now, known or still on its way."""
        events = self._stripe("GET", "/v1/events?limit=30")["data"]
        if not events:
            return
        body = json.dumps(random.choice(events))  # noqa: S311 - no secret
        now = int(time.time())
        digest = hmac.digest(WEBHOOK_SECRET.encode(), f"{now}.{body}".encode(), "sha256").hex()
        headers = {"Content-Type": "application/json", "Stripe-Signature": f"t={now},v1={digest}"}
        asked: Any = {"data": body, "headers": headers, "name": "webhook", "catch_response": True}
        with self.client.post("/v1/stripe/webhook", **asked) as answer:
            if answer.status_code != 200 or not answer.json()["stored"]:  # noqa: PLR2004 - fine
                answer.failure(f"{answer.status_code} {answer.text[:200]}")

    def _gift(self, interval: str) -> None:
        browser = Browser(self.client)
        amount = random.choice(AMOUNTS[interval])  # noqa: S311 - no secret
        wish = {"amount": amount, "currency": "eur", "interval": interval, "attempt": secrets.token_urlsafe(24)}
        try:
            started = browser.call("POST", "/v1/checkouts", "checkout", 201, wish)["id"]
            self._stripe(
                "POST", f"/_control/checkouts/{started}/pay", {"outcome": "succeeds", "email": browser.email}
            )
            self._note({"checkout": started, "email": browser.email, "amount": amount, "interval": interval})
            browser.call("GET", f"/v1/checkouts/return?session_id={started}", "return page", 303)
            status = browser.call("GET", f"/v1/checkouts/{started}", "checkout status", 200)["status"]
            browser.must("checkout status", hold=status == "paid", why=f"{status} after coming back")
            told = browser.call("GET", "/v1/access?needs=members", "gate check after paying", 200)
            earns = interval == "month" or amount >= 1000  # noqa: PLR2004 - the demo newsroom's rule
            browser.must("gate check after paying", hold=told["open"] is earns, why=f"{told} for {amount}")
        except Unexpected:
            return
        self.browser = browser

    def _quietly(self, method: str, path: str, kind: str) -> Any:
        try:
            return self.browser.call(method, path, kind, 200)
        except Unexpected:
            return None

    def _stripe(self, method: str, path: str, body: Any = None) -> Any:
        asked: Any = {"headers": {"Authorization": f"Bearer {STRIPE_KEY}"}, "json": body, "name": "(stand-in)"}
        with self.client.request(method, f"{STRIPE}{path}", catch_response=True, **asked) as answer:
            if answer.status_code != 200:  # noqa: PLR2004 - fine
                answer.failure(f"{path} {answer.status_code} {answer.text[:200]}")
                raise Unexpected
            return answer.json()

    def _code(self, email: str) -> str | None:
        until = time.monotonic() + _MAIL_SECONDS
        while time.monotonic() < until:
            mails = self.client.get(f"{MAIL}/messages?to={email}", name="(mailbox)").json()
            if mails and (found := _CODE.search(mails[0]["text"])):
                return found[0]
            gevent.sleep(0.2)
        return None

    def _note(self, paid: Any) -> None:
        with open(PAID, "a", encoding="utf-8") as file:  # noqa: PTH123 - one line, at once
            file.write(json.dumps(paid) + "\n")
