"""Who is not signed in hears that first, whatever else is wrong with what they sent."""

import pytest

from chalicelib.http.call import FORM, JSON
from chalicelib.http.route import Route
from chalicelib.http.routes import ROUTES
from testkit.harness import ADA, Harness
from testkit.visitor import Visitor

PERSONAL = [route for route in ROUTES if "not_signed_in" in route.codes]
WRONG = {
    JSON: ["{}", '{"amount": "7", "email": "x"}', '{"not a field": 1}', "[]", "null"],
    FORM: ["", "amount=x&email=x&months=9&code=1", "not=a&field=1"],
}


def address(route: Route) -> str:
    return route.path.replace("{gift}", "sub_1").replace("{id}", "a-device")


def test_there_are_such_calls() -> None:
    assert len(PERSONAL) > 15
    assert {route.method for route in PERSONAL} == {"GET", "POST", "DELETE"}


@pytest.mark.usefixtures("harness")
@pytest.mark.parametrize("route", PERSONAL, ids=lambda route: f"{route.method} {route.path}")
def test_nobody_learns_anything_else(route: Route) -> None:
    calls = [(media, body) for media in route.takes for body in WRONG[media]] if route.request else [(JSON, "")]
    for media, body in calls:
        reply = Visitor().call(route.method, address(route), body, {"Content-Type": media, "Accept": media})
        assert reply.status == 401, (media, body, reply.text)
        if media == JSON:
            assert reply.json["code"] == "not_signed_in"
    query = Visitor().call(route.method, f"{address(route)}?after=x&part=x&preview=x&everywhere=x")
    assert query.status in (401, 415), query.text


@pytest.mark.parametrize("route", PERSONAL, ids=lambda route: f"{route.method} {route.path}")
def test_a_pass_is_not_enough(harness: Harness, route: Route) -> None:
    harness.tell(harness.gives(500, "month", ADA))
    ada = Visitor()
    harness.sign_in(ada, ADA)
    token = ada.get("/v1/session").json["pass"]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": route.takes[0]}
    assert Visitor().call(route.method, address(route), "", headers).status == 401
