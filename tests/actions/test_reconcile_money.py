"""Stripe's own books against the ledger (ring 3): what no event told is booked, what does not add up is said."""

import logging
from typing import Any

import pytest

from chalicelib.checkouts.rules.wish import Wish
from chalicelib.kernel import keys
from chalicelib.kernel.table import Put, Update
from chalicelib.ledger.rows import sums as ledger_sums
from chalicelib.rails.stripe.port import StripeUnavailable
from chalicelib.reconciling.run import MoneyTally
from localdev.stripe.balance import set_settlement
from tests.support.reconciling import reconciles, without
from tests.support.till import ADA, BEN, Json, Till

DAY = 86_400


def money(till: Till, **more: Any) -> MoneyTally:
    """What the money part found."""
    part = reconciles(till, ["money"], **more).parts["money"]
    assert isinstance(part, MoneyTally)
    return part


def sums(found: MoneyTally) -> dict[str, tuple[int, int, int, int]]:
    """(stripe, ledger, missing, unexplained) by currency."""
    sides = found.currencies.items()
    return {code: (one.stripe, one.ledger, one.missing_at_stripe, one.unexplained) for code, one in sides}


def payment_of(till: Till) -> str:
    """The newest payment at Stripe."""
    return str(till.double.of("payment_intent")[-1]["id"])


def alarms(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]


def test_books_that_agree_say_so_and_ask_for_one_list(till: Till, caplog: pytest.LogCaptureFixture) -> None:
    till.tell([*till.gives(1000), *till.gives(300, "month", email=BEN)])
    till.tell(till.double.gives_back(payment_of(till), 100))
    found = money(till)
    assert sums(found) == {"eur": (1200, 1200, 0, 0)}
    assert (found.seen, found.applied, found.differences) == (3, 0, [])
    assert alarms(caplog) == []


@pytest.mark.parametrize("interval", ["once", "month"])
def test_a_gift_that_no_event_told_is_booked_from_its_money(till: Till, interval: str) -> None:
    till.gives(1000, interval)
    found = money(till)
    assert found.applied == 1
    assert sums(found) == {"eur": (1000, 1000, 0, 0)}
    assert till.books.totals == {"eur": (1000, 1)}
    assert till.access().tier == "member"
    assert [mail.to for mail in till.post.sent] == [ADA]
    assert money(till).applied == 0


def test_refunds_there_and_back_and_disputes_lost_and_won_are_booked(till: Till) -> None:
    till.gives(1000)
    first = payment_of(till)
    till.double.gives_back(first, 400)
    till.pass_time(DAY)
    till.double.bank_returns(till.double.of("refund")[0]["id"])
    till.gives(2000, email=BEN)
    till.double.bank_disputes(payment_of(till))
    till.pass_time(DAY)
    till.double.bank_decides(till.double.of("dispute")[0]["id"], won=True)
    till.gives(300, "month", email="cleo@reader.example")
    till.double.bank_disputes(payment_of(till))
    found = money(till)
    assert found.applied == 8
    assert found.faults == 0
    assert sums(found) == {"eur": (3000, 3000, 0, 0)}
    assert sorted(entry["amount"] for entry in till.books.entries) == [-2000, -400, -300, 300, 400, 1000, 2000, 2000]
    assert till.access("cleo@reader.example").tier is None


def test_a_refund_before_its_gift_is_known_books_both_once(till: Till) -> None:
    till.gives(1000)
    gone = [one["id"] for one in till.double.of("balance_transaction")]
    till.double.gives_back(payment_of(till))
    till.double.on_answer = without(*gone, lists=("balance_transactions",))
    found = money(till)
    assert found.applied == 1
    assert sorted(entry["amount"] for entry in till.books.entries) == [-1000, 1000]
    assert sums(found) == {"eur": (-1000, -1000, 0, 0)}, "the gift settles later, as far as this list knows"


def test_a_delayed_payment_is_money_once_it_succeeded(till: Till) -> None:
    session = till.starts(Wish(1000, "eur", "once"))
    till.double.pay(session, ADA, delayed=True)
    assert sums(money(till)) == {}
    till.double.settle(session)
    assert sums(money(till)) == {"eur": (1000, 1000, 0, 0)}


