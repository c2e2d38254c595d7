"""Statements of leaving are found by who declared them: whosever gift they are about, and whenever that was."""

import json

import pytest

from chalicelib.kernel.ids import SupporterId
from chalicelib.privacy.actions.export import export
from chalicelib.privacy.rows import about
from testkit.commands import command
from testkit.erasing import DAY, HOUR, asks, erases, found, is_erased
from testkit.harness import ADA, BEN, EMAIL_KEY, Harness
from testkit.own_address import moves
from tests.leaving.declaring import declared, gives_monthly, receipt_of, statement
from tests.privacy.test_http import signed_in

CAROL = "carol@reader.example"


def told(harness: Harness, email: str) -> str:
    """The export of somebody as text."""
    whose = harness.state(email).id
    return json.dumps(export(harness.table, whose, key=EMAIL_KEY, now=harness.now()), ensure_ascii=False)


def forgets_mails(harness: Harness) -> None:
    """The receipt of a statement is out, and holds nothing any more."""
    harness.pass_time(60)
    harness.sweeps()


@pytest.mark.parametrize("closed", [False, True])
def test_what_was_nobodys_is_theirs_once_they_are_somebody(upgraded: Harness, closed: bool) -> None:
    reference = declared(email=CAROL, comment="canary-comment").json["reference"]
    forgets_mails(upgraded)
    if closed:
        command(upgraded, "statements", "close", reference, "--reason", "done")
    upgraded.tell(upgraded.gives(300, "once", CAROL))
    assert "canary-comment" in told(upgraded, CAROL)
    carol = upgraded.state(CAROL).id
    is_erased(upgraded, carol)
    assert found(upgraded.items(), ["canary-comment", CAROL]) == []
    assert not list(upgraded.kinds("STATEMENT"))


def test_about_anothers_gift_it_is_still_theirs_who_declared_it(upgraded: Harness, ada: SupporterId) -> None:
    """And the other learns that it was declared, but not who typed what."""
    upgraded.pass_time(60)
    gives_monthly(upgraded)
    reference = declared(email=BEN, gift=receipt_of(upgraded), comment="canary-comment").json["reference"]
    forgets_mails(upgraded)
    assert statement(upgraded, reference).supporter == ada
    assert "canary-comment" in told(upgraded, BEN)
    others = told(upgraded, ADA)
    assert reference.replace("-", "") in others
    assert not [word for word in ("canary-comment", BEN) if word in others]
    ben = upgraded.state(BEN).id
    asks(upgraded, ben, grace=0, by="test")
    assert erases(upgraded, ben) == "waits", "it is about somebody else's money"
    command(upgraded, "statements", "close", reference, "--reason", "done")
    forgets_mails(upgraded)
    upgraded.pass_time(DAY)
    assert erases(upgraded, ben) == "checking"
    assert found(upgraded.items(), ["canary-comment", BEN]) == []
    upgraded.pass_time(HOUR)
    assert erases(upgraded, ben) == "erased"


def test_one_declared_with_an_address_of_before_is_theirs(upgraded: Harness, ada: SupporterId) -> None:
    """So is the note that mail to it came back; but not once somebody else has that address."""
    visitor = signed_in(upgraded)
    declared(email=ADA, gift="2026-000009-AAAA-BBBB", comment="canary-comment")
    forgets_mails(upgraded)
    moves(upgraded, visitor, CAROL)
    assert "canary-comment" in told(upgraded, CAROL)
    before = upgraded.memory.fork()
    is_erased(upgraded, ada)
    assert found(upgraded.items(), ["canary-comment", CAROL]) == []
    upgraded.stored = upgraded.table = before
    upgraded.tell(upgraded.gives(300, "once", ADA))
    assert upgraded.state(ADA).id != ada
    assert about.person(upgraded.table, ada, EMAIL_KEY).hashed == about.hashes_of(CAROL, EMAIL_KEY)
