"""Money crosses between text and minor units in one place each way, exactly, for every currency (promise P12)."""

import ast
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel import money, typed_amount
from chalicelib.kernel.errors import BadInput, Problem
from chalicelib.kernel.money import CurrencyUnknown, Money
from testkit.for_each import for_each

EVERY_CURRENCY = sorted(money.TWO_DECIMALS | money.ZERO_DECIMALS | money.THREE_DECIMALS | money.WHOLE_UNITS_ONLY)
currencies = st.sampled_from(EVERY_CURRENCY)
amounts = st.integers(min_value=0, max_value=money.LARGEST)


def test_the_table_holds_each_currency_once() -> None:
    groups = (money.TWO_DECIMALS, money.ZERO_DECIMALS, money.THREE_DECIMALS, money.WHOLE_UNITS_ONLY)
    assert sum(map(len, groups)) == len(frozenset().union(*groups))
    # https://docs.stripe.com/currencies, read 2026-11
    assert frozenset("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split()) == money.ZERO_DECIMALS
    assert frozenset("bhd jod kwd omr tnd".split()) == money.THREE_DECIMALS


@for_each(currency=EVERY_CURRENCY)
def test_every_currency_has_its_own_number_of_decimals(currency: str) -> None:
    places = money.decimals(currency)
    assert len(money.to_decimal_text(Money(1, currency)).partition(".")[2]) == places
    assert typed_amount.from_decimal_text("1", currency).amount == 10**places


@given(amount=amounts, currency=currencies)
def test_out_and_in_again_is_the_same_amount(amount: int, currency: str) -> None:
    there = Money(amount, currency)
    assert typed_amount.from_decimal_text(written(there), currency) == there


def written(there: Money) -> str:
    """Four decimals where three may be a group: `1.500` may be fifteen hundred, `1.5000` is none."""
    return money.to_decimal_text(there) + ("0" if money.decimals(there.currency) == 3 else "")


@given(amount=amounts, currency=currencies)
def test_a_comma_and_thin_spaces_are_read_as_people_write_them(amount: int, currency: str) -> None:
    typed = written(Money(amount, currency)).replace(".", ",")
    assert (
        typed_amount.from_decimal_text(f" {typed[:1]}\N{NARROW NO-BREAK SPACE}{typed[1:]} ", currency).amount
        == amount
    )


@given(first=st.integers(), second=st.integers(), currency=currencies)
def test_sums_are_exact_and_a_refund_is_the_gift_with_the_other_sign(first: int, second: int, currency: str) -> None:
    added = Money(first, currency) + Money(second, currency)
    assert added.amount == first + second
    assert added + -Money(second, currency) == Money(first, currency)


def test_currencies_never_add_up() -> None:
    with pytest.raises(ValueError, match="eur and usd"):
        _ = Money(1, "eur") + Money(1, "usd")


@pytest.mark.parametrize("amount", [5.0, "5", True, None, 5j])
def test_an_amount_is_an_int_and_nothing_like_one(amount: object) -> None:
    with pytest.raises(TypeError):
        Money(amount, "eur")  # type: ignore[arg-type] # that is the point


@pytest.mark.parametrize("currency", ["ugx", "EUR", "Eur", "eu", "euro", "", "xxx", "btc", "еur", "eur "])
def test_a_currency_we_cannot_take_is_refused(currency: str) -> None:
    """By an error of its own: what a stored row may hold is no mistake of whoever asked for it (a 400)."""
    for crossing in (
        lambda: Money(1, currency),
        lambda: typed_amount.from_decimal_text("1", currency),
        lambda: money.decimals(currency),
    ):
        with pytest.raises(CurrencyUnknown) as refused:
            crossing()
        assert not isinstance(refused.value, Problem)


@given(text=st.text(max_size=14), currency=currencies)
def test_nothing_a_stranger_types_does_anything_but_refuse_or_read(text: str, currency: str) -> None:
    try:
        read = typed_amount.from_decimal_text(text, currency)
    except BadInput:
        return
    assert read.amount >= 0


# ---- never through float ----

ROOT = Path(__file__).parents[2]
# Where amounts are only carried, added up or shown: no division, no rounding and no float has any business there.
MONEY_PATHS = [
    *(ROOT / "chalicelib" / "kernel").rglob("*.py"),
    *(ROOT / "chalicelib").glob("*/rules/*.py"),
    *(ROOT / "chalicelib").glob("*/rows/*.py"),
    *(ROOT / "chalicelib" / "booking").rglob("*.py"),
    *(ROOT / "chalicelib" / "ledger").rglob("*.py"),
    *(ROOT / "chalicelib" / "newsroom").rglob("*.py"),
    *(ROOT / "chalicelib" / "rails" / "stripe" / "events").glob("*.py"),
    ROOT / "chalicelib" / "rails" / "stripe" / "checkout.py",
    ROOT / "chalicelib" / "i18n" / "language.py",
    ROOT / "ops" / "books.py",
]


def inexact(source: str) -> list[int]:
    """The lines of a source that divide, round, or speak of floats."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        divides = isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)
        named = isinstance(node, ast.Name) and node.id in ("float", "round")
        written = isinstance(node, ast.Constant) and isinstance(node.value, float)
        if divides or named or written:
            lines.append(getattr(node, "lineno", 0))
    return lines


@for_each(path=MONEY_PATHS)
def test_no_float_is_anywhere_near_money(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    waits = [number for number, line in enumerate(source.splitlines(), 1) if "pause" in line or "sleep" in line]
    assert [line for line in inexact(source) if line not in waits] == [], (
        "seconds to wait may be fractions, money not"
    )


def test_the_rule_above_finds_what_it_looks_for() -> None:
    for wrong in ("x = amount / 100", "x = int(float(t) * 100)", "x = amount * 0.01", "x /= 2", "x = round(y)"):
        assert inexact(wrong) == [1], wrong
    assert inexact("x = amount // 100 + amount % 100") == []


NINE_THOUSAND = range(100, 10_001)  # 1.00 to 100.00, in steps of a cent


def truncated(text: str, places: int) -> int:
    """What everybody writes first."""
    return int(float(text) * int(10**places))


def rounded(text: str, places: int) -> int:
    """What everybody writes next."""
    return round(float(text) * int(10**places))


def shown_by_float(amount: int, places: int) -> str:
    """And the other way round."""
    return f"{amount / 10**places:.{places}f}"


@pytest.mark.parametrize(("currency", "lost"), [("eur", 570), ("uah", 570), ("jpy", 0), ("kwd", None)])
def test_truncating_a_float_loses_570_of_9901_amounts(currency: str, lost: int | None) -> None:
    """The negative control: the same amounts, the first crossing that comes to mind."""
    texts = {amount: written(Money(amount, currency)) for amount in NINE_THOUSAND}
    wrong = [amount for amount, text in texts.items() if truncated(text, money.decimals(currency)) != amount]
    assert len(texts) == 9_901
    assert len(wrong) == lost if lost is not None else len(wrong) > 0
    assert all(truncated(texts[amount], money.decimals(currency)) == amount - 1 for amount in wrong), (
        "a cent each, unseen"
    )
    assert [
        amount for amount, text in texts.items() if typed_amount.from_decimal_text(text, currency).amount != amount
    ] == []


@pytest.mark.parametrize("crossing", [truncated, rounded])
def test_large_sums_do_not_survive_any_float(crossing: Callable[[str, int], int]) -> None:
    large = range(2**53, 2**53 + 1000)
    texts = {amount: money.to_decimal_text(Money(amount, "eur")) for amount in large}
    assert any(crossing(text, 2) != amount for amount, text in texts.items()), "the negative control"
    assert any(shown_by_float(amount, 2) != text for amount, text in texts.items()), "the same on the way out"
    assert all(Decimal(text) * 100 == amount for amount, text in texts.items())
