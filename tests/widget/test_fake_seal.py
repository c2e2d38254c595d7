"""The double of what seals is not the code that it stands for."""

from tests.widget.fake_seal import b64url, file_of, key_of
from tests.widget.sealing import SEAL, TEXT


def test_the_fake_seals_as_the_contract_says() -> None:
    """The double is not the code it stands for: another key's file, and another name's, are other files."""
    one = file_of("a", "v", TEXT)
    assert one == file_of("a", "v", TEXT)
    assert len({one, file_of("b", "v", TEXT), file_of("a", "w", TEXT), file_of("a", "v", TEXT, key=b"k" * 32)}) == 4
    assert len(b64url(key_of("a", "v"))) == 43
    assert SEAL.endswith("/seal")
