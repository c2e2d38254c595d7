"""A supporter sees where they are signed in, to the day, and signs a device out."""

from datetime import date, datetime

import pytest

from chalicelib.kernel import keys
from chalicelib.kernel.table import Delete, TableUnavailable, Update
from chalicelib.supporters.actions import sessions
from chalicelib.supporters.rows import sessions as stored
from testkit.harness import ADA, BEN, Harness
from testkit.visitor import Visitor

DAY = 86_400
PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/140 Mobile Safari/537.36"}
COMPUTER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


def signs_in(harness: Harness, email: str = ADA, **headers: str) -> Visitor:
    visitor = Visitor()
    visitor.post("/v1/sign-in", {"email": email}, **headers)
    assert visitor.post("/v1/sign-in/confirm", {"code": harness.mails.last.code}, **headers).status == 200
    return visitor


def secret_of(visitor: Visitor) -> str:
    return visitor.cookies["__Host-spilno-session-8000"]


def as_before(harness: Harness, visitor: Visitor) -> None:
    """The session as an earlier release stored it: no list of devices, no day of the last visit."""
    name = stored.name_of(secret_of(visitor))
    harness.table.write(Update(keys.session(name), remove=("listed", "seen")))
    (row,) = [one for one in harness.kinds("SUP") if one["sk"].startswith("DEVICE#") and one["session"] == name]
    harness.table.write(Delete((row["pk"], row["sk"])))


def test_each_device_says_what_it_is_and_on_which_days(harness: Harness) -> None:
    phone = signs_in(harness, **PHONE)
    first = datetime.fromtimestamp(harness.clock.real, harness.newsroom.zone).date()
    harness.pass_time(3 * DAY)
    computer = signs_in(harness, **COMPUTER)
    found = computer.get("/v1/me/devices").json
    assert [(one["kind"], one["current"]) for one in found] == [("computer", True), ("phone", False)]
    assert found[1]["signed_in_at"] == found[1]["last_seen_on"] == first.isoformat()
    harness.pass_time(DAY)
    phone.get("/v1/me")
    assert [one["kind"] for one in phone.get("/v1/me/devices").json] == ["phone", "computer"]
    (seen,) = [one for one in computer.get("/v1/me/devices").json if one["kind"] == "phone"]
    assert (date.fromisoformat(seen["last_seen_on"]) - first).days == 4
    assert seen["signed_in_at"] == first.isoformat()


def test_a_browser_says_itself_whether_it_is_a_phone(harness: Harness) -> None:
    told = {"Sec-CH-UA-Mobile": "?1", **COMPUTER}
    (found,) = signs_in(harness, **told).get("/v1/me/devices").json
    assert found["kind"] == "phone"


def test_one_is_signed_out_and_the_others_stay(harness: Harness) -> None:
    phone, computer = signs_in(harness, **PHONE), signs_in(harness, **COMPUTER)
    (other,) = [one["id"] for one in computer.get("/v1/me/devices").json if not one["current"]]
    assert computer.delete(f"/v1/me/devices/{other}").status == 204
    assert phone.get("/v1/me").status == 401
    assert computer.get("/v1/me").status == 200
    assert [one["current"] for one in computer.get("/v1/me/devices").json] == [True]
    again = computer.delete(f"/v1/me/devices/{other}")
    assert (again.status, again.json["code"]) == (404, "unknown_device")
    (own,) = [one["id"] for one in computer.get("/v1/me/devices").json]
    assert computer.delete(f"/v1/me/devices/{own}").status == 204
    assert "__Host-spilno-session-8000" not in computer.cookies
    assert computer.get("/v1/me/devices").status == 401
    assert [row for row in harness.kinds("SUP", "SESSION") if row["sk"].startswith(("DEVICE", "SESSION"))] == []


def test_nobody_signs_out_somebody_elses_device(harness: Harness) -> None:
    ada, ben = signs_in(harness), signs_in(harness, BEN)
    (theirs,) = [one["id"] for one in ada.get("/v1/me/devices").json]
    assert ben.delete(f"/v1/me/devices/{theirs}").status == 404
    assert ada.get("/v1/me").status == 200
    assert [one["id"] for one in ben.get("/v1/me/devices").json] != [theirs]


