"""What Stripe refuses, the stand-in refuses: by its types, and beyond what types can see."""

from typing import Any

import pytest
import requests
import stripe

from chalicelib.settings import LOCAL_STRIPE_KEY
from testkit.stand_in import Json, StandIn
from tests.stand_in.sessions import session_params


def _price(**changes: object) -> Any:
    price: Json = {"currency": "eur", "unit_amount": 500, "product_data": {"name": "Gift"}} | changes
    return [{"quantity": 1, "price_data": price}]


# What the types alone already rule out.
BY_TYPE: list[tuple[str | None, Any, str | None]] = [
    ("payment_method_types", session_params(payment_method_types=["card"]), "parameter_unknown"),
    ("foo", session_params(foo="bar"), "parameter_unknown"),
    ("line_items[0][price_data][colour]", session_params(line_items=_price(colour="red")), "parameter_unknown"),
    ("locale", session_params(locale="uk"), None),
    ("ui_mode", session_params(ui_mode="hosted"), None),
    ("mode", session_params("once"), None),
    ("submit_type", session_params(submit_type="give"), None),
    (
        "line_items[0][quantity]",
        session_params(line_items=[{**_price()[0], "quantity": "1.5"}]),
        "parameter_invalid_integer",
    ),
    (
        "line_items[0][price_data][unit_amount]",
        session_params(line_items=_price(unit_amount="5,00")),
        "parameter_invalid_integer",
    ),
]

# What the types do not see.
BEYOND_TYPES: list[tuple[str | None, Any, str | None]] = [
    (
        "success_url",
        {key: value for key, value in session_params().items() if key != "success_url"},
        "parameter_missing",
    ),
    ("success_url", session_params(success_url=""), "parameter_invalid_empty"),
    ("success_url", session_params(success_url="javascript:alert(1)"), "url_invalid"),
    ("cancel_url", session_params(cancel_url="/donate"), "url_invalid"),
    ("payment_intent_data", session_params("subscription", payment_intent_data={"metadata": {"a": "b"}}), None),
    ("customer_creation", session_params("subscription", customer_creation="always"), None),
    ("subscription_data", session_params(subscription_data={"metadata": {"a": "b"}}), None),
    ("line_items[0][price_data][recurring]", session_params("subscription", line_items=_price()), None),
    (
        "line_items[0][price_data][recurring]",
        session_params(line_items=_price(recurring={"interval": "month"})),
        None,
    ),
    ("line_items[0][price_data][unit_amount]", session_params(amount=-500), "parameter_invalid_integer"),
    (None, session_params(amount=0), "amount_too_small"),
    (None, session_params(amount=49), "amount_too_small"),
    (None, session_params(amount=2999, currency="uah"), "amount_too_small"),
    (None, session_params(amount=100_000_000), "amount_too_large"),
    ("line_items[0][price_data][currency]", session_params(currency="xyz"), None),
    ("line_items[0][price_data][unit_amount]", session_params(amount=55_050, currency="isk"), None),
    ("line_items[0][price_data][unit_amount]", session_params(amount=1_000_050, currency="ugx"), None),
    ("line_items[0][price_data][unit_amount]", session_params(amount=5001, currency="kwd"), None),
    ("line_items[0][price_data][unit_amount]", session_params(amount=5005, currency="tnd"), None),
    ("line_items", session_params(line_items=[]), "parameter_missing"),
    ("line_items", session_params(line_items=_price() + _price(currency="usd")), None),
    (
        "line_items[0][price_data][product_data][name]",
        session_params(line_items=_price(product_data={"name": ""})),
        "parameter_invalid_empty",
    ),
    ("customer", session_params(customer="cus_nobody"), "resource_missing"),
    ("customer_email", session_params(customer_email="nobody"), "email_invalid"),
    ("customer_email", session_params(customer_email=""), "parameter_invalid_empty"),
    ("customer", session_params(customer=""), "parameter_invalid_empty"),
    ("metadata[source]", session_params(metadata={"source": "x" * 501}), None),
    (
        "subscription_data[trial_end]",
        session_params("subscription", subscription_data={"trial_end": 1_900_000_000}),
        None,
    ),
    ("expires_at", session_params(expires_at=1_900_000_000), None),
    ("custom_text[submit][message]", session_params(custom_text={"submit": {"message": "x" * 1201}}), None),
]


