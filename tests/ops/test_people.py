"""`ops supporter`: what a person at the newsroom reads about somebody."""

from ops import people
from testkit.harness import ADA, Harness
from tests.ops.conftest import Run


def test_gifts_are_told_in_major_units_and_what_went_back_of_them(harness: Harness, run: Run) -> None:
    harness.tell(harness.gives(1000))
    harness.tell(harness.gives(500, "month"))
    before = run("supporter", ADA).output
    assert "5.00" in before
    assert "10.00" in before
    assert "refunded" not in before, "no column for what nobody has"
    first = harness.stripe.of("payment_intent")[0]["id"]
    harness.tell(harness.stripe.gives_back(first, 400))
    harness.tell(harness.gives(2000))
    rows = {line.split()[0]: line.split()[1:4] for line in run("supporter", ADA).output.splitlines()[4:]}
    assert rows["id"] == ["amount", "refunded", "currency"]
    assert rows[first] == ["10.00", "4.00", "eur"]
    assert rows[harness.stripe.of("payment_intent")[-1]["id"]][:2] == ["20.00", "eur"], "nothing went back of it"


def test_a_rhythm_is_told_as_it_is() -> None:
    gift = {"amount": 1500, "currency": "eur", "interval": "month"}
    told = [people._in_major_units({**gift, **more})["interval"] for more in ({}, {"interval_count": 6})]
    assert told == ["month", "6 months"]
