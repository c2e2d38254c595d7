r"""Where a reader may be sent: a path of ours or an address on a listed origin, in any spelling a browser knows."""

from urllib.parse import quote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import BadInput
from chalicelib.domain.urls import LONGEST, safe_return

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
]

REFUSED = {
    "nothing": ["", " ", "?x=1", "#x", "about", "./about", "../about"],
    "another host": ["https://evil.example", "https://news.example.evil.example", "https://evilnews.example"],
    "no scheme": ["//evil.example", "///evil.example", "////evil.example", "//news.example/x"],
    "backslashes": ["/\\evil.example", "\\\\evil.example", "\\/evil.example", "https:\\\\evil.example", "/a\\b"],
    "encoded slashes": ["/%2fevil.example", "/%2Fevil.example", "%2f%2fevil.example", "/%2f%2fevil.example"],
    "encoded backslashes": ["/%5cevil.example", "/%5Cevil.example", "https://news.example/%5c"],
    "userinfo": [
        "https://news.example@evil.example",
        "https://news.example:x@evil.example/",
        "https://evil.example@news.example",
        "https://@news.example/",
        "https://news.example%40evil.example",
    ],
    "CR and LF": ["/a\r\nSet-Cookie: x=1", "/a\n", "\n/a", "/a%0d%0aSet-Cookie:x", "/a%0A", "/a%0D"],
    "tabs and nulls": ["/\t/evil.example", "\t//evil.example", "/a%09", "/a%00", "/a\x00", "/a\x7f", "/a%7f", "/a b"],
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
    "markup": ['/"onload=x', "/<script>", "/`x`", "/{x}", "/a|b", "/a^b"],
    "raw Cyrillic and look-alikes": ["/дякуємо", "https://nеws.example/", "https://news。example/", "/\u2028x"],
    "too long": ["/" + "a" * LONGEST],
}


@pytest.mark.parametrize("address", ALLOWED)
def test_these_are_places_of_the_newsroom(address: str) -> None:
    assert safe_return(address, ORIGINS) == address


@pytest.mark.parametrize("address", [address for several in REFUSED.values() for address in several])
def test_these_are_not(address: str) -> None:
    with pytest.raises(BadInput) as refused:
        safe_return(address, ORIGINS)
    assert (refused.value.code, refused.value.details) == ("bad_return_to", {"field": "return_to"})
    assert "evil" not in refused.value.title, "what a stranger sent is not repeated"


def test_the_code_follows_the_field() -> None:
    with pytest.raises(BadInput) as refused:
        safe_return("//e", ORIGINS, field="source")
    assert refused.value.code == "bad_source"


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
        safe_return(address, ORIGINS)
    except BadInput:
        return
    as_browsers_read = address.replace("\\", "/").replace("\t", "").replace("\n", "").replace("\r", "")
    there = urlsplit(urljoin("https://api.example/v1/x", as_browsers_read))
    assert f"{there.scheme}://{there.netloc}".lower() in ("https://api.example", *ORIGINS)
