"""An address keeps its meaning and loses what a URL must not hold."""

from urllib.parse import quote, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.plain_url import plain, readable

ENCODED = {
    "https://news.example/": "https://news.example/",
    "https://news.example": "https://news.example",
    "/about?x=1&y=2#part": "/about?x=1&y=2#part",
    "https://news.example/новини?q=річка#розділ": (
        f"https://news.example/{quote('новини')}?q={quote('річка')}#{quote('розділ')}"
    ),
    "https://news.example/?a=1|2&b={x}^`": "https://news.example/?a=1%7C2&b=%7Bx%7D%5E%60",
    'https://news.example/a b?c="<d>"': "https://news.example/a%20b?c=%22%3Cd%3E%22",
    "https://news.example/a\\b": "https://news.example/a%5Cb",
    "https://news.example/a\r\nSet-Cookie: x\x00\x7f": "https://news.example/a%0D%0ASet-Cookie:%20x%00%7F",
    "  https://news.example/a \n": "https://news.example/a",
    "https://news.example/%D0%BD%0A?x=%7c": "https://news.example/%D0%BD%0A?x=%7c",
    "https://news.example/100%?x=%zz%u0456": "https://news.example/100%25?x=%25zz%25u0456",
    "https://news.example/?tag[]=1&x='(*)'!": "https://news.example/?tag[]=1&x='(*)'!",
    "https://новини.example:8443/x": "https://xn--b1amarcd.example:8443/x",
    "https://НОВИНИ.example/": "https://xn--b1amarcd.example/",
    "//новини.example/x": "//xn--b1amarcd.example/x",
    "https://[::1]:8000/ї": f"https://[::1]:8000/{quote('ї')}",
    "https://user@новини.example/": "https://user@xn--b1amarcd.example/",
    "": "",
    "новини": quote("новини"),
    "mailto:пошта@news.example": f"mailto:{quote('пошта')}@news.example",
}


@pytest.mark.parametrize(("address", "expected"), ENCODED.items())
def test_what_a_url_must_not_hold_is_encoded_and_all_else_stays(address: str, expected: str) -> None:
    assert plain(address) == expected


# A browser reads each of these as another host than a careless eye; none may become more innocent than it was.
@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("//evil.example", "//evil.example"),
        ("\t//evil.example", "//evil.example"),
        ("/\t/evil.example", "/%09/evil.example"),
        ("/\\evil.example", "/%5Cevil.example"),
        ("https:\\\\evil.example", "https:%5C%5Cevil.example"),
        ("https://news.example\\@evil.example/", "https://news.example%5C@evil.example/"),
        ("java\tscript:alert(1)", "java%09script:alert(1)"),
        ("https://evil.example／.news.example/", "https://evil.example%EF%BC%8F.news.example/"),
        ("https://news.example@evil.example／x", "https://news.example@evil.example%EF%BC%8Fx"),
        ("https://℀.example/", "https://%E2%84%80.example/"),
    ],
)
def test_a_host_in_disguise_stays_what_it_is(address: str, expected: str) -> None:
    assert plain(address) == expected


@given(st.text())
def test_any_text_becomes_an_address_that_is_left_alone_the_second_time(text: str) -> None:
    once = plain(text)
    assert once.isascii()
    assert not set(once) & set(' "<>\\^`{|}\x7f')
    assert not any(character < "!" for character in once)
    assert plain(once) == once


@given(st.text(st.characters(blacklist_categories=["Cs"])))
def test_a_server_reads_the_same_path(text: str) -> None:
    address = f"https://news.example/{text.replace('%', '%25')}.html"
    assert unquote(urlsplit(plain(address.replace("?", "%3F").replace("#", "%23"))).path) == f"/{text}.html"


def test_half_a_character_is_encoded_too() -> None:
    assert plain("https://news.example/\ud800?x") == "https://news.example/%3F?x"


@pytest.mark.parametrize(
    ("encoded", "read"),
    [
        (f"https://news.example/{quote('новини')}?q={quote('річка')}", "https://news.example/новини?q=річка"),
        (f"/{quote('міст')}%20{quote('і')}%2F{quote('річка')}", "/міст%20і%2Fрічка"),
        (quote("/міст").lower(), "/міст"),
        ("/100%25?x=%zz", "/100%25?x=%zz"),
        ("/%D0%BD%D0", "/%D0%BD%D0"),
        (quote("/\u202egpj.exe"), "/%E2%80%AEgpj.exe"),
        (quote("/a\u2028b\u00a0c"), "/a%E2%80%A8b%C2%A0c"),
        ("https://xn--b1amarcd.example/", "https://xn--b1amarcd.example/"),
    ],
    ids=[
        "letters",
        "only letters",
        "as WordPress writes it",
        "a percent sign",
        "half a letter",
        "turns round",
        "spaces",
        "a host",
    ],
)
def test_people_read_letters(encoded: str, read: str) -> None:
    assert readable(encoded) == read


@given(st.text())
def test_what_people_read_leads_to_the_same_page(text: str) -> None:
    address = plain(f"https://news.example/{text}")
    assert unquote(plain(readable(address))) == unquote(address)
