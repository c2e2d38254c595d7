"""A restored table is older than an erasure: it is erased again, and nobody gets a mail."""

import json

import pytest

from chalicelib.account.actions.merge_records import merge_records
from chalicelib.kernel import keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.object_store import StoreUnavailable
from chalicelib.kernel.table import Delete
from chalicelib.supporters.rows import supporters
from testkit.commands import command
from testkit.erasing import HOUR, canaries, erases, found, is_erased, tells_all
from testkit.harness import ADA, BEN, EMAIL_KEY, Harness
from testkit.rebuilding import rebuilds
from testkit.reconciling import reconciles


def restored(upgraded: Harness, ada: SupporterId) -> Harness:
    """Ada is erased; then the table is put back to how it was before."""
    before = upgraded.memory.fork()
    is_erased(upgraded, ada)
    upgraded.stored = upgraded.table = before
    upgraded.mails.sent.clear()
    return upgraded


def test_what_is_kept_outside_names_nobody(upgraded: Harness, ada: SupporterId) -> None:
    words = [*canaries(upgraded, ADA), ada]
    is_erased(upgraded, ada)
    (name,) = upgraded.bucket.objects
    kept = f"{name} {upgraded.bucket.objects[name].decode()}"
    assert not [word for word in words if word in kept]


def test_whoever_is_back_is_erased_again_without_a_mail(upgraded: Harness, ada: SupporterId) -> None:
    words = canaries(upgraded, ADA)
    back = restored(upgraded, ada)
    assert back.knows(ADA)
    told = json.loads(command(back, "erased", "--reapply", "--json").stdout)
    assert (told["kept"], told["again"]) == (1, {ada: "checking"})
    back.pass_time(HOUR)
    assert erases(back, ada) == "erased"
    assert found(back.items(), words) == []
    assert back.mails.sent == []
    again = json.loads(command(back, "erased", "--reapply", "--json").stdout)
    assert (again["again"], again["marked"]) == ({}, 0)
    tells_all(back)
    reconciles(back)
    assert found(back.items(), words) == []
    assert rebuilds(back).differences == []


def test_also_somebody_whom_the_restored_table_never_knew_stays_erased(upgraded: Harness, ada: SupporterId) -> None:
    words = canaries(upgraded, ADA)
    is_erased(upgraded, ada)
    for row in list(upgraded.items()):
        if not row["pk"].startswith("UPGRADED#"):
            upgraded.memory._items.pop((row["pk"], row["sk"]))
    command(upgraded, "erased", "--reapply", "--json")
    reconciles(upgraded)
    assert found(upgraded.items(), words) == []
    assert not upgraded.knows(ADA)
    assert upgraded.books.entries, "their money is booked all the same"


def test_whoever_was_joined_after_the_backup_is_erased_again_too(upgraded: Harness, ada: SupporterId) -> None:
    """The restored table knows two people where there was one; what is kept outside names both."""
    ben = upgraded.state(BEN).id
    bens = canaries(upgraded, BEN)
    words = [*canaries(upgraded, ADA), *bens]
    before = upgraded.memory.fork()
    merge_records(upgraded.table, ben, ada, email_key=EMAIL_KEY, by="test", now=upgraded.now())
    is_erased(upgraded, ada)
    upgraded.stored = upgraded.table = before
    assert found(upgraded.items(), bens), "a canary that stands nowhere proves nothing"
    told = json.loads(command(upgraded, "erased", "--reapply", "--json").stdout)
    assert set(told["again"]) == {ada, ben}
    upgraded.pass_time(HOUR)
    assert {erases(upgraded, one) for one in (ada, ben)} == {"erased"}
    assert found(upgraded.items(), words) == []


def test_a_table_that_is_restored_twice_knows_the_second_time_what_it_knew_the_first(
    upgraded: Harness, ada: SupporterId
) -> None:
    """The first restored table lacked a customer of theirs, and was erased by what it knew."""
    newest = [one["id"] for one in upgraded.stripe.of("customer") if one["email"] == ADA][-1]
    before = upgraded.memory.fork()
    for row in [row for row in before._items.values() if found([row], [newest])]:
        before.write(Delete((row["pk"], row["sk"])))
    is_erased(upgraded, ada)
    for _ in range(2):
        upgraded.pass_time(60)
        upgraded.stored = upgraded.table = before.fork()
        command(upgraded, "erased", "--reapply", "--json")
        assert upgraded.table.get(keys.tombstone(supporters.customer_hash(newest, EMAIL_KEY)))


def test_nobody_gets_a_mail_when_the_schedule_goes_on_with_a_restored_one(
    upgraded: Harness, ada: SupporterId
) -> None:
    for row in upgraded.kinds("SUPPRESSED"):
        upgraded.memory.write(Delete((row["pk"], row["sk"])))
    back = restored(upgraded, ada)
    back.bucket.down_for_writing = True
    with pytest.raises(StoreUnavailable):
        command(back, "erased", "--reapply", "--json")
    back.bucket.down_for_writing = False
    back.pass_time(HOUR)
    assert back.knows(ADA)
    assert erases(back, ada) == "checking"
    back.sweeps()
    assert back.mails.sent == []
