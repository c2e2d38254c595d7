"""`ops upgrade` on a real engine: exit codes, what a person reads, and that the engine takes its conditions."""

import json

import pytest

from chalicelib.articles.rows import articles
from chalicelib.kernel import keys
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Put, Update
from chalicelib.upgrade.run import upgrade
from testkit.harness import EMAIL_KEY, Harness
from tests.ops.conftest import Run
from tests.proofs.releases import kept
from tests.proofs.releases.scenario import ARTICLES

OF_INTEREST = ("SUP#", "EVT#", "ARTICLE#", "MONEY#", "CUS#")


@pytest.fixture
def old(harness: Harness) -> Harness:
    """The table that the release before the rooms left, on the engine."""
    for row in kept.read("before-rooms").rows:
        if row["pk"].startswith(OF_INTEREST):
            harness.table.write(Put(row))
    return harness


def test_a_table_of_before(old: Harness, run: Run) -> None:
    before = old.rows()
    checked = run("upgrade", "--check")
    assert checked.exit_code == 1
    assert "articles that are not in the list" in checked.output
    assert "`upgrade` without --check writes what is lacking" in checked.output
    assert old.rows() == before
    entries = sum(row["sk"].startswith(keys.ENTRY_PREFIX) for row in before)
    done = run("upgrade")
    assert done.exit_code == 0
    told = json.loads(run("upgrade", "--check", "--json").output)
    assert told["left"] == 0
    assert all(step == {"lacking": 0, "written": 0, "noted": True} for step in told["steps"].values())
    after = old.rows()
    assert sum(row.get("rail") == "stripe" for row in after) == entries > 20
    assert sorted(articles.every_article(old.table)) == sorted(ARTICLES)
    again = run("upgrade")
    assert (again.exit_code, again.output.splitlines()[0]) == (0, "Nothing is lacking.")
    assert old.rows() == after


@pytest.mark.engine
def test_the_engine_does_to_it_what_the_table_in_memory_does(old: Harness) -> None:
    memory = kept.read("before-rooms").harness().memory
    upgrade(memory, write=True, now=RealTime(1), email_key=EMAIL_KEY)
    upgrade(old.table, write=True, now=RealTime(1), email_key=EMAIL_KEY)
    meant = (*OF_INTEREST, keys.UPGRADED_PREFIX)
    assert old.rows() == [row for row in memory.rows() if row["pk"].startswith(meant)]


def test_a_new_table_lacks_nothing_but_the_note(harness: Harness, run: Run) -> None:
    harness.tell(harness.gives(1000))
    harness.table.write(Update(keys.movement("pi_none"), set={"supporter": "nobody"}))
    checked = json.loads(run("upgrade", "--check", "--json").output)
    assert checked["steps"]["rails"] == {"lacking": 0, "written": 0, "noted": False}
    assert run("upgrade").exit_code == 0
