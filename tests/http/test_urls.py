r"""Where a reader may be sent: a path of ours or an address on a listed origin, in any spelling a browser knows.

An address on a listed origin is used as far as it can be, whatever it holds; any other place is refused.
"""

import re
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.urls import LONGEST, safe_return, safe_source, shortened
from testkit.for_each import for_each

ORIGINS = ("https://news.example", "http://127.0.0.1:8080")

ALLOWED = [
    "/",
    "/about",
    "/about?x=1&y=2#part",
    "/a/b/../c",
    "/" + quote("дякуємо"),
    "/" + quote("новини/Надріччя") + "?q=" + quote("річка"),
    "/search?next=https://elsewhere.example/",
    "/?u=%20",
    "https://news.example",
    "https://news.example/",
    "https://news.example/" + quote("стаття"),
    "https://news.example?x=1",
    "https://news.example#x",
    "https://news.example/@author",
    "HTTPS://News.Example/x",
    "http://127.0.0.1:8080/x",
    "/" + "a" * (LONGEST - 1),
    "https://news.example/?q=a%0Ab%5Cc%0d%00",
    "/about?q=%5Cc#%0a",
]

CLEANED = {
    " https://news.example/a ": "https://news.example/a",
    "https://news.example/?q=a|b{c}d^e`f\\g": "https://news.example/?q=a%7Cb%7Bc%7Dd%5Ee%60f%5Cg",
    "https://news.example/a b?c=d e": "https://news.example/a%20b?c=d%20e",
    "https://news.example/дякуємо?я=100%": "https://news.example/" + quote("дякуємо") + "?" + quote("я") + "=100%25",
    "/дякуємо": "/" + quote("дякуємо"),
    "/{x}|y^z": "/%7Bx%7D%7Cy%5Ez",
    '/"onload=x': "/%22onload=x",
    "/<script>": "/%3Cscript%3E",
    "/?a\\b": "/?a%5Cb",
    "/\u2028x": "/%E2%80%A8x",
    # Too long: the fragment goes first, then the query.
    "https://news.example/a?b=1#" + "c" * LONGEST: "https://news.example/a?b=1",
    "https://news.example/a?b=" + "1" * LONGEST + "#c": "https://news.example/a",
}
NO_USE = [
    "",
    " ",
    "https://news.example/" + "a" * LONGEST,
    "/" + "a" * LONGEST,
    "https://news.example/%5c",
    "https://news.example/a%0d%0aSet-Cookie:x?b",
    "https://news.example/a\\b",
    "https://news.example/%00",
]

REFUSED = {
    "no place": ["?x=1", "#x", "about", "./about", "../about"],
    "another host": ["https://evil.example", "https://news.example.evil.example", "https://evilnews.example"],
    "no scheme": ["//evil.example", "///evil.example", "////evil.example", "//news.example/x"],
    "backslashes": ["/\\evil.example", "\\\\evil.example", "\\/evil.example", "https:\\\\evil.example", "/a\\b"],
    "encoded slashes": ["/%2fevil.example", "/%2Fevil.example", "%2f%2fevil.example", "/%2f%2fevil.example"],
    "encoded backslashes": ["/%5cevil.example", "/%5Cevil.example", "https://news.example%5c.evil.example"],
    "userinfo": [
        "https://news.example@evil.example",
        "https://news.example:x@evil.example/",
        "https://evil.example@news.example",
        "https://@news.example/",
        "https://news.example%40evil.example",
    ],
    "CR and LF": ["/a\r\nSet-Cookie: x=1", "/a\n", "\n/a", "/a%0d%0aSet-Cookie:x", "/a%0A", "/a%0D"],
    "tabs and nulls": ["/\t/evil.example", "\t//evil.example", "/a%09", "/a%00", "/a\x00", "/a\x7f", "/a%7f"],
    "other schemes": [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "mailto:x@news.example",
        "ftp://news.example/",
        "http://news.example/",
        "file:///etc/passwd",
        "https:news.example",
        "https:/news.example",
        "https:///news.example",
    ],
    "ports": [
        "https://news.example:443/",
        "https://news.example:8443/",
        "https://news.example:",
        "https://news.example:99999/",
        "https://news.example:-1/",
        "https://news.example:８０/",
        "http://127.0.0.1/",
        "http://127.0.0.1:8081/",
        "http://127.0.0.1:08080/",
    ],
    "broken": ["https://[::1", "https://[", "https://news.example]/", "://news.example"],
    "look-alikes": ["https://nеws.example/", "https://news.example\u2044evil.example/", "https://nеws.example/?a|b"],
    "raw controls on a listed origin": ["https://news.example/\r\nSet-Cookie: x=1", "https://news.example/?a=\nb"],
}


@pytest.mark.parametrize("address", ALLOWED)
def test_these_are_places_of_the_newsroom(address: str) -> None:
    assert safe_return(address, ORIGINS) == address


@pytest.mark.parametrize(("address", "used"), CLEANED.items())
def test_on_a_listed_origin_odd_characters_are_encoded_and_what_is_too_long_is_shortened(
    address: str, used: str
) -> None:
    assert safe_return(address, ORIGINS) == used
    assert safe_return(used, ORIGINS) == used, "twice is as once"


@pytest.mark.parametrize("address", NO_USE)
def test_what_is_of_no_use_on_a_listed_origin_is_left_out_and_not_refused(address: str) -> None:
    assert safe_return(address, ORIGINS) is None


@pytest.mark.parametrize("address", [address for several in REFUSED.values() for address in several])
def test_these_are_not(address: str) -> None:
    with pytest.raises(BadInput) as refused:
        safe_return(address, ORIGINS)
    assert (refused.value.code, refused.value.details) == ("bad_return_to", {"field": "return_to"})
    assert "evil" not in refused.value.title, "what a stranger sent is not repeated"


def test_the_code_follows_the_field() -> None:
    with pytest.raises(BadInput) as refused:
        safe_source("//e", ORIGINS)
    assert (refused.value.code, refused.value.details) == ("bad_source", {"field": "source"})


@pytest.mark.parametrize(
    ("address", "used"),
    [
        ("", None),
        ("/about", None),
        ("https://news.example/%0a", None),
        (" https://news.example/a|b#c", "https://news.example/a%7Cb#c"),
        ("https://news.example/" + "a" * 3000, "https://news.example/" + "a" * 1979),
    ],
)
def test_where_somebody_came_from_is_a_whole_address_and_may_be_cut(address: str, used: str | None) -> None:
    assert safe_source(address, ORIGINS) == used


def test_without_a_listed_origin_only_paths_remain() -> None:
    assert safe_return("/x", ()) == "/x"
    with pytest.raises(BadInput):
        safe_return("https://news.example/", ())


def naive(address: str) -> bool:
    """The check that everybody writes first."""
    return address.startswith(("/", ORIGINS[0]))


def test_a_naive_check_would_let_a_dozen_of_these_pass() -> None:
    let_through = [address for several in REFUSED.values() for address in several if naive(address)]
    assert len(let_through) > 30, "the negative control"


_URL_PARTS = st.lists(
    st.sampled_from(
        [
            *("/", "\\", "//", "@", ":", "%2f", "%5c", "%0a", "\t", "\n", "?", "#", "..", "%", "\u3002", "[", "]"),
            *("evil.example", "news.example", "https:", "javascript:", "a", "."),
        ]
    ),
    max_size=8,
).map("".join)


@given(address=_URL_PARTS)
def test_whatever_passes_leads_a_browser_to_the_newsroom(address: str) -> None:
    """A browser reads backslashes as slashes and drops tabs and newlines; what it then opens must be ours."""
    try:
        used = safe_return(address, ORIGINS)
    except BadInput:
        return
    assert used == address or used is None or re.fullmatch(r"[!-~]+", used), "nothing that splits a header"
    as_browsers_read = (used or "/").replace("\\", "/").replace("\t", "").replace("\n", "").replace("\r", "")
    there = urlsplit(urljoin("https://api.example/v1/x", as_browsers_read))
    assert f"{there.scheme}://{there.netloc}".lower() in ("https://api.example", *ORIGINS)


HEADLINE = "https://news.example/" + quote("міст-через-річку-" * 20) + "/?fbclid=" + "x" * 130 + "#коментарі"


def test_a_headline_of_cyrillic_letters_is_a_place_to_go_back_to() -> None:
    address = "https://news.example/" + quote("міст-через-річку-" * 10) + "/?fbclid=" + "x" * 130
    assert 900 < len(address) < LONGEST
    assert safe_return(address, ORIGINS) == address


@for_each(most=range(60, 500))
def test_an_address_that_was_shortened_is_still_a_valid_one(most: int) -> None:
    used = safe_return(HEADLINE, ORIGINS)
    assert used is not None
    short = shortened(used, most)
    assert most - 12 < len(short) <= most
    assert safe_return(short, ORIGINS) == short
    assert HEADLINE.startswith(short)
    assert unquote(short, errors="strict") in unquote(HEADLINE), "whole letters"


def test_only_the_end_goes_and_no_more_than_must() -> None:
    address = "https://news.example/a?b=1#c"
    assert [shortened(address, most) for most in (28, 27, 25, 22, 21)] == [
        address,
        "https://news.example/a?b=1",
        "https://news.example/a",
        "https://news.example/a",
        "https://news.example/",
    ]
    # What was no UTF-8 before is cut at an escape's border, and no letter is looked for.
    assert shortened("https://news.example/" + "%E4" * 20, 40) == "https://news.example/" + "%E4" * 6


@given(address=_URL_PARTS, most=st.integers(min_value=25, max_value=60))
def test_shortening_never_leaves_the_newsroom(address: str, most: int) -> None:
    try:
        used = safe_return(address, ORIGINS)
    except BadInput:
        return
    if used:
        assert safe_return(shortened(used, most), ORIGINS) == shortened(used, most)
