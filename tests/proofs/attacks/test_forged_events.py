"""Nobody but Stripe gets an event in, and nothing is written for whoever tries (promise P8)."""

import pytest

from testkit.clock import NOW
from testkit.harness import Harness
from testkit.receiving import DONE, PENDING, answered, untold
from testkit.webhooks import raw, signature


def test_no_altered_byte_of_the_body_gets_in(harness: Harness) -> None:
    body = raw(untold(harness))
    header, rows = signature(body), harness.rows()
    for at in range(len(body)):
        reply = harness.post_raw(body[:at] + bytes([body[at] ^ (1 << at % 8)]) + body[at + 1 :], header)
        assert (reply.status, reply.code) == (400, "bad_signature"), at
    for shorter in range(0, len(body), 97):
        assert harness.post_raw(body[:shorter], header).status == 400
    assert harness.rows() == rows, "nothing was written"
    assert answered(harness.post_raw(body, header)) == (200, DONE)


def test_no_altered_header_gets_in(harness: Harness) -> None:
    body = raw(untold(harness))
    header, rows = signature(body), harness.rows()
    altered = [header[:at] + chr(ord(header[at]) ^ 1) + header[at + 1 :] for at in range(len(header))]
    old = [signature(body, at=NOW + seconds) for seconds in (-301, 301, 86_400, -(10**9))]
    other = [signature(body, secret=secret) for secret in ("whsec_other", "", "whsec_spilno_local ")]
    odd = ["", "t=,v1=", "підпис", "t=\u0661,v1=x", "v1=" + "0" * 64, "\x7f", "t=1,v1=\udcff", ",".join([header] * 2)]
    for wrong in (*altered, *old, *other, *odd):
        reply = harness.post_raw(body, wrong)
        assert (reply.status, reply.code) == (400, "bad_signature"), wrong
    assert harness.rows() == rows, "nothing was written"


def deep(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


NO_EVENTS = {
    "nothing": b"",
    "a list": b"[1]",
    "null": b"null",
    "an empty object": b"{}",
    "a number": b"1",
    "a string": b'"evt_1"',
    "no JSON": b"{",
    "two of them": b"{}{}",
    "no UTF-8": b'{"id": "\xff\xfe"}',
    "very deep": deep(100_000),
    "deep inside": b'{"id":"evt_1","type":"x","livemode":false,"data":{"object":'
    + b'{"a":' * 50_000
    + b"1"
    + b"}" * 50_002,
    "a huge number": b'{"id":"evt_1","type":"x","livemode":false,"data":{"object":{"a":' + b"9" * 5000 + b"}}}",
    "no id": b'{"type":"x","livemode":false,"data":{"object":{}}}',
    "an id of its own": b'{"id":"evt_1#x","type":"x","livemode":false,"data":{"object":{}}}',
    "an id that is long": b'{"id":"evt_' + b"a" * 101 + b'","type":"x","livemode":false,"data":{"object":{}}}',
    "an id that is a number": b'{"id":1,"type":"x","livemode":false,"data":{"object":{}}}',
    "no type": b'{"id":"evt_1","livemode":false,"data":{"object":{}}}',
    "no mode": b'{"id":"evt_1","type":"x","data":{"object":{}}}',
    "no data": b'{"id":"evt_1","type":"x","livemode":false}',
    "data without object": b'{"id":"evt_1","type":"x","livemode":false,"data":{}}',
    "an object that is a list": b'{"id":"evt_1","type":"x","livemode":false,"data":{"object":[]}}',
    "half a surrogate pair": b'{"id":"evt_1","type":"\\ud800","livemode":false,"data":{"object":{}}}',
}


@pytest.mark.parametrize("body", NO_EVENTS.values(), ids=NO_EVENTS)
def test_what_is_signed_but_no_event_is_refused(harness: Harness, body: bytes) -> None:
    reply = harness.post_raw(body)
    assert (reply.status, reply.code) == (400, "bad_event")
    assert harness.rows() == [], "nothing was written"


ODD = {"id": "cs_1", "object": "checkout.session", "mode": None, "metadata": {"spilno": "test"}}


def test_an_event_of_another_shape_is_kept_for_a_person_not_lost(harness: Harness) -> None:
    """Signed by Stripe, of a type we handle, and yet not what we know: it must not vanish."""
    for number, about in enumerate(({}, {"id": 5}, ODD)):
        event = {
            "id": f"evt_{number}",
            "type": "checkout.session.completed",
            "livemode": False,
            "data": {"object": about},
        }
        assert answered(harness.deliver(event)) == (200, PENDING)
        assert harness.status(f"evt_{number}") == "pending"
