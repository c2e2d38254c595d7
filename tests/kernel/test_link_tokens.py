"""A mailed link's token proves that we made it, for one purpose and one row."""

import pytest

from chalicelib.kernel import link_tokens
from chalicelib.kernel.ids import IDENTIFIER

KEY = "a key of thirty-two characters.."
ROW = "iwNsZFM3qusj0-h5.Yq7x_2Lr0aZ9bT4c"


def test_a_token_names_its_row() -> None:
    token = link_tokens.make("undo", ROW, KEY)
    assert link_tokens.read("undo", token, KEY) == ROW
    assert IDENTIFIER.fullmatch(token), "it can stand in a path"


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        ROW,
        f"{ROW}.",
        f"{ROW}.{'0' * 32}",
        link_tokens.make("undo", ROW, KEY)[:-1],
        link_tokens.make("undo", ROW, KEY) + "0",
        link_tokens.make("undo", f"x{ROW}", KEY)[1:],
        link_tokens.make("undo", ROW, KEY).upper(),
        link_tokens.make("unsubscribe", ROW, KEY),
        link_tokens.make("undo", ROW, f"{KEY}x"),
        f"{ROW}.ї",
    ],
)
def test_no_other_text_is_a_token(token: str) -> None:
    assert link_tokens.read("undo", token, KEY) is None
