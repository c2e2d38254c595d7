"""Stripe's own books against the ledger (ring 3): what no event told is booked, what does not add up is said."""

from typing import Any

import pytest

from chalicelib.checkouts.rules.wish import Wish
from chalicelib.kernel import keys
from chalicelib.kernel.table import Delete, Put, Update
from chalicelib.ledger.rows import sums as ledger_sums
from chalicelib.rails.stripe.port import StripeUnavailable
from chalicelib.reconciling.run import MoneyTally
from localdev.stripe.balance import set_settlement
from testkit.harness import ADA, BEN, Harness
from testkit.reconciling import reconciles, scheduled, without
from testkit.webhooks import Json
from tests.closing.nights import raised

DAY = 86_400


def money(harness: Harness, **more: Any) -> MoneyTally:
    """What the money part found."""
    part = reconciles(harness, ["money"], **more).parts["money"]
    assert isinstance(part, MoneyTally)
    return part


def by_schedule(harness: Harness) -> MoneyTally:
    """What the schedule found in the next night."""
    part = scheduled(harness, ["money"]).parts["money"]
    assert isinstance(part, MoneyTally)
    return part


def sums(found: MoneyTally) -> dict[str, tuple[int, int, int, int]]:
    """(stripe, ledger, missing, unexplained) by currency."""
    sides = found.currencies.items()
    return {code: (one.provider, one.ledger, one.missing, one.unexplained) for code, one in sides}


def payment_of(harness: Harness) -> str:
    """The newest payment at Stripe."""
    return str(harness.stripe.of("payment_intent")[-1]["id"])


def test_books_that_agree_say_so(harness: Harness, caplog: pytest.LogCaptureFixture) -> None:
    harness.tell([*harness.gives(1000), *harness.gives(300, "month", email=BEN)])
    harness.tell(harness.stripe.gives_back(payment_of(harness), 100))
    found = money(harness)
    assert sums(found) == {"eur": (1200, 1200, 0, 0)}
    assert (found.seen, found.applied, found.differences) == (3, 0, [])
    assert raised(caplog) == []


@pytest.mark.parametrize("interval", ["once", "month"])
def test_a_gift_that_no_event_told_is_booked_from_its_money(harness: Harness, interval: str) -> None:
    harness.gives(1000, interval)
    found = money(harness)
    assert found.applied == 1
    assert sums(found) == {"eur": (1000, 1000, 0, 0)}
    assert harness.books.totals == {"eur": (1000, 1)}
    assert harness.access().tier == "member"
    assert [mail.to for mail in harness.mails.sent] == [ADA]
    assert money(harness).applied == 0


def test_refunds_there_and_back_and_disputes_lost_and_won_are_booked(harness: Harness) -> None:
    harness.gives(1000)
    first = payment_of(harness)
    harness.stripe.gives_back(first, 400)
    harness.pass_time(DAY)
    harness.stripe.bank_returns(harness.stripe.of("refund")[0]["id"])
    harness.gives(2000, email=BEN)
    harness.stripe.bank_disputes(payment_of(harness))
    harness.pass_time(DAY)
    harness.stripe.bank_decides(harness.stripe.of("dispute")[0]["id"], won=True)
    harness.gives(300, "month", email="cleo@reader.example")
    harness.stripe.bank_disputes(payment_of(harness))
    found = money(harness)
    assert found.applied == 6, "what came back of a refund or a dispute was booked with what was taken"
    assert found.faults == 0
    assert sums(found) == {"eur": (3000, 3000, 0, 0)}
    assert sorted(entry["amount"] for entry in harness.books.entries) == [
        -2000,
        -400,
        -300,
        300,
        400,
        1000,
        2000,
        2000,
    ]
    assert harness.access("cleo@reader.example").tier is None


def test_a_refund_before_its_gift_is_known_books_both_once(harness: Harness) -> None:
    harness.gives(1000)
    gone = [one["id"] for one in harness.stripe.of("balance_transaction")]
    harness.stripe.gives_back(payment_of(harness))
    harness.stripe.on_answer = without(*gone, lists=("balance_transactions",))
    found = money(harness)
    assert found.applied == 1
    assert sorted(entry["amount"] for entry in harness.books.entries) == [-1000, 1000]
    assert sums(found) == {"eur": (-1000, -1000, 0, 0)}, "the gift settles later, as far as this list knows"


