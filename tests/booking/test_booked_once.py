"""One payment, however often, in whatever order, by however many tellers: one entry, one guard, one mail (P1, P5)."""

from itertools import permutations
from typing import Any

import pytest

from chalicelib.checkouts.rules.wish import Wish
from chalicelib.kernel.table import Change, Table, TransactionLost
from testkit.at_once import at_once
from testkit.harness import ADA, Harness
from testkit.tables import Around, Unguarded
from testkit.webhooks import Json, one

TELLS_OF_ONE_OFF = ("checkout.session.completed", "payment_intent.succeeded")
TELLS_OF_MONTHLY = ("customer.subscription.created", "invoice.paid", "checkout.session.completed")

pytestmark = pytest.mark.engine


def session_of(events: list[Json]) -> str:
    return str(one(events, "checkout.session.completed")["data"]["object"]["id"])


def assert_once(harness: Harness, amount: int = 1000) -> None:
    books = harness.books
    assert len(books.entries) == 1
    assert books.totals == {"eur": (amount, 1)}
    assert books.guards == 1
    assert [mail for mail in books.mails if mail.endswith(":thanks")] == list(books.mails)
    assert [mail.to for mail in harness.mails.sent] == [ADA]


# ---- the same money, told by many ----


@pytest.mark.parametrize("order", list(permutations(["session", "payment", "return"])))
def test_session_payment_and_return_page_tell_of_the_same_money(harness: Harness, order: tuple[str, ...]) -> None:
    events = harness.gives(1000)
    for teller in order:
        if teller == "return":
            assert harness.comes_back(session_of(events)).checkout.status == "paid"
        else:
            harness.tell([one(events, TELLS_OF_ONE_OFF[teller == "payment"])])
    assert_once(harness)
    harness.tell(events)
    harness.tell(reversed(events))
    assert_once(harness)


def test_a_monthly_gift_leaves_the_same_rows_in_every_order(harness: Harness) -> None:
    seen: list[Any] = []
    for order in permutations(TELLS_OF_MONTHLY):
        email = f"{len(seen)}@reader.example"
        events = harness.gives(300, "month", email)
        harness.tell([one(events, kind) for kind in order])
        harness.tell(events)
        state = harness.state(email)
        (gift,) = state.standing.recurring
        rows = [row for row in harness.rows() if row["pk"] == f"SUP#{state.id}"]
        kinds = sorted(row["sk"].partition("#")[0] for row in rows if not row["sk"].startswith("LOG#"))
        tags = sorted(tag for row in rows if row["sk"].startswith("LOG#") for tag in row["tags"])
        seen.append((kinds, tags, gift.tier, gift.status, gift.amount, gift.paid_through - gift.started_at))
        assert harness.access(email).tier == "member"
    assert len(seen) == 6
    assert seen == [seen[0]] * 6
    assert seen[0][1] == ["gift:recurring:booked", "recurring:gift:started"]
    assert harness.books.totals == {"eur": (1800, 6)}
    assert [mail.to for mail in harness.mails.sent] == [f"{n}@reader.example" for n in range(6)], "one thanks each"


def test_a_life_of_a_monthly_gift_from_start_to_end(harness: Harness) -> None:
    harness.tell(harness.gives(300, "month"))
    subscription = harness.stripe.of("subscription")[0]["id"]
    end_of_first = harness.state().standing.recurring[0].paid_through

    harness.tell(harness.stripe.renew(subscription))
    harness.pass_time(harness.stripe.account.seconds - harness.clock.business)
    (gift,) = harness.state().standing.recurring
    assert gift.paid_through > end_of_first
    assert harness.books.totals == {"eur": (600, 2)}

    harness.tell(harness.stripe.stop(subscription))
    (gift,) = harness.state().standing.recurring
    assert (gift.will_renew, gift.ends_at) == (False, gift.paid_through)
    assert harness.access().tier == "member"

    harness.tell(harness.stripe.resume(subscription))
    assert harness.state().standing.recurring[0].will_renew

    harness.tell(harness.stripe.stop(subscription, by="api"))
    harness.tell(harness.stripe.end(subscription))
    assert harness.state().standing.recurring[0].status == "canceled"
    assert harness.access().tier == "member", "until the end of what is paid"
    harness.pass_time(40 * 86_400)
    assert harness.access().tier is None
    assert harness.books.totals == {"eur": (600, 2)}, "ending moves no money"
    assert len(harness.mails.sent) == 5, "thanks, receipt, will end, goes on, has ended"


def test_a_failed_renewal_moves_no_money_and_access_has_its_grace(harness: Harness) -> None:
    harness.tell(harness.gives(300, "month"))
    subscription = harness.stripe.of("subscription")[0]["id"]
    harness.tell(harness.stripe.renew(subscription, fails=True))
    harness.pass_time(harness.stripe.account.seconds - harness.clock.business)
    assert harness.books.totals == {"eur": (300, 1)}
    held = harness.access()
    assert (held.tier, held.payment_failed) == ("member", True)
    harness.pass_time(8 * 86_400)
    assert harness.access().tier is None


@pytest.mark.parametrize("delayed", [True, False])
def test_a_delayed_payment_is_booked_when_it_arrives(harness: Harness, delayed: bool) -> None:
    session = harness.starts(Wish(1000, "eur", "once"))
    events = harness.stripe.pay(session, ADA, delayed=delayed)
    harness.tell(events)
    assert harness.books.totals == ({} if delayed else {"eur": (1000, 1)})
    assert harness.comes_back(session).checkout.status == ("processing" if delayed else "paid")
    if delayed:
        assert harness.access().tier is None
        later = harness.stripe.settle(session)
        harness.tell(later)
        harness.tell(events)
        assert harness.comes_back(session).checkout.status == "paid", "older news does not bring back an older status"
    assert harness.books.totals == {"eur": (1000, 1)}
    assert harness.access().tier == "member"


def test_a_delayed_payment_that_fails_is_told_and_books_nothing(harness: Harness) -> None:
    session = harness.starts(Wish(1000, "eur", "once"))
    harness.tell(harness.stripe.pay(session, ADA, delayed=True))
    harness.tell(harness.stripe.settle(session, succeeds=False))
    assert harness.comes_back(session).checkout.status == "failed"
    assert harness.books.entries == ()
    assert [mail.partition(":")[2] for mail in harness.books.mails] == ["failed", "processing"]


# ---- the guard ----


def at_another_second(harness: Harness) -> None:
    """Stripe's answers about the payment differ by a second from telling to telling."""

    def shift(name: str, answer: Json) -> Json:
        if name == "payment_intent":
            # Of the charge as well, whose time is the gift's.
            for told in (answer, answer["latest_charge"]):
                told["created"] += harness.stripe.calls["payment_intent"]
        return answer

    harness.stripe.on_answer = shift


def test_two_tellings_at_different_seconds_book_once(harness: Harness) -> None:
    at_another_second(harness)
    harness.tell(harness.gives(1000))
    assert_once(harness)


def test_without_the_guard_they_would_book_twice(harness: Harness) -> None:
    """The negative control: the entry's own key holds the time, and does not keep a second one out.

    The thank-you mail, which is named after the payment, would still stand in the way: it is left out too.
    """
    harness.table = Unguarded(Unguarded(harness.table, "MONEY#", drop=True), "MAIL#", drop=True)
    at_another_second(harness)
    harness.tell(harness.gives(1000))
    assert len(harness.books.entries) == 2
    assert harness.books.totals == {"eur": (2000, 2)}


def test_another_gift_that_comes_between_reading_and_writing_is_not_forgotten(harness: Harness) -> None:
    first, second = harness.gives(1000), harness.gives(3000)
    harness.tell(harness.gives(500))  # so that the supporter is known and only the version stands between them
    assert between(harness, harness.table, first, second) == 2


def test_without_the_version_it_would_be_forgotten(harness: Harness) -> None:
    """The negative control: the later writer overwrites what it never saw."""
    first, second = harness.gives(1000), harness.gives(3000)
    harness.tell(harness.gives(500))
    assert between(harness, Unguarded(harness.table, "SUP#", "ACCESS"), first, second) == 1


