"""Promise P12, from hand to hand: what a reader types is what Stripe charges, what is booked, mailed and printed.

One newsroom that takes every currency there is, and one gift in each; nothing on the way is told the amount twice.
"""

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.i18n.language import Language
from chalicelib.kernel import money, typed_amount
from chalicelib.kernel.ids import new_secret
from chalicelib.kernel.money import Money
from testkit.commands import command
from testkit.engine import Engine
from testkit.harness import Harness
from testkit.visitor import Visitor
from testkit.webhooks import one

EVERY = sorted(money.TWO_DECIMALS | money.ZERO_DECIMALS | money.THREE_DECIMALS | money.WHOLE_UNITS_ONLY)
OURS = Path(wiring.__file__).with_name("newsroom.toml")
LEAST, MOST = 1_000_000, 90_000_000  # above Stripe's least and below its most in every currency

_CURRENCY = """
[currencies.{code}]
minimum = 1000000
maximum = 99999900
presets = {{ once = [1000000], month = [1000000], year = [1000000] }}
[currencies.{code}.earns]
once = [{{ from = 1000000, tier = "member", days = 60 }}]
month = [{{ from = 1000000, tier = "member" }}, {{ from = 2000000, tier = "patron" }}]
year = []
"""


@pytest.fixture
def worldly(ministack: Engine, table_name: str, tmp_path: Path) -> Iterator[Harness]:
    """A newsroom that takes every currency."""
    file = tmp_path / "newsroom.toml"
    general = OURS.read_text(encoding="utf-8").partition("[currencies.")[0]
    file.write_text(general + "".join(_CURRENCY.format(code=code) for code in EVERY), encoding="utf-8")
    with Harness(ministack.table(table_name), {"SPILNO_NEWSROOM": str(file)}).installed() as harness:
        yield harness


def odd_amounts() -> dict[str, int]:
    """For each currency an amount of its own that floats and careless rounding would change, if anything would."""
    dice = random.Random(570)  # noqa: S311 - the same amounts in each run
    amounts: dict[str, int] = {}
    for code in EVERY:
        step = money.smallest_step(code)
        amounts[code] = dice.randrange(LEAST // step, MOST // step) * step
    assert len(set(amounts.values())) == len(EVERY), "no two alike: a mix-up of currencies would show"
    return amounts


def typed(amount: int, currency: str) -> str:
    """As a reader in Kyiv writes it: `12 345,60`. Three decimals might be a group; the third is always a nought."""
    whole, point, fraction = money.to_decimal_text(Money(amount, currency)).partition(".")
    return f"{whole[:-3]} {whole[-3:]}{point and ','}{fraction[:2]}"


def run(harness: Harness, *words: str) -> str:
    """One of the operator's commands on this harness's table."""
    result = command(harness, *words)
    assert result.exit_code == 0, result.output
    return str(result.output)


def give(harness: Harness, currency: str, text: str, number: int) -> dict[str, Any]:
    """A reader writes an amount on the donation page and pays; answers the session as Stripe has it, untold."""
    form = {"amount": "own", "own_amount": text, "currency": currency, "interval": "once", "lang": "uk"}
    reply = Visitor(client=f"198.51.100.{number}").submit("/donate", {**form, "attempt": new_secret()})
    assert reply.status == 303, (currency, text, reply.text)
    found = re.search(r"cs_[A-Za-z0-9_]+", reply.headers["location"])
    assert found
    harness.tell([one(harness.stripe.pay(found.group(), f"{currency}@reader.example"), "checkout.session.completed")])
    return harness.stripe.account.get("checkout.session", found.group())


def test_what_is_typed_is_charged_booked_mailed_and_printed_in_every_currency(worldly: Harness) -> None:
    amounts = odd_amounts()
    for number, (currency, amount) in enumerate(amounts.items()):
        session = give(worldly, currency, typed(amount, currency), number)
        assert (session["amount_total"], session["currency"]) == (amount, currency)

    ledger = [json.loads(line) for line in run(worldly, "ledger", "--json").splitlines()]
    assert {entry["currency"]: entry["amount"] for entry in ledger} == amounts
    assert Counter(type(entry["amount"]) for entry in ledger) == {int: len(EVERY)}
    assert {entry["email"]: entry["currency"] for entry in ledger} == {
        f"{code}@reader.example": code for code in EVERY
    }

    totals = json.loads(run(worldly, "totals", "--json"))
    assert {code: (sums["gross"], sums["net"], sums["payments"]) for code, sums in totals.items()} == {
        code: (amount, amount, 1) for code, amount in amounts.items()
    }

    for name in ("ledger", "totals"):
        printed = run(worldly, name)
        for currency, amount in amounts.items():
            line = next(line for line in printed.splitlines() if re.search(rf"\b{currency}\b", line))
            assert money.to_decimal_text(Money(amount, currency)) in line.split(), line

    language = Language("uk", "Europe/Kyiv")
    mails = {mail.to.partition("@")[0]: mail.text for mail in worldly.mails.sent}
    for currency, amount in amounts.items():
        assert language.money(amount, currency) in mails[currency]


@pytest.mark.parametrize("currency", ["isk", "huf", "twd", "kwd", "bhd", "jpy", "eur"])
def test_coins_that_cannot_be_charged_are_refused_at_the_door(worldly: Harness, currency: str) -> None:
    """Whole units only, a last digit of 0, or no decimals at all: told to the reader, never rounded for them."""
    refused = {"isk": "20000,50", "huf": "20000,01", "twd": "20000,99", "kwd": "2000,1250", "bhd": "2000,0010"}
    text = refused.get(currency, {"jpy": "2000000,50", "eur": "20000,0010"}.get(currency, ""))
    form = {"amount": "own", "own_amount": text, "currency": currency, "interval": "once", "lang": "uk"}
    reply = Visitor().submit("/donate", {**form, "attempt": new_secret()})
    assert reply.status == 400
    if currency in refused:
        amount = typed_amount.from_decimal_text(text, currency).amount
        body = {"amount": amount, "currency": currency, "interval": "once", "attempt": new_secret()}
        reply = Visitor().post("/v1/checkouts", body)
        assert (reply.status, reply.code) == (400, "bad_amount")
    assert worldly.stripe.created_with == [], "Stripe was not asked"


@pytest.mark.parametrize(
    "amount", [500.0, 1e18, "500", "5.00", True, None, [500], -500, 0, 10**18, 2**63, 0.1 + 0.2, 99_999_999.99]
)
def test_an_amount_over_the_wire_is_an_integer_within_bounds_or_refused(harness: Harness, amount: object) -> None:
    body = {"amount": amount, "currency": "eur", "interval": "once", "attempt": new_secret()}
    reply = Visitor().post("/v1/checkouts", body)
    assert reply.status == 400
    assert reply.json["field"] == "amount"
    assert harness.stripe.created_with == [], "Stripe was not asked"
