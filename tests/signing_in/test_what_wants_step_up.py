"""Every call that acts for a signed-in supporter is in one of two lists: it wants a fresh sign-in, or says why not.

What a session alone must not do (one that was stolen, borrowed, or is used by a script of the website): take the
account or its data away, charge more, or lead straight to where a card is changed.
"""

from collections.abc import Callable, Mapping

import pytest

from chalicelib.http.routes import ROUTES
from chalicelib.signing_in.actions import step_up
from testkit.calls import Reply
from testkit.gift_links import gives, put
from testkit.harness import Harness
from testkit.own_address import NEW, supports
from testkit.visitor import Visitor

Call = Callable[[Visitor, str], Reply]
GUARDED: Mapping[str, tuple[str, Call]] = {
    "another address": ("POST /v1/me/email", lambda one, _: one.post("/v1/me/email", {"email": NEW})),
    "everything taken along": ("GET /v1/me/export", lambda one, _: one.get("/v1/me/export")),
    "gifts taken along": ("GET /v1/me/export", lambda one, _: one.get("/v1/me/export?part=gifts")),
    "erased": ("DELETE /v1/me", lambda one, _: one.delete("/v1/me")),
    "erased by the page": ("POST /account/erase", lambda one, _: one.submit("/account/erase", {"sure": "yes"})),
    "a new card": (
        "POST /v1/me/recurring/{gift}/card",
        lambda one, gift: one.post(f"/v1/me/recurring/{gift}/card"),
    ),
    "a new card by the page": (
        "POST /v1/me/recurring/{gift}/card",
        lambda one, gift: one.submit(f"/v1/me/recurring/{gift}/card", {}),
    ),
    "more, charged now": (
        "POST /v1/me/recurring/{gift}",
        lambda one, gift: one.post(f"/v1/me/recurring/{gift}", {"amount": 700, "charge": "now"}),
    ),
    "more than twice": (
        "POST /v1/me/recurring/{gift}",
        lambda one, gift: one.post(f"/v1/me/recurring/{gift}", {"amount": 1001}),
    ),
    "a second article given in a day": (
        "POST /v1/me/gift-links",
        lambda one, _: one.post("/v1/me/gift-links", {"article": "second"}),
    ),
    "a second article given by the page": (
        "POST /v1/me/gift-links",
        lambda one, _: one.submit("/v1/me/gift-links", {"article": "second"}),
    ),
}
ITS_OWN_CODE = "wants a code that was mailed to the address concerned"
NOTHING_TAKEN = "shows or changes nothing that a mail's link does not undo, and takes nothing away"
ENDS = "ends sessions, mails, a link or a wish, and begins none"
FREE: Mapping[str, str] = {
    "GET /v1/me": NOTHING_TAKEN,
    "GET /v1/me/donations": NOTHING_TAKEN,
    "GET /v1/me/devices": NOTHING_TAKEN,
    "GET /v1/me/gift-links": NOTHING_TAKEN,
    "DELETE /v1/me/gift-links/{id}": ENDS,
    "POST /account/links/end": ENDS,
    "POST /v1/me/portal": "was promised to every session before there was a step-up, and takes no money away",
    "POST /v1/me/email/confirm": ITS_OWN_CODE,
    "POST /v1/checkouts/{id}/claim": ITS_OWN_CODE,
    "POST /v1/checkouts/{id}/claim/confirm": ITS_OWN_CODE,
    "POST /v1/sign-in": ITS_OWN_CODE,
    "POST /v1/sign-in/again": ITS_OWN_CODE,
    "POST /v1/sign-in/confirm": ITS_OWN_CODE,
    "POST /go/{token}": ITS_OWN_CODE,
    "POST /thanks/{id}/code": ITS_OWN_CODE,
    "DELETE /v1/session": ENDS,
    "POST /account/sign-out": ENDS,
    "DELETE /v1/me/devices/{id}": ENDS,
    "POST /account/devices/sign-out": ENDS,
    "DELETE /v1/me/reminder": ENDS,
    "POST /v1/me/reminder": NOTHING_TAKEN,
    "POST /thanks/{id}/reminder": NOTHING_TAKEN,
    "POST /account/mails": NOTHING_TAKEN,
    "POST /reading": "deletes what the meter keeps, which opens more and shows nothing",
    "POST /v1/checkouts": "is paid by whoever pays on Stripe's page",
    "POST /donate": "is paid by whoever pays on Stripe's page",
    "POST /v1/me/recurring/{gift}/pause": NOTHING_TAKEN,
    "POST /v1/me/recurring/{gift}/resume": NOTHING_TAKEN,
    "POST /v1/me/recurring/{gift}/stop": NOTHING_TAKEN,
    "POST /v1/me/recurring/{gift}/keep": NOTHING_TAKEN,
}


def at_home(harness: Harness) -> tuple[Visitor, str]:
    """Somebody who gives monthly, has given one article today, and has just signed in; with their recurring gift."""
    put(harness)
    put(harness, article="second")
    ada = supports(harness)
    gives(ada)
    return ada, harness.state().standing.recurring[0].id


def asks_again(reply: Reply) -> bool:
    """Whether the answer leads to a new code: by its code, or a page by way of the sign-in page."""
    if reply.status == 303:
        return "/sign-in?again=1" in reply.headers["location"]
    return reply.status == 403 and reply.json["code"] == "sign_in_again"


def test_every_call_that_a_session_may_make_is_in_one_of_the_lists() -> None:
    calls = {
        f"{route.method} {route.path}"
        for route in ROUTES
        if route.browser and not route.cookieless and (route.method != "GET" or route.secured_by == "session")
    }
    guarded = {call for call, _ in GUARDED.values()}
    assert calls == guarded | FREE.keys()
    assert not guarded & FREE.keys()
    described = {f"{route.method} {route.path}" for route in ROUTES if "sign_in_again" in route.codes}
    assert described == guarded


@pytest.mark.parametrize(("_call", "act"), GUARDED.values(), ids=GUARDED)
def test_ten_minutes_after_the_code_it_is_asked_for_again(harness: Harness, _call: str, act: Call) -> None:
    ada, gift = at_home(harness)
    harness.clock.pass_time(step_up.RECENT)
    ada.get("/v1/me")  # a visit of the day is noted once
    rows, sent = harness.rows(), len(harness.mails.sent)
    assert asks_again(act(ada, gift))
    assert harness.rows() == rows
    assert len(harness.mails.sent) == sent
    assert harness.stripe.portals == []


@pytest.mark.parametrize(("_call", "act"), GUARDED.values(), ids=GUARDED)
def test_a_second_before_it_is_done(harness: Harness, _call: str, act: Call) -> None:
    """The negative control: each of these calls is right but for the age of its sign-in."""
    ada, gift = at_home(harness)
    harness.clock.pass_time(step_up.RECENT - 1)
    reply = act(ada, gift)
    assert reply.status in (200, 201, 202, 303), reply.text
    assert not asks_again(reply)


@pytest.mark.parametrize(("_call", "act"), GUARDED.values(), ids=GUARDED)
def test_neither_a_pass_nor_the_browser_that_paid_is_enough(harness: Harness, _call: str, act: Call) -> None:
    ada, gift = at_home(harness)
    only_a_pass = Visitor(cookies={name: value for name, value in ada.cookies.items() if "session" not in name})
    assert only_a_pass.cookies
    reply = act(only_a_pass, gift)
    assert reply.status in (401, 303), reply.text
    assert reply.status == 401 or "/sign-in?" in reply.headers["location"]
