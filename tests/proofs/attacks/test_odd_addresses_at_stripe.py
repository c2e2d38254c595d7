"""What Stripe hands over for an address is somebody's typing, too.

Money is booked, and nothing odd becomes a key, a recipient or a line on a terminal.
"""

import itertools
import json
from functools import partial
from typing import Any

import pytest

from chalicelib.account.actions.grant import grant_access
from chalicelib.kernel import keys
from chalicelib.mail.rows import outbox
from testkit.commands import command
from testkit.harness import ADA, BEN, EMAIL_KEY, Harness
from testkit.rebuilding import found, rebuilds
from testkit.webhooks import one

ODD = [
    "a,b@x.example",
    "a@x.example, b@x.example",
    "\x1b[31mada@x.example",
    "ada\x9b31m@x.example",
    "=cmd|' /C calc'!A0@x.example",
    "+1@x.example",
    "@sum(1)@x.example",
    "Ada <ada@x.example>",
    "ö@müller.de",
    "x@a..b",
    "ada@localhost",
    "a@b.example\r\nBcc: c@d.example",
    "nobody",
    "a" * 65 + "@x.example",
]


def profiles(harness: Harness) -> list[Any]:
    return [row for row in harness.rows() if row["sk"] == "PROFILE"]


def odd_from_now_on(harness: Harness, email: Any) -> None:
    """Everything that Stripe has for the address of anybody, whichever way it is asked."""

    def odd(_name: str, answer: Any) -> Any:
        return _with(answer, email)

    harness.stripe.on_answer = odd