def between(harness: Harness, table: Table, first: list[Json], second: list[Json]) -> int:
    """While `first` is about to be written, `second` is written; how many grants stand in the end."""
    whole = harness.table

    def other_first(call: str, _what: Any) -> None:
        if call == "transact":
            harness.table = whole
            harness.tell([one(second, "checkout.session.completed")])

    harness.table = Around(table, other_first)
    harness.tell([one(first, "checkout.session.completed")])
    harness.table = whole
    assert harness.books.totals["eur"][0] >= 4000, "the money itself is booked either way"
    return len(harness.state().standing.grants)


def test_news_that_is_old_when_it_is_written_is_fetched_anew(harness: Harness) -> None:
    """Read the version, then ask Stripe: the other way round, this subscription would stay active for ever."""
    events = harness.gives(300, "month")
    harness.tell(events)
    subscription = harness.stripe.of("subscription")[0]["id"]

    def ends_meanwhile(name: str, answer: Json) -> Json:
        if name == "subscription":
            harness.stripe.on_answer = lambda _name, answer: answer
            harness.tell(harness.stripe.end(subscription))
        return answer  # as it stood when it was asked for: still active

    stopped = harness.stripe.stop(subscription)
    harness.stripe.on_answer = ends_meanwhile
    harness.tell(stopped)
    assert harness.state().standing.recurring[0].status == "canceled"


def test_an_event_cut_off_anywhere_before_its_transaction_leaves_nothing_half_done(harness: Harness) -> None:
    events = harness.gives(1000)
    event, before = one(events, "checkout.session.completed"), harness.rows()

    class PowerCut(BaseException):
        pass

    def cut(_call: str, what: Any) -> None:
        if isinstance(what, list):
            raise PowerCut

    real = harness.table
    harness.table = Around(real, cut)
    with pytest.raises(PowerCut):
        harness.take_in(event)
    harness.table = real
    assert [row for row in harness.rows() if not row["pk"].startswith("EVT#")] == before
    harness.pass_time(120)
    assert harness.sweeps()["applied"] == 1
    assert_once(harness)


def test_a_transaction_that_met_another_is_tried_again(harness: Harness) -> None:
    conflicts = [TransactionLost([]), TransactionLost([]), TransactionLost([0])]

    def meet(call: str, what: list[Change]) -> None:
        if call == "transact" and conflicts and len(what) > 2:
            raise conflicts.pop()

    events = harness.gives(1000)
    harness.table = Around(harness.table, meet)
    harness.tell(events)
    assert conflicts == []
    assert_once(harness)


# ---- P5: many at once ----


@pytest.mark.parametrize("count", [2, 16, pytest.param(64, marks=pytest.mark.slow)])
@pytest.mark.parametrize("interval", ["once", "month"])
def test_many_deliveries_at_once_with_the_return_page_and_the_sweep_in_the_crowd(
    harness: Harness, interval: str, count: int
) -> None:
    events = harness.gives(1000, interval)
    event, session = one(events, "checkout.session.completed"), session_of(events)
    harness.stripe.down = True
    harness.take_in(event)
    harness.stripe.down = False
    harness.pass_time(600)

    def crowd(number: int) -> Any:
        if number % 4 == 1:
            return harness.comes_back(session).checkout.id
        if number % 4 == 3:
            return harness.sweeps()["events"] >= 0
        return harness.take_in(event)["stored"]

    results = at_once(count, crowd)
    assert [result for result in results if isinstance(result, BaseException)] == []
    harness.pass_time(600)
    harness.sweeps()
    assert harness.status(event["id"]) == "applied"
    assert harness.comes_back(session).checkout.status == "paid"
    assert_once(harness)


def test_sixteen_different_gifts_of_one_supporter_at_once_all_count(harness: Harness) -> None:
    harness.supporter()
    gifts = [one(harness.gives(1000 + number), "checkout.session.completed") for number in range(16)]
    results = at_once(16, lambda number: harness.take_in(gifts[number])["applied"])
    assert [result for result in results if isinstance(result, BaseException)] == []
    harness.pass_time(3600)
    harness.sweeps()
    books = harness.books
    assert books.totals == {"eur": (sum(1000 + number for number in range(16)), 16)}
    assert len(books.entries) == books.guards == len(harness.mails.sent) == 16
    assert len(harness.state().standing.grants) == 16
