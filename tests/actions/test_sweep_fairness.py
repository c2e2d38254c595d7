"""Nothing that fails keeps anything else waiting; a person's sweep takes up everything; alarms say where to look."""

import json
import logging

import pytest

from chalicelib.inbox import rows as inbox
from chalicelib.kernel import keys
from chalicelib.observing.log import alarm
from chalicelib.rails.stripe.receive import reopened
from chalicelib.upkeep.sweep import sweep
from tests.actions.test_sweep_pace import pending
from tests.support.reconciling import Hours
from tests.support.sent import Mail
from tests.support.till import ADA, BEN, Json, Till, one, raw


def poisoned(till: Till, count: int) -> None:
    """Events about sessions of ours that Stripe does not know: each costs a call, and will never do."""
    like = one(till.gives(1000), "checkout.session.completed")
    for number in range(count):
        told = json.loads(json.dumps(like)) | {"id": f"evt_poison{number:04}"}
        told["data"]["object"] |= {"id": f"cs_test_gone{number}", "customer_details": {"email": BEN}}
        inbox.store(till.table, told["id"], told["type"], raw(told), till.business, "pending")


def good(till: Till) -> Json:
    """An event that waits only because nobody came to apply it."""
    event = one(till.gives(1000, email=ADA), "checkout.session.completed")
    inbox.store(till.table, event["id"], event["type"], raw(event), till.business, "pending")
    return event


@pytest.mark.slow
def test_a_thousand_poisoned_events_do_not_keep_a_good_one_waiting(till: Till) -> None:
    poisoned(till, 1000)
    till.pass_time(1)
    event = good(till)  # due last of all
    hours = Hours(a_call=0.1)
    till.double.on_call = hours.call
    runs = 0
    while till.status(event["id"]) == "pending":
        till.pass_time(300)
        sweep(till, limits=hours.limits(seconds=240))
        runs += 1
    assert runs <= 2
    assert till.books.totals == {"eur": (1000, 1)}
    assert till.status("evt_poison0000") == "pending", "nor is it forgotten itself"


def test_mails_go_out_while_stripe_is_away(till: Till) -> None:
    till.post.down = True
    for number in range(5):
        till.tell(till.gives(1000, email=f"gave-{number}@reader.example"))
    till.post.down = False
    pending(till, 5)
    till.double.down = True
    done = sweep(till)
    assert (done["mails"], done["sent"], done["stopped"]) == (5, 5, "stripe")


def test_events_are_applied_while_the_post_is_slow_and_on_strike(till: Till) -> None:
    till.post.down = True
    for number in range(30):
        till.tell(till.gives(1000, email=f"gave-{number}@reader.example"))
    pending(till, 3)
    hours = Hours()

    def slow(_mail: Mail) -> None:
        hours.now += 20

    till.post.on_send = slow
    done = sweep(till, limits=hours.limits(seconds=240))
    assert done["applied"] == 3, "half of the time is theirs"
    assert done["sent"] == 0
    assert done["mails"] < 30


# ---- by a person's hand ----


def test_a_person_takes_up_everything_whatever_its_pause_says(till: Till) -> None:
    till.post.down = True
    till.tell(till.gives(1000, email=BEN))
    event = good(till)
    till.double.down = True
    for _ in range(4):
        till.pass_time(3600)
        till.sweeps()
    till.double.down = till.post.down = False
    assert till.sweeps() == {"events": 0, "applied": 0, "mails": 0, "sent": 0}, "not due for a while"
    assert sweep(till, everything=True) == {"events": 1, "applied": 1, "mails": 1, "sent": 1}
    assert till.status(event["id"]) == "applied"


def test_what_fails_under_a_persons_hand_is_tried_once_not_until_it_is_parked(till: Till) -> None:
    poisoned(till, 3)
    assert sweep(till, everything=True)["events"] == 3
    assert {row["tries"] for row in inbox.waiting(till.table)} == {1}


# ---- types that get a handler later ----


def unhandled(till: Till) -> Json:
    """An event that was recorded before its type had a handler."""
    event = one(till.gives(1000), "checkout.session.completed")
    inbox.store(till.table, event["id"], event["type"], raw(event), till.business, "unhandled")
    return event


def test_an_event_of_a_type_that_has_a_handler_by_now_is_applied_when_it_comes_again(till: Till) -> None:
    event = unhandled(till)
    till.tell([event])
    assert till.status(event["id"]) == "applied"
    assert till.books.totals == {"eur": (1000, 1)}


def test_one_brought_back_by_hand_waits_like_any_other_and_for_ever(till: Till) -> None:
    event = unhandled(till)
    stored = inbox.read(till.table, event["id"])
    assert stored is not None
    assert reopened(stored, till.table, till.business)
    row = till.table.get(keys.event(event["id"]))
    assert row is not None
    assert (row["status"], row.get("expires")) == ("pending", None)
    assert till.sweeps()["applied"] == 1
    again = inbox.read(till.table, event["id"])
    assert again is not None
    assert not reopened(again, till.table, till.business)


# ---- alarms ----


def alarms(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]


def test_a_parked_event_wakes_somebody_once(till: Till, caplog: pytest.LogCaptureFixture) -> None:
    poisoned(till, 1)
    while till.status("evt_poison0000") == "pending":
        assert alarms(caplog) == []
        till.pass_time(7 * 3600)
        till.sweeps()
    assert alarms(caplog) == [
        "alarm event_parked event=evt_poison0000 type=checkout.session.completed tries=8 why=StripeRefused"
    ]
    assert BEN not in caplog.text


def test_a_mail_that_is_given_up_wakes_somebody(till: Till, caplog: pytest.LogCaptureFixture) -> None:
    def picky(mail: Mail) -> None:
        raise ValueError(f"{mail.to} is no address")

    till.post.on_send = picky
    till.tell(till.gives(1000))
    for _ in range(9):
        till.pass_time(7 * 3600)
        till.sweeps()
    (told,) = alarms(caplog)
    assert told.startswith("alarm mail_undeliverable mail=pi_")
    assert told.endswith(":thanks tries=8 why=ValueError")
    assert ADA not in caplog.text


def test_an_alarm_is_one_line_whatever_it_is_told(caplog: pytest.LogCaptureFixture) -> None:
    alarm("card_testing", checkout="cs_1", tries=10, odd="a b\nalarm fake=1 ada@reader.example")
    assert alarms(caplog) == ["alarm card_testing checkout=cs_1 tries=10 odd=a_b_alarm_fake_1_ada_reader.example"]
