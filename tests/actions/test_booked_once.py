"""One payment, however often, in whatever order, by however many tellers: one entry, one guard, one mail (P1, P5)."""

from itertools import permutations
from typing import Any

import pytest

from chalicelib.checkouts.rules.wish import Wish
from chalicelib.kernel.table import Change, Table, TransactionLost
from tests.support.tables import Around, Unguarded
from tests.support.till import ADA, Json, Till, at_once, one

TELLS_OF_ONE_OFF = ("checkout.session.completed", "payment_intent.succeeded")
TELLS_OF_MONTHLY = ("customer.subscription.created", "invoice.paid", "checkout.session.completed")


def session_of(events: list[Json]) -> str:
    return str(one(events, "checkout.session.completed")["data"]["object"]["id"])


def assert_once(till: Till, amount: int = 1000) -> None:
    books = till.books
    assert len(books.entries) == 1
    assert books.totals == {"eur": (amount, 1)}
    assert books.guards == 1
    assert [mail for mail in books.mails if mail.endswith(":thanks")] == list(books.mails)
    assert [mail.to for mail in till.post.sent] == [ADA]


# ---- the same money, told by many ----


@pytest.mark.parametrize("order", list(permutations(["session", "payment", "return"])))
def test_session_payment_and_return_page_tell_of_the_same_money(till: Till, order: tuple[str, ...]) -> None:
    events = till.gives(1000)
    for teller in order:
        if teller == "return":
            assert till.comes_back(session_of(events)).checkout.status == "paid"
        else:
            till.tell([one(events, TELLS_OF_ONE_OFF[teller == "payment"])])
    assert_once(till)
    till.tell(events)
    till.tell(reversed(events))
    assert_once(till)


def test_a_monthly_gift_leaves_the_same_rows_in_every_order(till: Till) -> None:
    seen: list[Any] = []
    for order in permutations(TELLS_OF_MONTHLY):
        email = f"{len(seen)}@reader.example"
        events = till.gives(300, "month", email)
        till.tell([one(events, kind) for kind in order])
        till.tell(events)
        state = till.state(email)
        (gift,) = state.standing.recurring
        rows = [row for row in till.rows() if row["pk"] == f"SUP#{state.id}"]
        kinds = sorted(row["sk"].partition("#")[0] for row in rows if not row["sk"].startswith("LOG#"))
        tags = sorted(tag for row in rows if row["sk"].startswith("LOG#") for tag in row["tags"])
        seen.append((kinds, tags, gift.tier, gift.status, gift.amount, gift.paid_through - gift.started_at))
        assert till.access(email).tier == "member"
    assert len(seen) == 6
    assert seen == [seen[0]] * 6
    assert seen[0][1] == ["gift:recurring:booked", "recurring:gift:started"]
    assert till.books.totals == {"eur": (1800, 6)}
    assert [mail.to for mail in till.post.sent] == [f"{n}@reader.example" for n in range(6)], "one thanks each"


def test_a_life_of_a_monthly_gift_from_start_to_end(till: Till) -> None:
    till.tell(till.gives(300, "month"))
    subscription = till.double.of("subscription")[0]["id"]
    end_of_first = till.state().standing.recurring[0].paid_through

    till.tell(till.double.renew(subscription))
    till.pass_time(till.double.account.seconds - till.business)
    (gift,) = till.state().standing.recurring
    assert gift.paid_through > end_of_first
    assert till.books.totals == {"eur": (600, 2)}

    till.tell(till.double.stop(subscription))
    (gift,) = till.state().standing.recurring
    assert (gift.will_renew, gift.ends_at) == (False, gift.paid_through)
    assert till.access().tier == "member"

    till.tell(till.double.resume(subscription))
    assert till.state().standing.recurring[0].will_renew

    till.tell(till.double.stop(subscription, by="api"))
    till.tell(till.double.end(subscription))
    assert till.state().standing.recurring[0].status == "canceled"
    assert till.access().tier == "member", "until the end of what is paid"
    till.pass_time(40 * 86_400)
    assert till.access().tier is None
    assert till.books.totals == {"eur": (600, 2)}, "ending moves no money"
    assert len(till.post.sent) == 5, "thanks, receipt, will end, goes on, has ended"


