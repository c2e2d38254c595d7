"""Promise P8, the other half: rightly signed and yet no event. A 4xx, nothing written, never a fault of ours.

Nobody but Stripe can send these; if it ever did, by a fault of its own or a leaked secret, the books stand.
"""

import json
import random
import sys
from typing import Any

import pytest

from testkit.harness import Harness
from testkit.webhooks import raw

EVENT: dict[str, Any] = {"id": "evt_1", "type": "x.y", "livemode": False, "data": {"object": {}}}


def with_(**more: Any) -> bytes:
    """An event of no known type, with something changed."""
    return raw(EVENT | more)


def inside(text: str) -> bytes:
    """An event whose object is this JSON text."""
    return raw(EVENT).replace(b"{}", text.encode("utf-8", "surrogatepass"))


def without(name: str) -> bytes:
    """An event without one of its names."""
    return raw({key: value for key, value in EVENT.items() if key != name})


NESTED = {"lists": "[" * 100_000 + "]" * 100_000, "objects": '{"a":' * 100_000 + "1" + "}" * 100_000}
ODD_OBJECTS: list[Any] = [None, 1, "cs_1", [], [{}], True]
ODD_IDS: list[Any] = [5, None, "", "cs_1", {"id": "cs_1"}]
# of each name of the envelope, what it must not be
ODD_VALUES: dict[str, list[Any]] = {
    "id": [
        *(1, 1.5, True, [], {}, ["evt_1"], {"id": "evt_1"}, "", "evt", "evt_", "EVT_1", "Evt_1", " evt_1", "evt_1 "),
        *("evt_1\n", "\nevt_1", "evt_1\x00", "evt_1#EVT", "evt_a-b", "evt_1/../x", "evt_é", "evt_١", "evt_%31"),
        *("evt_1, evt_2", "evt_1?", "evt_\ufeff1", "evt_" + "a" * 101, "a" * 100_000, "pi_1", "1evt_1", "MONEY#pi_1"),
    ],
    "type": [1, True, [], {}, "x" * 101],
    "livemode": [2, -1, 0.5, [], {}, "", "maybe"],
    "data": [1, "x", [], {}, [{"object": {}}], *({"object": odd} for odd in ODD_OBJECTS)],
    "account": [1, [], {}, {"id": "acct_1"}, True],
}
NO_EVENTS: dict[str, bytes] = {
    "nothing": b"",
    "only room": b" \n\t ",
    "a list": b"[1]",
    "a list of one event": b"[" + raw(EVENT) + b"]",
    "null": b"null",
    "true": b"true",
    "a string": b'"x"',
    "a number": b"1",
    "a float": b"1.5",
    "an empty object": b"{}",
    "NaN": b"NaN",
    "two events": raw(EVENT) + raw(EVENT),
    "half an event": raw(EVENT)[:-1],
    "an event and a NUL": raw(EVENT) + b"\x00",
    "a comma too many": raw(EVENT)[:-2] + b",}",
    "single quotes": raw(EVENT).replace(b'"', b"'"),
    "a comment": b"/* */" + raw(EVENT),
    "a form": b"id=evt_1&type=x&livemode=false",
    "XML": b"<event/>",
    # encodings
    "no UTF-8": inside('{"a": "X"}').replace(b"X", b"\xff\xfe"),
    "half a UTF-8 character": inside('{"a": "X"}').replace(b"X", b"\xd0"),
    "overlong UTF-8": inside('{"a": "X"}').replace(b"X", b"\xc0\xaf"),
    "a surrogate in UTF-8": inside('{"a": "\ud800"}'),
    "UTF-16": raw(EVENT).decode().encode("utf-16"),
    "UTF-16 without a mark": raw(EVENT).decode().encode("utf-16-le"),
    "UTF-32": raw(EVENT).decode().encode("utf-32"),
    "a byte order mark": raw(EVENT).decode().encode("utf-8-sig"),
    "latin-1": raw(EVENT | {"type": "X"}).replace(b"X", "é".encode("latin-1")),
    "a newline in a string": inside('{"a": "\n"}'),
    # what JSON does not know
    **{
        f"{number} inside": inside(f'{{"a": {number}}}')
        for number in ("NaN", "Infinity", "-Infinity", "01", "+1", "0x1")
    },
    "a number of 5,000 digits": inside('{"a": ' + "9" * 5000 + "}"),
    "a negative one": inside('{"a": -' + "9" * 5000 + "}"),
    # depth
    **{f"{depth} deep": text.encode() for depth, text in NESTED.items()},
    **{f"{depth} deep inside": inside(f'{{"a": {text}}}') for depth, text in NESTED.items()},
    # half characters
    "half a character as type": inside("{}").replace(b'"x.y"', b'"\\ud800"'),
    "half a character in the id": inside("{}").replace(b'"evt_1"', b'"evt_\\ud800"'),
    # the envelope
    **{f"no {name}": without(name) for name in EVENT},
    **{f"null as {name}": with_(**{name: None}) for name in EVENT},
    **{
        f"{name} is {str(odd)[:20]!r}": with_(**{name: odd})
        for name, several in ODD_VALUES.items()
        for odd in several
    },
}


