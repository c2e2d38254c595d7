"""Two records of one person become one: everything moves, nothing is lost or counted twice, sums stay."""

from typing import Any

import pytest

from chalicelib.kernel.table import Contended, Put, TableUnavailable
from chalicelib.ledger.actions.number_receipts import ReceiptNumbers
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rows import receipts
from chalicelib.ledger.rules.movements import Fee
from chalicelib.ledger.rules.stored import StoredEntry
from chalicelib.mail.rows import switched_off
from chalicelib.rails.stripe.about import events_about
from chalicelib.reminders.rows import reminders
from chalicelib.reminders.rows.reminders import AskedReminder
from chalicelib.supporters.rules.access import Standing
from chalicelib.supporters.rules.merging import merged
from localdev.around import Around
from testkit.correcting import rows_of
from testkit.harness import ADA, Harness
from testkit.merging import OLD, merges, two_records
from testkit.own_address import Failing
from testkit.rebuilding import found, rebuilds
from testkit.visitor import Visitor


def essence(harness: Harness) -> dict[tuple[str, str], Any]:
    """What a merge must come to, whatever happened on the way; the random name of its line of history left out."""
    kinds = ("SUP#", "MONEY#", "RECEIPT", "EVT#", "CUS#", "EMAIL#", "TOTALS")
    kept = {}
    for row in harness.rows():
        if row["pk"].startswith(kinds):
            is_line = row["sk"].startswith("LOG#") and "supporter:records:merged" in row["tags"]
            kept[row["pk"], "LOG#merged" if is_line else row["sk"]] = {**row, "sk": ""}
    return kept


# ---- what becomes of everything ----


def test_everything_of_the_one_is_the_others(harness: Harness) -> None:
    source, into = two_records(harness)
    before, sums = (harness.state(OLD), harness.state(ADA)), harness.totals()
    gave = {row["id"] for row in harness.books.entries}
    events = {*events_about(harness.table, source), *events_about(harness.table, into)}
    numbers = receipts.numbers_of(harness.table, source)
    assert len(numbers) >= 2
    done = merges(harness, source, into)
    assert done.rows["MONEY"] == 6
    assert not harness.knows(OLD)
    after = harness.state(ADA)
    assert after.id == into
    both = merged(before[1].standing, before[0].standing)
    assert (after.standing.grants, after.standing.reversals) == (both.grants, both.reversals)
    assert set(after.standing.recurring) == set(both.recurring)
    assert len(after.standing.recurring) == 3
    assert harness.totals() == sums
    assert {row["id"] for row in harness.books.entries} == gave
    assert {row["supporter"] for row in harness.books.entries} == {into}
    assert {*events_about(harness.table, into)} == events
    assert receipts.numbers_of(harness.table, into).items() >= numbers.items()
    assert {receipts.read(harness.table, number).supporter for number in numbers.values()} == {into}  # type: ignore[union-attr] # given
    assert list(rows_of(harness, source)) == ["ACCESS"]
    named = [
        row for row in harness.rows() if source in (row.get("supporter"), row.get("gsi1pk", "").partition("#")[2])
    ]
    assert [row["pk"].partition("#")[0] for row in named if not row["pk"].startswith(("CHECKOUT", "SESSION"))] == []
    assert found(rebuilds(harness)) == []


def test_what_stripe_says_of_the_one_is_booked_for_the_other(harness: Harness) -> None:
    source, into = two_records(harness)
    merges(harness, source, into)
    for subscription in harness.stripe.of("subscription"):
        harness.tell(harness.stripe.renew(subscription["id"]))
    first = harness.stripe.of("payment_intent")[0]["id"]
    harness.tell(harness.stripe.gives_back(first))
    (dispute,) = harness.stripe.of("dispute")
    harness.tell(harness.stripe.bank_decides(dispute["id"], won=True))
    assert {row["supporter"] for row in harness.books.entries} == {into}
    assert harness.mails.last.to == ADA
    assert found(rebuilds(harness)) == []


