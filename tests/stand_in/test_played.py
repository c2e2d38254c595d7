"""No parameter is ignored: what the stand-in does not act on is refused, by its name."""

from typing import Any

import pytest
import stripe
from pydantic import ValidationError
from stripe._request_options import RequestOptions

import localdev.stripe.server  # noqa: F401 - it registers every call
from localdev.stripe.api.endpoint import PARAMS
from localdev.stripe.errors import ApiRefusal
from localdev.stripe.fidelity import request_adapter
from localdev.stripe.params import typed_dict
from localdev.stripe.played import PLAYED, plays, refuse_unplayed
from testkit.stand_in import Json, StandIn
from tests.stand_in.sessions import session_params

KINDS = sorted(set(PARAMS.values()))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_named_is_refused(kind: str) -> None:
    for key in set(typed_dict(kind).__annotations__) - set(RequestOptions.__annotations__):
        if plays(kind, [key]):
            continue
        with pytest.raises(ApiRefusal, match="The stand-in does not play") as refused:
            refuse_unplayed(kind, {key: "x"})
        assert refused.value.param == key


@pytest.mark.parametrize("kind", sorted(PLAYED))
def test_what_is_named_is_a_parameter_of_that_call(kind: str) -> None:
    assert kind in KINDS
    for path in PLAYED[kind].split():
        assert not _unknown(kind, _sent(path.split("."))), f"{kind} has no {path}"


def test_a_name_that_no_parameter_has_would_be_found() -> None:
    assert _unknown("SubscriptionUpdateParams", _sent(["items", "*", "price_data", "colour"]))


def _sent(steps: list[str]) -> Any:
    if not steps:
        return "x"
    inner = _sent(steps[1:])
    return [inner] if steps[0] == "*" else {steps[0]: inner}


def _unknown(kind: str, sent: Json) -> bool:
    try:
        request_adapter(typed_dict(kind)).validate_python(sent)
    except ValidationError as error:
        return any(one["type"] == "extra_forbidden" for one in error.errors())
    return False


@pytest.mark.parametrize(
    ("param", "params"),
    [
        ("allow_promotion_codes", session_params(allow_promotion_codes=True)),
        ("subscription_data[trial_end]", session_params("subscription", subscription_data={"trial_end": 9})),
        (
            "line_items[0][price_data][tax_behavior]",
            session_params(
                line_items=[
                    {
                        "quantity": 1,
                        "price_data": {
                            "currency": "eur",
                            "unit_amount": 500,
                            "product_data": {"name": "Gift"},
                            "tax_behavior": "inclusive",
                        },
                    }
                ]
            ),
        ),
    ],
)
def test_the_api_says_so(shared: StandIn, param: str, params: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="The stand-in does not play") as refused:
        shared.client.checkout.sessions.create(params)
    assert (refused.value.http_status, refused.value.param, refused.value.code) == (400, param, None)


def test_what_lists_cannot_be_filtered_by_is_refused_too(shared: StandIn) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=r"does not play lookup_keys\[0\]"):
        shared.client.prices.list({"lookup_keys": ["a"]})
