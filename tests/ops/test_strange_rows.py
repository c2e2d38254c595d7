"""One strange row in the books: an unlisted currency, a value that is none. All others are told as ever."""

import json
from typing import Any

import pytest

from chalicelib.kernel import keys
from chalicelib.kernel.moments import rfc3339
from chalicelib.kernel.table import Put, Update
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.movements import STRIPE
from testkit.harness import ADA, BEN, Harness
from testkit.visitor import Visitor
from tests.ops.conftest import Run

RAW = "12345 xyz (minor units)"


def gift(harness: Harness, number: int, **other: Any) -> dict[str, Any]:
    """A whole entry of Ada's as somebody, or an older version, may have written it."""
    at = harness.clock.business + number
    name = f"pi_strange{number}"
    pk, sk = keys.entry(harness.state().id, at, name)
    row = {
        "pk": pk,
        "sk": sk,
        "id": name,
        "kind": "gift",
        "payment_intent": name,
        "amount": 12_345,
        "currency": "xyz",
        "occurred_at": at,
        "livemode": False,
        "supporter": harness.state().id,
        "gsi1pk": keys.ledger_month(keys.month(at), STRIPE, name),
        "gsi1sk": f"{rfc3339(at)}#{name}",
    }
    row = {name: value for name, value in {**row, **other}.items() if value is not ...}
    harness.table.write(Put(row))
    return row


@pytest.fixture
def books(harness: Harness) -> Harness:
    """Ada and Ben gave, each in a currency that everybody knows."""
    harness.tell(harness.gives(1000, campaign="winter"))
    harness.tell(harness.gives(500, "month"))
    harness.tell(harness.gives(2000, email=BEN))
    return harness


def test_a_currency_that_we_do_not_list_is_shown_raw_and_hides_nothing(books: Harness, run: Run) -> None:
    gift(books, 1)
    gift(books, 2, currency="eur", amount=700, fee=99, fee_currency="xyz")
    row = keys.total("2026-09", "xyz", 0)
    books.table.write(Put({"pk": row[0], "sk": row[1], "gross": 12_345, "payments": 1}))

    result = run("ledger")
    assert result.exit_code == 0
    assert RAW in result.output
    assert "99 xyz (minor units)" in result.output
    assert [amount for amount in ("10.00", "5.00", "20.00", "7.00") if amount not in result.output] == []
    lines = [json.loads(line) for line in run("ledger", "--json").output.splitlines()]
    assert {"amount": 12_345, "currency": "xyz"}.items() <= next(
        one for one in lines if one["currency"] == "xyz"
    ).items()
    assert len(lines) == 5

    for words in (["totals"], ["totals", "--by", "month"], ["totals", "--fees"]):
        result = run(*words)
        assert result.exit_code == 0, result.output
        assert RAW in result.output
        assert "35.00" in result.output
    told = json.loads(run("totals", "--json").output)
    assert told["xyz"] == {"gross": 12_345, "refunded": 0, "dispute_lost": 0, "net": 12_345, "payments": 1}
    assert told["eur"]["gross"] == 3500

    result = run("supporter", ADA)
    assert result.exit_code == 0
    assert RAW in result.output
    assert "10.00" in result.output
    assert json.loads(run("supporter", ADA, "--json").output)["one_off"][0]["amount"] == 700


def test_a_recurring_gift_in_one_is_shown_raw(books: Harness, run: Run) -> None:
    item = books.table.get(keys.standing(books.state().id))
    assert item
    ((name, known),) = item["recurring"].items()
    other = {**known, "id": "sub_xyz", "currency": "xyz", "amount": 12_345}
    books.table.write(Put({**item, "recurring": {name: known, "sub_xyz": other}}))
    result = run("supporter", ADA)
    assert result.exit_code == 0
    assert RAW in result.output
    assert "5.00" in result.output


ODD: list[tuple[str, dict[str, Any]]] = [
    ("no amount", {"amount": ...}),
    ("amount none", {"amount": None}),
    ("amount text", {"amount": "a lot"}),
    ("no currency", {"currency": ...}),
    ("no time", {"occurred_at": ...}),
    ("time text", {"occurred_at": "yesterday"}),
    ("a time beyond every calendar", {"occurred_at": 10**18}),
    ("no mode", {"livemode": ...}),
    ("no kind", {"kind": ...}),
    ("no id", {"id": ...}),
    ("fee text", {"fee": "little", "fee_currency": "eur"}),
]


