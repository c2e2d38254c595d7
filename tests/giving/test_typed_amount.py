"""Amounts as people type them: one table for the server, the giving page's script and the element."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel import money, typed_amount
from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.money import Money
from chalicelib.kernel.typed_amount import from_decimal_text

CASES = json.loads(Path(__file__).with_name("amounts.json").read_text(encoding="utf-8"))
currencies = st.sampled_from(sorted(money.EVERY))


def read(typed: str, currency: str) -> int | None:
    try:
        return from_decimal_text(typed, currency).amount
    except BadInput:
        return None


@pytest.mark.parametrize(("typed", "currency", "amount", "why"), CASES, ids=range(len(CASES)))
def test_the_table_that_all_readers_of_amounts_are_held_to(
    typed: str, currency: str, amount: int | None, why: str
) -> None:
    assert read(typed, currency) == amount, why


OTHERS = [
    *[("$5", "eur"), ("5 $", "uah"), ("€5", "usd"), ("5 грн", "eur"), ("5 грн.", "usd"), ("5 USD", "eur")],
    *[("5 euro", "uah"), ("uah 5", "eur"), ("5 zł", "eur"), ("£5", "eur"), ("₴ 5,50", "eur"), ("5 доларів", "uah")],
]


@pytest.mark.parametrize(("typed", "currency"), OTHERS)
def test_another_currency_is_never_taken_for_the_chosen_one(typed: str, currency: str) -> None:
    with pytest.raises(BadInput) as refused:
        from_decimal_text(typed, currency)
    assert (refused.value.code, refused.value.details) == ("other_currency", {"field": "amount"})


@pytest.mark.parametrize(
    ("typed", "currency"), [("1,000", "kwd"), ("0.500", "bhd"), ("1500.500", "tnd"), ("KWD 1.250", "kwd")]
)
def test_where_nobody_can_tell_a_thousand_from_a_decimal_we_ask(typed: str, currency: str) -> None:
    with pytest.raises(BadInput) as refused:
        from_decimal_text(typed, currency)
    assert refused.value.code == "ambiguous_amount"


@pytest.mark.parametrize("typed", ["-5", "five", "", "5 5a", "5 €/міс", "1.50,00", "9" * 101, "5" + " " * 200])
def test_all_else_is_no_amount(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        from_decimal_text(typed, "eur")
    assert (refused.value.code, refused.value.details) == ("bad_amount", {"field": "amount"})


@given(amount=st.integers(min_value=0, max_value=money.LARGEST), currency=currencies)
def test_what_is_written_with_the_currencys_own_words_is_read_the_same(amount: int, currency: str) -> None:
    plain = money.to_decimal_text(Money(amount, currency))
    if money.decimals(currency) == 3:
        plain += "0"  # three decimals alone might be a group
    for word in typed_amount.own_words(currency):
        for typed in (f"{word}{plain}", f"{plain} {word.upper()}", f"{word}{'.' * word.isalpha()} {plain}"):
            assert read(typed, currency) == amount, typed


@given(text=st.text(alphabet="0123456789.,-€$ грнEUR'", max_size=14), currency=currencies)
def test_reading_is_never_off_by_a_thousand(text: str, currency: str) -> None:
    """Whatever is read has the digits that were typed, in their order."""
    amount = read(text, currency)
    if amount is not None:
        digits = "".join(filter(str.isdigit, text)).strip("0")
        assert str(amount).strip("0") == digits
