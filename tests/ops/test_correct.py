"""`ops supporter`: as it always was, and `correct` beside it."""

import json
import time

from chalicelib.account.actions.ask_correction import ask_correction
from chalicelib.kernel.moments import RealTime
from ops.people import supporter
from testkit.harness import ADA, Harness
from tests.ops.conftest import Run

WRONG = "ada@reader.exampel"


def test_a_supporter_is_shown_as_before_whatever_stands_first(harness: Harness, run: Run) -> None:
    harness.tell(harness.gives(1000))
    plain = run("supporter", ADA)
    assert (plain.exit_code, plain.output.split()[0]) == (0, ADA)
    told = [
        json.loads(run("supporter", *words).output)
        for words in ((ADA, "--json"), ("--json", ADA), ("show", ADA, "--json"), (harness.state().id, "--json"))
    ]
    assert all(one == told[0] for one in told)
    assert set(told[0]) >= {"sub", "email", "tier", "until", "recurring", "one_off", "profile", "access"}
    assert told[0]["email"] == ADA


def test_what_is_wrong_is_said(harness: Harness, run: Run) -> None:
    assert harness
    nothing = run("supporter")
    assert (nothing.exit_code, "Missing argument 'EMAIL'" in nothing.output) == (2, True)
    helped = run("supporter", "--help")
    assert helped.exit_code == 0
    assert "correct" in helped.output
    assert set(supporter.commands) >= {"show", "correct"}


def test_an_address_is_corrected_in_two_steps(harness: Harness, run: Run) -> None:
    harness.tell(harness.gives(1000, email=WRONG))
    supporter_id = harness.state(WRONG).id
    first = run("supporter", "correct", WRONG, f" mailto:{ADA},")
    assert first.exit_code == 0
    assert f"A code is on its way to {ADA}" in first.output
    assert "Nothing has changed yet" in first.output
    second = run("supporter", "correct", WRONG, ADA, "--code", mailed(harness, WRONG))
    assert second.exit_code == 0
    assert f"{ADA} is their address now" in second.output
    assert "Stripe still has the old address" in second.output
    assert harness.state().id == supporter_id


def mailed(harness: Harness, old: str) -> str:
    """The code of one more mail, which this test can read; by the clock on the wall, as the command goes by it."""
    ask_correction(old, ADA, harness.mail_sender, now=RealTime(int(time.time())))
    return harness.mails.last.code


def test_and_for_machines(harness: Harness, run: Run) -> None:
    harness.supporter(WRONG)
    supporter_id = harness.state(WRONG).id
    asked = json.loads(run("supporter", "correct", supporter_id, ADA, "--json").output)
    assert (asked.pop("expires")[-1], asked) == ("Z", {"supporter": supporter_id, "mailed": ADA})
    words = ("supporter", "correct", supporter_id, ADA, "--code", mailed(harness, supporter_id), "--json")
    assert json.loads(run(*words).output) == {
        "supporter": supporter_id,
        "email": ADA,
        "joined": None,
        "not_sent": [],
    }