def test_a_delayed_payment_is_money_once_it_succeeded(harness: Harness) -> None:
    session = harness.starts(Wish(1000, "eur", "once"))
    harness.stripe.pay(session, ADA, delayed=True)
    assert sums(money(harness)) == {}
    harness.stripe.settle(session)
    assert sums(money(harness)) == {"eur": (1000, 1000, 0, 0)}


def test_a_delayed_payment_that_failed_is_none(harness: Harness) -> None:
    session = harness.starts(Wish(1000, "eur", "once"))
    harness.stripe.pay(session, ADA, delayed=True)
    harness.stripe.settle(session, succeeds=False)
    found = money(harness)
    assert (sums(found), found.differences, harness.books.entries) == ({}, [], ())


def test_each_currency_is_compared_as_it_was_charged_whatever_it_settled_in(harness: Harness) -> None:
    harness.stripe.happens(lambda account: set_settlement(account, "eur"))
    harness.tell(harness.gives(50_000, currency="uah"))
    harness.gives(70_000, currency="uah", email=BEN)
    harness.stripe.gives_back(payment_of(harness), 20_000)
    harness.stripe.bank_disputes(str(harness.stripe.of("payment_intent")[0]["id"]))
    found = money(harness)
    assert sums(found) == {"uah": (50_000, 50_000, 0, 0)}
    assert found.applied == 3


# ---- fees ----


def test_a_fee_that_was_not_known_when_it_was_booked_is_noted_with_its_sums(harness: Harness) -> None:
    harness.tell(harness.gives(1000))
    (entry,) = harness.books.entries
    fee = entry["fee"]
    forget_fee(harness, entry)
    assert ledger_sums.totals(harness.table)["eur"].fees == 0
    found = money(harness)
    assert (found.fees, sums(found)) == (1, {"eur": (1000, 1000, 0, 0)})
    assert harness.books.entries[0]["fee"] == fee > 0
    assert ledger_sums.totals(harness.table)["eur"].fees == fee
    assert money(harness).fees == 0


def forget_fee(harness: Harness, entry: Any) -> None:
    """As if it had been booked before Stripe knew its fee."""
    harness.table.write(Update((entry["pk"], entry["sk"]), remove=("fee", "fee_currency")))
    for row in harness.kinds("TOTALS"):
        if row.get("fees"):
            harness.table.write(Update((row["pk"], row["sk"]), set={"fees": 0}))


# ---- what is none of ours ----


def foreign(harness: Harness) -> list[Json]:
    """A gift to another product on the same account."""
    events = harness.gives(1000)
    for kind in ("checkout.session", "payment_intent", "subscription", "charge"):
        for found in harness.stripe.of(kind):
            harness.stripe.account.put(found | {"metadata": {}})
    return events


def test_money_of_another_product_is_counted_apart_and_asked_about_once(harness: Harness) -> None:
    foreign(harness)
    assert (by_schedule(harness).foreign, harness.books.entries) == (1, ())
    harness.table.write(Delete(keys.days_walked("stripe")))
    harness.stripe.calls.clear()
    found = by_schedule(harness)
    assert (found.foreign, found.differences, sums(found)) == (1, [], {})
    assert set(harness.stripe.calls) == {"balance_transactions", "subscriptions"}, "the two lists"
    assert money(harness).foreign == 1
    assert len(harness.stripe.calls) > 2, "a person has it looked at anew"


def test_another_products_own_mark_needs_no_question_at_all(harness: Harness) -> None:
    harness.gives(1000)
    for kind in ("payment_intent", "charge"):
        for found in harness.stripe.of(kind):
            harness.stripe.account.put(found | {"metadata": {"spilno": "another-newsroom"}})
    harness.stripe.calls.clear()
    assert money(harness).foreign == 1
    assert set(harness.stripe.calls) == {"balance_transactions", "subscriptions"}


# ---- what does not add up ----


