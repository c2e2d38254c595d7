"""Every release reads the rows of the one before, and writes to them; before `ops upgrade` and after it."""

import json
from typing import Any

import pytest

from chalicelib.inbox import rows as inbox
from chalicelib.kernel import keys
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Item, Update
from chalicelib.rails.stripe.about import reduced
from chalicelib.upgrade.run import upgrade
from testkit.harness import ADA, EMAIL_KEY, Harness
from testkit.reconciling import reconciles
from testkit.visitor import Visitor
from tests.proofs.releases import kept
from tests.proofs.releases.kept import Kept
from tests.proofs.releases.scenario import ops
from tests.proofs.releases.told import as_before, shown, told

ALL_OF_IT = 300  # days
both = pytest.mark.parametrize("upgraded", [False, True], ids=["as it was", "upgraded"])


def till_of(release: Kept, *, upgraded: bool) -> Harness:
    harness = release.harness()
    if upgraded:
        assert upgrade(harness.table, write=True, now=harness.real_now(), email_key=EMAIL_KEY).left == 0
    return harness


def read_now(harness: Harness, release: Kept) -> Any:
    return json.loads(json.dumps(told(harness, release.lived)))


def books_agree(harness: Harness) -> bool:
    return bool(json.loads(ops(harness, "rebuild", "--check", "--json"))["differences"] == [])


def test_there_is_a_table_and_it_is_small() -> None:
    assert {"before-rooms", "before-shards"} <= {*kept.NAMES}
    for name in kept.NAMES:
        assert (kept.HERE / f"{name}.json.xz").stat().st_size < 150_000


def test_it_has_every_kind_of_row(release: Kept) -> None:
    def states(kind: str) -> set[str]:
        return {str(row.get("status")) for row in release.rows if row["sk"] == kind}

    assert states("EVT") >= {"applied", "ignored", "unhandled", "pending", "parked"}
    assert states("CHECKOUT") >= {"open", "expired", "processing", "failed", "paid"}
    assert states("MAIL") >= {"sent", "unsent", "suppressed"}
    kinds = {row["kind"] for row in release.rows if row["sk"].startswith(keys.ENTRY_PREFIX)}
    assert kinds == {"gift", "refund", "dispute"}
    of = "SESSION", "SIGNIN", "KEY", "ARTICLE", "SUPPRESSED", "DECLINES", "PROVEN", "CORRECTION", "TOTALS"
    assert {row["pk"].partition("#")[0] for row in release.rows} >= {*of} - {"CORRECTION"}
    assert [row for row in release.rows if "moved_to" in row]
    assert len({row["sk"][:7] for row in release.rows if row["pk"] == keys.TOTALS}) >= 3, "months"


@both
def test_all_that_reads_rows_reads_what_that_release_read(release: Kept, *, upgraded: bool) -> None:
    now = read_now(till_of(release, upgraded=upgraded), release)
    events = release.told["commands"]["rebuild"]
    assert events[0]["differences"] == []
    for whose, browser in release.told["browsers"].items():
        pages = now["browsers"][whose].pop("account")
        for path, was in browser.pop("account").items():
            status, location, facts = shown(pages[path])
            before = shown(was)
            assert (status, location) == before[:2], (whose, path)
            assert before[2] <= facts, (whose, path, before[2] - facts)
    now = as_before(now, release.told)
    for part, was in release.told.items():
        for name, one in was.items():
            assert now[part][name] == one, (part, name)
    assert now == release.told


def test_the_release_before_had_sums_and_entries_in_one_partition_each() -> None:
    rows = kept.read("before-shards").rows
    assert {row["pk"] for row in rows if row["pk"].startswith(keys.TOTALS)} == {keys.TOTALS}
    listed = {row["gsi1pk"] for row in rows if row.get("gsi1pk", "").startswith("LEDGER#")}
    assert {one.count("#") for one in listed} == {1}


def test_only_members_that_are_more_are_left_out() -> None:
    """The negative control of what is compared: nothing that was told then may be gone, or be told otherwise."""
    was = {"a": [{"b": 1}], "c": '{"d":1}'}
    assert as_before({"a": [{"b": 1, "new": 2}], "c": '{"d":1,"new":2}', "new": 3}, was) == was
    others: list[Any] = [{"a": [{"b": 2}], "c": '{"d":1}'}, {"a": [{}], "c": '{"d":1}'}, {"a": [{"b": 1}], "c": "{}"}]
    for other in [*others, {"a": [], "c": '{"d":1}'}, {"a": [{"b": 1}]}]:
        assert as_before(other, was) != was


def test_a_page_that_lost_a_gift_or_a_sum_is_noticed(release: Kept) -> None:
    """The negative control of how pages are compared: by what they say, as their words change with each release."""
    pages = [page for browser in release.told["browsers"].values() for page in browser["account"].values()]
    facts = {fact for page in pages for fact in shown(page)[2]}
    assert [fact for fact in facts if fact.startswith("sub_")]
    assert len(facts) >= 10
    for page in pages:
        for fact in shown(page)[2]:
            assert fact not in shown({**page, "text": str(page["text"]).replace(fact, "")})[2]


