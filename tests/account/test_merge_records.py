"""Two records of one person become one: everything moves, nothing is lost or counted twice, sums stay."""

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.account.actions.grant import grant_access
from chalicelib.account.actions.merge_records import Merged, merge_records
from chalicelib.account.rows import moving
from chalicelib.kernel import keys
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.table import Contended, Put, TableUnavailable
from chalicelib.ledger.actions.number_receipts import ReceiptNumbers
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rows import receipts
from chalicelib.ledger.rules.movements import Fee
from chalicelib.ledger.rules.stored import StoredEntry
from chalicelib.rails.stripe.about import events_about
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.access import Standing
from chalicelib.supporters.rules.merging import merged
from localdev.around import Around
from testkit.commands import command
from testkit.correcting import refusal, rows_of
from testkit.harness import ADA, BEN, EMAIL_KEY, Harness
from testkit.own_address import NEW, Failing, moves, supports
from testkit.rebuilding import found, rebuilds
from testkit.visitor import Visitor

OLD = "ada@older.example"
DAY = 86_400


def merges(harness: Harness, source: SupporterId, into: SupporterId) -> Merged:
    return merge_records(harness.table, source, into, email_key=EMAIL_KEY, by="olena", now=harness.now())


def two_records(harness: Harness) -> tuple[SupporterId, SupporterId]:
    """Ada as two: under her older address with all that there is, and under her present one with a monthly gift."""
    harness.tell(harness.gives(1000, email=OLD))
    harness.tell(harness.gives(700, "month", OLD, currency="usd"))
    harness.tell(harness.gives(3000, email=OLD))
    given = harness.stripe.of("payment_intent")
    harness.tell(harness.stripe.gives_back(given[-1]["id"]))
    harness.tell(harness.gives(1500, "year", OLD))
    harness.tell(harness.stripe.bank_disputes(harness.stripe.of("payment_intent")[-1]["id"]))
    grant_access(
        harness.table,
        harness.newsroom,
        OLD,
        tier="member",
        until=harness.clock.business + 900 * DAY,
        reason="helps",
        email_key=EMAIL_KEY,
        now=harness.now(),
    )
    harness.tell(harness.gives(500, "month", ADA))
    old = harness.state(OLD).id
    stored = [one for one in ledger.entries_of(harness.table, old) if isinstance(one, StoredEntry)]
    gifts = [one for one in stored if one.entry.movement.kind == "gift"]
    ReceiptNumbers(harness.table, harness.newsroom).number(gifts[:2], harness.now())
    visitor = Visitor()
    harness.sign_in(visitor, OLD)
    return old, harness.state(ADA).id


def essence(harness: Harness) -> dict[tuple[str, str], Any]:
    """What a merge must come to, whatever happened on the way; the random name of its line of history left out."""
    kinds = ("SUP#", "MONEY#", "RECEIPT", "EVT#", "CUS#", "EMAIL#", "TOTALS")
    kept = {}
    for row in harness.rows():
        if row["pk"].startswith(kinds):
            is_line = row["sk"].startswith("LOG#") and "supporter:records:merged" in row["tags"]
            kept[row["pk"], "LOG#merged" if is_line else row["sk"]] = {**row, "sk": ""}
    return kept


def says(harness: Harness, *words: str) -> str:
    """What the command prints."""
    done = command(harness, "supporter", "merge", *words)
    assert done.exit_code == 0
    return str(done.output)


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


# ---- what is refused ----


def test_a_kind_of_row_that_nobody_thought_of_stops_it_before_anything_moves(harness: Harness) -> None:
    source, into = two_records(harness)
    harness.table.write(Put({"pk": keys.supporter(source), "sk": "NOTE#2026"}))
    rows = harness.rows()
    with pytest.raises(Conflict, match="NOTE"):
        merges(harness, source, into)
    assert harness.rows() == rows


