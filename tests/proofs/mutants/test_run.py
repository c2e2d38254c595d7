"""A run on a small project of its own: what a test notices dies, what does the same lives, and a test is missed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.mutants.scope import ROOT

RULES = '''
from functools import lru_cache


class Account:
    def __init__(self, cents):
        self.cents = cents

    @property
    def overdrawn(self) -> bool:
        return self.cents < 0


@lru_cache
def fee(cents):
    return cents // 50


def largest(one, other):
    """The same if they are the same, so that nobody can tell `<` from `<=`."""
    return other if one < other else one


def endless(cents):
    while cents > 0:
        cents -= 1
    return cents


def unasked(cents):
    return cents + 1
'''
TESTS = """
import pytest

from rules import Account, endless, fee, largest

SAID_BEFORE = fee(100)


@pytest.fixture(scope="module")
def poor():
    return Account(-1).overdrawn


def test_poor(poor):
    assert poor


def test_nothing():
    assert not Account(0).overdrawn


def test_fee():
    assert fee(100) == 2


def test_largest():
    assert [largest(1, 2), largest(2, 1), largest(2, 2)] == [2, 2, 2]


def test_endless():
    assert endless(3) == 0


@pytest.mark.skip(reason="says nothing")
def test_skipped():
    assert fee(1) == 1


def test_broken():
    assert fee(100) == 3
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rule and its tests."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "rules.py").write_text(RULES, encoding="utf-8")
    (folder / "tests").mkdir()
    (folder / "tests" / "test_rules.py").write_text(TESTS, encoding="utf-8")
    return folder


def command(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """`python -m tests.mutants …`."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, "-m", "tests.mutants", *map(str, words)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def run(project: Path, name: str, *more: str) -> dict[str, Any]:
    """What a run keeps."""
    into = project / name
    words = [
        "--root",
        project,
        "--rules",
        "rules.py",
        "--share",
        "100",
        "--into",
        into,
        "--no-docs",
        "--patience",
        "5",
    ]
    done = command("run", *map(str, words), *more, project / "tests")
    assert done.returncode == 1, done.stdout + done.stderr
    kept: dict[str, Any] = json.loads(into.read_text(encoding="utf-8"))
    return kept


@pytest.fixture(scope="module")
def kept(project: Path) -> dict[str, Any]:
    """The run with all tests."""
    return run(project, "before.json")


def outcome(kept: dict[str, Any], name: str) -> tuple[str, str]:
    """How a mutant ended, and which test noticed it."""
    (one,) = (one for one in kept["mutants"] if one["id"] == f"rules.py::{name}")
    return one["outcome"], one["by"].rpartition("::")[2]


def test_what_a_test_notices_is_killed(kept: dict[str, Any]) -> None:
    assert outcome(kept, "Account.overdrawn::comparison::1") == ("killed", "test_nothing")
    assert outcome(kept, "Account.overdrawn::opposite returned::1")[0] == "killed"


def test_what_a_cache_holds_hides_no_mutant(kept: dict[str, Any]) -> None:
    """`fee` answered once, while the test was imported."""
    assert outcome(kept, "fee::arithmetic::1") == ("killed", "test_fee")


def test_a_fixture_of_a_module_counts_for_each_of_its_tests(kept: dict[str, Any]) -> None:
    assert outcome(kept, "Account.overdrawn::number down::1") == ("killed", "test_poor")


def test_what_does_the_same_survives(kept: dict[str, Any]) -> None:
    assert outcome(kept, "largest::comparison::1") == ("survived", "")
    assert outcome(kept, "largest::condition true::1") == ("killed", "test_largest")


def test_what_never_ends_is_killed(kept: dict[str, Any]) -> None:
    assert outcome(kept, "endless::statement removed::1") == ("killed", "test_endless")


def test_what_no_test_reaches_survives(kept: dict[str, Any]) -> None:
    (one,) = (one for one in kept["mutants"] if one["id"] == "rules.py::unasked::arithmetic::1")
    assert (one["outcome"], one["reached_by"], one["tests"]) == ("survived", 0, 0)


def test_a_test_that_fails_or_is_skipped_by_itself_is_not_asked(kept: dict[str, Any]) -> None:
    assert [name.rpartition("::")[2] for name in kept["unfit"]] == ["test_broken", "test_skipped"]
    assert not {one["by"].rpartition("::")[2] for one in kept["mutants"]} & {"test_broken", "test_skipped"}


def test_the_same_run_again_is_no_worse(project: Path, kept: dict[str, Any]) -> None:
    assert kept["mutants"]
    done = command("compare", project / "before.json", project / "before.json")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "0 more survive or are gone.")


def test_a_test_that_is_gone_is_missed(project: Path, kept: dict[str, Any]) -> None:
    """The negative control of the whole: without it a mutant lives that it alone noticed, and that is said."""
    gone = "tests/test_rules.py::test_nothing"
    after = run(project, "after.json", "--deselect", gone)
    assert outcome(kept, "Account.overdrawn::comparison::1")[0] == "killed"
    assert outcome(after, "Account.overdrawn::comparison::1")[0] == "survived"
    done = command("compare", project / "before.json", project / "after.json")
    assert done.returncode == 1
    assert (
        "survived now: rules.py::Account.overdrawn::comparison::1: self.cents < 0 -> self.cents <= 0" in done.stdout
    )


def test_what_survived_is_tried_again_and_the_rest_stays_as_it_was(project: Path, kept: dict[str, Any]) -> None:
    after = run(project, "again.json", "--like", str(project / "before.json"), "--again")
    assert [one["id"] for one in after["mutants"]] == [one["id"] for one in kept["mutants"]]
    assert outcome(after, "largest::comparison::1") == ("survived", "")
    assert outcome(after, "Account.overdrawn::comparison::1") == ("killed", "test_nothing")
