"""One rule for an e-mail address: what a person means becomes the one form, and what could be two becomes none."""

import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel import email_address, ids
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.errors import BadInput

ADA = "ada@reader.example"
OLENA = "olena@xn--bcher-kva.de"


@pytest.mark.parametrize(
    "typed",
    [
        ADA,
        "Ada@READER.Example",
        f"  {ADA}\n",
        f"\u200b{ADA}",
        f"{ADA}\u200b",
        "ada\u200b@reader\ufeff.example",
        f"\ufeff{ADA}\ufeff",
        "ada@read\u00ader.example",
        "ad\u200da@reader.exam\u200cple",
        f"\u202a{ADA}\u202c",
        f"\u2066{ADA}\u2069",
        f"\u200f{ADA}\u200e",
        f"\u00a0{ADA}\u00a0",
        f"\u2060{ADA}\u3000",
        f"{ADA}.",
        f"{ADA},",
        f"{ADA};",
        f"{ADA} ,\n",
        f"{ADA}\u200b.",
        f"<{ADA}>",
        f"({ADA})",
        f'"{ADA}"',
        f"'{ADA}'",
        f"«{ADA}»",
        f"„{ADA}“",
        f"“{ADA}”,",
        f"mailto:{ADA}",
        f"MailTo: {ADA}",
        f"<mailto:{ADA}>",
        f"mailto:{ADA}?subject=Hello&cc=eve@x.example",
        f"\u200bmailto:{ADA}?subject=%D0%9F",
        "mailto:ada%40reader.example",
        "mailto:%61da@reader.example%2C",
        "mailto:ada%E2%80%8B@reader.example",
        "ada @ reader.example",
        "ada@reader。example",
        "ada@ｒｅａｄｅｒ.example",
    ],
)
def test_what_comes_along_with_an_address_is_taken_away(typed: str) -> None:
    assert email_address.read(typed) == ADA


@pytest.mark.parametrize(
    "typed",
    [
        "olena@bücher.de",
        "Olena@BÜCHER.de",
        "olena@bu\u0308cher.de",
        "olena@xn--bcher-kva.de",
        "OLENA@XN--BCHER-KVA.DE",
        "olena@bücher。de",
        "mailto:olena@b%C3%BCcher.de",
        "olena@bü\u200bcher.de.",
    ],
)
def test_a_domain_beyond_ascii_has_one_form(typed: str) -> None:
    assert email_address.read(typed) == OLENA


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("maria@новини.укр", "maria@xn--b1amarcd.xn--j1amh"),
        ("a@faß.de", "a@xn--fa-hia.de"),
        ("x@نامه\u200cای.com", "x@xn--mgba3gch31f060k.com"),  # there the joiner tells two domains apart
        ("ada@xn--ls8h.la", "ada@xn--ls8h.la"),  # what is ASCII is what the DNS knows, whatever it stands for
        ("o'hara+news_1@mail.reader.example", "o'hara+news_1@mail.reader.example"),
        ("_a!#$%&'*+/=?^{}~-@b.example", "_a!#$%&'*+/=?^{}~-@b.example"),
        ("7@b.example", "7@b.example"),
        ("a" * 64 + "@b.example", "a" * 64 + "@b.example"),
        ("a@" + "b" * 63 + ".example", "a@" + "b" * 63 + ".example"),
        ("a%40b@c.example", "a%40b@c.example"),  # only a link's is encoded
    ],
)
def test_what_is_an_address_stays_one(typed: str, kept: str) -> None:
    assert email_address.read(typed) == kept


REFUSED = [
    "",
    " ",
    "@",
    "ada",
    "ada@",
    "@reader.example",
    "a@b",
    "ö@müller.de",
    "x@a..b",
    "марія@новини.укр",
    "ada@.example",
    "ada@reader..example",
    "ada@-reader.example",
    "ada@reader-.example",
    "ada@rea_der.example",
    "ada@reader.example/path",
    "ada@reader.example:25",
    "ada@" + "b" * 64 + ".example",
    "ada@" + "b." * 130 + "example",
    "ada@127.0.0.1",
    "ada@[127.0.0.1]",
    "ada@[IPv6:::1]",
    "ada@1.2.3.0x7f",
    "ada@reader.123",
    "a" * 65 + "@b.example",
    "a" * 64 + "@" + "b" * 63 + "." + "c" * 63 + "." + "d" * 63 + ".example",
    ".ada@reader.example",
    "ada.@reader.example",
    "a..da@reader.example",
    "+ada@reader.example",
    "-ada@reader.example",
    "=ada@reader.example",
    "#ada@reader.example",
    "@ada@reader.example",
    "ada@eve@reader.example",
    "a,b@x.example",
    "a;b@x.example",
    "a:b@x.example",
    "a(b)@x.example",
    'a"b@x.example',
    '"a b"@x.example',
    "a\\b@x.example",
    "a`b@x.example",
    "a|b@x.example",
    "a b@x.example",
    "a\u00a0b@x.example",
    "=cmd|' /C calc'!A0@x.example",
    "\x1b[31mada@x.example",
    "ada\x1b@x.example",
    "a\x00da@x.example",
    "ada@x.example\x07",
    "ada\x9b@x.example",
    "a@b.example\r\nBcc: c@d.example",
    "a@b.example, c@d.example",
    "a@b.example c@d.example",
    "Ada <a@b.example>",
    "<a@b.example> c",
    "mailto:a@b.example,c@d.example",
    "mailto:?to=a@b.example",
    "mailto:a@b.example%0ABcc:c@d.example",
    "mailto:a%FF@b.example",
    "mailto:mailto:a@b.example",
    "\u212aada@x.example",  # the sign of the kelvin, which lower() makes a k
    "ad\u0131@x.example",
    "аda@x.example",
    "ａda@x.example",
    "ada＠x.example",
    "ada@i❤.ws",
    "ada@bü\u2215cher.de",
    "ada@\ud800.de",
    "\ud800@x.example",
    "ada@x.example" + " " * 1000,
]


