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
from tests.support.till import ADA, Json, Till

DAY = 86_400
OLDER = ("2025-02-24.acacia", "2025-08-27.basil", "2026-02-25.clover")


def a_life(till: Till) -> list[Json]:
    """A monthly gift with a renewal of which the bank takes one payment back, and a one-off gift given back."""
    told = till.gives(1000, "month")
    told += till.double.renew(till.double.of("subscription")[0]["id"])
    told += till.double.bank_disputes(str(till.double.of("payment_intent")[-1]["id"]))
    till.pass_time(till.double.account.seconds - till.business)
    told += till.gives(2500)
    return told + till.double.gives_back(str(till.double.of("payment_intent")[-1]["id"]), 500)


def rows_of(till: Till) -> list[tuple[Any, ...]]:
    return sorted((row["id"], row["kind"], row["amount"], row.get("subscription")) for row in till.books.entries)


@pytest.mark.parametrize("version", OLDER)
def test_an_endpoint_of_an_older_version_leads_to_the_same_rows(till: Till, version: str) -> None:
    events = a_life(till)
    old = [
        versions.rendered(till.double.account.store, event, version)
        for event in events
        if versions.knows(version, event["type"])
    ]
    assert any(now["data"] != before["data"] for now, before in zip(events, old, strict=False)), "they do differ"
    till.tell(old)
    rows, access = rows_of(till), till.access()
    till.tell(event | {"id": f"{event['id']}now"} for event in events)
    assert (rows_of(till), till.access()) == (rows, access), "today's shape adds nothing"
    assert sum(amount for _, _, amount, _ in rows) == 1000 + 2500 - 500


def test_what_counts_is_what_settles_and_not_what_the_giver_was_shown(till: Till) -> None:
    from chalicelib.checkouts.rules.wish import Wish

    session = till.starts(Wish(1000, "eur", "once"))

    def pays(account: Account) -> None:
        payer = Payer(ADA, presentment=(4275, "pln"))
        checkout.pay(account, account.get("checkout.session", session), payer)

    till.tell(till.double.happens(pays))
    assert [(entry["amount"], entry["currency"]) for entry in till.books.entries] == [(1000, "eur")]
    assert till.totals() == {"eur": (1000, 1)}


def test_a_month_that_costs_nothing_is_read_and_not_booked(till: Till) -> None:
    till.tell(till.gives(300, "month"))
    subscription = till.double.of("subscription")[0]
    paid_through = till.state().standing.recurring[0].paid_through
    till.tell(till.double.happens(partial(discounts.give_next, subscription=subscription)))
    till.tell(till.double.renew(subscription["id"]))
    till.pass_time(till.double.account.seconds - till.business)
    (gift,) = till.state().standing.recurring
    assert gift.paid_through > paid_through
    assert (gift.tier, till.access().tier) == ("member", "member")
    assert till.totals() == {"eur": (300, 1)}


@pytest.mark.parametrize("by", ["portal", "api"])
def test_a_pause_ends_at_what_is_paid_and_goes_on_afterwards(till: Till, by: str) -> None:
    till.tell(till.gives(300, "month"))
    subscription = till.double.of("subscription")[0]
    pause = partial(pausing.pause_collection, behavior="void") if by == "api" else pausing.pause
    till.tell(till.double.happens(partial(pause, subscription=subscription)))
    (gift,) = till.state().standing.recurring
    assert (gift.status, gift.will_renew) == ("paused", False)
    assert till.access().until == gift.paid_through, "no grace: nothing is late"
    go_on = partial(pausing.pause_collection, behavior=None) if by == "api" else pausing.resume
    till.tell(till.double.happens(partial(go_on, subscription=till.double.of("subscription")[0])))
    assert till.state().standing.recurring[0].will_renew
    told = [mail.subject for mail in till.post.sent]
    assert len(told) == len(set(told)) == 3, "thanks, rests, goes on"


def test_the_statuses_are_stripes() -> None:
    """The negative control of the next one: a word that Stripe does have is in the list."""
    theirs = set(re.findall("['\"](\\w+)['\"]", str(stripe.Subscription.__annotations__["status"])))
    assert set(get_args(SubscriptionStatus)) == theirs > {*ENDED, *RENEWING}


def test_a_status_of_tomorrow_is_kept_and_opens_nothing_more_than_what_is_paid(till: Till) -> None:
    """What Stripe then says, what is stored of it, and what a reader has from it."""
    till.tell(till.gives(300, "month"))
    paid_through = till.state().standing.recurring[0].paid_through
    assert till.access().until == paid_through + 7 * DAY
    (told,) = till.double.of("subscription")
    read = subscription_facts(Subscription.model_validate(told | {"status": "hibernating"}))
    assert (str(read.status), read.next_payment_at) == ("hibernating", None)
    stored = till.table.get(keys.standing(till.state().id)) or {}
    strange = {name: row | {"status": read.status} for name, row in stored["recurring"].items()}
    till.table.write(Update(keys.standing(till.state().id), set={"recurring": strange}))
    (gift,) = till.state().standing.recurring
    assert (str(gift.status), gift.will_renew, gift.paid_through) == ("hibernating", False, paid_through)
    assert till.access().until == paid_through, "no grace: nobody knows that anything will come"
    with pytest.raises(ValidationError):
        Subscription.model_validate(told | {"status": 7})
