"""Who visits: a stranger, somebody who just paid, a supporter; what their browsers keep, made on a running stack."""

import re
import time
from dataclasses import dataclass
from typing import Any

import requests
from playwright.sync_api import Browser, Page

from testkit.stack import Stack

_CODE = re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}$", re.MULTILINE)
_SECONDS = 20
# From a page of the site, as its own script would: the browser keeps the cookies.
_CALL = """async ([address, body]) => {
  const answer = await fetch(address, {
    method: "POST", credentials: "include", headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return answer.json().catch(() => null);
}"""


@dataclass(frozen=True)
class People:
    """What the browser of each keeps (playwright's storage), and the checkout that was paid.

    The stranger was asked about once, at the first article for supporters that they ever opened.
    """

    stranger: Any
    paid: Any
    supporter: Any
    checkout: str


def people(browser: Browser, stack: Stack, email: str) -> People:
    """A stranger reads; then they give 5 € a month and come back; then they sign in."""
    context = browser.new_context(locale="uk-UA")
    try:
        page = context.new_page()
        page.goto(f"{stack.site}/articles/demo-members")
        page.wait_for_load_state("networkidle")
        stranger = context.storage_state()
        checkout = _gives(page, stack, email)
        paid = context.storage_state()
        page.goto(f"{stack.site}/articles/demo-open")
        page.evaluate(_CALL, [f"{stack.app}/v1/sign-in", {"email": email}])
        page.evaluate(_CALL, [f"{stack.app}/v1/sign-in/confirm", {"code": _code(stack, email)}])
        return People(stranger, paid, context.storage_state(), checkout)
    finally:
        context.close()


def _gives(page: Page, stack: Stack, email: str) -> str:
    wish = {"amount": 500, "currency": "eur", "interval": "month", "attempt": "lab0123456789abcdef"}
    started: str = page.evaluate(_CALL, [f"{stack.app}/v1/checkouts", wish])["id"]
    control = f"{stack.stripe}/_control/checkouts/{started}/pay"
    requests.post(control, json={"outcome": "succeeds", "email": email}, timeout=_SECONDS).raise_for_status()
    page.goto(f"{stack.app}/v1/checkouts/return?session_id={started}")
    return started


def _code(stack: Stack, email: str) -> str:
    """The newest code for this address; one was mailed after paying, too.

    :raises TimeoutError: none came.
    """
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        mails = requests.get(f"{stack.mail}/messages", params={"to": email}, timeout=_SECONDS).json()
        codes = [found.group() for mail in mails if (found := _CODE.search(mail["text"]))]
        if len(codes) > 1:
            return codes[0]
        time.sleep(0.1)
    raise TimeoutError(f"No code was mailed to {email} within {_SECONDS} seconds.")