@pytest.mark.parametrize("other", [pytest.param(other, id=name) for name, other in ODD])
def test_an_entry_that_cannot_be_read_is_told_as_such_beside_the_others(
    books: Harness, run: Run, other: dict[str, Any]
) -> None:
    row = gift(books, 1, **{"currency": "eur", **other})
    name = row.get("id", row["sk"])
    result = run("ledger")
    assert result.exit_code == 1
    assert "unreadable" in result.output
    assert f"Entries that cannot be read: {name}." in result.stderr
    assert [amount for amount in ("10.00", "5.00", "20.00") if amount not in result.output] == []
    result = run("ledger", "--json")
    assert (result.exit_code, len(result.stdout.splitlines())) == (1, 3), "the others, each whole"
    assert name in result.stderr


@pytest.mark.parametrize("value", [None, "many", [], {"a": 1}])
def test_a_sum_of_which_a_part_cannot_be_read_is_told_as_such(books: Harness, run: Run, value: Any) -> None:
    row = keys.total("2026-09", "usd", 0)
    books.table.write(Put({"pk": row[0], "sk": row[1], "gross": value, "payments": 1}))
    for words in (["totals"], ["totals", "--by", "month"]):
        result = run(*words)
        assert result.exit_code == 1
        usd = next(line for line in result.output.splitlines() if " usd" in f" {line}")
        assert usd.split()[-5:] == ["unreadable", "0.00", "0.00", "unreadable", "1"]
        assert "35.00" in result.output
        assert "usd. See `rebuild --check`" in result.stderr
    result = run("totals", "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["usd"]["gross"], told["usd"]["net"], told["usd"]["payments"]) == (1, None, None, 1)
    assert told["eur"]["gross"] == 3500


def test_rebuild_names_such_a_sum_and_goes_on(books: Harness, run: Run) -> None:
    for shard in range(keys.SUM_SHARDS):
        books.table.write(Update(keys.total("2026-09", "eur", shard), set={"fees": "many"}))
    books.table.write(Update(keys.total("2026-09", "eur", 5), add={"gross": 5}))
    result = run("rebuild")
    assert result.exit_code == 1
    assert "total unreadable  month 2026-09 eur fees   unreadable  " in result.output
    assert "a person must look" in result.output
    assert "month 2026-09 eur gross" in result.output
    assert books.totals()["eur"] == (3500, 3), "what could be mended is"


def test_a_row_that_is_called_like_no_sum_is_told_and_stops_nothing(books: Harness, run: Run) -> None:
    books.table.write(Put({"pk": keys.TOTALS, "sk": "surprise", "gross": 5}))
    assert "surprise" in run("totals").output
    assert "surprise" in run("totals", "--by", "month").output
    assert "35.00" in run("totals").output
    assert len(list(ledger.entries(books.table, STRIPE))) == 3


@pytest.mark.parametrize(
    "other",
    [
        *({}, {"amount": ...}, {"amount": None, "currency": "eur"}, {"kind": ...}, {"occurred_at": "x"}),
        {"occurred_at": 10**18},
    ],
)
def test_whoever_has_such_a_row_still_reads_their_own_account(
    books: Harness, run: Run, other: dict[str, Any]
) -> None:
    gift(books, 1, **other)
    visitor = Visitor()
    assert visitor.post("/v1/sign-in", {"email": ADA}).status == 202
    assert visitor.post("/v1/sign-in/confirm", {"code": books.mails.last.code}).status == 200
    page = visitor.navigate("/account?lang=en")
    assert page.status == 200
    assert "€10" in page.text
    assert ("12345 XYZ (minor units)" in page.text) is (not other)
    me = visitor.get("/v1/me")
    assert me.status == 200
    assert [one["amount"] for one in me.json["one_off"]] == ([12_345, 1000] if not other else [1000])
    result = run("supporter", ADA)
    assert "10.00" in result.output
    assert result.exit_code == (1 if other else 0)
    assert ("Entries that cannot be read: pi_strange1" in result.stderr) is bool(other)