def test_what_is_signed_but_no_event_is_refused(harness: Harness) -> None:
    """One table for all: each is refused with a sentence, and at the end nothing stands in it."""
    answers = {what: harness.post_raw(body) for what, body in NO_EVENTS.items()}
    wrong = {what: (reply.status, reply.text[:200]) for what, reply in answers.items() if reply.status != 400}
    assert wrong == {}
    assert {reply.code for reply in answers.values()} == {"bad_event"}
    assert harness.rows() == [], "nothing was written"


def test_nothing_of_what_was_sent_comes_back(harness: Harness) -> None:
    for body in (b'{"id": "canary"}', b'"canary"', b"canary", with_(id="canary"), with_(type={"canary": 1})):
        assert "canary" not in harness.post_raw(body).text


def test_a_sound_event_after_all_that_is_taken(harness: Harness) -> None:
    """The negative control: what the bodies above are made of is taken when nothing is wrong with it."""
    assert (harness.post_raw(raw(EVENT)).status, harness.status("evt_1")) == (200, "unhandled")


ODD_BUT_EVENTS: dict[str, dict[str, Any]] = {
    "more than we know": {"context": {"a": [None]}, "request": "req_1", "pending_webhooks": "many", "object": 5},
    "no object's name": {"object": None},
    "a time past every clock": {"created": 10**40},
    "a time before all": {"created": -(10**40)},
    "a time of 4,000 digits": {"created": int("9" * 4000)},
    "a time as text": {"created": "yesterday"},
    "a version of tomorrow": {"api_version": "2099-01-01.zinnia"},
    "no version": {"api_version": None},
    "a version that is a list": {"api_version": []},
    "an empty type": {"type": ""},
    "a type of two lines": {"type": "a\nb\x00c"},
    "a type in other letters": {"type": "оплата.\U0001f33b"},
    "an object full of nothing": {"data": {"object": {"": "", "a": None, "b": [[]], "c": {}}}},
    "an object with half a character": {"data": {"object": {"a": "\ud800"}}},
    "an object with 4,000 digits": {"data": {"object": {"amount": int("9" * 4000)}}},
    "a NUL inside": {"data": {"object": {"a": "\x00"}}},
    "words that are numbers elsewhere": {"data": {"object": {"name": "NaN", "description": "Infinity, -Infinity"}}},
    "lists deeper than pydantic's reader goes": {"data": {"object": {"a": json.loads("[" * 300 + "]" * 300)}}},
}


# JSON, though nobody should write it. Refused, it would be lost after three days; recorded, a person can look at it.
# Of two equal names the last one counts, each time it is read; what an event tells is fetched from Stripe anyway.
ODD_TEXTS: dict[str, bytes] = {
    "evt_twice": raw(EVENT).replace(b'"type"', b'"id": "evt_twice", "type"'),
    "evt_mode": raw(EVENT | {"id": "evt_mode"}).replace(b'"type"', b'"livemode": true, "type"'),
    "evt_object": raw(EVENT | {"id": "evt_object"}).replace(
        b'"object": {}', b'"object": {"id": "cs_1"}, "object": {}'
    ),
    "evt_inside": inside('{"a": {"spilno": "test", "spilno": "other"}}').replace(b"evt_1", b"evt_inside"),
    "evt_half": inside('{"\\udfff": 1}').replace(b"evt_1", b"evt_half"),
}


