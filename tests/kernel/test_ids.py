"""The forms of what we draw: names and secrets are long enough, of one alphabet, and never the same twice."""

from collections.abc import Callable

import pytest

from chalicelib.kernel.ids import CODE_ALPHABET, IDENTIFIER, fingerprint, keyed_hash, new_code, new_id, new_secret


@pytest.mark.parametrize(("drawn", "length"), [(new_id, 16), (new_secret, 32)])
def test_a_name_has_96_bits_and_a_secret_192(drawn: Callable[[], str], length: int) -> None:
    found = {drawn() for _ in range(100)}
    assert len(found) == 100
    assert {len(one) for one in found} == {length}, "six bits a character"
    assert all(IDENTIFIER.fullmatch(one) for one in found)


def test_a_code_is_twice_four_letters_of_its_alphabet() -> None:
    found = {new_code() for _ in range(100)}
    assert len(found) > 95, "40 bits"
    for code in found:
        first, dash, second = code[:4], code[4], code[5:]
        assert (len(first), dash, len(second)) == (4, "-", 4)
        assert set(first + second) <= set(CODE_ALPHABET)


def test_a_hash_is_the_standards_own() -> None:
    """FIPS 180-4's "abc", and the second case of RFC 4231."""
    assert fingerprint("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert keyed_hash("Jefe", "what do ya want for nothing?") == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )
