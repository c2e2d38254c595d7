"""A receipt's reference: its number with letters that nobody else can make, read as people type it."""

import itertools

import pytest

from chalicelib.kernel.ids import CODE_ALPHABET
from chalicelib.ledger.rules import receipt_reference
from chalicelib.ledger.rules.receipt_reference import number_of

KEY = "the newsroom's key"
NUMBER = number_of(2026, 123)
REFERENCE = receipt_reference.reference(NUMBER, KEY)
LETTERS = REFERENCE.removeprefix("2026-000123-")


def test_a_number_is_the_year_and_six_digits_or_more_when_they_are_needed() -> None:
    assert NUMBER == "2026-000123"
    assert number_of(2026, 999_999) == "2026-999999"
    assert number_of(2026, 1_000_000) == "2026-1000000"


def test_a_reference_is_the_number_and_eight_letters_of_the_alphabet() -> None:
    first, second = LETTERS.split("-")
    assert len(first) == len(second) == 4
    assert set(first + second) <= set(CODE_ALPHABET)
    assert receipt_reference.read(REFERENCE, KEY) == NUMBER


def test_its_letters_stay_the_same_for_ever() -> None:
    """They stand on paper: another way to make them would close every receipt of before."""
    assert receipt_reference.reference(NUMBER, KEY) == "2026-000123-TA25-XNQX"


def test_each_number_and_each_key_has_letters_of_its_own() -> None:
    several = {receipt_reference.reference(number_of(2026, count), KEY)[-9:] for count in range(1, 2001)}
    assert len(several) == 2000
    assert receipt_reference.reference(NUMBER, "another key") != REFERENCE
    assert receipt_reference.read(REFERENCE, "another key") is None


def test_every_letter_counts_with_all_its_bits() -> None:
    """The negative control of the check: each other letter at each place is refused."""
    plain = REFERENCE.replace("-", "")
    for place, letter in itertools.product(range(10, 18), CODE_ALPHABET):
        wrong = plain[:place] + letter + plain[place + 1 :]
        assert (receipt_reference.read(wrong, KEY) == NUMBER) == (wrong == plain)


@pytest.mark.parametrize(
    "change",
    [
        str.lower,
        lambda text: text.replace("-", " "),
        lambda text: text.replace("-", ""),
        lambda text: text.replace("-", "–"),
        lambda text: f"  {text}\n",
        lambda text: f"№ {text}.",
        lambda text: f"Номер квитанції: {text}",
        lambda text: f"Receipt {text}, 3 €",
        lambda text: text.replace("0", "O").replace("1", "I"),
        lambda text: text.replace("A", "А").replace("T", "Т").replace("X", "х"),
        lambda text: text.replace("2026", "２０２６").replace("0", "о"),
        "\u200b".join,
    ],
)
def test_it_is_read_as_people_type_and_paste_it(change: object) -> None:
    assert callable(change)
    assert receipt_reference.read(change(REFERENCE), KEY) == NUMBER


def test_a_layout_that_was_never_switched_gives_the_keys_that_were_pressed() -> None:
    keys = dict(zip("QWERTYUIOPASDFGHJKLZXCVBNM", "ЙЦУКЕНГШЩЗФІВАПРОЛДЯЧСМИТЬ", strict=True))
    count = next(
        count
        for count in itertools.count(1)
        if set("DFGQRSVWZ") & set(receipt_reference.reference(number_of(2026, count), KEY))
    )
    text = receipt_reference.reference(number_of(2026, count), KEY)
    typed = "".join(keys.get(letter, letter) for letter in text).lower()
    assert receipt_reference.read(typed, KEY) == number_of(2026, count)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-000123",
        "K7QX-9M2D",
        f"26-000123-{LETTERS}",
        f"2026-123-{LETTERS}",
        f"2026-0000123-{LETTERS}",
        f"2026-000124-{LETTERS}",
        f"2026-000000-{LETTERS}",
        f"{REFERENCE} or {REFERENCE[:-1]}2",
        f"{REFERENCE}0",
        REFERENCE * 20,
        "9" * 200,
        "²" * 18,
        "\0" * 30,
        "'; drop table --",
    ],
)
def test_anything_else_is_no_reference(text: str) -> None:
    assert receipt_reference.read(text, KEY) is None


def test_a_count_with_a_nought_too_many_is_refused_though_its_letters_are_right() -> None:
    longer = receipt_reference.ReceiptNumber("2026-0000123")
    assert receipt_reference.read(receipt_reference.reference(longer, KEY), KEY) is None
    none = receipt_reference.ReceiptNumber("2026-000000")
    assert receipt_reference.read(receipt_reference.reference(none, KEY), KEY) is None
