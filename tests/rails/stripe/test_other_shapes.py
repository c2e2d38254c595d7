"""The same facts in other clothes: older API versions, adaptive pricing, months that cost nothing, pauses."""

import re
from functools import partial
from typing import Any, get_args

import pytest
import stripe
from pydantic import ValidationError

from chalicelib.kernel import keys
from chalicelib.kernel.table import Update
from chalicelib.rails.stripe.events.billing_shapes import Subscription
from chalicelib.rails.stripe.events.subscriptions import subscription_facts
from chalicelib.supporters.rules.access import ENDED, RENEWING, SubscriptionStatus
from localdev.stripe import checkout, discounts, pausing, versions
from localdev.stripe.account import Account
from localdev.stripe.checkout import Payer
from testkit.harness import ADA, Harness
from testkit.webhooks import Json

DAY = 86_400
OLDER = ("2025-02-24.acacia", "2025-08-27.basil", "2026-02-25.clover")


def a_life(harness: Harness) -> list[Json]:
    """A monthly gift with a renewal of which the bank takes one payment back, and a one-off gift given back."""
    told = harness.gives(1000, "month")
    told += harness.stripe.renew(harness.stripe.of("subscription")[0]["id"])
    told += harness.stripe.bank_disputes(str(harness.stripe.of("payment_intent")[-1]["id"]))
    harness.pass_time(harness.stripe.account.seconds - harness.clock.business)
    told += harness.gives(2500)
    return told + harness.stripe.gives_back(str(harness.stripe.of("payment_intent")[-1]["id"]), 500)


def rows_of(harness: Harness) -> list[tuple[Any, ...]]:
    return sorted((row["id"], row["kind"], row["amount"], row.get("subscription")) for row in harness.books.entries)


@pytest.mark.parametrize("version", OLDER)
def test_an_endpoint_of_an_older_version_leads_to_the_same_rows(harness: Harness, version: str) -> None:
    events = a_life(harness)
    old = [
        versions.rendered(harness.stripe.account.store, event, version)
        for event in events
        if versions.knows(version, event["type"])
    ]
    assert any(now["data"] != before["data"] for now, before in zip(events, old, strict=False)), "they do differ"
    harness.tell(old)
    rows, access = rows_of(harness), harness.access()
    harness.tell(event | {"id": f"{event['id']}now"} for event in events)
    assert (rows_of(harness), harness.access()) == (rows, access), "today's shape adds nothing"
    assert sum(amount for _, _, amount, _ in rows) == 1000 + 2500 - 500


def test_what_counts_is_what_settles_and_not_what_the_giver_was_shown(harness: Harness) -> None:
    from chalicelib.checkouts.rules.wish import Wish

    session = harness.starts(Wish(1000, "eur", "once"))

    def pays(account: Account) -> None:
        payer = Payer(ADA, presentment=(4275, "pln"))
        checkout.pay(account, account.get("checkout.session", session), payer)

    harness.tell(harness.stripe.happens(pays))
    assert [(entry["amount"], entry["currency"]) for entry in harness.books.entries] == [(1000, "eur")]
    assert harness.totals() == {"eur": (1000, 1)}


def test_a_month_that_costs_nothing_is_read_and_not_booked(harness: Harness) -> None:
    harness.tell(harness.gives(300, "month"))
    subscription = harness.stripe.of("subscription")[0]
    paid_through = harness.state().standing.recurring[0].paid_through
    harness.tell(harness.stripe.happens(partial(discounts.give_next, subscription=subscription)))
    harness.tell(harness.stripe.renew(subscription["id"]))
    harness.pass_time(harness.stripe.account.seconds - harness.clock.business)
    (gift,) = harness.state().standing.recurring
    assert gift.paid_through > paid_through
    assert (gift.tier, harness.access().tier) == ("member", "member")
    assert harness.totals() == {"eur": (300, 1)}


@pytest.mark.parametrize("by", ["portal", "api"])
def test_a_pause_ends_at_what_is_paid_and_goes_on_afterwards(harness: Harness, by: str) -> None:
    harness.tell(harness.gives(300, "month"))
    subscription = harness.stripe.of("subscription")[0]
    pause = partial(pausing.pause_collection, behavior="void") if by == "api" else pausing.pause
    harness.tell(harness.stripe.happens(partial(pause, subscription=subscription)))
    (gift,) = harness.state().standing.recurring
    assert (gift.status, gift.will_renew) == ("paused", False)
    assert harness.access().until == gift.paid_through, "no grace: nothing is late"
    go_on = partial(pausing.pause_collection, behavior=None) if by == "api" else pausing.resume
    harness.tell(harness.stripe.happens(partial(go_on, subscription=harness.stripe.of("subscription")[0])))
    assert harness.state().standing.recurring[0].will_renew
    told = [mail.subject for mail in harness.mails.sent]
    assert len(told) == len(set(told)) == 3, "thanks, rests, goes on"


def test_the_statuses_are_stripes() -> None:
    """The negative control of the next one: a word that Stripe does have is in the list."""
    theirs = set(re.findall("['\"](\\w+)['\"]", str(stripe.Subscription.__annotations__["status"])))
    assert set(get_args(SubscriptionStatus)) == theirs > {*ENDED, *RENEWING}


def test_a_status_of_tomorrow_is_kept_and_opens_nothing_more_than_what_is_paid(harness: Harness) -> None:
    """What Stripe then says, what is stored of it, and what a reader has from it."""
    harness.tell(harness.gives(300, "month"))
    paid_through = harness.state().standing.recurring[0].paid_through
    assert harness.access().until == paid_through + 7 * DAY
    (told,) = harness.stripe.of("subscription")
    read = subscription_facts(Subscription.model_validate(told | {"status": "hibernating"}))
    assert (str(read.status), read.next_payment_at) == ("hibernating", None)
    stored = harness.table.get(keys.standing(harness.state().id)) or {}
    strange = {name: row | {"status": read.status} for name, row in stored["recurring"].items()}
    harness.table.write(Update(keys.standing(harness.state().id), set={"recurring": strange}))
    (gift,) = harness.state().standing.recurring
    assert (str(gift.status), gift.will_renew, gift.paid_through) == ("hibernating", False, paid_through)
    assert harness.access().until == paid_through, "no grace: nobody knows that anything will come"
    with pytest.raises(ValidationError):
        Subscription.model_validate(told | {"status": 7})
