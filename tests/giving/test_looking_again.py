"""A reader looks at a checkout, as often as they like: looking alone writes nothing."""

from chalicelib.checkouts.rules.wish import Wish
from chalicelib.kernel import email_address
from testkit.harness import ADA, Harness


def test_looking_at_an_unpaid_checkout_leaves_no_trace(harness: Harness) -> None:
    session = harness.starts(Wish(1000, "eur", "once", email=email_address.read("nobody.yet@reader.example")))
    before = harness.rows()
    for _ in range(3):
        looked = harness.comes_back(session)
        assert (looked.checkout.status, looked.asked) == ("open", True)
    assert harness.rows() == before


def test_looking_again_at_a_paid_checkout_leaves_no_trace(harness: Harness) -> None:
    events = harness.gives(1000)
    session = next(event["data"]["object"]["id"] for event in events if event["type"] == "checkout.session.completed")
    harness.comes_back(session)
    before = harness.rows()
    assert harness.comes_back(session).checkout.status == "paid"
    assert harness.rows() == before
    assert harness.access(ADA).tier == "member"
