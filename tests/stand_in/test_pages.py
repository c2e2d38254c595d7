"""The pages a person uses, by plain form posts; in Chromium: `tests/proofs/stand_in/test_pages_in_browser.py`."""

import re
from typing import Any

import pytest
import requests

from localdev.stripe.controls import RULES
from testkit.stand_in import Json, StandIn
from tests.stand_in.sessions import session_params

CARD = {"method": "card", "expiry": "12 / 34", "cvc": "123", "name": "Олена"}
WORKS = {**CARD, "number": "4242 4242 4242 4242", "email": "olena@example.org"}
DECLINED = {**CARD, "number": "4000000000000002", "email": "olena@example.org"}


def opened(stand_in: StandIn, mode: str = "payment", **more: Any) -> tuple[str, str]:
    made = stand_in.client.checkout.sessions.create(session_params(mode, **more))
    assert made.url
    return made.id, made.url


def _send(url: str, form: Json) -> requests.Response:
    return requests.post(url, data=form, timeout=20, allow_redirects=False)


def test_paying_goes_back_to_the_website_after_the_webhooks(fresh: StandIn) -> None:
    identifier, url = opened(fresh)
    answer = _send(url, WORKS)
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        f"http://127.0.0.1:9/return?session_id={identifier}",
    )
    assert fresh.receiver.of("checkout.session.completed")["id"] == identifier
    again = _send(url, WORKS)
    assert again.status_code == 303
    assert fresh.books()["eur"]["payments"] == 1
    assert "This payment is complete" in requests.get(url, timeout=5).text


def test_a_declined_card_may_be_followed_by_another(fresh: StandIn) -> None:
    _, url = opened(fresh, "subscription")
    refused = _send(url, DECLINED)
    assert refused.status_code == 402
    assert "Your card was declined" in refused.text
    assert "4000000000000002" not in refused.text
    assert _send(url, WORKS).status_code == 303


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "olena"), ("number", "1234"), ("expiry", "01 / 20"), ("expiry", "13 / 40"), ("cvc", ""), ("name", "")],
)
def test_a_wrong_field_is_named_and_nothing_is_tried(shared: StandIn, field: str, value: str) -> None:
    identifier, url = opened(shared)
    answer = _send(url, {**WORKS, field: value})
    assert answer.status_code == 400
    assert f'aria-describedby="{field}-problem"' in answer.text
    assert shared.client.checkout.sessions.retrieve(identifier).payment_intent is None


def test_a_fixed_address_cannot_be_typed_over(shared: StandIn) -> None:
    identifier, url = opened(shared, customer_email="known@example.org")
    assert re.search(r'value="known@example.org"[^>]* readonly', requests.get(url, timeout=5).text)
    _send(url, WORKS)
    details = shared.client.checkout.sessions.retrieve(identifier).customer_details
    assert details
    assert details.email == "known@example.org"


def test_a_card_may_work_now_and_fail_at_renewals(fresh: StandIn) -> None:
    _, url = opened(fresh, "subscription")
    assert _send(url, {**WORKS, "number": "4000 0000 0000 0341"}).status_code == 303
    fresh.advance(31)
    assert fresh.receiver.of("customer.subscription.updated")["status"] == "past_due"


def test_an_expired_page_says_so(shared: StandIn) -> None:
    identifier, url = opened(shared)
    shared.client.checkout.sessions.expire(identifier)
    assert "has expired" in requests.get(url, timeout=5).text
    assert "has expired" in _send(url, WORKS).text
    assert requests.get(f"{shared.url}/c/pay/cs_test_nobody", timeout=5).status_code == 404


def test_markup_in_a_name_stays_text(shared: StandIn) -> None:
    price = {"currency": "eur", "unit_amount": 500, "product_data": {"name": "<script>alert(1)</script>"}}
    _, url = opened(shared, line_items=[{"quantity": 1, "price_data": price}])
    assert "<script>" not in requests.get(url, timeout=5).text


def _portal(stand_in: StandIn, **more: Any) -> tuple[Json, str]:
    identifier, _ = opened(stand_in, "subscription")
    paid = stand_in.pay(identifier)
    params: Any = {"customer": paid["customer"], "return_url": "http://127.0.0.1:9/account", **more}
    return paid, stand_in.client.billing_portal.sessions.create(params).url


def test_the_portal_stops_and_keeps_a_gift(fresh: StandIn) -> None:
    paid, url = _portal(fresh)
    form = {"subscription": paid["subscription"]}
    assert _send(url, {**form, "action": "cancel"}).status_code == 303
    planned = fresh.receiver.of("customer.subscription.updated")
    assert (planned["cancel_at_period_end"], planned["status"]) == (False, "active")
    assert planned["cancel_at"] == planned["items"]["data"][0]["current_period_end"]
    _send(url, {**form, "action": "keep"})
    assert fresh.receiver.of("customer.subscription.updated")["cancel_at"] is None


