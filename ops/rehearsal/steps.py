"""The steps of scenarios: what may happen to a supporter and their gifts, each a method that plays it."""

import threading
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ops.rehearsal.browser import Browser, GaveUp
from ops.rehearsal.scenarios import Scenario, Step
from ops.rehearsal.stand_in import Json, Refused, StandIn


class Turns:
    """Plays steps, of several supporters at once. `app` and `site` are addresses.

    `sessions`: the checkouts that each supporter (by e-mail) started. `unfit`: steps that did not fit, by name;
    `trouble`: what the app refused or could not do for a reader, in words.
    """

    def __init__(self, stand_in: StandIn, app: str, site: str) -> None:
        self._stripe, self._app, self._site = stand_in, app, site
        self.sessions: dict[str, list[str]] = {}
        self._lock = threading.Lock()
        self.unfit: Counter[str] = Counter()
        self.trouble: list[str] = []
        self._made: dict[tuple[str, int, str], str] = {}

    def play(self, scenario: Scenario, step: Step) -> None:
        """Play one step. One that Stripe refuses, because of what happened before, is counted as unfit."""
        try:
            getattr(self, step.what)(scenario, step.gift, **step.how)
        except Refused:
            with self._lock:
                self.unfit[step.what] += 1
        except GaveUp as error:
            self.trouble.append(str(error))

    # ---- giving ----

    def give(self, scenario: Scenario, gift: int, *, returns: float, **how: Any) -> None:
        """A reader presses the button and pays on Stripe's page; three of four come back.

        :param returns: from 0 to 1: when they come back; from 0.75 on they close the window.
        """
        browser = Browser(self._app, self._site)
        wish = {name: how[name] for name in ("amount", "currency", "interval", "campaign")}
        checkout = browser.checkout(**wish, email=scenario.email, locale=scenario.language)
        self.sessions.setdefault(scenario.email, []).append(checkout)
        self._made[scenario.email, gift, "session"] = checkout
        if how.get("declines"):
            self._stripe.control(f"checkouts/{checkout}/pay", outcome="declines", times=how["declines"])
        outcome = how.get("outcome", "succeeds")
        if outcome is None:
            return
        shown = {"presentment": {"amount": wish["amount"] * 4, "currency": "chf"}} if how.get("presented") else {}
        self._pay(browser, checkout, returns, {"outcome": outcome, **shown})

    def _pay(self, browser: Browser, checkout: str, returns: float, how: Mapping[str, Any]) -> None:
        """Pay at Stripe; a reader who comes back does so shortly before or after the payment's events are sent."""
        back_at = time.monotonic() + returns / 5
        with ThreadPoolExecutor(1) as other_tab:
            paying = other_tab.submit(self._stripe.control, f"checkouts/{checkout}/pay", **how)
            if returns < 0.75:  # noqa: PLR2004 - three of four
                time.sleep(max(0, back_at - time.monotonic()))
                browser.come_back(checkout)
            paying.result()

    def settle(self, scenario: Scenario, gift: int, *, outcome: str) -> None:
        """A debit arrives or fails."""
        for payment in self._processing(self._session(scenario, gift)):
            self._stripe.control(f"payments/{payment}/settle", outcome=outcome)

    # ---- money that goes back ----

    def refund(self, scenario: Scenario, gift: int, *, part: bool = False, pending: bool = False) -> None:
        """The newsroom gives back the latest payment, or a part of it."""
        payment = self._latest_payment(scenario, gift)
        amount = {"amount": payment["amount"] // 3} if part else {}
        made = self._stripe.control(f"payments/{payment['id']}/refund", pending=pending, **amount)
        self._made[scenario.email, gift, "refund"] = made["refund"]

    def refund_arrives(self, scenario: Scenario, gift: int) -> None:
        """The bank accepts the refund."""
        self._stripe.control(f"refunds/{self._known(scenario, gift, 'refund')}/succeed")

    def refund_fails(self, scenario: Scenario, gift: int) -> None:
        """The bank sends the refund back."""
        self._stripe.control(f"refunds/{self._known(scenario, gift, 'refund')}/fail")

    def dispute(self, scenario: Scenario, gift: int, *, part: bool = False, inquiry: bool = False) -> None:
        """The payer's bank disputes the latest payment, or only inquires about it."""
        payment = self._latest_payment(scenario, gift)
        amount = {"amount": payment["amount"] // 2} if part else {}
        made = self._stripe.control(f"payments/{payment['id']}/dispute", inquiry=inquiry, **amount)
        self._made[scenario.email, gift, "dispute"] = made["dispute"]

    def respond(self, scenario: Scenario, gift: int) -> None:
        """The newsroom sends evidence."""
        self._stripe.control(f"disputes/{self._known(scenario, gift, 'dispute')}/respond")

    def escalate(self, scenario: Scenario, gift: int) -> None:
        """An inquiry becomes a chargeback."""
        self._stripe.control(f"disputes/{self._known(scenario, gift, 'dispute')}/escalate")

    def decide(self, scenario: Scenario, gift: int, *, outcome: str) -> None:
        """The bank decides."""
        self._stripe.control(f"disputes/{self._known(scenario, gift, 'dispute')}/close", outcome=outcome)

    def appeal(self, scenario: Scenario, gift: int, *, outcome: str) -> None:
        """The newsroom contests a lost dispute once more."""
        self._stripe.control(f"disputes/{self._known(scenario, gift, 'dispute')}/appeal", outcome=outcome)

    def suspect(self, scenario: Scenario, gift: int) -> None:
        """The card's network warns of fraud."""
        self._stripe.control(f"payments/{self._latest_payment(scenario, gift)['id']}/early-fraud-warning")

    # ---- recurring gifts and customers ----

    def next(self, scenario: Scenario, gift: int, *, outcome: str) -> None:
        """Set how the payments to come end."""
        self._of_subscription(scenario, gift, "next-payment", outcome=outcome)

    def cancel(self, scenario: Scenario, gift: int, **how: str) -> None:
        """The recurring gift is ended, at once or at the period's end."""
        self._of_subscription(scenario, gift, "cancel", **how)

    def keep(self, scenario: Scenario, gift: int) -> None:
        """The supporter takes the end back before it comes."""
        self._of_subscription(scenario, gift, "keep")

    def pause(self, scenario: Scenario, gift: int) -> None:
        """The recurring gift is paused."""
        self._of_subscription(scenario, gift, "pause")

    def unpause(self, scenario: Scenario, gift: int) -> None:
        """The paused gift goes on."""
        self._of_subscription(scenario, gift, "unpause")

    def collection(self, scenario: Scenario, gift: int, **how: str) -> None:
        """The newsroom stops collecting payments for a while, or begins again."""
        self._of_subscription(scenario, gift, "collection", **how)

    def free_next(self, scenario: Scenario, gift: int) -> None:
        """One payment comes to nothing."""
        self._of_subscription(scenario, gift, "free-next")

    def rename(self, scenario: Scenario, gift: int) -> None:
        """The address changes at Stripe, which changes neither access nor the address to sign in with."""
        customer = self._session(scenario, gift)["customer"]
        self._stripe.control(f"customers/{customer}", email=f"other.{scenario.email}", name="Інша Назва")

    def delete(self, scenario: Scenario, gift: int) -> None:
        """Somebody deletes the customer in the dashboard."""
        self._stripe.control(f"customers/{self._session(scenario, gift)['customer']}/delete")

    # ---- finding ----

    def _session(self, scenario: Scenario, gift: int) -> Json:
        return self._stripe.get(self._known(scenario, gift, "session"))

    def _known(self, scenario: Scenario, gift: int, what: str) -> str:
        if (scenario.email, gift, what) not in self._made:
            raise Refused(f"no {what}")
        return self._made[scenario.email, gift, what]

    def _of_subscription(self, scenario: Scenario, gift: int, call: str, **how: str) -> None:
        subscription = self._session(scenario, gift)["subscription"]
        if subscription is None:
            raise Refused("no subscription")
        self._stripe.control(f"subscriptions/{subscription}/{call}", **how)

    def _latest_payment(self, scenario: Scenario, gift: int) -> Json:
        """The newest payment of a gift that arrived."""
        session = self._session(scenario, gift)
        if session["payment_intent"]:
            return self._stripe.get(session["payment_intent"])
        paid = [one for one in self._invoices(session) if one["status"] == "paid" and one["amount_paid"]]
        if not paid:
            raise Refused("nothing was paid")
        links = self._stripe.having("invoice_payment", "invoice", paid[-1]["id"])
        return self._stripe.get(links[-1]["payment"]["payment_intent"])

    def _invoices(self, session: Json) -> list[Json]:
        subscription = session["subscription"] or ""
        return self._stripe.having("invoice", "parent.subscription_details.subscription", subscription)

    def _processing(self, session: Json) -> list[str]:
        found = [session["payment_intent"]] if session["payment_intent"] else []
        for invoice in self._invoices(session):
            links = self._stripe.having("invoice_payment", "invoice", invoice["id"])
            found += [link["payment"]["payment_intent"] for link in links]
        return [one for one in found if self._stripe.get(one)["status"] == "processing"]
