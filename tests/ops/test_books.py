"""`ops ledger` and `ops totals`: what the outside relies on, to the letter, and what a person reads."""

import json
from typing import Any

from localdev.stripe.balance import set_settlement
from testkit.harness import BEN, Harness
from tests.ops.conftest import Run

DAY = 86_400
FIVE = {"gross", "refunded", "dispute_lost", "net", "payments"}


def told(run: Run, *words: str) -> Any:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def lines(run: Run, *words: str) -> list[Any]:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


def two_months(harness: Harness) -> None:
    """September: 10 euro, 4 of them given back. October: 300 hryvnia that settle in dollars, and 20 euro."""
    harness.tell(harness.gives(1000, campaign="winter"))
    harness.tell(harness.stripe.gives_back(harness.stripe.of("payment_intent")[-1]["id"], 400))
    harness.pass_time(20 * DAY)
    harness.stripe.happens(lambda it: set_settlement(it, "usd"))
    harness.tell(harness.gives(30_000, email=BEN, currency="uah", campaign="winter"))
    harness.stripe.happens(lambda it: set_settlement(it, "eur"))
    harness.pass_time(60)
    harness.tell(harness.gives(2000, email=BEN))


def sums(gross: int, refunded: int, payments: int) -> dict[str, int]:
    given = {"gross": gross, "refunded": refunded, "dispute_lost": 0}
    return {**given, "net": gross - refunded, "payments": payments}


def test_totals_are_the_five_of_each_currency_in_which_somebody_gave(harness: Harness, run: Run) -> None:
    two_months(harness)
    assert told(run, "totals") == {"eur": sums(3000, 400, 2), "uah": sums(30_000, 0, 1)}


def test_nothing_given_is_an_empty_object(harness: Harness, run: Run) -> None:
    assert harness.books.entries == ()
    assert told(run, "totals") == {}
    for words in (["totals"], ["totals", "--by", "month"], ["ledger"]):
        assert run(*words).output == "No money has moved yet.\n"
        assert run(*words, "--json").output.strip() in ("", "{}")


def test_with_fees_each_currency_that_stripe_kept_something_in_is_told(harness: Harness, run: Run) -> None:
    two_months(harness)
    found = told(run, "totals", "--fees")
    assert set(found) == {"eur", "uah", "usd"}
    assert {code: found[code].keys() - {"fees"} for code in found} == dict.fromkeys(found, FIVE)
    kept: dict[str, int] = {}
    for entry in lines(run, "ledger"):
        if "fee" in entry:
            kept[entry["fee_currency"]] = kept.get(entry["fee_currency"], 0) + entry["fee"]
    assert {code: one["fees"] for code, one in found.items() if one["fees"]} == kept
    assert set(kept) == {"eur", "usd"}
    assert found["usd"] == {**sums(0, 0, 0), "fees": kept["usd"]}


def test_by_month(harness: Harness, run: Run) -> None:
    two_months(harness)
    assert lines(run, "totals", "--by", "month") == [
        {"month": "2026-09", "currency": "eur", **sums(1000, 400, 1)},
        {"month": "2026-10", "currency": "eur", **sums(2000, 0, 1)},
        {"month": "2026-10", "currency": "uah", **sums(30_000, 0, 1)},
    ]
    with_fees = lines(run, "totals", "--by", "month", "--fees")
    assert [(row["month"], row["currency"]) for row in with_fees] == [
        ("2026-09", "eur"),
        ("2026-10", "eur"),
        ("2026-10", "uah"),
        ("2026-10", "usd"),
    ]


def test_by_campaign(harness: Harness, run: Run) -> None:
    two_months(harness)
    assert lines(run, "totals", "--by", "campaign") == [
        {"campaign": "winter", "currency": "eur", **sums(1000, 400, 1)},
        {"campaign": "winter", "currency": "uah", **sums(30_000, 0, 1)},
    ]


def test_a_month_of_refunds_alone_is_told(harness: Harness, run: Run) -> None:
    harness.tell(harness.gives(1000))
    harness.pass_time(20 * DAY)
    harness.tell(harness.stripe.gives_back(harness.stripe.of("payment_intent")[-1]["id"]))
    assert lines(run, "totals", "--by", "month") == [
        {"month": "2026-09", "currency": "eur", **sums(1000, 0, 1)},
        {"month": "2026-10", "currency": "eur", **sums(0, 1000, 0)},
    ]


def test_a_person_reads_major_units(harness: Harness, run: Run) -> None:
    two_months(harness)
    printed = [line.split() for line in run("totals", "--fees").output.splitlines()]
    assert printed[0] == ["currency", "gross", "refunded", "dispute_lost", "net", "payments", "fees"]
    assert printed[1][:6] == ["eur", "30.00", "4.00", "0.00", "26.00", "2"]
    assert [row[0] for row in printed[1:]] == ["eur", "uah", "usd"]
    assert run("totals", "--by", "campaign").output.splitlines()[1].split()[:3] == ["winter", "eur", "10.00"]
    ledger = run("ledger").output
    assert "-4.00" in ledger
    assert "USD" in ledger, "what a gift in hryvnia cost, in the currency that it settled in"


def test_a_ledger_line_has_a_fee_where_it_is_known(harness: Harness, run: Run) -> None:
    two_months(harness)
    entries = lines(run, "ledger")
    assert [entry["amount"] for entry in entries] == [1000, -400, 30_000, 2000]
    always = {
        "id",
        "gift",
        "recurring",
        "rail",
        "kind",
        "payment_intent",
        "amount",
        "currency",
        "supporter",
        "email",
        "occurred_at",
        "livemode",
    }
    for entry in entries:
        assert entry.keys() == always | ({"fee", "fee_currency"} if entry["kind"] == "gift" else set())
    assert [entry.get("fee_currency") for entry in entries] == ["eur", None, "usd", "eur"]