def test_a_failed_renewal_moves_no_money_and_access_has_its_grace(till: Till) -> None:
    till.tell(till.gives(300, "month"))
    subscription = till.double.of("subscription")[0]["id"]
    till.tell(till.double.renew(subscription, fails=True))
    till.pass_time(till.double.account.seconds - till.business)
    assert till.books.totals == {"eur": (300, 1)}
    held = till.access()
    assert (held.tier, held.payment_failed) == ("member", True)
    till.pass_time(8 * 86_400)
    assert till.access().tier is None


@pytest.mark.parametrize("delayed", [True, False])
def test_a_delayed_payment_is_booked_when_it_arrives(till: Till, delayed: bool) -> None:
    session = till.starts(Wish(1000, "eur", "once"))
    events = till.double.pay(session, ADA, delayed=delayed)
    till.tell(events)
    assert till.books.totals == ({} if delayed else {"eur": (1000, 1)})
    assert till.comes_back(session).checkout.status == ("processing" if delayed else "paid")
    if delayed:
        assert till.access().tier is None
        later = till.double.settle(session)
        till.tell(later)
        till.tell(events)
        assert till.comes_back(session).checkout.status == "paid", "older news does not bring back an older status"
    assert till.books.totals == {"eur": (1000, 1)}
    assert till.access().tier == "member"


def test_a_delayed_payment_that_fails_is_told_and_books_nothing(till: Till) -> None:
    session = till.starts(Wish(1000, "eur", "once"))
    till.tell(till.double.pay(session, ADA, delayed=True))
    till.tell(till.double.settle(session, succeeds=False))
    assert till.comes_back(session).checkout.status == "failed"
    assert till.books.entries == ()
    assert [mail.partition(":")[2] for mail in till.books.mails] == ["failed", "processing"]


# ---- the guard ----


def at_another_second(till: Till) -> None:
    """Stripe's answers about the payment differ by a second from telling to telling."""

    def shift(name: str, answer: Json) -> Json:
        if name == "payment_intent":
            answer["created"] += till.double.calls["payment_intent"]
        return answer

    till.double.on_answer = shift


def test_two_tellings_at_different_seconds_book_once(till: Till) -> None:
    at_another_second(till)
    till.tell(till.gives(1000))
    assert_once(till)


def test_without_the_guard_they_would_book_twice(till: Till) -> None:
    """The negative control: the entry's own key holds the time, and does not keep a second one out.

    The thank-you mail, which is named after the payment, would still stand in the way: it is left out too.
    """
    till.table = Unguarded(Unguarded(till.table, "MONEY#", drop=True), "MAIL#", drop=True)
    at_another_second(till)
    till.tell(till.gives(1000))
    assert len(till.books.entries) == 2
    assert till.books.totals == {"eur": (2000, 2)}


def test_another_gift_that_comes_between_reading_and_writing_is_not_forgotten(till: Till) -> None:
    first, second = till.gives(1000), till.gives(3000)
    till.tell(till.gives(500))  # so that the supporter is known and only the version stands between them
    assert between(till, till.table, first, second) == 2


def test_without_the_version_it_would_be_forgotten(till: Till) -> None:
    """The negative control: the later writer overwrites what it never saw."""
    first, second = till.gives(1000), till.gives(3000)
    till.tell(till.gives(500))
    assert between(till, Unguarded(till.table, "SUP#", "ACCESS"), first, second) == 1


