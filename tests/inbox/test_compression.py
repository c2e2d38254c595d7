"""Stored events are packed with a dictionary that their row names; rows of before, and of later, are read or told."""

import hashlib
import json
import re
import zlib
from pathlib import Path

import pytest

from chalicelib.inbox import compression
from chalicelib.inbox import rows as inbox
from chalicelib.inbox.compression import DICTIONARIES, packed, unpacked
from chalicelib.kernel import keys
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Put
from chalicelib.rails.stripe.understand import HANDLED
from testkit.clock import NOW
from testkit.event_dictionary import made
from testkit.harness import ADA, Harness
from testkit.webhooks import Json, raw

HERE = Path(compression.__file__).parent
# Never change one of these: rows that name it could not be read any more. Add another.
FOR_EVER = {"1": "d19531c6d2057c896763d3d24f2af9358e92c58d45c120b82a11c9594a27ae66"}
KILOBYTE = 900  # of an event, so that its row is no more than one with all that stands beside
PUBLIC = Path(__file__).parents[3] / "shared" / "fixtures" / "stripe-public.json"


def a_life(harness: Harness) -> list[Json]:
    """Events of a gift that renews, is refused, goes back and ends; other people's, and other amounts."""
    stripe = harness.stripe
    events = [*harness.gives(70_000, "month", ADA, currency="uah"), *harness.gives(4_321)]
    gift = stripe.of("subscription")[0]["id"]
    events += [*stripe.renew(gift), *stripe.renew(gift, fails=True)]
    payment = stripe.of("payment_intent")[0]["id"]
    events += [*stripe.gives_back(payment), *stripe.stop(gift), *stripe.end(gift)]
    return [event for event in events if event["type"] in HANDLED]


def test_every_body_comes_back_to_the_byte(harness: Harness) -> None:
    for body in (b"", b"{}", bytes(range(256)) * 300, *map(raw, a_life(harness))):
        assert unpacked(packed(body)) == body


def test_an_event_stays_within_a_write_unit(harness: Harness) -> None:
    """The negative control: without the dictionary hardly any does."""
    events = a_life(harness)
    bodies = [raw(event) for event in events]
    assert len({event["type"] for event in events}) > 8
    assert max(len(packed(body)["body"]) for body in bodies) < KILOBYTE
    assert sum(len(zlib.compress(body, 6)) > KILOBYTE for body in bodies) > len(bodies) / 2


@pytest.mark.skipif(not PUBLIC.exists(), reason="others' events lie beside the repository, where they lie at all")
def test_others_events_do_too() -> None:
    """Of other projects, with other fields and versions; a customer with all its cards in it may be larger."""
    told = [one["event"] for one in json.loads(PUBLIC.read_text(encoding="utf-8"))["events"]]
    bodies = [raw(event) for event in told if event.get("type") in HANDLED]
    sizes = [len(packed(body)["body"]) for body in bodies if len(body) < 8192]
    assert len(bodies) - len(sizes) <= 5
    assert len(sizes) > 40
    assert max(sizes) < KILOBYTE
    assert sum(sizes) / len(sizes) < KILOBYTE / 2


def test_a_dictionary_that_rows_name_never_changes() -> None:
    kept = {name: hashlib.sha256((HERE / file).read_bytes()).hexdigest() for name, file in DICTIONARIES.items()}
    assert kept == FOR_EVER
    assert {file.name for file in HERE.glob("events-*.txt")} == set(DICTIONARIES.values())


def test_what_made_it_still_makes_one_like_it() -> None:
    """Identifiers are drawn anew; it stays a text that zlib can look back into as a whole."""
    again = made()
    assert abs(len(again) - len((HERE / "events-1.txt").read_bytes())) < 2048
    assert not re.search(rb"_secret_[A-Za-z0-9]", again)


def test_a_row_of_before_is_read_and_packed_anew_when_it_is_written(harness: Harness) -> None:
    event = harness.gives(1000)[0]
    assert inbox.store(harness.table, "evt_old", event["type"], raw(event), BusinessTime(NOW), "pending")
    old = {**(harness.table.get(keys.event("evt_old")) or {}), "body": zlib.compress(raw(event), 6)}
    del old["zdict"]
    harness.table.write(Put(old))
    stored = inbox.read(harness.table, "evt_old")
    assert stored is not None
    assert stored.body == raw(event)
    harness.table.write(inbox.finished("evt_old", "foreign", BusinessTime(NOW), body=b'{"id": "evt_old"}'))
    item = harness.table.get(keys.event("evt_old")) or {}
    assert (item["zdict"], unpacked(item)) == ("1", b'{"id": "evt_old"}')


@pytest.mark.parametrize(
    ("item", "error"),
    [
        ({"zdict": "2", "body": b"x"}, KeyError),
        ({"zdict": "1", "body": b"x"}, zlib.error),
        ({"zdict": "1", "body": b""}, zlib.error),
        ({"zdict": "1", "body": packed(b"abc" * 100)["body"][:-6]}, zlib.error),
        ({"zdict": "1"}, KeyError),
        ({"zdict": "1", "body": "text"}, TypeError),
        ({"body": packed(b"abc")["body"]}, zlib.error),
    ],
    ids=["unknown", "garbage", "empty", "cut", "missing", "text", "no-name"],
)
def test_a_body_that_cannot_be_read_says_so(item: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        unpacked(item)
