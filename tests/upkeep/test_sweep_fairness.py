"""Nothing that fails keeps anything else waiting; a person's sweep takes up everything; alarms say where to look."""

import json
import logging

import pytest

from chalicelib.inbox import rows as inbox
from chalicelib.kernel import keys
from chalicelib.observing.log import alarm
from chalicelib.rails.stripe.receive import reopened
from chalicelib.upkeep.sweep import sweep
from testkit.harness import ADA, BEN, Harness
from testkit.reconciling import Hours
from testkit.sent import Mail
from testkit.webhooks import Json, one, raw
from tests.upkeep.test_sweep_limits import pending


def poisoned(harness: Harness, count: int) -> None:
    """Events about sessions of ours that Stripe does not know: each costs a call, and will never do."""
    like = one(harness.gives(1000), "checkout.session.completed")
    for number in range(count):
        told = json.loads(json.dumps(like)) | {"id": f"evt_poison{number:04}"}
        told["data"]["object"] |= {"id": f"cs_test_gone{number}", "customer_details": {"email": BEN}}
        inbox.store(harness.table, told["id"], told["type"], raw(told), harness.now(), "pending")


def good(harness: Harness) -> Json:
    """An event that waits only because nobody came to apply it."""
    event = one(harness.gives(1000, email=ADA), "checkout.session.completed")
    inbox.store(harness.table, event["id"], event["type"], raw(event), harness.now(), "pending")
    return event


@pytest.mark.slow
def test_a_thousand_poisoned_events_do_not_keep_a_good_one_waiting(harness: Harness) -> None:
    poisoned(harness, 1000)
    harness.pass_time(1)
    event = good(harness)  # due last of all
    hours = Hours(a_call=0.1)
    harness.stripe.on_call = hours.call
    runs = 0
    while harness.status(event["id"]) == "pending":
        harness.pass_time(300)
        sweep(harness.wiring, limits=hours.limits(seconds=240))
        runs += 1
    assert runs <= 2
    assert harness.books.totals == {"eur": (1000, 1)}
    assert harness.status("evt_poison0000") == "pending", "nor is it forgotten itself"


def test_mails_go_out_while_stripe_is_away(harness: Harness) -> None:
    harness.mails.down = True
    for number in range(5):
        harness.tell(harness.gives(1000, email=f"gave-{number}@reader.example"))
    harness.mails.down = False
    pending(harness, 5)
    harness.stripe.down = True
    done = sweep(harness.wiring)
    assert (done["mails"], done["sent"], done["stopped"]) == (5, 5, "stripe")


def test_events_are_applied_while_the_post_is_slow_and_on_strike(harness: Harness) -> None:
    harness.mails.down = True
    for number in range(30):
        harness.tell(harness.gives(1000, email=f"gave-{number}@reader.example"))
    pending(harness, 3)
    hours = Hours()

    def slow(_mail: Mail) -> None:
        hours.now += 20

    harness.mails.on_send = slow
    done = sweep(harness.wiring, limits=hours.limits(seconds=240))
    assert done["applied"] == 3, "half of the time is theirs"
    assert done["sent"] == 0
    assert done["mails"] < 30


# ---- by a person's hand ----


def test_a_person_takes_up_everything_whatever_its_pause_says(harness: Harness) -> None:
    harness.mails.down = True
    harness.tell(harness.gives(1000, email=BEN))
    event = good(harness)
    harness.stripe.down = True
    for _ in range(4):
        harness.pass_time(3600)
        harness.sweeps()
    harness.stripe.down = harness.mails.down = False
    assert harness.sweeps() == {"events": 0, "applied": 0, "mails": 0, "sent": 0}, "not due for a while"
    assert sweep(harness.wiring, everything=True) == {"events": 1, "applied": 1, "mails": 1, "sent": 1}
    assert harness.status(event["id"]) == "applied"


def test_what_fails_under_a_persons_hand_is_tried_once_not_until_it_is_parked(harness: Harness) -> None:
    poisoned(harness, 3)
    assert sweep(harness.wiring, everything=True)["events"] == 3
    assert {row["tries"] for row in inbox.waiting(harness.table)} == {1}


# ---- types that get a handler later ----


def unhandled(harness: Harness) -> Json:
    """An event that was recorded before its type had a handler."""
    event = one(harness.gives(1000), "checkout.session.completed")
    inbox.store(harness.table, event["id"], event["type"], raw(event), harness.now(), "unhandled")
    return event


def test_an_event_of_a_type_that_has_a_handler_by_now_is_applied_when_it_comes_again(harness: Harness) -> None:
    event = unhandled(harness)
    harness.tell([event])
    assert harness.status(event["id"]) == "applied"
    assert harness.books.totals == {"eur": (1000, 1)}


def test_one_brought_back_by_hand_waits_like_any_other_and_for_ever(harness: Harness) -> None:
    event = unhandled(harness)
    stored = inbox.read(harness.table, event["id"])
    assert stored is not None
    assert reopened(stored, harness.table, harness.now())
    row = harness.table.get(keys.event(event["id"]))
    assert row is not None
    assert (row["status"], row.get("expires")) == ("pending", None)
    assert harness.sweeps()["applied"] == 1
    again = inbox.read(harness.table, event["id"])
    assert again is not None
    assert not reopened(again, harness.table, harness.now())


# ---- alarms ----


def alarms(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]


def test_a_parked_event_wakes_somebody_once(harness: Harness, caplog: pytest.LogCaptureFixture) -> None:
    poisoned(harness, 1)
    while harness.status("evt_poison0000") == "pending":
        assert alarms(caplog) == []
        harness.pass_time(7 * 3600)
        harness.sweeps()
    assert alarms(caplog) == [
        "alarm event_parked event=evt_poison0000 type=checkout.session.completed tries=8 why=StripeRefused"
    ]
    assert BEN not in caplog.text


def test_a_mail_that_is_given_up_wakes_somebody(harness: Harness, caplog: pytest.LogCaptureFixture) -> None:
    def picky(mail: Mail) -> None:
        raise ValueError(f"{mail.to} is no address")

    harness.mails.on_send = picky
    harness.tell(harness.gives(1000))
    for _ in range(9):
        harness.pass_time(7 * 3600)
        harness.sweeps()
    (told,) = alarms(caplog)
    assert told.startswith("alarm mail_undeliverable mail=pi_")
    assert told.endswith(":thanks tries=8 why=ValueError")
    assert ADA not in caplog.text


def test_an_alarm_is_one_line_whatever_it_is_told(caplog: pytest.LogCaptureFixture) -> None:
    alarm("card_testing", checkout="cs_1", tries=10, odd="a b\nalarm fake=1 ada@reader.example")
    assert alarms(caplog) == ["alarm card_testing checkout=cs_1 tries=10 odd=a_b_alarm_fake_1_ada_reader.example"]
