"""What a merge refuses, and the operator's command, which says first what it would do."""

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.account.rows import moving
from chalicelib.kernel import keys
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.table import Put, TableUnavailable
from chalicelib.supporters.rows import supporters
from localdev.around import Around
from testkit.commands import command
from testkit.correcting import refusal, rows_of
from testkit.harness import ADA, BEN, EMAIL_KEY, Harness
from testkit.merging import OLD, merges, two_records
from testkit.own_address import NEW, moves, supports
from testkit.rebuilding import found, rebuilds

DAY = 86_400


def says(harness: Harness, *words: str) -> str:
    """What the command prints."""
    done = command(harness, "supporter", "merge", *words)
    assert done.exit_code == 0
    return str(done.output)


# ---- what is refused ----


def test_a_kind_of_row_that_nobody_thought_of_stops_it_before_anything_moves(harness: Harness) -> None:
    source, into = two_records(harness)
    harness.table.write(Put({"pk": keys.supporter(source), "sk": "SURPRISE#2026"}))
    rows = harness.rows()
    with pytest.raises(Conflict, match="SURPRISE"):
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
