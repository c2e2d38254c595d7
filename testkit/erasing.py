"""Everything that somebody can leave behind, and a search for it."""

import base64
import json
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from chalicelib import jobs
from chalicelib.account.actions.grant import grant_access
from chalicelib.inbox.compression import DICTIONARIES, unpacked
from chalicelib.kernel import email_address
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.table import Item
from chalicelib.mail.rows import suppressed
from chalicelib.mail.rules.feedback import Suppression
from chalicelib.privacy.actions.ask import Asking, ask_erasure
from chalicelib.privacy.rules.kinds import KindUnknown
from chalicelib.privacy.rules.personal_data import kind_of
from chalicelib.reconciling.work_limits import WorkLimits
from chalicelib.supporters.rows import supporters
from localdev.stripe.customers import change
from testkit.gift_links import gives, put, reads
from testkit.harness import EMAIL_KEY, Harness
from testkit.visitor import Visitor

HOUR, DAY = 3600, 86_400


def asks(harness: Harness, supporter: SupporterId, **more: Any) -> None:
    """Somebody asks to be erased."""
    asking = Asking(harness.stripe_deps, harness.mail_sender, harness.now(), harness.real_now())
    ask_erasure(supporter, asking, **more)


def erases(harness: Harness, supporter: SupporterId) -> str:
    """One step of the erasure after the other, as far as it goes now."""
    return jobs.eraser(harness.wiring, WorkLimits(1000)).erase(supporter)


def is_erased(harness: Harness, supporter: SupporterId) -> None:
    """Erase at once, and look again an hour later: done."""
    asks(harness, supporter, grace=0, by="test")
    assert erases(harness, supporter) == "checking"
    tells_all(harness)
    harness.pass_time(HOUR)
    assert erases(harness, supporter) == "erased"


def tells_all(harness: Harness) -> None:
    """Deliver every event that Stripe has, whether it was delivered or not."""
    for one in harness.stripe.account.store.find("event"):
        harness.deliver(one)


def found(rows: Iterable[Item], canaries: Iterable[str]) -> list[tuple[str, str, str]]:
    """(canary, key, attribute) of every trace in these rows: in keys and values, decompressed and decoded."""
    needles = [one.casefold() for one in canaries]
    hits = []
    for row in rows:
        for name, value in row.items():
            for text in _texts(value):
                hits += [
                    (one, f"{row['pk']} {row['sk']}", name)
                    for one in needles
                    if one in text.casefold() or one in _plain(text).casefold()
                ]
    return sorted(set(hits))


def _texts(value: Any) -> Iterator[str]:
    """Every text in a value: bytes as they are, inflated, and decoded; the texts in them once more."""
    if isinstance(value, str):
        yield value
        yield from _decoded(value)
    elif isinstance(value, bytes):
        yield value.decode("utf-8", "replace")
        for text in _inflated(value):
            yield from _texts(text)
    elif isinstance(value, dict):
        for name, part in value.items():
            yield str(name)
            yield from _texts(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _texts(part)


def _decoded(text: str) -> Iterator[str]:
    for read in (base64.b64decode, base64.urlsafe_b64decode):
        try:
            raw = read(text + "=" * (-len(text) % 4))
        except ValueError:
            continue
        yield raw.decode("utf-8", "replace")
        yield from _inflated(raw)


def _inflated(raw: bytes) -> Iterator[str]:
    """What bytes say once they are inflated, whichever dictionary they were packed with."""
    for dictionary in ({}, *({"zdict": name} for name in DICTIONARIES)):
        try:
            yield unpacked({"body": raw, **dictionary}).decode("utf-8", "replace")
        except zlib.error:
            continue


def _plain(text: str) -> str:
    """A JSON text without escapes, so that Cyrillic letters are found; any other text as it is."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def leaves_traces(harness: Harness, email: str) -> None:
    """Somebody who leaves a trace in every kind of row that there is."""
    name = email.partition("@")[0]
    harness.cms_key()
    harness.tell(harness.gives(2500, "once", email, source=f"https://news.example/page-{name}"))
    harness.tell(harness.gives(1500, "once", email))
    harness.tell(harness.gives(500, "month", email))
    payments = [one["id"] for one in harness.stripe.of("payment_intent")]
    harness.tell(harness.stripe.gives_back(payments[-2], 500))
    visitor = Visitor()
    harness.sign_in(visitor, email)
    assert visitor.get("/v1/me").status == 200
    put(harness)
    reads(gives(visitor))
    # A gift that is begun signed in, and not finished; a code that nobody entered; a customer who is changed.
    wish = {"amount": 900, "currency": "eur", "interval": "once", "attempt": f"attempt-of-{name}-0001"}
    assert visitor.post("/v1/checkouts", wish).status == 201
    assert Visitor().post("/v1/sign-in", {"email": email}).status == 202
    customer = harness.stripe.of("customer")[-1]
    for one in harness.stripe.happens(lambda account: change(account, customer, name=f"Canary {name}")):
        # With another card: what only tells of a name is kept without its person from the start.
        one["data"]["previous_attributes"]["invoice_settings"] = {"default_payment_method": None}
        harness.deliver(one)
    suppressed.suppress(
        harness.table,
        supporters.email_hash(email_address.read(email), EMAIL_KEY),
        Suppression("bounce", "General", harness.now(), harness.now()),
    )
    granted = grant_access(
        harness.table,
        harness.newsroom,
        email,
        tier="member",
        until=harness.now() + 90 * DAY,
        reason=f"canary-reason-{name}",
        email_key=EMAIL_KEY,
        now=harness.now(),
        by="staff",
    )
    assert granted


def canaries(harness: Harness, email: str) -> list[str]:
    """Everything that would lead back to them."""
    name = email.partition("@")[0]
    customers = [one["id"] for one in harness.stripe.of("customer") if one.get("email") == email]
    assert customers
    return [email, *customers, f"page-{name}", f"canary {name}", f"canary-reason-{name}", f"attempt-of-{name}"]


def undescribed(rows: Iterable[Item]) -> list[str]:
    """Kinds of rows, and attributes of them, of which nobody said what becomes of them."""
    unsaid: set[str] = set()
    for row in rows:
        try:
            kind = kind_of(row)
        except KindUnknown as error:
            unsaid.add(f"{error}: a kind that is not described")
        else:
            unsaid |= {f"{kind.name}: {name}" for name in kind.unsaid(row)}
    return sorted(unsaid)
