"""Promise P8: whatever is done to a genuine webhook, it is refused with a 4xx, writes nothing and is never a fault.

First the verifier alone, with every forgery we can think of; then the whole way through the app, with the table
looked at before and after.
"""

import base64
import json
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import wiring
from chalicelib.kernel.moments import RealTime
from chalicelib.rails.stripe.signature import verified
from testkit.calls import Reply, event, invoke
from testkit.clock import NOW
from testkit.engine import Engine
from testkit.harness import Harness
from testkit.webhooks import WEBHOOK, Json, one, raw, signature
from tests.proofs.attacks.forgeries import (
    NEXT_SECRET,
    OTHER_SECRET,
    SECRET,
    SECRETS,
    WEAK,
    Forgery,
    Weak,
    altered_bodies,
    altered_headers,
    forgeries,
    genuine,
    let_in,
    resigned,
)

BODY = json.dumps(
    {
        "id": "evt_1Q",
        "object": "event",
        "type": "checkout.session.completed",
        "livemode": False,
        "data": {"object": {"id": "cs_test_1", "amount_total": 1000, "currency": "eur", "note": "дякуємо — merci"}},
    },
    ensure_ascii=False,
    indent=1,
).encode()

# ---- the verifier alone ----


def test_no_forgery_gets_past_the_verifier() -> None:
    tried, inside = let_in(verified, forgeries(BODY))
    assert tried > 7_000, "the list itself has shrunk"
    assert inside == []


def test_no_byte_may_become_any_other() -> None:
    """All 255 other values of every byte."""
    header = signature(BODY, secret=SECRET)
    changed = bytearray(BODY)
    for at, byte in enumerate(BODY):
        for other in range(256):
            changed[at] = other
            assert verified(bytes(changed), header, SECRETS, RealTime(NOW)) == (other == byte), (at, other)
        changed[at] = byte


@pytest.mark.parametrize("how", genuine(BODY))
def test_what_stripe_writes_gets_in(how: str) -> None:
    """Refusing everything would pass the tests above."""
    assert verified(BODY, genuine(BODY)[how], SECRETS, RealTime(NOW))
    assert Weak()(BODY, genuine(BODY)[how], SECRETS, NOW), "so does the sound one among the weak"


@pytest.mark.parametrize("wrong", WEAK)
def test_a_weaker_verifier_is_found_out(wrong: str) -> None:
    """The negative control: each way to get it wrong lets in what it must, by the very same forgeries."""
    weak, kind = WEAK[wrong]
    _, inside = let_in(weak, forgeries(BODY))
    assert kind in {forgery.kind for forgery in inside}
    assert let_in(Weak(), forgeries(BODY))[1] == [], "the sound one, built of the same parts, lets nothing in"


def test_without_a_secret_nothing_is_genuine() -> None:
    for secrets in ((), ("",), ("", "")):
        for secret in ("", SECRET, " ", "None"):
            assert not verified(BODY, signature(BODY, secret=secret), secrets, RealTime(NOW))
    assert Weak(empty_secret=True)(BODY, signature(BODY, secret=""), (), NOW), "the negative control"


@given(body=st.binary(max_size=80), header=st.text(max_size=200), secret=st.text(max_size=12), now=st.integers())
def test_nothing_makes_the_verifier_raise(body: bytes, header: str, secret: str, now: int) -> None:
    secrets = [secret] if secret.isprintable() else []
    assert not verified(body, header, secrets, RealTime(now))


# ---- through the app ----


@pytest.fixture
def rotating(ministack: Engine, table_name: str) -> Iterator[Harness]:
    """A harness in the middle of a rotation: either of two secrets is right."""
    with Harness(ministack.table(table_name), {"STRIPE_WEBHOOK_SECRET": ",".join(SECRETS)}).installed() as harness:
        yield harness


@pytest.fixture
def untold(rotating: Harness) -> Json:
    """The event of a gift, not delivered yet."""
    return one(rotating.gives(1000), "checkout.session.completed")


