"""Mail to a suppressed address is allowed again: what is still to do is said, and nothing is half done."""

from typing import Any

import pytest

from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.table import Table, Update
from chalicelib.mail.actions.allow import MailAllowed, allow_mail
from chalicelib.mail.rows import suppressed
from chalicelib.mail.rules.feedback import Suppression
from chalicelib.supporters.rows import supporters
from testkit.clock import NOW
from testkit.harness import EMAIL_KEY, Harness
from testkit.tables import Around

MARIA = "maria@reader.example"
HASH = supporters.email_hash(EmailAddress(MARIA), EMAIL_KEY)
GONE = Suppression("bounce", "General", NOW - 60, NOW - 120)


def allowed(table: Table, unlisted: list[str], still: str = "") -> MailAllowed:
    def unlist(address: EmailAddress) -> str:
        unlisted.append(address)
        return still

    told = {"by": "olena", "email_key": EMAIL_KEY, "real_now": NOW}
    return allow_mail(table, f" {MARIA.upper()} ", " she called ", **told, unlist=unlist)  # type: ignore[arg-type]


def test_the_mail_services_own_list_is_asked_and_what_it_says_is_told(harness: Harness) -> None:
    suppressed.suppress(harness.table, HASH, GONE)
    unlisted: list[str] = []
    done = allowed(harness.table, unlisted, "AccessDeniedException")
    assert (done.email, done.was, done.listed, done.held_back) == (MARIA, GONE, "AccessDeniedException", ())
    assert unlisted == [MARIA]
    assert suppressed.read(harness.table, HASH) is None


def test_who_meets_others_all_the_time_is_told_so_and_the_service_is_not_asked(harness: Harness) -> None:
    suppressed.suppress(harness.table, HASH, GONE)
    real, unlisted = harness.table, list[str]()

    def somebody_is_faster(call: str, what: Any) -> None:
        if call == "write":
            real.write(Update(what.key, add={"version": 1}))

    with pytest.raises(Conflict) as refused:
        allowed(Around(real, somebody_is_faster), unlisted)
    assert (refused.value.code, unlisted) == ("busy", [])
    assert suppressed.read(real, HASH) == GONE
