"""A sign-in code is understood however a person types or pastes it, and one text is one guess."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel import ids
from chalicelib.signing_in.rules.typed_code import plain_code

LATIN_ON_KEYS = "QWERTYUIOPASDFGHJKLZXCVBNM"
UKRAINIAN_KEYS = "ЙЦУКЕНГШЩЗФІВАПРОЛДЯЧСМИТЬ"
codes = st.text(alphabet=ids.CODE_ALPHABET, min_size=8, max_size=8)

TYPED = {
    "as it stands in the mail": ["7K3M-XQ4T", "7k3m-xq4t", "7K3MXQ4T", " 7K3M XQ4T ", "7 K 3 M X Q 4 T", "7K3M_XQ4T"],
    "another dash": [
        f"7K3M{dash}XQ4T" for dash in ("–", "—", "\u2010", "\u2011", "\u2012", "−", "－", "﹣", "·", "/")
    ],
    "something around it": [
        "7K3M-XQ4T.",
        "«7K3M-XQ4T»",
        '"7K3M-XQ4T",',
        "(7K3M-XQ4T)",
        "7K3M-XQ4T\r\n",
        "\t7K3M-XQ4T",
    ],
    "what nobody sees": ["\u200b7K3M-XQ4T", "7K3M\u200d-XQ4T\ufeff", "7K3M\xad-XQ4T", "7K3M-\u2060XQ4T\u200e"],
    "full width and other digits": ["７Ｋ３Ｍ－ＸＱ４Ｔ", "７ｋ３ｍｘｑ４ｔ", "𝟕K𝟑M-XQ𝟜T", "٧K٣M-XQ٤T", "7️⃣K3M-XQ4T"],
    "Cyrillic letters of the same shape": ["7К3М-ХQ4Т", "7к3м-хq4т", "7КЗМ-ХQЧТ", "7кзм-хqчт"],
    "Greek letters of the same shape": ["7Κ3Μ-ΧQ4Τ", "7κ3μ-χq4τ"],
    "the whole line": [
        "Ваш код: 7K3M-XQ4T",
        "Ваш код для входу: 7K3M–XQ4T.",
        "Your code is 7k3m-xq4t, it works for 10 minutes",
        "Код для входу: «Вісті Надріччя»\n7K3M-XQ4T\nВведіть його на сторінці входу",
        "код 7K3MXQ4T",
        "7K3M-XQ4T 7K3M-XQ4T",
        "Ваш код: 7K3M\u200b-XQ4T\u2060",
    ],
    "a keyboard that was not switched": ["7Л3Ь-ЧЙ4Е", "7л3ьчй4е"],
}


@pytest.mark.parametrize("typed", [text for several in TYPED.values() for text in several])
def test_it_is_understood(typed: str) -> None:
    assert plain_code(typed) == "7K3MXQ4T"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("ВSSТ-871Е", "BSST871E"),
        ("АВЕК-МНОР", "ABEKMH0P"),
        ("стух-іѕјо", "CTYX1SJ0"),
        ("ОІLU-oilu", "011V011V"),
        ("Б3ЗЧ-чзбІ", "63344361"),
        # Л and Ь look like no letter of the alphabet, so here С, А and З are the keys C, F and P.
        ("САЗЛ-Ь234", "CFPKM234"),
        ("ФИЯЙ-ЦПРО", "ABZQWGHJ"),
        ("ШЩГД-Ь234", "10V1M234"),
    ],
)
def test_each_letter_means_one(typed: str, code: str) -> None:
    assert plain_code(typed) == code


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            " ",
            "-",
            "7K3M-XQ4",
            "7K3M-XQ4T5",
            "7K3M-XQ4T-7K3M",
            "7K3M-XQ4É",
            "7K3M-XQ4Ї",
            "7K3M-XQ4好",
            "\ud800" * 8,
        ),
        "7K3M-XQ4T 7K3M-XQ4V",  # two codes: which one is anybody's guess
        "7Л3M-XQ4T",  # a Latin letter: the layout was switched, so Л is no K
        "Введіть код на сторінці входу",
        "7К3М-ХQ4Т і ще щось",  # a line that is pasted is in the letters of the mail
    ],
)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert plain_code(typed) is None


@given(codes)
def test_every_code_is_understood_with_the_layout_of_either_shape(code: str) -> None:
    looks = str.maketrans("ABEKMHPCTYX3", "АВЕКМНРСТУХЗ")
    assert plain_code(f"{code[:4]}—{code[4:]}.".translate(looks).lower()) == code


@given(codes)
def test_a_layout_that_was_not_switched_is_understood_or_read_by_shape(code: str) -> None:
    """Seven letters in ten of the layout look like others; unless all of a code do, it is read by the keys."""
    typed = code.translate(str.maketrans(LATIN_ON_KEYS, UKRAINIAN_KEYS))
    shows = set(typed) & set("ЙЦФИПЛЯЬГШЩД")
    assert plain_code(typed) == code if shows else plain_code(typed) is not None


@given(st.text(max_size=40))
def test_one_text_has_one_reading_of_the_alphabet_whatever_it_is(text: str) -> None:
    read = plain_code(text)
    assert read == plain_code(text)
    assert read is None or (len(read) == 8 and set(read) <= set(ids.CODE_ALPHABET))


def test_no_letter_means_two() -> None:
    """Guessing gets no easier: each letter stands for one of the alphabet, so no text covers two codes."""
    meant = defaultdict(set)
    for number in range(0x20, 0x10000):
        read = plain_code(f"7777777{chr(number)}")
        if read is not None:
            meant[chr(number).upper()].add(read[-1])
    assert {len(found) for found in meant.values()} == {1}
    assert {letter for found in meant.values() for letter in found} == set(ids.CODE_ALPHABET)