def test_every_kind_in_a_partition_is_known_or_named() -> None:
    """The table of kinds holds against the data model: each `SUP#id` row there moves, ends or stays."""
    page = (Path(__file__).parents[2] / "docs" / "data-model.md").read_text(encoding="utf-8")
    glance = page[page.index("## At a glance") : page.index("The index copies")]
    kinds = {part.partition("#")[0] for row in glance.splitlines() if "`SUP#id` / " in row for part in [_sk(row)]}
    unknown = {kind for kind in kinds if moving.unknown([{"sk": kind}])}
    assert unknown <= {"ERASURE"}, "say in account/rows/moving.py how a row of this kind moves"
    assert len(kinds) > 8


def _sk(row: str) -> str:
    return row.partition("`SUP#id` / `")[2].partition("`")[0]


def test_what_are_no_two_records_is_refused(harness: Harness) -> None:
    source, into = two_records(harness)
    rows = harness.rows()
    nobody = SupporterId("nobody")
    for pair in ((source, source), (nobody, into), (source, nobody)):
        with pytest.raises(Conflict):
            merges(harness, *pair)
    assert harness.rows() == rows


def test_a_merged_record_is_merged_with_nobody_else(harness: Harness) -> None:
    source, into = two_records(harness)
    merges(harness, source, into)
    third = harness.supporter(BEN)
    for pair in ((source, third), (third, source)):
        with pytest.raises(Conflict):
            merges(harness, *pair)
    merges(harness, into, third)
    harness.tell(harness.stripe.renew(harness.stripe.of("subscription")[0]["id"]))
    assert {row["supporter"] for row in harness.books.entries} == {third}, "by way of both"


# ---- the operator's command ----


def test_the_command_says_first_and_does_it_with_yes(harness: Harness) -> None:
    source, into = two_records(harness)
    rows = harness.rows()
    said = says(harness, OLD, ADA)
    assert "Nothing has changed" in said
    assert "Recurring gifts run in both" in said
    assert harness.rows() == rows
    told = json.loads(says(harness, OLD, ADA, "--dry-run", "--yes", "--json"))
    assert (told["from"]["supporter"], told["into"]["supporter"], told["merged"]) == (source, into, False)
    assert told["after"]["tier"] == harness.access(OLD).tier
    assert harness.rows() == rows
    done = json.loads(says(harness, OLD, ADA, "--yes", "--json"))
    assert done["merged"] is True
    assert harness.access(ADA).tier == told["after"]["tier"]
    assert {mail.to for mail in harness.mails.sent if mail.kind == "records_merged"} == {OLD, ADA}
    assert refusal(lambda: says(harness, "nobody@reader.example", ADA)) == "unknown_supporter"


def test_the_same_command_goes_on_after_a_crash(harness: Harness) -> None:
    source, into = two_records(harness)
    inner = harness.table

    def cut_off(call: str, what: Any) -> None:
        if call == "transact" and any(getattr(one, "key", ("", ""))[1].startswith("MONEY#") for one in what):
            raise TableUnavailable("cut off")

    harness.table = Around(inner, cut_off)
    with pytest.raises(TableUnavailable):
        merges(harness, source, into)
    harness.table = inner
    assert not harness.knows(OLD), "its address leads nowhere any more"
    assert len(rows_of(harness, source)) > 1
    said = says(harness, OLD, ADA)
    assert "begun before" in said
    says(harness, OLD, ADA, "--yes")
    assert list(rows_of(harness, source)) == ["ACCESS"]
    assert found(rebuilds(harness)) == []


def test_a_record_whose_address_may_be_somebody_elses_is_left_alone(harness: Harness) -> None:
    ada = supports(harness)
    moves(harness, ada, NEW)
    harness.tell(harness.gives(500, email=BEN))
    for pair in ((NEW, BEN), (BEN, NEW)):
        with pytest.raises(Conflict, match="can be put back until"):
            says(harness, *pair)
    harness.pass_time(3 * DAY)
    assert "Nothing has changed" in says(harness, NEW, BEN)
    assert supporters.find_by_email(harness.table, NEW, EMAIL_KEY)  # type: ignore[arg-type] # read
