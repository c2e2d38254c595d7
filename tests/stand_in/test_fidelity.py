"""The validator itself: it lets Stripe's shapes pass and nothing else."""

import copy

import pytest
from pydantic import ValidationError

from localdev.stripe.errors import ApiRefusal
from localdev.stripe.fidelity import check_answer
from localdev.stripe.forms import decode
from localdev.stripe.objects.customers import customer
from localdev.stripe.objects.payments import payment_intent
from localdev.stripe.objects.prices import price
from localdev.stripe.objects.subscriptions import subscription
from localdev.stripe.params import checked
from testkit.stand_in import Json

MONTHLY: Json = {"currency": "eur", "unit_amount": 500, "recurring": {"interval": "month"}}


@pytest.mark.parametrize(
    "change",
    [
        {"invoice": "in_1"},  # gone from today's version
        {"amount": "500"},
        {"amount": True},
        {"livemode": 0},
        {"status": "done"},  # an enum is closed: this stand-in speaks one version
        {"metadata": {"a": 1}},
        {"customer": {"object": "charge"}},
        {"amount_details": {"tips": {}}},
        {"currency": None},
    ],
)
def test_an_answer_that_stripe_would_not_send_is_found(change: Json) -> None:
    good = payment_intent(1, 500, "eur")
    check_answer(copy.deepcopy(good))
    with pytest.raises(ValidationError):
        check_answer(good | change)


@pytest.mark.parametrize("name", ["id", "amount", "status", "metadata"])
def test_a_missing_field_is_found(name: str) -> None:
    broken = payment_intent(1, 500, "eur")
    del broken[name]
    with pytest.raises(ValidationError):
        check_answer(broken)


@pytest.mark.parametrize("name", ["allowed_payment_method_types", "managed_payments", "payment_record"])
def test_a_key_that_is_always_there_is_missed_although_it_may_be_null(name: str) -> None:
    """The Python package says Optional of these and of those that may be left out; the Node package tells apart."""
    good = payment_intent(1, 500, "eur")
    check_answer(good | {name: None})
    with pytest.raises(ValidationError, match=name):
        check_answer({key: value for key, value in good.items() if key != name})


@pytest.mark.parametrize("change", [{"presentment_details": None}, {"amount_details": None}, {"hooks": None}])
def test_a_key_that_may_be_absent_is_never_null(change: Json) -> None:
    good = payment_intent(1, 500, "eur")
    for name in change:
        check_answer({key: value for key, value in good.items() if key != name})
    with pytest.raises(ValidationError):
        check_answer(good | change)


def test_the_same_holds_within_an_object() -> None:
    good = subscription(1, "cus_1", price(1, MONTHLY, "prod_1"), 1, 2)
    check_answer(good)
    item = good["items"]["data"][0]
    for broken in (
        {"billing_mode": good["billing_mode"] | {"updated_at": None}},
        {"items": good["items"] | {"data": [{key: item[key] for key in item if key != "current_trial"}]}},
        {"invoice_settings": {key: good["invoice_settings"][key] for key in ("account_tax_ids", "issuer")}},
    ):
        with pytest.raises(ValidationError):
            check_answer(good | broken)


def test_a_key_may_be_absent_or_null_where_the_types_say_both() -> None:
    good = payment_intent(1, 500, "eur")
    check_answer(good | {"transfer_data": None})
    check_answer({key: value for key, value in good.items() if key != "transfer_data"})


def test_a_kind_that_the_table_lacks_says_what_writes_it() -> None:
    with pytest.raises(ValueError, match=r"node localdev/stripe/optional-keys\.mjs .* payout"):
        check_answer({"object": "payout"})


def test_objects_within_objects_are_checked_too() -> None:
    inner = customer(1, email="a@example.org")
    check_answer(payment_intent(1, 500, "eur", customer=inner))
    with pytest.raises(ValidationError):
        check_answer(payment_intent(1, 500, "eur", customer=inner | {"colour": "red"}))
    with pytest.raises(ValidationError):
        check_answer(
            {"object": "list", "data": [inner | {"created": None}], "has_more": False, "url": "/v1/customers"}
        )


def test_a_form_becomes_numbers_and_booleans() -> None:
    sent = decode("limit=3&created[gte]=7&delivery_success=false&types[0]=a&types[1]=b&expand[]=data.x")
    assert checked("EventListParams", sent) == {
        "limit": 3,
        "created": {"gte": 7},
        "delivery_success": False,
        "types": ["a", "b"],
        "expand": ["data.x"],
    }


@pytest.mark.parametrize("form", ["a[b", "a]=1", "a=1&a[b]=2", "a[b]=1&a[b][c]=2", "[a]=1", "a" + "[b]" * 20 + "=1"])
def test_a_form_that_contradicts_itself_is_refused(form: str) -> None:
    with pytest.raises(ApiRefusal):
        decode(form)


@pytest.mark.parametrize(
    "change", [{"data": {}}, {"related_object": {"id": "ed_1"}}, {"created": 1}, {"type": None}, {"reason": None}]
)
def test_a_thin_event_that_stripe_would_not_send_is_found(change: Json) -> None:
    good: Json = {
        "id": "evt_test_1",
        "object": "v2.core.event",
        "created": "2026-11-29T17:00:00.000Z",
        "livemode": False,
        "related_object": {
            "id": "ed_1",
            "type": "v2.core.event_destination",
            "url": "/v2/core/event_destinations/ed_1",
        },
        "type": "v2.core.event_destination.ping",
    }
    check_answer(good)
    with pytest.raises(ValueError, match=r"related_object|Event"):
        check_answer(good | change)
