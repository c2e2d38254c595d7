"""The text that stored events are compressed with: what the events of a made-up newsroom look like, each line once.

`python -m testkit.event_dictionary > chalicelib/inbox/events-1.txt` made the first. A dictionary that rows name is
never changed, and kept as long as there may be such rows: for another version of Stripe's API, make another.
"""

import re
import sys
from collections.abc import Iterable

from chalicelib.checkouts.rules.wish import Wish
from testkit.harness import Harness
from testkit.webhooks import Json, raw

_MOST = 32 * 1024  # bytes: zlib looks back no further
_RUN = 3  # lines: what stood like that before is left out
_AT_RANDOM = re.compile(r"_[A-Za-z0-9]{14,}")  # of identifiers only what tells their kind helps
# The rarest first: zlib says with fewer bits what stands near the end.
_TYPES = (
    "refund.created",
    "charge.dispute.created",
    "charge.dispute.closed",
    "payment_intent.payment_failed",
    "charge.updated",
    "customer.subscription.deleted",
    "invoice.payment_failed",
    "checkout.session.completed",
    "customer.subscription.updated",
    "invoice.paid",
)


def made() -> bytes:
    """The dictionary."""
    texts = {event["type"]: _AT_RANDOM.sub("_", raw(event).decode()) for event in _a_life()}
    dictionary = "".join(reversed(list(_each_once(texts[name] for name in reversed(_TYPES))))).encode()
    assert len(dictionary) <= _MOST, "it would be cut"
    return dictionary


def _each_once(texts: Iterable[str]) -> Iterable[str]:
    known: set[tuple[str, ...]] = set()
    for text in texts:
        lines = text.splitlines(keepends=True)
        runs = [tuple(lines[at : at + _RUN]) for at in range(len(lines) - _RUN + 1)]
        stood = [at for at, run in enumerate(runs) if run in known]
        left_out = {at + more for at in stood for more in range(_RUN)}
        known.update(runs)
        yield "".join(line for at, line in enumerate(lines) if at not in left_out)


def _a_life() -> Iterable[Json]:
    """A gift of each kind, what is refused, what goes back, and an end; the last of each type counts."""
    harness = Harness()
    stripe, page = harness.stripe, "https://news.example/"
    yield from harness.gives(1000, "once", "reader@reader.example", campaign="winter", source=page)
    yield from harness.gives(1000, "month", "supporter@reader.example", campaign="winter", source=page)
    subscription = stripe.of("subscription")[0]["id"]
    yield from stripe.renew(subscription, fails=True)
    yield from stripe.renew(subscription)
    first, *_, last = (one["id"] for one in stripe.of("payment_intent"))
    yield from stripe.gives_back(last)
    yield from stripe.bank_disputes(first)
    yield from stripe.bank_decides(stripe.of("dispute")[-1]["id"], won=False)
    yield from stripe.declines(harness.starts(Wish(1000, "eur", "once")))
    yield from stripe.stop(subscription)
    yield from stripe.end(subscription)


if __name__ == "__main__":
    sys.stdout.buffer.write(made())
