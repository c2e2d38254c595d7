"""Many at once: one key makes one session, two presses make one payment."""

from concurrent.futures import ThreadPoolExecutor

import requests

from testkit.stand_in import StandIn
from tests.stand_in.sessions import session_params


def test_one_key_makes_one_session_for_sixteen_threads(shared: StandIn) -> None:
    def create(_: int) -> str:
        return shared.client.checkout.sessions.create(session_params(), {"idempotency_key": "checkout:many"}).id

    with ThreadPoolExecutor(16) as pool:
        assert len(set(pool.map(create, range(32)))) == 1


def test_two_presses_of_the_button_make_one_payment(fresh: StandIn) -> None:
    session = fresh.client.checkout.sessions.create(session_params("subscription"))
    form = {"email": "a@example.org", "method": "card", "number": "4242424242424242", "expiry": "1234", "cvc": "123"}

    def press(_: int) -> int:
        url = str(session.url)
        return requests.post(url, data={**form, "name": "A"}, timeout=20, allow_redirects=False).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(press, range(8))) == {303}
    assert fresh.books()["eur"]["payments"] == 1
    assert len(fresh.client.subscriptions.list().data) == 1


def test_gifts_at_once_are_all_booked(fresh: StandIn) -> None:
    def give(_: int) -> None:
        fresh.pay(fresh.client.checkout.sessions.create(session_params()).id)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(give, range(40)))
    assert fresh.books()["eur"]["payments"] == 40
    assert fresh.receiver.types().count("checkout.session.completed") == 40
    assert len({event["id"] for event in fresh.receiver.events}) == len(fresh.receiver.events) == 200
