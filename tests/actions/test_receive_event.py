"""Webhooks: durable before they are understood, booked once whatever happens, and nothing for strangers."""

from tests.support.till import ADA, Till, one


def test_a_gift_told_by_its_webhook_is_booked(till: Till) -> None:
    events = till.gives(1000)
    till.tell(events)
    books = till.books
    assert [(row["amount"], row["currency"], row["kind"]) for row in books.entries] == [(1000, "eur", "gift")]
    assert books.totals == {"eur": (1000, 1)}
    assert till.access().tier == "member"
    assert [mail.to for mail in till.post.sent] == [ADA]
    assert till.status(one(events, "checkout.session.completed")["id"]) == "applied"