def test_a_delayed_payment_that_failed_is_none(till: Till) -> None:
    session = till.starts(Wish(1000, "eur", "once"))
    till.double.pay(session, ADA, delayed=True)
    till.double.settle(session, succeeds=False)
    found = money(till)
    assert (sums(found), found.differences, till.books.entries) == ({}, [], ())


def test_each_currency_is_compared_as_it_was_charged_whatever_it_settled_in(till: Till) -> None:
    till.double.happens(lambda account: set_settlement(account, "eur"))
    till.tell(till.gives(50_000, currency="uah"))
    till.gives(70_000, currency="uah", email=BEN)
    till.double.gives_back(payment_of(till), 20_000)
    till.double.bank_disputes(str(till.double.of("payment_intent")[0]["id"]))
    found = money(till)
    assert sums(found) == {"uah": (50_000, 50_000, 0, 0)}
    assert found.applied == 3


# ---- fees ----


def test_a_fee_that_was_not_known_when_it_was_booked_is_noted_with_its_sums(till: Till) -> None:
    till.tell(till.gives(1000))
    (entry,) = till.books.entries
    fee = entry["fee"]
    forget_fee(till, entry)
    assert ledger_sums.totals(till.table)["eur"].fees == 0
    found = money(till)
    assert (found.fees, sums(found)) == (1, {"eur": (1000, 1000, 0, 0)})
    assert till.books.entries[0]["fee"] == fee > 0
    assert ledger_sums.totals(till.table)["eur"].fees == fee
    assert money(till).fees == 0


def forget_fee(till: Till, entry: Any) -> None:
    """As if it had been booked before Stripe knew its fee."""
    till.table.write(Update((entry["pk"], entry["sk"]), remove=("fee", "fee_currency")))
    for row in till.kinds("TOTALS"):
        if row.get("fees"):
            till.table.write(Update((row["pk"], row["sk"]), set={"fees": 0}))


# ---- what is none of ours ----


def foreign(till: Till) -> list[Json]:
    """A gift to another product on the same account."""
    events = till.gives(1000)
    for kind in ("checkout.session", "payment_intent", "subscription", "charge"):
        for found in till.double.of(kind):
            till.double.account.put(found | {"metadata": {}})
    return events


def test_money_of_another_product_is_counted_apart_and_asked_about_once(till: Till) -> None:
    foreign(till)
    assert (money(till, by_hand=False).foreign, till.books.entries) == (1, ())
    till.pass_time(DAY)
    calls = till.double.calls.total()
    found = money(till, by_hand=False)
    assert (found.foreign, found.differences, sums(found)) == (1, [], {})
    assert till.double.calls.total() - calls == 2, "the two lists"
    assert money(till).foreign == 1
    assert till.double.calls.total() - calls > 4, "a person has it looked at anew"


def test_another_products_own_mark_needs_no_question_at_all(till: Till) -> None:
    till.gives(1000)
    for kind in ("payment_intent", "charge"):
        for found in till.double.of(kind):
            till.double.account.put(found | {"metadata": {"spilno": "another-newsroom"}})
    calls = till.double.calls.total()
    assert money(till).foreign == 1
    assert till.double.calls.total() - calls == 2


# ---- what does not add up ----


def test_money_that_cannot_be_booked_is_a_difference_and_an_alarm(
    till: Till, caplog: pytest.LogCaptureFixture
) -> None:
    till.tell(till.gives(1000))
    till.gives(500, email=BEN)
    lost = payment_of(till)

    def ill(name: str, answer: Any) -> Any:
        return answer | {"currency": None} if name == "payment_intent" and answer["id"] == lost else answer

    till.double.on_answer = ill
    done = reconciles(till, ["money"])
    found = done.parts["money"]
    assert isinstance(found, MoneyTally)
    assert done.differs
    assert sums(found) == {"eur": (1500, 1000, 0, 500)}
    assert (found.faults, found.differences) == (1, [lost])
    assert done.as_json()["money"]["currencies"]["eur"]["unexplained"] == 500
    assert alarms(caplog) == [
        "alarm reconcile_difference currency=eur unexplained=500 missing=0",
        f"alarm reconcile_difference movements=1 first={lost}",
    ]
    assert BEN not in caplog.text


