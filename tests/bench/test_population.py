"""The made-up newsroom of the benchmarks is a real one: its books agree, nothing waits, and it is always the same."""

from bench.population import rows
from chalicelib.inbox import rows as inbox
from chalicelib.ledger.rows import sums as ledger_sums
from chalicelib.mail.rows import outbox
from chalicelib.supporters.rows import supporters
from testkit.memory_table import MemoryTable


def table(number: int) -> MemoryTable:
    return MemoryTable({(row["pk"], row["sk"]): row for row in rows(range(number))})


def test_sums_and_ledger_tell_of_the_same_money() -> None:
    made = table(50)
    entries = [row for row in made.rows() if row["sk"].startswith("MONEY#")]
    sums = ledger_sums.totals(made)
    for currency in ("eur", "uah"):
        amounts = [entry["amount"] for entry in entries if entry["currency"] == currency]
        assert (sums[currency].gross, sums[currency].payments) == (sum(amounts), len(amounts))
    assert sums["eur"].fees == sum(entry["fee"] for entry in entries)


def test_every_movement_has_its_guard_its_event_and_its_mail() -> None:
    kinds = [row["pk"].partition("#")[0] for row in table(50).rows()]
    entries = sum(row["sk"].startswith("MONEY#") for row in table(50).rows())
    assert kinds.count("MONEY") == kinds.count("EVT") == kinds.count("MAIL") == entries > 50


def test_nothing_waits() -> None:
    made = table(50)
    assert list(inbox.pending_events(made, None)) == []
    assert list(outbox.unsent_mails(made, None)) == []


def test_both_kinds_of_givers_are_there() -> None:
    made = table(50)
    people = [row["pk"].removeprefix("SUP#") for row in made.rows() if row["sk"] == "ACCESS"]
    standings = [supporters.read_state(made, one).standing for one in people]
    monthly = sum(bool(standing.recurring) for standing in standings)
    assert len(people) == 50
    assert 10 < monthly < 40
    assert sorted(supporters.with_recurring(made)) == sorted(
        one for one, standing in zip(people, standings, strict=True) if standing.recurring
    )


def test_the_same_number_gives_the_same_people() -> None:
    def steady(number: int) -> list[object]:
        # Which shard a sum went to is chosen by chance.
        return [
            dict(row) for row in rows(range(number)) if row["pk"].startswith(("SUP#", "MONEY#", "CUS#", "EMAIL#"))
        ]

    assert steady(10) == steady(10)
    assert steady(10) == steady(20)[: len(steady(10))]