@pytest.mark.parametrize(("param", "params", "code"), BY_TYPE + BEYOND_TYPES)
def test_a_wrong_session_is_refused_with_its_parameter(
    shared: StandIn, param: str, params: Any, code: str | None
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shared.client.checkout.sessions.create(params)
    assert (refused.value.http_status, refused.value.param, refused.value.code) == (400, param, code)


@pytest.mark.parametrize("beside", [{"customer_email": "a@example.org"}, {"customer_creation": "always"}])
def test_a_known_customer_excludes_what_would_make_another(shared: StandIn, beside: Json) -> None:
    customer = shared.client.customers.create({"email": "known@example.org"})
    with pytest.raises(stripe.InvalidRequestError, match="You may only specify one of these"):
        shared.client.checkout.sessions.create(session_params(customer=customer.id, **beside))
    assert shared.client.checkout.sessions.create(session_params(customer=customer.id)).customer == customer.id


def test_a_customer_keeps_to_one_currency(shared: StandIn) -> None:
    paid = shared.pay(shared.client.checkout.sessions.create(session_params("subscription")).id)
    with pytest.raises(stripe.InvalidRequestError, match="cannot combine currencies"):
        shared.client.checkout.sessions.create(
            session_params("subscription", currency="usd", customer=paid["customer"])
        )


def test_an_idempotency_key_repeats_its_answer_and_refuses_other_parameters(shared: StandIn) -> None:
    sessions = shared.client.checkout.sessions
    first = sessions.create(session_params(), {"idempotency_key": "checkout:a1"})
    again = sessions.create(session_params(), {"idempotency_key": "checkout:a1"})
    assert again.id == first.id
    assert again.last_response is not None
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    with pytest.raises(stripe.IdempotencyError):
        sessions.create(session_params(amount=700), {"idempotency_key": "checkout:a1"})


def test_a_refusal_is_not_kept_under_its_key(shared: StandIn) -> None:
    sessions = shared.client.checkout.sessions
    with pytest.raises(stripe.InvalidRequestError):
        sessions.create(session_params(amount=1), {"idempotency_key": "checkout:a2"})
    assert sessions.create(session_params(), {"idempotency_key": "checkout:a2"}).status == "open"


def test_a_key_is_forgotten_after_a_day(fresh: StandIn) -> None:
    sessions = fresh.client.checkout.sessions
    first = sessions.create(session_params(), {"idempotency_key": "checkout:a3"})
    fresh.advance(2)
    assert sessions.create(session_params(amount=900), {"idempotency_key": "checkout:a3"}).id != first.id


def test_a_fault_before_the_work_does_nothing_and_one_after_it_is_kept(fresh: StandIn) -> None:
    sessions = fresh.client.checkout.sessions
    fresh.control("faults", path="/v1/checkout/sessions", status=500, times=1)
    with pytest.raises(stripe.APIError):
        sessions.create(session_params(), {"idempotency_key": "k1"})
    assert sessions.list().data == []
    assert sessions.create(session_params(), {"idempotency_key": "k1"}).status == "open"
    fresh.control("faults", path="/v1/checkout/sessions", status=500, times=1, after=True)
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            sessions.create(session_params(), {"idempotency_key": "k2"})
    assert len(sessions.list().data) == 2


def test_a_lost_answer_is_found_again_under_its_key(fresh: StandIn) -> None:
    sessions = fresh.client.checkout.sessions
    fresh.control("faults", path="/v1/checkout/sessions", status=504, times=1, lost=True, method="POST")
    with pytest.raises(stripe.APIError):
        sessions.create(session_params(), {"idempotency_key": "k3"})
    found = sessions.create(session_params(), {"idempotency_key": "k3"})
    assert [one.id for one in sessions.list().data] == [found.id]


def test_a_rate_limit_can_be_played(fresh: StandIn) -> None:
    fresh.control("faults", path="/v1/*", status=429, times=2)
    for _ in range(2):
        with pytest.raises(stripe.RateLimitError):
            fresh.client.events.list()
    assert fresh.client.events.list().data == []


@pytest.mark.parametrize("header", [None, "Bearer sk_test_wrong", "Basic eDo=", "Basic !", "Bearer "])
def test_a_wrong_key_is_401(shared: StandIn, header: str | None) -> None:
    headers = {"Authorization": header} if header else {}
    answer = requests.get(f"{shared.url}/v1/events", headers=headers, timeout=5)
    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_basic_works_and_another_version_does_not(shared: StandIn) -> None:
    basic = requests.get(f"{shared.url}/v1/events", auth=(LOCAL_STRIPE_KEY, ""), timeout=5)
    assert basic.status_code == 200
    assert basic.headers["Stripe-Version"] == "2026-10-28.endive"
    other = requests.get(
        f"{shared.url}/v1/events", auth=(LOCAL_STRIPE_KEY, ""), headers={"Stripe-Version": "2024-06-20"}, timeout=5
    )
    assert other.status_code == 400


def test_unknown_things_are_404_in_stripes_shape(shared: StandIn) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shared.client.subscriptions.retrieve("sub_nobody")
    assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")
    answer = requests.get(f"{shared.url}/v1/unheard_of", auth=(LOCAL_STRIPE_KEY, ""), timeout=5)
    assert answer.status_code == 404
    assert "Unrecognized request URL" in answer.json()["error"]["message"]
    shared.client.customers.create()
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        shared.client.events.list({"expand": ["data.nonsense"]})


@pytest.mark.parametrize("body", ["{", '{"outcome": "maybe"}', '{"outcome": "succeeds", "colour": 1}', "[]"])
def test_a_wrong_control_call_is_400_and_does_nothing(shared: StandIn, body: str) -> None:
    session = shared.client.checkout.sessions.create(session_params())
    answer = requests.post(f"{shared.url}/_control/checkouts/{session.id}/pay", data=body, timeout=5)
    assert answer.status_code == 400
    assert shared.client.checkout.sessions.retrieve(session.id).status == "open"


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        (55_000, "isk"),
        (1_000_000, "ugx"),
        (5010, "kwd"),
        (17_550, "huf"),
        (17_550, "twd"),
        (501, "jpy"),
        (500, "xcg"),
    ],
)
def test_what_a_currency_allows_is_taken(shared: StandIn, amount: int, currency: str) -> None:
    made = shared.client.checkout.sessions.create(session_params(amount=amount, currency=currency))
    assert (made.amount_total, made.currency) == (amount, currency)


def test_a_refund_keeps_to_the_currencys_steps_too(shared: StandIn) -> None:
    made = shared.client.checkout.sessions.create(session_params(amount=55_000, currency="isk"))
    paid = shared.pay(made.id)["payment_intent"]
    with pytest.raises(stripe.InvalidRequestError, match="evenly divisible by 100"):
        shared.client.refunds.create({"payment_intent": paid, "amount": 550})
    assert shared.client.refunds.create({"payment_intent": paid, "amount": 5500}).amount == 5500


def test_another_account_is_not_ours_to_act_for(shared: StandIn) -> None:
    with pytest.raises(stripe.PermissionError) as refused:
        shared.client.checkout.sessions.create(session_params(), {"stripe_account": "acct_1SomebodyElse"})
    body: Any = refused.value.json_body
    assert (refused.value.http_status, body["error"]["code"]) == (403, "account_invalid")
    assert shared.client.checkout.sessions.create(session_params(), {"stripe_account": "acct_1SpilnoStandIn"}).id
