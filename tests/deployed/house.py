"""Chapters about a supporter's own house: mails told ahead, leaving without signing in, their data."""

import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import requests

from testkit.visitor import Visitor
from testkit.waiting import until
from tests.deployed.newsroom import DeployedNewsroom
from tests.deployed.visitor import a_wish


def is_known(newsroom: DeployedNewsroom) -> Visitor:
    """Somebody signs in with the mailed code."""
    reader = newsroom.visitor()
    assert reader.post("/v1/sign-in", {"email": reader.email, "locale": "uk"}).status == 202
    assert reader.post("/v1/sign-in/confirm", {"code": newsroom.code(reader.email)}).status == 200
    return reader


def is_to_be_reminded_now(newsroom: DeployedNewsroom, reader: Visitor) -> None:
    """They asked a while ago. Deployed functions have no clock that can be moved, so the row is."""
    assert reader.post("/v1/me/reminder", {"in_months": 1}).status == 200
    sub, month = reader.get("/v1/session").json["sub"], datetime.now(ZoneInfo("Europe/Kyiv")).strftime("%Y-%m")
    newsroom.deployed.cloud.client("dynamodb").update_item(
        TableName=newsroom.deployed.stack,
        Key={"pk": {"S": f"SUP#{sub}"}, "sk": {"S": "REMINDER"}},
        UpdateExpression="SET #month = :month, gsi1sk = :sorted",
        ExpressionAttributeNames={"#month": "month"},
        ExpressionAttributeValues={":month": {"S": month}, ":sorted": {"S": f"{month}#{sub}"}},
    )


def daily_mails_are_put(newsroom: DeployedNewsroom) -> dict[str, Any]:
    """A reminder is due; and a gift whose card ends before its payment was stopped, of which we were not told."""
    is_to_be_reminded_now(newsroom, newsroom.once(is_known))
    reader = is_known(newsroom)
    begun = reader.post("/v1/checkouts", a_wish(1500, "month")).json
    newsroom.pays(begun["id"])
    until(lambda: bool(reader.get("/v1/me").json["recurring"]), "the gift")
    gift = reader.get("/v1/me").json["recurring"][0]["id"]
    page, ends = reader.post(f"/v1/me/recurring/{gift}/card").json["url"], datetime.now(UTC)
    card = {"number": "4242424242424242", "expiry": ends.strftime("%m / %y"), "cvc": "123"}
    assert requests.post(f"{page}/payment-methods", data=card, timeout=60, allow_redirects=False).status_code == 303
    until(lambda: reader.get("/v1/me").json["recurring"][0]["card"]["expires"] == ends.strftime("%Y-%m"), "the card")
    newsroom.stripe.control("deliveries", mode="drop")
    newsroom.stripe.control(f"subscriptions/{gift}/cancel", by="portal", when="period_end")
    newsroom.stripe.control("deliveries", mode="normal")
    put: dict[str, Any] = newsroom.fire("DailyMails")
    assert reader.get("/v1/me").json["recurring"][0]["will_renew"] is False
    newsroom.a_minute_passes()
    newsroom.fire("Sweep")
    newsroom.mail(reader.email, "Підтримку зупинено")
    newsroom.mail(newsroom.once(is_known).email, "Ви просили нагадати")
    return put


def somebody_leaves(newsroom: DeployedNewsroom) -> dict[str, Any]:
    """They stop without signing in: the sweep asks at the gift's own address, and the mailed link confirms it."""
    reader = newsroom.visitor()
    begun = reader.post("/v1/checkouts", a_wish(1200, "month")).json
    newsroom.pays(begun["id"], email=reader.email)
    newsroom.mail(reader.email, "Дякуємо")
    elsewhere = newsroom.visitor()
    declared = elsewhere.post("/v1/cancellations", {"kind": "cancel", "email": reader.email, "lang": "uk"})
    assert declared.status == 202, declared.text
    swept: dict[str, Any] = newsroom.fire("Sweep")
    newsroom.mail(reader.email, "Ми отримали вашу заяву")
    link = re.search(
        r"^\S+/statements/\S+/confirm", newsroom.mail(reader.email, "Зупинити")["BodyText"], re.MULTILINE
    )
    assert link
    assert elsewhere.post(link.group()).json == {"done": True}
    newsroom.mail(reader.email, "Підтримку зупинено")
    return swept


def somebody_is_erased(newsroom: DeployedNewsroom) -> tuple[dict[str, Any], dict[str, Any]]:
    """They gave, took a copy of what is held about them, and asked a week ago.

    As deployed functions have no clock that can be moved, the row is.
    """
    reader = is_known(newsroom)
    begun = reader.post("/v1/checkouts", a_wish(700)).json
    newsroom.pays(begun["id"])
    newsroom.mail(reader.email, "Дякуємо")
    held = reader.get("/v1/me/export")
    assert held.status == 200, held.text
    assert reader.email in held.text
    sub = reader.get("/v1/session").json["sub"]
    newsroom.ops("upgrade")  # as after an update: before that nobody may say that all is gone
    assert reader.delete("/v1/me").status == 202
    is_due(newsroom, sub)
    begun_now: dict[str, Any] = newsroom.fire("Erase")
    newsroom.mail(reader.email, "Ваші дані видалено")
    is_due(newsroom, sub)
    done: dict[str, Any] = newsroom.fire("Erase")
    return begun_now, done


def is_due(newsroom: DeployedNewsroom, sub: str) -> None:
    """The request's next step is due now."""
    newsroom.deployed.cloud.client("dynamodb").update_item(
        TableName=newsroom.deployed.stack,
        Key={"pk": {"S": f"SUP#{sub}"}, "sk": {"S": "ERASURE"}},
        UpdateExpression="SET gsi1sk = :due",
        ExpressionAttributeValues={":due": {"S": f"2026-01-01T00:00:00Z#{sub}"}},
    )
