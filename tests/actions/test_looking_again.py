"""A reader looks at a checkout, as often as they like: looking alone writes nothing."""

from chalicelib.checkouts.rules.wish import Wish
from chalicelib.kernel import email_address
from tests.support.till import ADA, Till


def test_looking_at_an_unpaid_checkout_leaves_no_trace(till: Till) -> None:
    session = till.starts(Wish(1000, "eur", "once", email=email_address.read("nobody.yet@reader.example")))
    before = till.rows()
    for _ in range(3):
        looked = till.comes_back(session)
        assert (looked.checkout.status, looked.asked) == ("open", True)
    assert till.rows() == before


def test_looking_again_at_a_paid_checkout_leaves_no_trace(till: Till) -> None:
    events = till.gives(1000)
    session = next(event["data"]["object"]["id"] for event in events if event["type"] == "checkout.session.completed")
    till.comes_back(session)
    before = till.rows()
    assert till.comes_back(session).checkout.status == "paid"
    assert till.rows() == before
    assert till.access(ADA).tier == "member"