def test_an_id_leads_to_no_session(harness: Harness) -> None:
    """It is neither the secret nor its hash, nor a part of either; who has it can sign a device out, signed in."""
    visitor = signs_in(harness)
    (found,) = visitor.get("/v1/me/devices").json
    name = stored.name_of(secret_of(visitor))
    assert found["id"] not in name
    assert name[:8] not in found["id"]
    assert found["id"] not in secret_of(visitor)
    stranger = Visitor()
    for stolen in (found["id"], name):
        stranger.cookies["__Host-spilno-session-8000"] = stolen
        assert stranger.get("/v1/session").json == {"signed_in": False}


def test_no_address_and_no_name_of_the_browser_is_stored(harness: Harness) -> None:
    visitor = Visitor(client="203.0.113.77")
    visitor.post("/v1/sign-in", {"email": ADA}, **PHONE)
    visitor.post("/v1/sign-in/confirm", {"code": harness.mails.last.code}, **PHONE)
    visitor.get("/v1/me", **PHONE)
    kept = repr(harness.items())
    assert "203.0.113" not in kept
    assert "Pixel" not in kept
    assert "Mozilla" not in kept


def test_what_is_over_is_not_shown(harness: Harness) -> None:
    old = signs_in(harness)
    short = Visitor()
    harness.sign_in(short, ADA, remember=False)
    harness.pass_time(91 * DAY)
    now = signs_in(harness)
    assert len(now.get("/v1/me/devices").json) == 1, "one had no visit for 90 days, one was for a day"
    assert old.get("/v1/me").status == short.get("/v1/me").status == 401
    signs_in(harness).delete("/v1/session?everywhere=true")
    assert len(signs_in(harness).get("/v1/me/devices").json) == 1


def test_a_session_from_before_appears_at_its_next_visit(harness: Harness) -> None:
    old, new = signs_in(harness), signs_in(harness)
    as_before(harness, old)
    assert len(new.get("/v1/me/devices").json) == 1
    assert old.get("/v1/access?needs=members").status == 200, "whatever reads the session is a visit"
    found = new.get("/v1/me/devices").json
    assert [one["kind"] for one in found] == ["computer", None], "the gate asks nobody what they read with"
    assert new.delete(f"/v1/me/devices/{found[1]['id']}").status == 204
    assert old.get("/v1/me").status == 401


def test_a_session_from_before_reads_on_where_the_table_takes_no_writes(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = signs_in(harness)
    as_before(harness, visitor)

    def full(_change: object) -> None:
        raise TableUnavailable("full")

    monkeypatch.setattr(harness.table, "transact", full)
    assert visitor.get("/v1/session").json["signed_in"] is True


def test_a_session_that_was_signed_out_is_not_listed_by_a_visit_that_was_on_its_way(harness: Harness) -> None:
    visitor = signs_in(harness)
    as_before(harness, visitor)
    session = stored.read(harness.table, secret_of(visitor), harness.real_now())
    assert session
    sessions.end_session(harness.table, secret_of(visitor))
    sessions._visited(harness.table, secret_of(visitor), session, harness.real_now(), "")
    assert [row for row in harness.kinds("SUP") if row["sk"].startswith("DEVICE#")] == []


def test_the_page_lists_them_and_its_buttons_sign_out(harness: Harness) -> None:
    phone, computer = signs_in(harness, **PHONE), signs_in(harness, **COMPUTER)
    page = computer.navigate("/account/devices?lang=uk")
    assert page.status == 200
    assert "Телефон" in page.text
    assert "Комп’ютер · ви зараз тут" in page.text
    assert "адреси, ні місця" in page.text
    other = next(one["id"] for one in computer.get("/v1/me/devices").json if not one["current"])
    done = computer.submit("/account/devices/sign-out", {"device": other, "lang": "uk"})
    assert done.status == 303
    shown = computer.navigate(done.headers["location"].removeprefix(computer.pages))
    assert "вхід завершено" in shown.text
    assert phone.get("/v1/me").status == 401
    twice = computer.submit("/account/devices/sign-out", {"device": other, "lang": "uk"})
    assert twice.status == 303, "a second tap is no error"
    own = computer.get("/v1/me/devices").json[0]["id"]
    left = computer.submit("/account/devices/sign-out", {"device": own, "lang": "uk"})
    assert "/sign-in" in left.headers["location"]
    assert computer.navigate("/account/devices").status == 303