@pytest.mark.parametrize("typed", REFUSED, ids=ascii)
def test_what_mail_cannot_go_to_is_refused_with_the_same_words(typed: str) -> None:
    assert email_address.usable(typed) is None
    with pytest.raises(BadInput) as refused:
        email_address.read(typed)
    assert (refused.value.code, refused.value.details) == ("bad_email", {"field": "email"})
    assert refused.value.title == "This does not look like an email address."


def test_none_is_none() -> None:
    assert email_address.usable(None) is None


_LETTERS = st.characters()
_LIKELY = st.sampled_from(
    [*string.ascii_letters, *string.digits, *" .,;@<>\"'\u200b\u200d\ufeff\u00adüßжİ。％%:?-+_xn"]
)
TYPED = st.one_of(
    st.text(_LETTERS, max_size=40), st.text(_LIKELY, max_size=40), st.from_regex(r"\S{1,9}@\S{1,9}\.\w+")
)


@given(TYPED)
def test_whatever_is_typed_is_an_address_or_refused_and_the_one_form_is_its_own(typed: str) -> None:
    found = email_address.usable(typed)
    if found is None:
        return
    assert email_address.usable(found) == found
    assert found == found.lower() == found.strip()
    assert found.isascii()
    assert found.isprintable()
    assert found.count("@") == 1
    assert not set(found) & set(' ,;:<>()[]"\\|`')
    assert found[0] in string.ascii_lowercase + string.digits + "_"
    assert email_address.usable(email_address.shown(found)) == found


@pytest.mark.parametrize(
    "hostile", ["a" + " " * 990 + "@", "a@" + "ü." * 490, "a@" + "\u200d" * 900 + "ü.de", "!" * 999]
)
def test_nothing_takes_long(hostile: str) -> None:
    started = time.perf_counter()
    email_address.usable(hostile)
    assert time.perf_counter() - started < 0.2


@pytest.mark.parametrize("stored", [ADA, "o'hara+x@b.example", "maria_1@news.co.uk", "a@xn--ls8h.la", "_@b.example"])
def test_who_was_found_before_is_found_under_the_same_key(stored: str) -> None:
    """The form of before: stripped and lowered. Where that was an address, its hash is the same."""
    before = ids.keyed_hash("key", stored.strip().lower())
    assert ids.keyed_hash("key", email_address.read(stored)) == before
    assert email_address.as_before(f" {stored.upper()} ") == stored


def test_the_form_of_before_is_known_where_it_was_another_one() -> None:
    assert email_address.older_form(EmailAddress(OLENA)) == "olena@bücher.de"
    assert email_address.older_form(EmailAddress(ADA)) is None
    assert email_address.older_form(EmailAddress("a@xn--a.de")) is None


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        (ADA, ADA),
        (OLENA, "olena@bücher.de"),
        ("maria@xn--b1amarcd.xn--j1amh", "maria@новини.укр"),
        ("x@mail.xn--strnig-5nf.example", "x@mail.xn--strnig-5nf.example"),  # strаnig, mixed
        ("x@xn--strng-p4a.com", "x@xn--strng-p4a.com"),  # a Latin letter that lacks its dot
        ("a@xn--80ak6aa92e.com", "a@xn--80ak6aa92e.com"),  # аррӏе.com, all Cyrillic
        ("a@xn--pypl-53dc.com", "a@xn--pypl-53dc.com"),  # pаypаl.com, mixed
        ("a@xn--gogle-jye.com", "a@xn--gogle-jye.com"),
        ("a@xn--80aaxitdbjk.com", "a@папироска.com"),
        ("a@xn--a.de", "a@xn--a.de"),
        ("", ""),
    ],
)
def test_an_address_is_shown_in_letters_only_where_it_looks_like_itself(kept: str, shown: str) -> None:
    assert email_address.shown(kept) == shown
