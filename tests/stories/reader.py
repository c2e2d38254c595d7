"""The people of the stories: a reader with a browser and an address, and what they do with both."""

import json
import re
import subprocess
import sys
import uuid
from typing import Any

import requests
from playwright.sync_api import BrowserContext, Locator, Page, expect

from chalicelib.settings import LOCAL_STRIPE_KEY
from localdev.ports import ROOT
from testkit.stack import Stack
from testkit.waiting import until

CARD, DECLINED_CARD = "4242 4242 4242 4242", "4000 0000 0000 0002"
_CODE = re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}$", re.MULTILINE)
_LINK = re.compile(r"https?://\S+")


class Reader:
    """Somebody with a browser of their own (`context`) and an address that the mailbox receives for."""

    def __init__(self, context: BrowserContext, stack: Stack, email: str | None = None) -> None:
        self.context, self.stack = context, stack
        # What goes wrong unseen in any tab: uncaught errors, and what our own security policy refuses.
        self.troubles: list[str] = []
        self.email = email or f"reader-{uuid.uuid4().hex[:10]}@example.org"
        self.page = self.tab()

    def tab(self) -> Page:
        """One more tab of the same browser."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", lambda line: self.troubles.append(line.text) if "Content Security" in line.text else None)
        return page

    # ---- Going somewhere

    def opens(self, path: str) -> None:
        """A page of the news site."""
        self.page.goto(f"{self.stack.site}{path}")

    def opens_article(self, name: str = "demo-members") -> None:
        """An article of the news site, in the language that its name ends with."""
        self.opens(f"{'/en' if name.endswith('-en') else ''}/articles/{name}")

    def opens_hosted(self, path: str) -> None:
        """A page of Spilno's own."""
        self.page.goto(f"{self.stack.app}{path}")

    # ---- What there is to see

    @property
    def button(self) -> Locator:
        """The button that leads to paying; its words change with what is chosen."""
        return self.page.get_by_role("button", name=re.compile(r"^(Підтримати|Підтримувати|Support us): "))

    @property
    def wall(self) -> Locator:
        """The element around a gated text."""
        return self.page.locator("spilno-wall")

    def sees(self, words: str | re.Pattern[str]) -> None:
        """Wait until these words can be read."""
        expect(self.page.get_by_text(words).first).to_be_visible()

    def sees_heading(self, words: str | re.Pattern[str]) -> None:
        """Wait until a heading says so."""
        expect(self.page.get_by_role("heading", name=words)).to_be_visible()

    def sees_the_way_back_from_paying(self) -> None:
        """Wait for the thank-you page."""
        self.page.wait_for_url(re.compile(r"/thanks/cs_"))

    def light_text(self) -> str:
        """What stands in the wall's light DOM, where the site's own styles apply."""
        return str(self.wall.evaluate("(wall) => wall.textContent"))

    # ---- Giving

    def picks(self, choice: str) -> None:
        """One of the round buttons: how often, or how much."""
        self.page.get_by_role("radio", name=choice, exact=True).check()

    def goes_to_pay(self) -> str:
        """Press the button; answers the id of the checkout whose page opens."""
        self.button.click()
        return self.is_at_the_payment_page()

    def is_at_the_payment_page(self) -> str:
        """Wait for it; answers the checkout's id."""
        # Not `wait_for_url`, which fails when an impatient second press ends the first one's way there.
        expect(self.page).to_have_url(re.compile(r"/c/pay/cs_"))
        found = re.search(r"cs_[A-Za-z0-9_]+", self.page.url)
        assert found
        return found.group()

    def pays(self, card: str = CARD, *, email: str | None = None) -> None:
        """Fill in Stripe's page (here: the stand-in's) and send it."""
        self.page.get_by_label("Email").fill(email or self.email)
        self.pays_as_known(card)

    def pays_as_known(self, card: str = CARD) -> None:
        """The same, where the page knows the address already."""
        wanted = {"Card number": card, "Expiry": "12 / 35", "CVC": "123", "Name on card": "Oksana Chytachka"}
        for label, value in wanted.items():
            self.page.get_by_label(label).fill(value)
        self.page.get_by_role("button", name=re.compile("^(Subscribe|Donate)")).click()

    def pays_by_bank(self) -> None:
        """Choose the method whose money comes days later."""
        self.page.get_by_label("Email").fill(self.email)
        self.page.get_by_role("radio", name=re.compile("SEPA")).check()
        self.page.get_by_role("button", name=re.compile("^(Subscribe|Donate)")).click()

    def gives(self, article: str = "demo-members") -> str:
        """The whole way from an article's wall to the thank-you page, as its button proposes."""
        self.opens_article(article)
        checkout = self.goes_to_pay()
        self.pays()
        self.sees_the_way_back_from_paying()
        return checkout

    # ---- The mailbox

    def mails(self) -> list[dict[str, Any]]:
        """What arrived so far, the newest first."""
        answer = requests.get(f"{self.stack.mail}/messages", params={"to": self.email}, timeout=10)
        found: list[dict[str, Any]] = answer.json()
        return found

    def mail(self, subject: str, number: int = 1) -> dict[str, Any]:
        """Wait for the `number`-th mail whose subject starts so; answers the newest of them."""

        def found() -> list[dict[str, Any]]:
            return [mail for mail in self.mails() if mail["subject"].startswith(subject)]

        until(lambda: len(found()) >= number, f"mail {number} «{subject}…» to {self.email}")
        return found()[0]

    def code(self, number: int = 1) -> str:
        """The code in the `number`-th sign-in mail."""
        found = _CODE.search(self._sign_in_mail(number))
        assert found
        return found.group()

    def link(self, number: int = 1) -> str:
        """The link in the `number`-th sign-in mail."""
        links: list[str] = _LINK.findall(self._sign_in_mail(number))
        return next(link for link in links if "/v1/sign-in/" in link)

    def links(self) -> list[str]:
        """Every address in every mail, text and HTML, as a scanner finds them."""
        texts = [re.sub(r"[\"'<>]", " ", mail["text"] + mail["html"]).replace("&amp;", "&") for mail in self.mails()]
        return sorted({link for text in texts for link in _LINK.findall(text)})

    def _sign_in_mail(self, number: int) -> str:
        until(lambda: len(self.sign_in_mails()) >= number, f"sign-in mail {number} to {self.email}")
        return self.sign_in_mails()[number - 1]

    def sign_in_mails(self) -> list[str]:
        """The text of each mail that holds a code, the oldest first."""
        return [mail["text"] for mail in reversed(self.mails()) if _CODE.search(mail["text"])]

    # ---- Signing in

    def asks_for_a_code(self) -> None:
        """Write the own address into the form on the page and send it."""
        self.page.get_by_label(re.compile("Електронна адреса|email address", re.IGNORECASE)).fill(self.email)
        self.page.get_by_role("button", name=re.compile("^(Надіслати код|Send (a|the) code)$")).click()
        expect(self.code_field).to_be_visible()

    @property
    def code_field(self) -> Locator:
        """Where the code goes."""
        return self.page.get_by_label(re.compile("^(Код із листа|(The )?[Cc]ode from the email)"))

    def enters(self, code: str) -> None:
        """Type a code and press the button."""
        self.code_field.fill(code)
        self.page.get_by_role("button", name=re.compile("^(Увійти|Sign in)$")).click()

    def signs_in(self) -> None:
        """Sign in on Spilno's own page, with a new mail."""
        before = len(self.sign_in_mails())
        self.opens_hosted("/sign-in?lang=uk")
        self.asks_for_a_code()
        self.enters(self.code(before + 1))
        self.sees_heading("Моя підтримка")

    # ---- What the API says of this browser

    def session(self) -> dict[str, Any]:
        """`GET /v1/session` with this browser's cookies."""
        return self._asks("/v1/session")

    def access(self, needs: str = "members") -> dict[str, Any]:
        """`GET /v1/access` with this browser's cookies."""
        return self._asks(f"/v1/access?needs={needs}")

    def article(self, name: str = "demo-members") -> dict[str, Any]:
        """`GET /v1/articles/{id}` with this browser's cookies."""
        return self._asks(f"/v1/articles/{name}")

    def _asks(self, path: str) -> dict[str, Any]:
        cookies = self.context.cookies(self.stack.app)
        header = "; ".join(f"{cookie.get('name')}={cookie.get('value')}" for cookie in cookies)
        answer = requests.get(f"{self.stack.app}{path}", headers={"Cookie": header} if header else {}, timeout=10)
        found: dict[str, Any] = answer.json()
        return found


