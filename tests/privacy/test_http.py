"""What a supporter's browser and scripts ask of their own data."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

from chalicelib.kernel.ids import SupporterId
from chalicelib.privacy.rules.of_people import OF_PEOPLE
from testkit.erasing import DAY, canaries
from testkit.harness import ADA, Harness
from testkit.visitor import Visitor


def signed_in(harness: Harness) -> Visitor:
    visitor = Visitor()
    for row in harness.kinds("SUPPRESSED"):
        harness.memory._items.pop((row["pk"], row["sk"]))
    harness.sign_in(visitor, ADA)
    return visitor


def parts(visitor: Visitor) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    named: str | None = ""
    while named is not None:
        reply = visitor.get(f"/v1/me/export?part={named}")
        assert reply.status == 200, reply.text
        assert len(reply.text.encode()) <= 5_000_000
        found.append(reply.json)
        named = reply.json["next"]
    return found


def test_the_export_has_everything(upgraded: Harness, ada: SupporterId) -> None:
    visitor = signed_in(upgraded)
    reply = visitor.get("/v1/me/export")
    assert reply.headers["content-disposition"].startswith("attachment")
    text = json.dumps(reply.json, ensure_ascii=False)
    for word in (ADA, *canaries(upgraded, ADA)):
        assert word.casefold() in text.casefold(), word
    assert "ben@" not in text
    assert reply.json["supporter"] == ada
    assert {"profile", "gift", "mail", "history", "news from Stripe", "device", "checkout"} <= set(reply.json["data"])
    withheld = reply.json["not_in_it"]
    assert all(why for kinds in withheld.values() for why in kinds.values())


def test_a_long_life_comes_in_parts_and_none_is_lost_or_twice(upgraded: Harness, ada: SupporterId) -> None:
    from chalicelib.inbox import rows as inbox
    from chalicelib.kernel.moments import BusinessTime

    for number in range(40):
        body = json.dumps({"id": f"evt_long{number}", "data": {"object": {"id": "x", "text": "я" * 50_000}}})
        inbox.store(upgraded.table, f"evt_long{number}", "x.y", body.encode(), BusinessTime(1), "ignored")
        event = inbox.read(upgraded.table, f"evt_long{number}")
        assert event
        upgraded.table.write(inbox.say_supporter(event, ada))
    found = parts(signed_in(upgraded))
    assert len(found) > 1
    types = [row["type"] for part in found for row in part["data"].get("news from Stripe", {"rows": []})["rows"]]
    assert types.count("x.y") == 40


def test_gifts_are_a_table_without_formulas(upgraded: Harness) -> None:
    upgraded.tell(upgraded.gives(300, "once", ADA, source="https://news.example/x"))
    for row in upgraded.books.entries:
        upgraded.memory._items[row["pk"], row["sk"]] = {**row, "payer": "=HYPERLINK(1)"}
    reply = signed_in(upgraded).get("/v1/me/export?part=gifts")
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(reply.text.removeprefix("\ufeff"))))
    assert {row["payer"] for row in rows} == {"'=HYPERLINK(1)"}
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
    assert sum(float(row["received"] or 0) for row in rows) == 48.0
    assert sum(float(row["returned"] or 0) for row in rows) == 5.0


def test_all_of_it_wants_a_fresh_sign_in(upgraded: Harness) -> None:
    visitor = signed_in(upgraded)
    upgraded.pass_time(601)
    for reply in (visitor.get("/v1/me/export"), visitor.get("/v1/me/export?part=gifts"), visitor.delete("/v1/me")):
        assert (reply.status, reply.json["code"]) == (403, "sign_in_again")
    page = visitor.navigate("/account/data")
    assert (page.status, "/sign-in?again=1" in page.headers["location"]) == (303, True)
    assert Visitor().get("/v1/me/export").status == 401
    assert Visitor().delete("/v1/me").status == 401


def test_a_part_that_is_none_is_refused(upgraded: Harness) -> None:
    visitor = signed_in(upgraded)
    for part in ("x", "../..", "YQ", "a" * 700):
        reply = visitor.get(f"/v1/me/export?part={part}")
        assert (reply.status, reply.json["code"]) == (400, "bad_part"), part


def test_asking_ends_gifts_and_sessions_and_mails_what_will_be(upgraded: Harness) -> None:
    visitor, other = signed_in(upgraded), Visitor()
    upgraded.sign_in(other, ADA)
    reply = visitor.delete("/v1/me")
    assert reply.status == 202
    on = datetime.fromisoformat(reply.json["erase_on"])
    assert on == datetime.fromtimestamp(upgraded.now() + 7 * DAY, UTC)
    assert visitor.get("/v1/me").status == other.get("/v1/me").status == 401
    assert {gift.status for gift in upgraded.state(ADA).standing.recurring} == {"canceled"}
    assert "видалити все" in upgraded.mails.last.text


def test_nothing_is_erased_while_stripe_is_away(upgraded: Harness) -> None:
    visitor = signed_in(upgraded)
    upgraded.stripe.down = True
    reply = visitor.delete("/v1/me")
    assert (reply.status, reply.json["code"]) == (503, "stripe_down")
    assert visitor.get("/v1/me").status == 200
    assert upgraded.table.get((f"SUP#{upgraded.state(ADA).id}", "ERASURE")) is None


def test_the_form_wants_its_box_ticked(upgraded: Harness) -> None:
    visitor = signed_in(upgraded)
    unsure = visitor.submit("/account/erase", {"lang": "en"})
    assert unsure.status == 400
    assert "<form" in unsure.text
    sure = visitor.submit("/account/erase", {"lang": "en", "sure": "yes"})
    assert (sure.status, sure.headers["location"].endswith("/account/data?asked=1&lang=en")) == (303, True)
    shown = visitor.navigate("/account/data?asked=1&lang=en")
    assert "In seven days" in shown.text


def test_every_kind_has_words_for_what_it_hands_over() -> None:
    assert all(one.what and not one.what.endswith(".") for kind in OF_PEOPLE for one in kind.attributes)
