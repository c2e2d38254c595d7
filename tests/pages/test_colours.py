"""Whatever colour a newsroom chooses, its pages can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.colours import PAPER, contrast, on, readable


@given(st.integers(0, 0xFFFFFF))
def test_any_accent_can_be_read(number: int) -> None:
    accent = f"#{number:06x}"
    assert contrast(readable(accent), PAPER) >= 4.5
    assert contrast(on(accent), accent) >= 4.5


def test_an_accent_is_a_colour() -> None:
    with pytest.raises(ValueError, match="#7a1f2b"):
        readable("red;}body{display:none")