def ops(stack: Stack, *arguments: str) -> list[dict[str, Any]]:
    """An operator's command with `--json`, under the stack's environment; one object a line."""
    done = subprocess.run(
        [sys.executable, "-m", "ops", *arguments, "--json"],
        cwd=ROOT,
        env=stack.environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return [json.loads(line) for line in done.stdout.splitlines() if line.strip()]


def ledger_of(stack: Stack, email: str) -> list[dict[str, Any]]:
    """The ledger's entries for one address."""
    return [entry for entry in ops(stack, "ledger") if entry["email"] == email]


def control(stack: Stack, call: str, **body: Any) -> dict[str, Any]:
    """Make something happen at the Stripe stand-in."""
    answer = requests.post(f"{stack.stripe}/_control/{call}", json=body, timeout=60)
    assert answer.ok, answer.text
    done: dict[str, Any] = answer.json()
    return done


def at_stripe(stack: Stack, path: str, method: str = "GET", **query: Any) -> dict[str, Any]:
    """A call of Stripe's own API, as the newsroom's bookkeeper could make it."""
    headers = {"Authorization": f"Bearer {LOCAL_STRIPE_KEY}"}
    answer = requests.request(method, f"{stack.stripe}/v1/{path}", params=query, headers=headers, timeout=10)
    assert answer.ok, answer.text
    found: dict[str, Any] = answer.json()
    return found


def checkouts_from(stack: Stack, mark: str) -> list[dict[str, Any]]:
    """The Checkout Sessions at Stripe whose source article's address holds `mark`."""
    listed = at_stripe(stack, "checkout/sessions", limit=100)["data"]
    return [one for one in listed if mark in json.dumps(one["metadata"])]