def test_the_portal_mends_a_failing_card(fresh: StandIn) -> None:
    paid, url = _portal(fresh)
    fresh.control(f"subscriptions/{paid['subscription']}/next-payment", outcome="fails")
    fresh.advance(31)
    assert "The last payment failed" in requests.get(url, timeout=5).text
    _send(url, {"subscription": paid["subscription"], "action": "mend"})
    assert fresh.client.subscriptions.retrieve(paid["subscription"]).status == "active"
    assert fresh.books()["eur"]["payments"] == 2


def test_a_failed_invoice_can_be_paid_on_its_own_page(fresh: StandIn) -> None:
    paid, _ = _portal(fresh)
    fresh.control(f"subscriptions/{paid['subscription']}/next-payment", outcome="fails")
    fresh.advance(31)
    failed = fresh.receiver.of("invoice.payment_failed")
    assert "The last payment failed" in requests.get(failed["hosted_invoice_url"], timeout=5).text
    _send(failed["hosted_invoice_url"], {})
    assert "Paid." in requests.get(failed["hosted_invoice_url"], timeout=5).text
    assert fresh.client.subscriptions.retrieve(paid["subscription"]).status == "active"


def test_the_portal_shows_and_changes_nobody_elses_gift(shared: StandIn) -> None:
    other, _ = _portal(shared)
    _, url = _portal(shared)
    _send(url, {"subscription": other["subscription"], "action": "cancel"})
    assert shared.client.subscriptions.retrieve(other["subscription"]).cancel_at is None
    assert other["subscription"] not in requests.get(url, timeout=5).text


def test_the_portal_can_open_at_the_cancellation(shared: StandIn) -> None:
    paid, _ = _portal(shared)
    flow: Any = {"type": "subscription_cancel", "subscription_cancel": {"subscription": paid["subscription"]}}
    url = shared.client.billing_portal.sessions.create({"customer": paid["customer"], "flow_data": flow}).url
    assert "Cancel your subscription" in requests.get(url, timeout=5).text


def test_a_person_can_press_everything_a_script_can_call(fresh: StandIn) -> None:
    """The forms seen while things happen, one state after another, are the registered calls: all of them."""
    seen: set[str] = set()

    def look() -> None:
        seen.update(re.findall(r'action="/do/([^"]+)"', requests.get(fresh.url, timeout=5).text))

    once, _ = opened(fresh)
    later, _ = opened(fresh)
    monthly, _ = opened(fresh, "subscription")
    look()
    paid, started = fresh.pay(once), fresh.pay(monthly)
    delayed = fresh.pay(later, "delayed")["payment_intent"]
    look()
    fresh.control(f"payments/{delayed}/settle")
    fresh.control(f"payments/{paid['payment_intent']}/refund", amount=100, pending=True)
    asked = fresh.control(f"payments/{delayed}/dispute", inquiry=True)["dispute"]
    fresh.control(f"subscriptions/{started['subscription']}/pause")
    look()
    fresh.control(f"disputes/{asked}/escalate")
    fresh.control(f"disputes/{asked}/close", outcome="lost")
    fresh.control(f"subscriptions/{started['subscription']}/unpause")
    fresh.control(f"subscriptions/{started['subscription']}/cancel")
    fresh.control("webhook_endpoints/we_1SpilnoStandIn/disable")
    look()
    rules = {
        rule: re.compile("^" + rule[1:].replace("<identifier>", "[a-zA-Z]+_[A-Za-z0-9_]+") + "$") for rule in RULES
    }
    assert [rule for rule, pattern in rules.items() if not any(map(pattern.match, seen))] == []


def test_a_button_says_what_happened_or_what_went_wrong(fresh: StandIn) -> None:
    identifier, _ = opened(fresh)
    button = f"{fresh.url}/do/checkouts/{identifier}/pay"
    there = _send(button, {"outcome": "succeeds", "email": ""}).headers["Location"]
    happened = requests.get(f"{fresh.url}{there}", timeout=5).text
    assert happened.index("Just happened") < happened.index("checkout.session.completed")
    again = _send(button, {}).headers["Location"]
    assert "This session is complete" in requests.get(f"{fresh.url}{again}", timeout=5).text
    wrong = _send(f"{fresh.url}/do/clock/advance", {"days": "soon"}).headers["Location"]
    assert "days: " in requests.get(f"{fresh.url}{wrong}", timeout=5).text


def test_the_portal_pauses_and_resumes_a_gift(fresh: StandIn) -> None:
    paid, url = _portal(fresh)
    form = {"subscription": paid["subscription"]}
    assert "Pause payments" in requests.get(url, timeout=5).text
    _send(url, {**form, "action": "pause"})
    assert fresh.receiver.types()[-1] == "customer.subscription.paused"
    assert "Paused. Nothing is charged" in requests.get(url, timeout=5).text
    _send(url, {**form, "action": "resume"})
    assert fresh.receiver.types()[-1] == "customer.subscription.resumed"
