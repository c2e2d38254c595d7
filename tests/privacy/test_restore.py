"""A restored table is older than an erasure: it is erased again, and nobody gets a mail."""

import json

from chalicelib.kernel.ids import SupporterId
from testkit.commands import command
from testkit.erasing import HOUR, canaries, erases, found, is_erased, tells_all
from testkit.harness import ADA, Harness
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
