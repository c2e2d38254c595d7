"""A step that demands a fresh sign-in: a page leads through a new code and back."""

from urllib.parse import quote

import pytest

from chalicelib.kernel.errors import Forbidden
from chalicelib.signing_in.actions.step_up import RECENT, is_recent, require_recent
from chalicelib.supporters.actions import sessions
from testkit.calls import Reply
from testkit.harness import Harness
from testkit.people import MARIA, SESSION, member
from testkit.visitor import Visitor

HERE = "http://127.0.0.1:8000/account/data?part=gifts"
AGAIN = f"/sign-in?again=1&return_to={quote(HERE, safe='')}&lang=en"


def page(visitor: Visitor, path: str = AGAIN, **headers: str) -> Reply:
    return visitor.call("GET", path, headers={"Accept": "text/html", **headers})


def signed_in(harness: Harness) -> Visitor:
    visitor = Visitor()
    member(harness, visitor)
    return visitor


def session(harness: Harness, visitor: Visitor) -> sessions.OpenSession:
    found = sessions.read_session(harness.table, visitor.cookies[SESSION], harness.clock.real_now())
    assert found
    return found


def test_a_sign_in_is_recent_for_ten_minutes(harness: Harness) -> None:
    visitor = signed_in(harness)
    require_recent(session(harness, visitor), harness.clock.real_now())
    harness.clock.pass_time(RECENT)
    assert not is_recent(session(harness, visitor), harness.clock.real_now())
    with pytest.raises(Forbidden) as refused:
        require_recent(session(harness, visitor), harness.clock.real_now())
    assert refused.value.code == "sign_in_again"


def test_an_old_session_is_led_through_a_new_code_and_back(harness: Harness) -> None:
    visitor = signed_in(harness)
    harness.clock.pass_time(3600)
    shown = page(visitor)
    assert shown.status == 200
    assert f'value="{MARIA}"' in shown.text
    typed = {"again": "1", "email": MARIA, "return_to": HERE, "locale": "en"}
    asked = visitor.submit("/v1/sign-in", typed)
    assert asked.status == 303
    confirmed = visitor.submit("/v1/sign-in/confirm", {"code": harness.mails.last.code, "return_to": HERE})
    assert (confirmed.status, confirmed.headers["location"]) == (303, HERE)
    assert is_recent(session(harness, visitor), harness.clock.real_now())
    assert page(visitor).headers["location"] == HERE, "pressing back asks for no second code"


@pytest.mark.usefixtures("harness")
def test_who_is_not_signed_in_sees_the_usual_page() -> None:
    assert MARIA not in page(Visitor()).text
    assert page(Visitor()).status == 200
