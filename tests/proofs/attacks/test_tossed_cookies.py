"""Cookies that a sibling subdomain tosses at us: what no browser takes for `__Host-` is nothing of ours.

Any page of `blog.news.example` may set a cookie for all of `news.example`, so long as its name does not begin with
`__Host-`. White space before that prefix, or a second cookie of one name, must not make it one of ours.
"""

import pytest

from chalicelib.http import cookies
from chalicelib.observing.log import LogLine
from testkit.alarms import counted
from testkit.calls import Reply, event, invoke
from testkit.harness import Harness
from testkit.visitor import Visitor

ATTACKER, VICTIM = "attacker@reader.example", "victim@reader.example"
SESSION, CHECKOUT = "__Host-spilno-session-8000", "__Host-spilno-checkout-8000"

# What Python takes for white space or the end of a line and browsers do not, as text and as the bytes of its UTF-8.
NOT_SPACE = ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x1f", "\x85", "\xa0", "\u1680", "\u2000", "\u200a", "\u2028"]
NOT_SPACE += ["\u202f", "\u205f", "\u3000", "\ufeff", "\u200b", "\x00", "\x7f", "\r", "\n"]
SPELLED = sorted({*NOT_SPACE, *(odd.encode().decode("latin-1") for odd in NOT_SPACE)})


def session_by(*lines: str) -> Reply:
    """Who the API says is signed in, for a call with these `Cookie` lines."""
    sent = event("GET", "/v1/session", "", {"Cookie": lines[-1]}, "192.0.2.1")
    sent["multiValueHeaders"]["Cookie"] = list(lines)
    return invoke(sent)


@pytest.fixture
def secrets(harness: Harness) -> tuple[str, str]:
    """The victim's and the attacker's session."""
    found = []
    for address in (VICTIM, ATTACKER):
        visitor = Visitor()
        harness.sign_in(visitor, address)
        found.append(visitor.cookies[SESSION])
    return found[0], found[1]


@pytest.mark.parametrize("odd", SPELLED, ids=ascii)
def test_only_space_and_tab_stand_around_a_name(secrets: tuple[str, str], odd: str) -> None:
    victim, attacker = secrets
    mine = session_by(f"{SESSION}={victim}").json["sub"]
    for tossed in (f"{odd}{SESSION}={attacker}", f"{SESSION}{odd}={attacker}"):
        assert not session_by(tossed).json["signed_in"]
        for line in (
            f"{SESSION}={victim}; {tossed}",
            f"{tossed}; {SESSION}={victim}",
            f"a=b;{tossed};{SESSION}={victim}",
        ):
            assert session_by(line).json["sub"] == mine


def test_a_strip_of_all_that_python_calls_space_is_what_the_test_notices() -> None:
    """The negative control: most of these names would be ours if they were stripped as Python does."""
    ours = [odd for odd in SPELLED if f"{odd}{SESSION}".strip() == SESSION]
    assert len(ours) >= 15


@pytest.mark.parametrize("name", [f" {SESSION}", f"\t{SESSION} ", SESSION], ids=ascii)
def test_space_and_tab_are_taken_off(secrets: tuple[str, str], name: str) -> None:
    assert session_by(f"a=b;{name}= {secrets[0]}\t; c=d").json["signed_in"]


@pytest.mark.parametrize(
    "name", ["__host-spilno-session-8000", "__Host-spilno-session", "x__Host-spilno-session-8000"]
)
def test_another_spelling_is_another_cookie(secrets: tuple[str, str], name: str) -> None:
    victim, attacker = secrets
    assert not session_by(f"{name}={attacker}").json["signed_in"]
    assert session_by(f"{name}={attacker}; {SESSION}={victim}").json["signed_in"]


def test_a_name_that_comes_twice_counts_as_absent(secrets: tuple[str, str], lines: list[LogLine]) -> None:
    victim, attacker = secrets
    one, other = f"{SESSION}={victim}", f"{SESSION}={attacker}"
    for sent in ([f"{one}; {other}"], [f"{other}; {one}"], [one, other], [other, "a=b", one], [f"{one}; {one}"]):
        lines.clear()
        assert not session_by(*sent).json["signed_in"]
        assert counted(lines, "AbuseScore") == 60
        told = " ".join(str(line) for line in lines)
        assert victim not in told
        assert attacker not in told
    # The control: once each is somebody.
    assert session_by(one).json["signed_in"]


def test_two_lines_in_different_spelling_are_both_read(secrets: tuple[str, str]) -> None:
    """`Cookie` and `cookie` in one call: whoever reads only one of them cannot see that a name came twice."""
    victim, attacker = secrets
    sent = event("GET", "/v1/session", "", {"Cookie": f"{SESSION}={victim}"}, "192.0.2.1")
    sent["headers"]["cookie"] = f"{SESSION}={attacker}"
    sent["multiValueHeaders"]["cookie"] = [f"{SESSION}={attacker}"]
    assert not invoke(sent).json["signed_in"]


def test_other_cookies_may_come_twice() -> None:
    assert cookies.parse(["a=1; a=2; __Host-spilno-pass-8000=x.y.z; a=3"]) == {"__Host-spilno-pass-8000": "x.y.z"}


def test_nothing_of_a_strangers_name_stands_in_the_log(lines: list[LogLine]) -> None:
    assert cookies.parse(["__Host-spilno-canary@x.example=1; __Host-spilno-canary@x.example=2"]) == {}
    assert counted(lines, "AbuseScore") == 60
    assert "canary" not in " ".join(str(line) for line in lines)


@pytest.mark.usefixtures("harness")
def test_a_tossed_checkout_cookie_starts_no_gift_in_anothers_browser() -> None:
    """Seen in a browser: the victim's checkout was tied to the attacker's browser, and so to their customer."""
    attacker, victim = Visitor(), Visitor()
    gift = {"amount": 500, "currency": "eur", "interval": "month", "attempt": "attempt-of-attacker"}
    assert attacker.post("/v1/checkouts", gift).status == 201
    tossed = f"\xa0{CHECKOUT}={attacker.cookies[CHECKOUT]}"
    assert victim.post("/v1/checkouts", {**gift, "attempt": "attempt-of-the-victim"}, Cookie=tossed).status == 201
    assert secret_of(victim) != secret_of(attacker)


def secret_of(visitor: Visitor) -> str:
    """Which browser the checkout cookie says this is."""
    return visitor.cookies[CHECKOUT].partition("~")[0]


@pytest.mark.parametrize("purpose", ["session", "pass", "checkout", "known", "pending", "m-AAAAA", "g-AAAAA"])
@pytest.mark.parametrize("value", ["\ud800", "x" * 16 + "\ud800", "\xff" * 20, "п" * 20])
@pytest.mark.usefixtures("harness")
def test_what_is_not_ascii_is_no_value_of_ours(purpose: str, value: str) -> None:
    """Half a character has no bytes that could be hashed."""
    cookie = f"__Host-spilno-{purpose}-8000={value}"
    assert cookies.parse([cookie]) == {cookie.partition("=")[0]: ""}
    for path in ("/v1/session", "/v1/access?needs=members", "/donate", "/reading", "/account"):
        assert Visitor().get(path, Cookie=cookie).status in (200, 303), path