@pytest.mark.parametrize(
    ("sk", "attribute", "value"),
    [
        (keys.ENTRY_PREFIX, "amount", 1),
        ("ACCESS", "epoch", 77),
        ("PROFILE", "language", "en"),
        ("ARTICLE", "access", "tier:patron"),
        ("SESSION", "expires", 1),
        ("MAIL", "why", "otherwise"),
        ("EVT", "tries", 3),
    ],
)
def test_what_is_read_otherwise_is_noticed(release: Kept, sk: str, attribute: str, value: Any) -> None:
    """The negative control of the test above: each kind of row is looked at."""
    harness = release.harness()
    for row in harness.memory.rows():
        if row["sk"].startswith(sk) and attribute in row:
            harness.table.write(Update((row["pk"], row["sk"]), set={attribute: value}))
    assert read_now(harness, release) != release.told


@both
def test_reconcile_finds_no_difference(release: Kept, *, upgraded: bool) -> None:
    harness = till_of(release, upgraded=upgraded)
    done = reconciles(harness, days=ALL_OF_IT)
    assert (done.differs, dict(done.failed), dict(done.unusable)) == (False, {}, {})
    assert books_agree(harness)


@both
def test_a_difference_is_found_there(release: Kept, *, upgraded: bool) -> None:
    """The negative control of the test above."""
    harness = till_of(release, upgraded=upgraded)
    row = next(
        row for row in harness.memory.rows() if row["sk"].startswith(keys.ENTRY_PREFIX) and row["kind"] == "refund"
    )
    harness.table.write(Update((row["pk"], row["sk"]), set={"amount": -1}))
    assert reconciles(harness, days=ALL_OF_IT).differs
    assert json.loads(ops(harness, "rebuild", "--check", "--json", codes=(1,)))["differences"]


@both
def test_life_goes_on_with_it(release: Kept, *, upgraded: bool) -> None:
    harness = till_of(release, upgraded=upgraded)
    gross = harness.totals()["eur"][0]
    harness.tell(harness.gives(1000, email=ADA))
    harness.tell(harness.gives(1000, "month", email="new@reader.example"))
    old = release.lived
    harness.tell(harness.stripe.gives_back(old.payments["ada"]))
    harness.tell(harness.stripe.gives_back(old.payments["part"], 300))
    harness.tell(harness.stripe.bank_disputes(old.payments["returned"]))
    before = harness.state("monthly@reader.example").standing.recurring[0].paid_through
    for whose in ("monthly", "paused"):
        harness.tell(harness.stripe.renew(old.subscriptions[whose]))
    harness.pass_time(max(0, harness.stripe.account.seconds - harness.clock.business))
    assert harness.state("monthly@reader.example").standing.recurring[0].paid_through > before
    assert harness.totals()["eur"][0] >= gross + 1000 + 1000 + 500
    harness.tell(harness.stripe.end(old.subscriptions["monthly"]))
    reader = Visitor(client="192.0.2.99")
    harness.sign_in(reader, "ben@reader.example")
    assert reader.get("/v1/access?needs=tier:patron").json["open"]
    assert sum(harness.state("part@reader.example").standing.reversals[0].refunds.values()) == 700 + 300
    assert ops(harness, "inbox", "retry", "evt_lost", "--json")
    assert not reconciles(harness, days=ALL_OF_IT).differs
    assert harness.sweeps()["sent"] >= 1, "a mail that waited goes out"
    assert books_agree(harness)


def test_this_release_keeps_its_table_by_the_same_command(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept for the next release: it can be written today, and this release lacks nothing in it."""
    monkeypatch.setattr(kept, "HERE", tmp_path)
    kept.write("today")
    today = kept.read("today")
    harness = today.harness()
    assert read_now(harness, today) == today.told
    late = [
        step
        for step, found in upgrade(harness.table, write=False, now=RealTime(0), email_key=EMAIL_KEY)
        .as_json()["steps"]
        .items()
        if found["lacking"]
    ]
    assert late == ["supporters"], "events that came before their supporter was known, and were only recorded"
    nobodys = [row for row in harness.memory.rows() if row["sk"] == "EVT" and "supporter" not in row]
    done = [row for row in nobodys if row["status"] in {*inbox.DONE} - {"unhandled"}]
    assert "ignored" in {row["status"] for row in done}, "a renewal's update of its subscription"
    for row in done:
        assert_erasing_would_leave_it(harness, row)


def assert_erasing_would_leave_it(harness: Harness, row: Item) -> None:
    """No erasure finds an event that is done with and has no supporter: so nothing is in it that one would take."""
    event = inbox.read(harness.table, row["pk"].removeprefix("EVT#"))
    assert event is not None
    assert reduced(event.id, event.type, event.body) == event.body
