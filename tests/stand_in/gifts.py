"""Monthly gifts at the stand-in, and what stands of them there, for the tests that change them."""

from typing import Any

import requests

from testkit.stand_in import Json, StandIn
from testkit.waiting import until
from tests.stand_in.sessions import session_params

DAY = 86_400


def start(stand_in: StandIn, amount: int = 2000, **more: Any) -> Json:
    """A monthly gift that is paid."""
    session = stand_in.client.checkout.sessions.create(session_params("subscription", amount, **more))
    return stand_in.pay(session.id, email="olena@example.org")


def subscription(stand_in: StandIn, identifier: str) -> Json:
    """A subscription as it stands."""
    found: Json = stand_in.client.subscriptions.retrieve(identifier).to_dict()
    return found


def price_data(stand_in: StandIn, identifier: str, amount: int, interval: str = "month", count: int = 1) -> Json:
    """An inline price of the very product that the subscription has."""
    item = subscription(stand_in, identifier)["items"]["data"][0]
    return {
        "currency": item["price"]["currency"],
        "product": item["price"]["product"],
        "recurring": {"interval": interval, "interval_count": count},
        "unit_amount": amount,
    }


def change(stand_in: StandIn, identifier: str, amount: int, /, **more: Any) -> Json:
    """Another amount; `interval`, `count` and any parameter of the call beside it."""
    rhythm = {name: more.pop(name) for name in ("interval", "count") if name in more}
    item = subscription(stand_in, identifier)["items"]["data"][0]["id"]
    items = [{"id": item, "price_data": price_data(stand_in, identifier, amount, **rhythm)}]
    params: Any = {"items": items, **more}
    found: Json = stand_in.client.subscriptions.update(identifier, params).to_dict()
    all_is_told(stand_in)
    return found


def all_is_told(stand_in: StandIn) -> None:
    """Wait until every event has reached the receiver: an answer of the API does not wait for them."""
    until(lambda: _waiting(stand_in) == 0, "the webhooks")


def _waiting(stand_in: StandIn) -> int:
    return int(requests.get(f"{stand_in.url}/_control/deliveries", timeout=5).json()["waiting"])


def third(stand_in: StandIn, identifier: str) -> int:
    """The moment at which a third of the period is left."""
    item = subscription(stand_in, identifier)["items"]["data"][0]
    begun, end = int(item["current_period_start"]), int(item["current_period_end"])
    return end - (end - begun) // 3


def invoice(stand_in: StandIn, identifier: str) -> Json:
    """The latest invoice of a subscription."""
    latest = subscription(stand_in, identifier)["latest_invoice"]
    found: Json = stand_in.client.invoices.retrieve(latest).to_dict()
    return found


def amounts(of: Json) -> list[int]:
    """What each line comes to."""
    return [line["amount"] for line in of["lines"]["data"]]
