"""The sign-in page sends who is signed in straight back to where they came from, all others nowhere."""

from testkit.calls import Reply
from testkit.harness import Harness
from testkit.people import MARIA, SESSION
from testkit.visitor import Visitor
from tests.reading.test_hint import ASK, YEAR, said, signed_in, told
from tests.reading.test_paid_here import paid_here


def page(visitor: Visitor, query: str, **headers: str) -> Reply:
    return visitor.call("GET", f"/sign-in?{query}", headers={"Accept": "text/html", **headers})


BACK = "http://127.0.0.1:8080/statti/mist?a=b#c"
QUERY = "return_to=http%3A%2F%2F127.0.0.1%3A8080%2Fstatti%2Fmist%3Fa%3Db%23c"


def test_who_is_signed_in_goes_straight_back_with_the_hint_set(harness: Harness) -> None:
    visitor = signed_in(harness)
    for hint in ("1", "0", None):
        visitor.cookies = {SESSION: visitor.cookies[SESSION]} | ({ASK: hint} if hint else {})
        reply = page(visitor, QUERY)
        assert (reply.status, reply.headers["location"], told(reply)) == (303, BACK, [said(YEAR)])
        assert reply.headers["cache-control"] == "private, no-store"


def test_all_others_see_the_page(harness: Harness) -> None:
    visitor = signed_in(harness)
    assert page(visitor, "").status == 200
    assert MARIA in page(visitor, "").text, "who is signed in may sign in with another address here"
    assert page(visitor, "return_to=https%3A%2F%2Fevil.example%2F").status == 200, "and goes nowhere else"
    assert page(visitor, "return_to=%2F%2Fevil.example").status == 200
    assert page(visitor, f"{QUERY}&sent=1").status == 200
    assert page(Visitor(), QUERY).status == 200
    assert page(paid_here(harness, email="b@reader.example"), QUERY).status == 200, "paying signs nobody in"
    visitor.post("/v1/sign-in", {"email": "other@reader.example"})
    assert page(visitor, QUERY).status == 200, "in the middle of signing in as somebody else"


def test_a_foreign_page_does_not_learn_who_is_signed_in(harness: Harness) -> None:
    visitor = signed_in(harness)
    assert page(visitor, QUERY, **{"Sec-Fetch-Site": "cross-site"}).status == 200
    for ours in ("same-site", "same-origin", "none"):
        assert page(visitor, QUERY, **{"Sec-Fetch-Site": ours}).status == 303


def test_no_address_leads_back_to_itself_for_ever(harness: Harness) -> None:
    visitor = signed_in(harness)
    at = "return_to=" + "%2Fsign-in%3Freturn_to%3D" * 5 + "%2Faccount"
    for _ in range(10):
        reply = page(visitor, at)
        if reply.status != 303 or "/sign-in?" not in reply.headers["location"]:
            break
        at = reply.headers["location"].partition("?")[2]
    assert reply.status in (200, 303)
    assert "/sign-in?" not in reply.headers.get("location", "")