def test_an_entry_that_stripe_knows_nothing_of_is_missing_there(till: Till, caplog: pytest.LogCaptureFixture) -> None:
    till.tell(till.gives(1000))
    (entry,) = till.books.entries
    made_up = dict(entry) | {
        "id": "pi_made_up",
        "amount": 700,
        "sk": f"{entry['sk']}x",
        "gsi1sk": entry["gsi1sk"] + "x",
    }
    till.table.write(Put(made_up))
    found = money(till)
    assert sums(found) == {"eur": (1000, 1700, 700, -700)}
    assert found.differences == ["pi_made_up"]
    assert "alarm reconcile_difference currency=eur unexplained=-700 missing=700" in alarms(caplog)


def test_differences_that_cancel_out_are_differences_all_the_same(till: Till) -> None:
    till.tell([*till.gives(1000), *till.gives(1000, email=BEN)])
    first, second = till.books.entries
    for entry, amount in ((first, 900), (second, 1100)):
        till.table.write(Update((entry["pk"], entry["sk"]), set={"amount": amount}))
    found = money(till)
    assert sums(found) == {"eur": (2000, 2000, 0, 0)}
    assert sorted(found.differences) == sorted([first["id"], second["id"]])


def test_a_payment_whose_money_is_not_on_the_list_yet_is_not_missing(till: Till) -> None:
    till.tell(till.gives(1000))
    till.double.on_answer = without(
        *(one["id"] for one in till.double.of("balance_transaction")), lists=("balance_transactions",)
    )
    found = money(till)
    assert (found.differences, sums(found)) == ([], {})


def test_what_stripe_could_not_say_just_now_is_no_difference(till: Till, caplog: pytest.LogCaptureFixture) -> None:
    till.tell(till.gives(1000))
    till.gives(500, email=BEN)

    def broken(name: str) -> None:
        if name == "payment_intent":
            raise StripeUnavailable("status 500")

    till.double.on_call = broken
    done = reconciles(till, ["money"])
    assert done.failed["money"] == "outage"
    assert not done.differs
    assert alarms(caplog) == []


def test_entries_older_than_the_window_are_left_alone(till: Till) -> None:
    till.tell(till.gives(1000))
    till.pass_time(40 * DAY)
    till.tell(till.gives(500, email=BEN))
    assert sums(money(till)) == {"eur": (500, 500, 0, 0)}
    assert sums(money(till, days=41)) == {"eur": (1500, 1500, 0, 0)}, "unless a person asks for more"


def test_a_source_that_came_by_name_alone_is_fetched(till: Till) -> None:
    till.gives(1000)
    till.double.gives_back(payment_of(till), 100)

    def bare(name: str, answer: Any) -> Any:
        if name != "balance_transactions":
            return answer
        return answer | {"data": [one | {"source": one["source"]["id"]} for one in answer["data"]]}

    till.double.on_answer = bare
    found = money(till)
    assert (found.applied, sums(found)) == (2, {"eur": (900, 900, 0, 0)})


def test_other_lines_of_stripes_books_are_none_of_our_business(till: Till) -> None:
    till.tell(till.gives(1000))

    def more(name: str, answer: Any) -> Any:
        if name != "balance_transactions":
            return answer
        line = answer["data"][0]
        kinds = [("payout", "po_1"), ("stripe_fee", None), ("adjustment", {"id": "tr_1", "object": "transfer"})]
        extra = [line | {"id": f"txn_{at}", "type": kind, "source": of} for at, (kind, of) in enumerate(kinds)]
        return answer | {"data": [*extra, *answer["data"]]}

    till.double.on_answer = more
    found = money(till)
    assert (found.seen, sums(found)) == (4, {"eur": (1000, 1000, 0, 0)})


def test_what_reconcile_remembers_of_foreign_money_goes_by_itself(till: Till) -> None:
    foreign(till)
    money(till, by_hand=False)
    row = till.table.get(keys.foreign(payment_of(till))) or {}
    assert row["expires"] > till.business + 35 * DAY
