"""The address that is handed on: the article's own, with the token and nothing else changed."""

import pytest

from chalicelib.gift_links.rules.addresses import on_site

AT = "https://news.example/statti/mist"


@pytest.mark.parametrize(
    ("query", "handed_on"),
    [
        ("", "?spilno=g1.new"),
        ("?a=1", "?a=1&spilno=g1.new"),
        ("?q=%D0%BC%20b&flag", "?q=%D0%BC%20b&flag&spilno=g1.new"),
        ("?spilno=g1.old", "?spilno=g1.new"),
        ("?a=1&spilno=g1.old&b=", "?a=1&b=&spilno=g1.new"),
        ("?notspilno=%D0%BC", "?notspilno=%D0%BC&spilno=g1.new"),
    ],
)
def test_a_token_takes_the_place_of_one_that_the_address_carries(query: str, handed_on: str) -> None:
    """Editors paste an address from their own browser, which came by a link; with two tokens the old one counts."""
    for part in ("", "#kinets"):
        assert on_site(f"{AT}{query}{part}", "g1.new") == f"{AT}{handed_on}{part}"