def test_both_addresses_are_told_and_all_devices_are_out(harness: Harness) -> None:
    source, into = two_records(harness)
    old, new = Visitor(), Visitor(client="192.0.2.9")
    harness.sign_in(old, OLD)
    harness.sign_in(new, ADA)
    done = merges(harness, source, into)
    harness.mail_sender.deliver(done.mails, harness.now())
    told = {mail.to: mail for mail in harness.mails.sent if mail.kind == "records_merged"}
    assert set(told) == {ADA, OLD}
    assert ADA not in told[OLD].text
    assert OLD not in told[ADA].text
    assert old.get("/v1/me").status == new.get("/v1/me").status == 401
    harness.sign_in(new, ADA)
    assert len(new.get("/v1/me").json["recurring"]) == 3
    assert OLD not in repr([row for row in harness.rows() if not row["pk"].startswith("EVT#")])


def test_a_mail_that_waits_goes_to_the_address_that_stays(harness: Harness) -> None:
    source, into = two_records(harness)
    harness.mails.down = True
    harness.tell(harness.gives(2000, email=OLD))
    merges(harness, source, into)
    harness.mails.down = False
    harness.pass_time(3600)
    harness.sweeps()
    thanked = [mail.to for mail in harness.mails.sent if mail.kind == "thanks_once"]
    assert thanked[-1] == ADA


def test_of_what_both_know_nothing_is_twice() -> None:
    one = Standing()
    assert merged(one, one) == one


# ---- cut off anywhere, and done again ----


@pytest.mark.parametrize("lost", [False, True], ids=["before", "after"])
def test_cut_off_at_any_call_it_is_done_again_and_comes_to_the_same(harness: Harness, *, lost: bool) -> None:
    source, into = two_records(harness)
    whole = harness.fork()
    merges(whole, source, into)
    should_be = essence(whole)
    for number in range(400):
        one = harness.fork()
        one.table = failing = Failing(one.table, number, lost=lost)
        try:
            merges(one, source, into)
        except TableUnavailable:
            assert failing.failed
            assert one.totals() == harness.totals()
            one.table = one.stored
            merges(one, source, into)
        one.table = one.stored
        assert essence(one) == should_be, number
        if not failing.failed:
            assert number > 30, "the control: it was cut off at each call before"
            break
    assert found(rebuilds(one)) == []


def test_access_is_right_wherever_it_is_cut_off(harness: Harness) -> None:
    source, into = two_records(harness)
    tier = harness.access(OLD).tier
    for number in range(200):
        one = harness.fork()
        one.table = failing = Failing(one.table, number, lost=False)
        try:
            merges(one, source, into)
        except TableUnavailable:
            assert failing.failed
        one.table = one.stored
        best = {one.access(email).tier for email in (OLD, ADA) if one.knows(email)}
        assert tier in best, number
        if not failing.failed:
            break


# ---- beside live traffic ----


@pytest.mark.engine
def test_what_arrives_in_the_middle_is_booked_once_and_for_the_right_one(harness: Harness) -> None:
    """Before each call of the merge something else happens to the one that is merged: a renewal, a refund, a gift."""
    source, into = two_records(harness)
    subscription = next(one for one in harness.stripe.of("subscription") if one["currency"] == "usd")
    first = harness.stripe.of("payment_intent")[0]["id"]
    coming = [
        *harness.stripe.renew(subscription["id"]),
        *harness.stripe.gives_back(first),
        *harness.stripe.renew(subscription["id"]),
    ]
    inner = harness.table
    calls = 0

    def deliver(_call: str, _what: object) -> None:
        nonlocal calls
        calls += 1
        if calls % 3 == 0 and coming:
            harness.table, held = inner, harness.table
            harness.deliver(coming.pop(0))
            harness.table = held

    harness.table = Around(inner, deliver)
    merges(harness, source, into)
    harness.table = inner
    harness.tell(coming)
    harness.pass_time(120)
    harness.sweeps()
    assert {row["supporter"] for row in harness.books.entries} == {into}
    assert len(harness.books.entries) == len({row["id"] for row in harness.books.entries}) == 10
    assert [row for row in harness.rows() if row.get("status") in ("pending", "parked")] == []
    assert found(rebuilds(harness)) == []


