"""Only Stripe's own bytes, signed just now, get past the signature (promise P8)."""

import stripe
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.moments import RealTime
from chalicelib.rails.stripe.signature import TOLERANCE, secrets_of, verified

NOW = RealTime(1_790_000_000)
SECRET = "whsec_test"
BODY = '{"id": "evt_1", "note": "дякуємо"}'.encode()


def signed(body: bytes = BODY, at: int = NOW, secret: str = SECRET) -> str:
    """What Stripe's own package writes."""
    return str(stripe.WebhookSignature.generate_signature_header(body.decode(), secret, at))


GOOD = signed()


def test_stripes_own_signature_is_accepted() -> None:
    assert verified(BODY, GOOD, [SECRET], NOW)


def test_every_changed_byte_of_the_body_is_refused() -> None:
    for at, byte in enumerate(BODY):
        for other in (byte ^ 1, byte ^ 0x80, 0):
            assert not verified(BODY[:at] + bytes([other]) + BODY[at + 1 :], GOOD, [SECRET], NOW), at
        assert not verified(BODY[:at] + BODY[at + 1 :], GOOD, [SECRET], NOW), f"byte {at} left out"
        assert not verified(BODY[:at] + b" " + BODY[at:], GOOD, [SECRET], NOW), f"a space before byte {at}"
    assert not verified(BODY + b"\n", GOOD, [SECRET], NOW)
    assert not verified(b"", GOOD, [SECRET], NOW)


def test_every_changed_byte_of_the_header_is_refused() -> None:
    for at, character in enumerate(GOOD):
        for other in (chr(ord(character) ^ 1), "é", "\x00", " ", "0" if character != "0" else "1"):
            changed = GOOD[:at] + other + GOOD[at + 1 :]
            assert not verified(BODY, changed, [SECRET], NOW), changed
        assert not verified(BODY, GOOD[:at] + GOOD[at + 1 :], [SECRET], NOW), f"character {at} left out"
        assert not verified(BODY, GOOD[:at], [SECRET], NOW), f"cut at {at}"


def test_a_signature_lives_five_minutes_both_ways() -> None:
    for seconds in (-TOLERANCE, 0, TOLERANCE):
        assert verified(BODY, signed(at=NOW + seconds), [SECRET], NOW)
    for seconds in (-TOLERANCE - 1, TOLERANCE + 1, -86_400, 10**9):
        assert not verified(BODY, signed(at=NOW + seconds), [SECRET], NOW), f"{seconds} s"


def test_stripes_own_package_would_take_what_comes_from_the_future() -> None:
    """The negative control: why the check is our own."""
    stripe.WebhookSignature.verify_header(BODY.decode(), signed(at=2**40), SECRET, TOLERANCE)
    assert not verified(BODY, signed(at=2**40), [SECRET], NOW)


def test_any_of_several_secrets_while_one_is_rotated() -> None:
    secrets = secrets_of("whsec_old, whsec_test ,")
    assert secrets == ["whsec_old", "whsec_test"]
    assert verified(BODY, GOOD, secrets, NOW)
    both = f"{signed(secret='whsec_new')},{GOOD.partition(',')[2]}"
    assert verified(BODY, both, [SECRET], NOW), "Stripe signs with each secret of a rolling endpoint"


def test_other_secrets_and_no_secret_at_all_verify_nothing() -> None:
    assert not verified(BODY, signed(secret="whsec_other"), [SECRET], NOW)
    assert not verified(BODY, signed(secret=""), [], NOW)
    assert not verified(BODY, signed(secret=""), [""], NOW), "an empty secret is known to everybody"
    assert secrets_of("") == secrets_of(" , ,") == []


def test_headers_that_say_something_else_are_refused() -> None:
    seconds, _, digest = GOOD.partition(",v1=")
    for header in (
        *("", ",", "=", "t=", "v1=", "t", "v1", "null", "[]"),
        seconds,
        f"v1={digest}",
        f"{seconds},v0={digest}",
        f"{seconds},v1={digest.upper()}",
        f"{seconds},v1=",
        f"{seconds};v1={digest}",
        f"{seconds},{seconds},v1={digest}",
        f"t={NOW + 1},{seconds},v1={digest}",
        f"t=-{NOW},v1={digest}",
        f"t=+{NOW},v1={digest}",
        f"t={NOW}.0,v1={digest}",
        f"t=1_{NOW},v1={digest}",
        f"t=0x6ab,v1={digest}",
        f"t={'9' * 5000},v1={digest}",
        f"t=١٧٩٠٠٠٠٠٠٠,v1={digest}",
        f"t={NOW}\u200b,v1={digest}",
    ):
        assert not verified(BODY, header, [SECRET], NOW), header[:80]


def test_what_is_not_latin_or_not_even_unicode_is_refused_not_raised() -> None:
    for odd in ("підпис", "\ud800", "\udcff", "é" * 64, "\U0001f600"):
        for header in (odd, f"t={NOW},v1={odd}", f"{GOOD},v1={odd}", f"{odd}={odd},{GOOD}"):
            assert verified(BODY, header, [SECRET], NOW) == (GOOD in header), ascii(header)


def test_bytes_that_are_no_text_are_only_bytes() -> None:
    import hmac

    body = b"\xff\xfe\x00{}"
    digest = hmac.digest(SECRET.encode(), str(NOW).encode() + b"." + body, "sha256").hex()
    assert verified(body, f"t={NOW},v1={digest}", [SECRET], NOW)
    assert not verified(body, GOOD, [SECRET], NOW)


@given(body=st.binary(max_size=60), header=st.text(max_size=120))
def test_nothing_a_stranger_sends_verifies_or_raises(body: bytes, header: str) -> None:
    assert not verified(body, header, [SECRET], NOW)
