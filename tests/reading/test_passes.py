"""A pass is whole, ours and of now, or it is nothing. It never raises, whatever a stranger sends."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.kernel.moments import RealTime
from chalicelib.reading.rules import passes
from chalicelib.reading.rules.passes import Pass

NOW = 1_790_000_000
OLD, NEW = ("old", b"o" * 32), ("new", b"n" * 32)
HELD = Pass("sup_1", "patron", ("member", "patron"), NOW + 9000, NOW + 300)
ISSUER, AUDIENCE = "https://news.example/support", "news"


def issue(keys: passes.Keys = (NEW, OLD), held: Pass = HELD) -> str:
    return passes.issue(held, keys=keys, issuer=ISSUER, audience=AUDIENCE)


def check(
    token: str, keys: passes.Keys = (NEW, OLD), now: int = NOW, issuer: str = ISSUER, audience: str = AUDIENCE
) -> Pass | None:
    return passes.check(token, keys=keys, now=RealTime(now), issuer=issuer, audience=audience)


def test_a_pass_says_what_was_put_into_it() -> None:
    assert check(issue()) == HELD


def test_it_is_a_standard_token_that_anybody_can_verify() -> None:
    head, body, signature = issue().split(".")
    expected = hmac.new(NEW[1], f"{head}.{body}".encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64decode(signature + "=") == expected
    assert json.loads(base64.urlsafe_b64decode(head + "==")) == {"alg": "HS256", "kid": "new", "typ": "JWT"}
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    assert {"iss", "aud", "sub", "exp", "tier", "until"} <= set(claims)


def test_every_changed_byte_makes_it_worthless() -> None:
    token = issue()
    tried = 0
    for at in range(len(token)):
        for other in {"A", "B", "-", ".", "=", chr(ord(token[at]) ^ 1)} - {token[at]}:
            assert check(token[:at] + other + token[at + 1 :]) is None, (at, other)
            tried += 1
        assert check(token[:at]) is None
        assert check(token[:at] + token[at + 1 :]) is None
    assert tried > 1000
    assert check(token) == HELD, "the negative control"


def test_a_longer_text_than_any_pass_is_not_read_though_our_key_signed_it() -> None:
    def of(length: int) -> Pass:
        return HELD._replace(sub="s" * length)

    lengths = [length for length in range(1000, 1600) if len(issue(held=of(length))) <= 2048]
    assert check(issue(held=of(lengths[-1]))) == of(lengths[-1])
    assert check(issue(held=of(lengths[-1] + 3))) is None


@pytest.mark.parametrize("more", ["a", "=", ".", ".a", " ", "\n"])
def test_nothing_may_be_added(more: str) -> None:
    assert check(issue() + more) is None
    assert check(more + issue()) is None


def test_it_ends_on_the_second() -> None:
    assert check(issue(), now=NOW + 299) == HELD
    assert check(issue(), now=NOW + 300) is None


def test_it_never_outlives_the_access() -> None:
    short = Pass("sup_1", "member", ("member",), NOW + 10, NOW + 300)
    assert check(issue(held=short), now=NOW + 9) is not None
    assert check(issue(held=short), now=NOW + 10) is None


def test_two_keys_overlap_and_a_dropped_one_is_over() -> None:
    by_old = issue(keys=(OLD,))
    assert check(by_old) == HELD
    assert check(by_old, keys=(NEW,)) is None


def test_somebody_elses_pass_is_none() -> None:
    assert check(issue(), issuer="https://other.example") is None
    assert check(issue(), audience="other") is None


def forged(header: Any, claims: Any, key: bytes = NEW[1]) -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, claims)]
    signature = hmac.digest(key, ".".join(parts).encode(), "sha256")
    return ".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=").decode()])


CLAIMS = {"iss": ISSUER, "aud": AUDIENCE, "sub": "s", "exp": NOW + 9, "tier": "m", "tiers": ["m"], "until": NOW + 9}
HEADER = {"alg": "HS256", "kid": "new"}


def test_the_forger_of_these_tests_can_write_a_good_pass() -> None:
    """The negative control of the test below."""
    assert check(forged(HEADER, CLAIMS)) is not None
    assert check(forged(HEADER, {**CLAIMS, "exp": NOW + passes.LIFE})) is not None


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        ({**HEADER, "alg": "none"}, CLAIMS),
        ({**HEADER, "alg": "HS512"}, CLAIMS),
        ({"alg": "HS256"}, CLAIMS),
        ({**HEADER, "kid": "nobody"}, CLAIMS),
        ({**HEADER, "kid": ["new"]}, CLAIMS),
        ([], CLAIMS),
        (HEADER, []),
        (HEADER, None),
        (HEADER, {**CLAIMS, "exp": None}),
        (HEADER, {**CLAIMS, "exp": str(NOW + 9)}),
        (HEADER, {**CLAIMS, "exp": float(NOW + 9)}),
        (HEADER, {**CLAIMS, "exp": True}),
        (HEADER, {**CLAIMS, "exp": NOW}),
        (HEADER, {**CLAIMS, "exp": NOW + passes.LIFE + 1}),
        (HEADER, {**CLAIMS, "exp": NOW + 30 * 365 * 86_400}),
        (HEADER, {**CLAIMS, "exp": 10**30}),
        (HEADER, {**CLAIMS, "until": str(NOW + 9)}),
        (HEADER, {**CLAIMS, "until": None}),
        (HEADER, {**CLAIMS, "aud": [AUDIENCE]}),
        (HEADER, {name: value for name, value in CLAIMS.items() if name != "exp"}),
        (HEADER, {name: value for name, value in CLAIMS.items() if name != "aud"}),
        (HEADER, {name: value for name, value in CLAIMS.items() if name != "sub"}),
    ],
)
def test_what_a_forger_with_the_key_could_still_get_wrong(header: Any, claims: Any) -> None:
    assert check(forged(header, claims)) is None


@settings(deadline=None)  # two busy cores are no reason to fail
@given(st.text(max_size=80) | st.from_regex(r"[A-Za-z0-9_-]{0,40}\.[A-Za-z0-9_-]{0,40}\.[A-Za-z0-9_-]{0,44}"))
def test_nothing_a_stranger_sends_raises(token: str) -> None:
    assert check(token) is None


def test_a_deep_or_endless_token_is_none() -> None:
    assert check("." * 5000) is None
    assert check(forged(HEADER, CLAIMS) + "A" * 3000) is None