@pytest.mark.engine
def test_more_rows_than_a_transaction_takes(harness: Harness) -> None:
    harness.tell(harness.gives(500, "month", OLD))
    (subscription,) = harness.stripe.of("subscription")
    for _ in range(40):
        harness.tell(harness.stripe.renew(subscription["id"]))
    harness.tell(harness.gives(500, "month", ADA))
    source, into, sums = harness.state(OLD).id, harness.state(ADA).id, harness.totals()
    done = merges(harness, source, into)
    assert done.rows["MONEY"] == 41
    assert sum(done.rows.values()) > 80
    assert {row["supporter"] for row in harness.books.entries} == {into}
    assert harness.totals() == sums
    assert found(rebuilds(harness)) == []


def test_a_fee_that_becomes_known_in_the_middle_is_not_lost(harness: Harness) -> None:
    """It is written to the entry as it stood; the move of that entry then begins again."""
    harness.tell(harness.gives(500, "month", ADA))
    source = harness.supporter(OLD)
    into = harness.state(ADA).id
    (stored,) = [one for one in ledger.entries_of(harness.table, into) if isinstance(one, StoredEntry)]
    bare = {name: value for name, value in harness.books.entries[0].items() if not name.startswith("fee")}
    harness.table.write(Put(bare))
    inner = harness.table
    settled: list[bool] = []

    def settle(call: str, what: Any) -> None:
        moves_entry = call == "transact" and any(getattr(one, "key", ("", ""))[1] == stored.place for one in what)
        if moves_entry and not settled:
            settled.append(True)
            inner.transact(ledger.settle_fee(stored, Fee(29, "eur"), harness.newsroom.zone))

    harness.table = Around(inner, settle)
    merges(harness, into, source)
    harness.table = inner
    assert settled
    (entry,) = harness.books.entries
    assert (entry["supporter"], entry["fee"]) == (source, 29)


def test_a_receipt_numbered_in_the_middle_has_one_number(harness: Harness) -> None:
    source, into = two_records(harness)
    stored = [one for one in ledger.entries_of(harness.table, source) if isinstance(one, StoredEntry)]
    gift = next(one for one in stored if one.entry.movement.kind == "gift" and one.entry.movement.amount == 700)
    merges(harness, source, into)
    numbering = ReceiptNumbers(harness.table, harness.newsroom, pause=lambda _seconds: None)
    with pytest.raises(Contended):
        numbering.number([gift], harness.now())  # as it was read before
    assert list(rows_of(harness, source)) == ["ACCESS"], "no number under whoever has the gift no longer"


def test_what_either_switched_off_stays_off_and_one_reminder_waits(harness: Harness) -> None:
    source, into = two_records(harness)
    harness.table.write(switched_off.off(source, "reminders", harness.now()))
    harness.table.write(reminders.put(AskedReminder(source, "2027-03", harness.now())))
    merges(harness, source, into)
    assert switched_off.read(harness.table, into) == {"reminders"}
    waiting = reminders.read(harness.table, into)
    assert waiting is not None
    assert waiting.month == "2027-03"
    assert list(reminders.due(harness.table, "2027-03")) == [into], "and the daily job finds it there"
    assert reminders.read(harness.table, source) is None


def test_a_reminder_of_ones_own_is_not_replaced(harness: Harness) -> None:
    source, into = two_records(harness)
    harness.table.write(reminders.put(AskedReminder(source, "2027-03", harness.now())))
    harness.table.write(reminders.put(AskedReminder(into, "2027-01", harness.now())))
    merges(harness, source, into)
    waiting = reminders.read(harness.table, into)
    assert waiting is not None
    assert waiting.month == "2027-01"
    assert list(reminders.due(harness.table, "2027-12")) == [into]