def test_odd_events_are_only_recorded(harness: Harness) -> None:
    """Events after all, of no type we handle: 200, one row of the inbox each, and nothing else."""
    for number, (what, more) in enumerate(ODD_BUT_EVENTS.items()):
        reply = harness.post_raw(with_(id=f"evt_{number}", **more))
        assert (reply.status, reply.text) == (200, '{"stored":true,"applied":true}'), what
    for what, body in ODD_TEXTS.items():
        assert (harness.post_raw(body).status, harness.status(what)) == (200, "unhandled"), what
    wanted = {*ODD_TEXTS, *(f"evt_{number}" for number in range(len(ODD_BUT_EVENTS)))}
    assert {row["pk"] for row in harness.rows()} == {f"EVT#{event_id}" for event_id in wanted}


def test_the_same_of_a_type_that_we_handle_waits_for_a_person(harness: Harness) -> None:
    """Signed and ours to handle, but unreadable: kept, retried, parked in the end; the books stay as they are."""
    unreadable: list[Any] = [5, [], "x", {"spilno": 5}]
    objects: list[Any] = [{}, {"\u0000": 1}, *({"id": odd} for odd in ODD_IDS)]
    objects += [{"id": "cs_1", "object": "checkout.session", "metadata": odd} for odd in unreadable]
    objects += [{"id": "cs_1", "mode": "payment", "payment_status": "paid", "livemode": False, "a": "\ud800"}]
    for number, about in enumerate(objects):
        sent = EVENT | {"id": f"evt_{number}", "type": "checkout.session.completed", "data": {"object": about}}
        reply = harness.deliver(sent)
        assert reply.status == 200, about
        assert reply.json["stored"] is True
        waits = not reply.json["applied"]
        assert waits == (harness.status(f"evt_{number}") == "pending"), about
    assert {row["pk"].partition("#")[0] for row in harness.rows()} == {"EVT"}


def test_at_no_depth_is_there_a_fault(harness: Harness) -> None:
    """Somewhere a reader gives up on depth: there it is a refusal, just before it an event."""
    limit = sys.getrecursionlimit()
    seen = set()
    for depth in {*range(0, 2 * limit, limit // 25), *range(limit - 20, limit + 5)}:
        text = "[" * depth + "]" * depth
        for kind in ("x.y", "checkout.session.completed"):
            body = inside(f'{{"id": "cs_1", "a": {text or 1}}}').replace(b"x.y", kind.encode())
            reply = harness.post_raw(body.replace(b"evt_1", f"evt_{depth}{kind[0]}".encode()))
            assert reply.status in (200, 400), depth
            seen.add(reply.status)
    assert seen == {200, 400}
    assert {row["pk"].partition("#")[0] for row in harness.rows()} == {"EVT"}


@pytest.mark.parametrize("size", [100_000, 399_000, 700_000, 1_048_000])
def test_an_event_too_large_for_a_row_is_no_fault(harness: Harness, size: int) -> None:
    """Up to a megabyte is read; what the table could not keep even compressed is told to Stripe as not stored."""
    dice = random.Random(size)  # noqa: S311 - the same noise in every run
    noise = "".join(dice.choices("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/", k=size))
    reply = harness.post_raw(inside(json.dumps({"a": noise})))
    assert reply.status in (200, 413, 503), reply.text
    assert (harness.status("evt_1") == "unhandled") == (reply.status == 200)


def test_over_a_megabyte_is_refused_before_it_is_looked_at(harness: Harness) -> None:
    for body in (inside(json.dumps({"a": "a" * 5_000_000})), b"[" * 5_000_000, b" " * 1_048_577):
        assert harness.post_raw(body).code == "too_large"
        assert harness.post_raw(body, "").code == "too_large"
    assert harness.rows() == []