def test_money_that_cannot_be_booked_is_a_difference_and_an_alarm(
    harness: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    harness.tell(harness.gives(1000))
    harness.gives(500, email=BEN)
    lost = payment_of(harness)

    def ill(name: str, answer: Any) -> Any:
        return answer | {"currency": None} if name == "payment_intent" and answer["id"] == lost else answer

    harness.stripe.on_answer = ill
    done = reconciles(harness, ["money"])
    found = done.parts["money"]
    assert isinstance(found, MoneyTally)
    assert done.differs
    assert sums(found) == {"eur": (1500, 1000, 0, 500)}
    assert (found.faults, found.differences) == (1, [lost])
    assert done.as_json()["money"]["currencies"]["eur"]["unexplained"] == 500
    assert raised(caplog) == [
        "alarm reconcile_difference currency=eur unexplained=500 missing=0",
        f"alarm reconcile_difference movements=1 first={lost}",
    ]
    assert BEN not in caplog.text


def test_an_entry_that_stripe_knows_nothing_of_is_missing_there(
    harness: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    harness.tell(harness.gives(1000))
    (entry,) = harness.books.entries
    made_up = dict(entry) | {
        "id": "pi_made_up",
        "amount": 700,
        "sk": f"{entry['sk']}x",
        "gsi1sk": entry["gsi1sk"] + "x",
    }
    harness.table.write(Put(made_up))
    found = money(harness)
    assert sums(found) == {"eur": (1000, 1700, 700, -700)}
    assert found.differences == ["pi_made_up"]
    assert "alarm reconcile_difference currency=eur unexplained=-700 missing=700" in raised(caplog)


def test_differences_that_cancel_out_are_differences_all_the_same(harness: Harness) -> None:
    harness.tell([*harness.gives(1000), *harness.gives(1000, email=BEN)])
    first, second = harness.books.entries
    for entry, amount in ((first, 900), (second, 1100)):
        harness.table.write(Update((entry["pk"], entry["sk"]), set={"amount": amount}))
    found = money(harness)
    assert sums(found) == {"eur": (2000, 2000, 0, 0)}
    assert sorted(found.differences) == sorted([first["id"], second["id"]])


def test_a_payment_whose_money_is_not_on_the_list_yet_is_not_missing(harness: Harness) -> None:
    harness.tell(harness.gives(1000))
    harness.stripe.on_answer = without(
        *(one["id"] for one in harness.stripe.of("balance_transaction")), lists=("balance_transactions",)
    )
    found = money(harness)
    assert (found.differences, sums(found)) == ([], {})


def test_what_stripe_could_not_say_just_now_is_no_difference(
    harness: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    harness.tell(harness.gives(1000))
    harness.gives(500, email=BEN)

    def broken(name: str) -> None:
        if name == "payment_intent":
            raise StripeUnavailable("status 500")

    harness.stripe.on_call = broken
    done = reconciles(harness, ["money"])
    assert done.failed["money"] == "outage"
    assert not done.differs
    assert raised(caplog) == []


def test_entries_older_than_the_window_are_left_alone(harness: Harness) -> None:
    harness.tell(harness.gives(1000))
    harness.pass_time(40 * DAY)
    harness.tell(harness.gives(500, email=BEN))
    assert sums(money(harness)) == {"eur": (500, 500, 0, 0)}
    assert sums(money(harness, days=41)) == {"eur": (1500, 1500, 0, 0)}, "unless a person asks for more"


def test_a_source_that_came_by_name_alone_is_fetched(harness: Harness) -> None:
    harness.gives(1000)
    harness.stripe.gives_back(payment_of(harness), 100)

    def bare(name: str, answer: Any) -> Any:
        if name != "balance_transactions":
            return answer
        return answer | {"data": [one | {"source": one["source"]["id"]} for one in answer["data"]]}

    harness.stripe.on_answer = bare
    found = money(harness)
    assert (found.applied, sums(found)) == (2, {"eur": (900, 900, 0, 0)})


def test_other_lines_of_stripes_books_are_none_of_our_business(harness: Harness) -> None:
    harness.tell(harness.gives(1000))

    def more(name: str, answer: Any) -> Any:
        if name != "balance_transactions" or not answer["data"]:
            return answer
        line = answer["data"][0]
        kinds = [("payout", "po_1"), ("stripe_fee", None), ("adjustment", {"id": "tr_1", "object": "transfer"})]
        extra = [line | {"id": f"txn_{at}", "type": kind, "source": of} for at, (kind, of) in enumerate(kinds)]
        return answer | {"data": [*extra, *answer["data"]]}

    harness.stripe.on_answer = more
    found = money(harness)
    assert (found.seen, sums(found)) == (4, {"eur": (1000, 1000, 0, 0)})


def test_what_reconcile_remembers_of_foreign_money_goes_by_itself(harness: Harness) -> None:
    foreign(harness)
    by_schedule(harness)
    row = harness.table.get(keys.foreign(payment_of(harness))) or {}
    assert row["expires"] > harness.clock.business + 35 * DAY