def _with(value: Any, email: Any) -> Any:
    if isinstance(value, dict):
        named = {"email", "receipt_email", "customer_email"}
        return {name: email if name in named else _with(part, email) for name, part in value.items()}
    return [_with(part, email) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize("interval", ["once", "month"])
@pytest.mark.parametrize("odd", ODD, ids=ascii)
def test_money_is_booked_for_somebody_without_address(
    harness: Harness, alarms: list[str], odd: str, interval: str
) -> None:
    odd_from_now_on(harness, odd)
    events = [_with(event, odd) for event in harness.gives(1000, interval, odd)]
    harness.tell([*events, *events])
    assert harness.books.totals == {"eur": (1000, 1)}
    (profile,) = profiles(harness)
    assert profile["email"] == ""
    assert not harness.kinds("EMAIL"), "nothing odd is a key"
    stored = [row for row in harness.rows() if not row["pk"].startswith("EVT#")]
    assert odd.strip().lower() not in repr(stored)
    assert harness.mails.sent == []
    assert {row["status"] for row in harness.kinds("MAIL")} <= {"undeliverable"}
    assert outbox.given_up(harness.table) == [], "as for nobody: no alarm, no list, no more tries"
    (told,) = alarms
    assert told.startswith("alarm address_unusable customer=cus_")
    assert odd not in told
    assert profile["pk"].removeprefix("SUP#") not in told, "who they are stands in no log"
    # Whoever paid reads by the browser that paid, and later money of theirs is theirs.
    if interval == "month":
        (subscription,) = harness.stripe.of("subscription")
        harness.tell([_with(event, odd) for event in harness.stripe.renew(subscription["id"])])
        assert harness.books.totals == {"eur": (2000, 2)}
        assert len(profiles(harness)) == 1
        assert len(alarms) == 1, "told once"
    payment = harness.stripe.of("payment_intent")[-1]["id"]
    harness.tell([_with(event, odd) for event in harness.stripe.gives_back(payment)])
    assert found(rebuilds(harness)) == []
    harness.pass_time(86_400)
    assert harness.sweeps()["mails"] == 0


@pytest.mark.parametrize("first", range(4))
def test_in_any_order_it_is_one_supporter(harness: Harness, first: int) -> None:
    odd_from_now_on(harness, ODD[0])
    events = [_with(event, ODD[0]) for event in harness.gives(1000, "month", ODD[0])]
    order = events[first::4] + [event for at, event in enumerate(events) if at % 4 != first]
    harness.tell([*order, *reversed(events)])
    assert harness.books.totals == {"eur": (1000, 1)}
    assert len(profiles(harness)) == 1


def test_the_alarm_names_the_movement_where_there_is_one(harness: Harness, alarms: list[str]) -> None:
    events = harness.gives(1000, email=ODD[0])
    harness.tell([one(events, "payment_intent.succeeded")])
    (entry,) = harness.books.entries
    (customer,) = harness.stripe.of("customer")
    assert alarms == [f"alarm address_unusable customer={customer['id']} movement={entry['id']}"]


def test_a_usable_address_raises_no_alarm(harness: Harness, alarms: list[str]) -> None:
    """The negative control."""
    harness.tell(harness.gives(1000, email="\u200bAda@reader.example,"))
    assert alarms == []
    assert harness.knows(ADA)
    assert [mail.to for mail in harness.mails.sent] == [ADA]


def test_the_next_address_that_is_one_is_taken(harness: Harness, alarms: list[str]) -> None:
    """Typed wrongly at Checkout, but Stripe's customer has one."""
    events = harness.gives(1000, "month", "a,b@x.example")
    for customer in harness.stripe.of("customer"):
        harness.stripe.account.put(customer | {"email": BEN})
    harness.tell(events)
    assert harness.knows(BEN)
    assert {row["supporter"] for row in harness.books.entries} == {harness.state(BEN).id}
    assert alarms == []


def test_a_payment_billed_to_an_address_is_that_ones(harness: Harness) -> None:
    paid = one(harness.gives(1000, email="nobody"), "payment_intent.succeeded")
    paid["data"]["object"] |= {"receipt_email": BEN}
    harness.tell([paid])
    assert harness.knows(BEN)


def test_a_customer_who_has_no_address_at_all_is_somebody_all_the_same(harness: Harness, alarms: list[str]) -> None:
    odd_from_now_on(harness, None)
    harness.tell([_with(event, None) for event in harness.gives(1000, "month")])
    assert harness.books.totals == {"eur": (1000, 1)}
    assert len(profiles(harness)) == 1
    assert len(alarms) == 1


def test_an_unpaid_checkout_makes_nobody(harness: Harness, alarms: list[str]) -> None:
    from chalicelib.checkouts.rules.wish import Wish

    odd_from_now_on(harness, ODD[0])
    session = harness.starts(Wish(1000, "eur", "once"))
    harness.tell([_with(event, ODD[0]) for event in harness.stripe.expire(session)])
    assert not profiles(harness)
    assert alarms == []


def test_a_row_from_before_is_never_mailed_to(harness: Harness, alarms: list[str]) -> None:
    """Stored by older code: undeliverable at once, with the alarm for that, and not tried again."""
    harness.tell(harness.gives(1000))
    ada = harness.state(ADA).id
    pk, sk = keys.profile(ada)
    from chalicelib.kernel.table import Update

    harness.table.write(Update((pk, sk), set={"email": "a,b@x.example"}))
    harness.tell(harness.gives(2000))
    assert [mail.to for mail in harness.mails.sent] == [ADA]
    (row,) = outbox.given_up(harness.table)
    assert (row["status"], row["why"]) == ("undeliverable", "bad_address")
    assert [word.split()[1] for word in alarms] == ["mail_undeliverable"]


# ---- what the operator sees ----


@pytest.fixture
def run(harness: Harness) -> Any:
    """A command in this harness's environment."""
    return partial(command, harness)


def test_the_operator_is_shown_nothing_that_steers_a_terminal(harness: Harness, run: Any) -> None:
    harness.tell(harness.gives(1000, email=ODD[2]))
    (entry,) = harness.books.entries
    (line,) = map(json.loads, run("ledger", "--json").output.splitlines())
    assert (line["email"], line["amount"]) == (None, 1000)
    told = json.loads(run("supporter", entry["supporter"], "--json").output)
    assert (told["email"], told["sub"]) == (None, entry["supporter"])
    assert "no address that mail can go to" in run("supporter", entry["supporter"]).output
    # A row of before, with whatever is in it.
    pk, sk = keys.profile(entry["supporter"])
    from chalicelib.kernel.table import Update

    harness.table.write(Update((pk, sk), set={"email": "\x1b[2J\u202eada\x9b@x.example\n=1+1"}))
    for words in (("ledger",), ("supporter", entry["supporter"])):
        printed = run(*words).output
        assert "\\x1b[2J\\u202eada\\x9b@x.example\\n=1+1" in printed
        assert not set(printed) & set("\x1b\x9b\u202e")
    (line,) = map(json.loads, run("ledger", "--json").output.splitlines())
    assert line["email"] == "\x1b[2J\u202eada\x9b@x.example\n=1+1", "a machine reads the same value"


def test_a_grant_joins_nobody_without_address(harness: Harness) -> None:
    harness.tell(harness.gives(1000, email=ODD[0]))
    given = grant_access(
        harness.table,
        harness.newsroom,
        BEN,
        tier="member",
        until=harness.clock.business + 9,
        reason="r",
        email_key=EMAIL_KEY,
        now=harness.now(),
    )
    assert given.created
    assert len(profiles(harness)) == 2


def test_two_odd_gifts_are_two_supporters(harness: Harness) -> None:
    """No address joins them: they may be anybody's."""
    for odd, _ in itertools.product(ODD[:2], range(2)):
        harness.tell(harness.gives(1000, email=odd))
    assert len(profiles(harness)) == 4
    assert harness.books.totals == {"eur": (4000, 4)}