def send(body: bytes, sent: Mapping[str, str], *, text: bool = False, more: Json | None = None) -> Reply:
    """Any bytes with any headers, as API Gateway hands them on; `text`: as it does for what it takes for text."""
    api_event = event("POST", WEBHOOK, "", {"Content-Type": "application/json", **sent}, "192.0.2.9")
    whole = {"body": body.decode("utf-8", "surrogateescape"), "isBase64Encoded": False}
    coded = {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    return invoke(api_event | (whole if text else coded) | (more or {}))


def refused(forgery: Forgery, *, text: bool = False) -> bool:
    """Send it; a bad signature is the answer."""
    reply = send(forgery.body, {"Stripe-Signature": forgery.header}, text=text)
    return (reply.status, reply.code) == (400, "bad_signature")


def test_no_altered_body_gets_past_the_app(rotating: Harness, untold: Json) -> None:
    body = raw(untold)
    header, rows = signature(body, secret=SECRET), rotating.rows()
    tried = 0
    # A byte near each other one: all forgeries of every 5th place, and one of each place.
    for forgery in altered_bodies(body, header, flips=(1, 0x80)):
        assert isinstance(forgery.at, int)
        if forgery.at % 5 == 0 or (forgery.kind == "byte replaced" and forgery.body[forgery.at] in (0, 0xFF)):
            tried += 1
            assert refused(forgery), forgery[:2]
    assert tried > 5_000
    assert rotating.rows() == rows, "nothing was written"
    assert send(body, {"Stripe-Signature": header}).json == {"stored": True, "applied": True}
    assert rotating.books.totals == {"eur": (1000, 1)}, "and the genuine one is booked after all that"


def test_no_altered_header_gets_past_the_app(rotating: Harness, untold: Json) -> None:
    body = raw(untold)
    header, rows = signature(body, secret=SECRET), rotating.rows()
    tried = [*altered_headers(body, header), *resigned(body)]
    assert len(tried) > 2_000
    assert [forgery[:2] for forgery in tried if not refused(forgery)] == []
    assert rotating.rows() == rows, "nothing was written"


def test_a_body_that_api_gateway_hands_on_as_text_is_held_to_its_bytes_too(rotating: Harness, untold: Json) -> None:
    body = raw(untold | {"note": "дякуємо"})
    header, rows = signature(body, secret=SECRET), rotating.rows()
    tried = [forgery for forgery in altered_bodies(body, header, flips=(1,)) if int(str(forgery.at)) % 61 == 0]
    assert len(tried) > 300
    assert [forgery[:2] for forgery in tried if not refused(forgery, text=True)] == []
    assert rotating.rows() == rows, "nothing was written"
    assert send(body, {"Stripe-Signature": header}, text=True).status == 200


def test_a_missing_header_or_another_name_for_it(rotating: Harness, untold: Json) -> None:
    body = raw(untold)
    header, rows = signature(body, secret=SECRET), rotating.rows()
    for headers in (
        {},
        {"Stripe-Signature": ""},
        {"Stripe_Signature": header},
        {"X-Stripe-Signature": header},
        {"Signature": header},
        {"Authorization": header},
        {"Cookie": f"Stripe-Signature={header}"},
        {"Stripe-Signature ": header},
    ):
        assert send(body, headers).code == "bad_signature", headers
    assert send(body, {}, more={"headers": None, "multiValueHeaders": None}).code == "bad_signature"
    in_query = {"queryStringParameters": {"Stripe-Signature": header}, "multiValueQueryStringParameters": None}
    assert send(body, {}, more=in_query).code == "bad_signature"
    assert rotating.rows() == rows, "nothing was written"
    assert send(body, {"sTRIPE-sIGNATURE": header}).status == 200, "a header's name has no case"


def test_of_two_headers_one_alone_counts_and_it_must_be_right(rotating: Harness, untold: Json) -> None:
    """API Gateway puts the last of several into `headers`; both never add up to one."""
    body = raw(untold)
    good, rows = signature(body, secret=SECRET), rotating.rows()
    bad = signature(body, secret=OTHER_SECRET)
    for given_headers in ([good, bad], [bad, bad], ["", bad], good.split(","), good.split(",")[::-1]):
        several = {"multiValueHeaders": {"Content-Type": ["application/json"], "Stripe-Signature": given_headers}}
        assert send(body, {"Stripe-Signature": given_headers[-1]}, more=several).code == "bad_signature"
    joined = f"{bad},{good}"  # what some proxies make of two
    assert send(body, {"Stripe-Signature": joined}).code == "bad_signature"
    assert rotating.rows() == rows, "nothing was written"


def test_the_media_type_changes_nothing_of_the_check(rotating: Harness, untold: Json) -> None:
    """What counts are the bytes; what somebody calls them does not."""
    body = raw(untold)
    good, rows = signature(body, secret=SECRET), rotating.rows()
    bad = signature(body, secret=OTHER_SECRET)
    types = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "a", "x/y; z=\ud800", "")
    for media_type in types:
        for header in ("", bad):
            assert send(body, {"Stripe-Signature": header, "Content-Type": media_type}).code == "bad_signature"
    assert rotating.rows() == rows, "nothing was written"
    for media_type in types:
        assert send(body, {"Stripe-Signature": good, "Content-Type": media_type}).status == 200


def test_five_megabytes_are_refused_signed_or_not(rotating: Harness) -> None:
    body = b'{"id": "evt_big", "note": "' + b"a" * 5_000_000 + b'"}'
    for header in (signature(body, secret=SECRET), "", "t=1,v1=0"):
        reply = send(body, {"Stripe-Signature": header})
        assert (reply.status, reply.code) == (413, "too_large")
    assert rotating.rows() == [], "nothing was written"


def test_both_secrets_of_a_rotation_are_right_and_a_retired_one_is_not(rotating: Harness, untold: Json) -> None:
    again = [untold | {"id": f"evt_again{number}"} for number in range(len(genuine(b"")))]
    for stripe_event, how in zip(again, genuine(b""), strict=True):
        body = raw(stripe_event)
        assert send(body, {"Stripe-Signature": genuine(body)[how]}).json == {"stored": True, "applied": True}, how
    assert rotating.books.totals == {"eur": (1000, 1)}
    rows = rotating.rows()
    body = raw(untold)
    after = Harness(rotating.stored, {"STRIPE_WEBHOOK_SECRET": NEXT_SECRET})
    wiring.install(after.wiring)
    assert send(body, {"Stripe-Signature": signature(body, secret=SECRET)}).code == "bad_signature"
    assert after.rows() == rows, "nothing was written"


def test_an_old_message_cannot_be_sent_again_later(rotating: Harness, untold: Json) -> None:
    """A recorded webhook is worthless after five minutes, even to whoever recorded it whole."""
    body = raw(untold)
    header = signature(body, secret=SECRET)
    assert send(body, {"Stripe-Signature": header}).status == 200
    rows = rotating.rows()
    assert send(body, {"Stripe-Signature": header}).status == 200, "at once it is Stripe's own repetition"
    rotating.clock.real += 301
    assert send(body, {"Stripe-Signature": header}).code == "bad_signature"
    assert rotating.rows() == rows, "neither wrote anything"