def between(till: Till, table: Table, first: list[Json], second: list[Json]) -> int:
    """While `first` is about to be written, `second` is written; how many grants stand in the end."""
    whole = till.table

    def other_first(call: str, _what: Any) -> None:
        if call == "transact":
            till.table = whole
            till.tell([one(second, "checkout.session.completed")])

    till.table = Around(table, other_first)
    till.tell([one(first, "checkout.session.completed")])
    till.table = whole
    assert till.books.totals["eur"][0] >= 4000, "the money itself is booked either way"
    return len(till.state().standing.grants)


def test_news_that_is_old_when_it_is_written_is_fetched_anew(till: Till) -> None:
    """Read the version, then ask Stripe: the other way round, this subscription would stay active for ever."""
    events = till.gives(300, "month")
    till.tell(events)
    subscription = till.double.of("subscription")[0]["id"]

    def ends_meanwhile(name: str, answer: Json) -> Json:
        if name == "subscription":
            till.double.on_answer = lambda _name, answer: answer
            till.tell(till.double.end(subscription))
        return answer  # as it stood when it was asked for: still active

    stopped = till.double.stop(subscription)
    till.double.on_answer = ends_meanwhile
    till.tell(stopped)
    assert till.state().standing.recurring[0].status == "canceled"


def test_an_event_cut_off_anywhere_before_its_transaction_leaves_nothing_half_done(till: Till) -> None:
    events = till.gives(1000)
    event, before = one(events, "checkout.session.completed"), till.rows()

    class PowerCut(BaseException):
        pass

    def cut(_call: str, what: Any) -> None:
        if isinstance(what, list):
            raise PowerCut

    real = till.table
    till.table = Around(real, cut)
    with pytest.raises(PowerCut):
        till.take_in(event)
    till.table = real
    assert [row for row in till.rows() if not row["pk"].startswith("EVT#")] == before
    till.pass_time(120)
    assert till.sweeps()["applied"] == 1
    assert_once(till)


def test_a_transaction_that_met_another_is_tried_again(till: Till) -> None:
    conflicts = [TransactionLost([]), TransactionLost([]), TransactionLost([0])]

    def meet(call: str, what: list[Change]) -> None:
        if call == "transact" and conflicts and len(what) > 2:
            raise conflicts.pop()

    events = till.gives(1000)
    till.table = Around(till.table, meet)
    till.tell(events)
    assert conflicts == []
    assert_once(till)


# ---- P5: many at once ----


@pytest.mark.parametrize("count", [2, 16, pytest.param(64, marks=pytest.mark.slow)])
@pytest.mark.parametrize("interval", ["once", "month"])
def test_many_deliveries_at_once_with_the_return_page_and_the_sweep_in_the_crowd(
    till: Till, interval: str, count: int
) -> None:
    events = till.gives(1000, interval)
    event, session = one(events, "checkout.session.completed"), session_of(events)
    till.double.down = True
    till.take_in(event)
    till.double.down = False
    till.pass_time(600)

    def crowd(number: int) -> Any:
        if number % 4 == 1:
            return till.comes_back(session).checkout.id
        if number % 4 == 3:
            return till.sweeps()["events"] >= 0
        return till.take_in(event)["stored"]

    results = at_once(count, crowd)
    assert [result for result in results if isinstance(result, BaseException)] == []
    till.pass_time(600)
    till.sweeps()
    assert till.status(event["id"]) == "applied"
    assert till.comes_back(session).checkout.status == "paid"
    assert_once(till)


def test_sixteen_different_gifts_of_one_supporter_at_once_all_count(till: Till) -> None:
    till.known()
    gifts = [one(till.gives(1000 + number), "checkout.session.completed") for number in range(16)]
    results = at_once(16, lambda number: till.take_in(gifts[number])["applied"])
    assert [result for result in results if isinstance(result, BaseException)] == []
    till.pass_time(3600)
    till.sweeps()
    books = till.books
    assert books.totals == {"eur": (sum(1000 + number for number in range(16)), 16)}
    assert len(books.entries) == books.guards == len(till.post.sent) == 16
    assert len(till.state().standing.grants) == 16
