"""What is counted happened, and was committed; a repetition never counts, and a gate check costs no line."""

import logging
from typing import Any

import pytest

import app
from chalicelib.kernel.table import TableUnavailable
from chalicelib.observing import log_context
from chalicelib.observing.log import alarm, gate_counts
from chalicelib.reading.rules import passes
from chalicelib.reading.rules.passes import Pass
from localdev.gateway.context import LambdaContext
from localdev.scheduler import event as scheduled
from testkit.at_once import at_once
from testkit.harness import Harness
from testkit.tables import Around
from testkit.visitor import Visitor
from testkit.webhooks import one
from tests.observing.log_capture import LogCapture, counted

Sums = dict[str, int]


def sums(log_capture: LogCapture) -> Sums:
    """By name and dimensions: `Gifts Currency=eur`."""
    found: Sums = {}
    for dimensions, values in counted(log_capture.lines()):
        assert dimensions[0] == "Stage=prod"
        for name, value in values.items():
            key = " ".join((name, *dimensions[1:]))
            found[key] = found.get(key, 0) + value
    return found


def runs(name: str) -> None:
    getattr(app, name)(scheduled(name), LambdaContext(name))


def test_a_gift_counts_once_with_its_amount_however_often_it_is_told(
    harness: Harness, log_capture: LogCapture
) -> None:
    events = harness.gives(1000)
    log_capture.all()
    for each in (*events, *reversed(events)):
        harness.deliver(each)
    found = sums(log_capture)
    assert found["Gifts"] == 1
    assert found["EventsStored"] == len(events)


def test_a_renewal_counts_in_its_own_currency_and_what_goes_back_does_not(
    harness: Harness, log_capture: LogCapture
) -> None:
    harness.tell(harness.gives(20_000, "month", currency="uah"))
    log_capture.all()
    subscription = harness.stripe.of("subscription")[0]["id"]
    harness.tell(harness.stripe.renew(subscription))
    lines = log_capture.lines()
    assert [value["Gifts"] for _, value in counted(lines) if "Gifts" in value] == [1]
    assert [(line["GiftAmount"], line["Currency"]) for line in lines if "Gifts" in line] == [(20_000, "uah")]
    harness.tell(harness.stripe.gives_back(harness.stripe.of("payment_intent")[0]["id"]))
    assert not {name for name in sums(log_capture) if name.startswith("Gift")}


def test_of_many_who_tell_of_one_gift_at_once_one_counts_it(harness: Harness, log_capture: LogCapture) -> None:
    paid = one(harness.gives(1000), "payment_intent.succeeded")
    log_capture.all()
    at_once(16, lambda _: harness.take_in(paid))
    assert sums(log_capture)["Gifts"] == 1


def test_a_lost_answer_may_lose_a_count_and_never_adds_one(harness: Harness, log_capture: LogCapture) -> None:
    paid = one(harness.gives(1000), "payment_intent.succeeded")

    def answer_is_lost(call: str, changes: Any) -> None:
        if call == "transact":
            harness.memory.transact(changes)
            raise TableUnavailable("the answer was lost")

    harness.table = Around(harness.memory, answer_is_lost)
    log_capture.all()
    harness.deliver(paid)
    harness.table = harness.memory
    harness.deliver(paid)
    assert "Gifts" not in sums(log_capture)
    assert harness.totals() == {"eur": (1000, 1)}


def test_what_reconcile_finds_is_no_sign_that_stripe_reaches_us(harness: Harness, log_capture: LogCapture) -> None:
    harness.gives(1000)
    harness.pass_time(600)
    log_capture.all()
    runs("reconcile_undelivered")
    found = sums(log_capture)
    assert found["Gifts"] == 1
    assert "EventsStored" not in found


def test_checkouts_and_forged_webhooks_are_counted(harness: Harness, log_capture: LogCapture) -> None:
    visitor = Visitor()
    wish = {"amount": 500, "currency": "eur", "interval": "once", "attempt": "attempt-0123456789"}
    for _ in range(3):
        visitor.post("/v1/checkouts", wish)
    assert sums(log_capture) == {"CheckoutsStarted": 1, "AbuseScore": 6}
    harness.post_raw(b"{}", "t=1,v1=00")
    assert sums(log_capture) == {"SignatureFailures": 1, "AbuseScore": 60}


def test_each_sweep_tells_how_the_inbox_stands(harness: Harness, log_capture: LogCapture) -> None:
    runs("sweep")
    assert sums(log_capture) == {"InboxAge": 0}
    paid = one(harness.gives(1000), "payment_intent.succeeded")
    harness.stripe.down = True
    harness.deliver(paid)
    harness.pass_time(90)
    log_capture.all()
    runs("sweep")
    assert sums(log_capture) == {"InboxAge": 90}
    harness.pass_time(3600)
    harness.stripe.down = False
    runs("sweep")
    assert sums(log_capture)["InboxAge"] == 3690, "as it stood when the sweep began"
    runs("sweep")
    assert sums(log_capture) == {"InboxAge": 0}


def test_a_parked_event_is_told_until_somebody_brings_it_back(harness: Harness, log_capture: LogCapture) -> None:
    paid = one(harness.gives(1000), "payment_intent.succeeded")
    harness.table = Around(harness.memory, _breaks)
    harness.deliver(paid)
    for _ in range(9):
        harness.pass_time(7 * 3600)
        harness.sweeps()
    assert harness.status(paid["id"]) == "parked"
    found = sums(log_capture)
    assert found["Alarms"] == 1
    harness.pass_time(30 * 86_400)
    runs("sweep")
    (line,) = (line for line in log_capture.lines() if line["message"] == "inbox")
    assert (line["InboxAge"], line["InboxParked"]) == (0, 1)


def _breaks(call: str, _what: Any) -> None:
    if call == "transact":
        raise ValueError("a fault of ours")


def test_an_alarm_counts_whatever_its_code(log_capture: LogCapture) -> None:
    alarm("card_testing", checkout="cs_1", declined=10)
    (line,) = log_capture.lines()
    assert (line["message"], line["level"], line["code"]) == ("alarm card_testing", "ERROR", "card_testing")
    assert counted([line]) == [(("Stage=prod",), {"Alarms": 1})]


def test_on_another_stage_the_same_is_written_and_nothing_counted(
    log_capture: LogCapture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_context, "stage", "dev")
    alarm("card_testing", checkout="cs_1", declined=10)
    (line,) = log_capture.lines()
    assert (line["Alarms"], line["code"], line["Stage"]) == (1, "card_testing", "dev")
    assert counted([line]) == []


# ---- the gate ----


def with_pass(harness: Harness) -> Visitor:
    soon = harness.clock.real + passes.LIFE
    held = Pass("sup_1", "member", ("member",), soon, soon)
    visitor = Visitor()
    visitor.cookies["__Host-spilno-pass-8000"] = passes.issue(
        held, keys=harness.settings.pass_keys, issuer=harness.settings.public_url, audience=harness.settings.site_id
    )
    return visitor


def test_what_a_pass_opens_is_counted_and_not_told(harness: Harness, log_capture: LogCapture) -> None:
    visitor = with_pass(harness)
    for _ in range(5):
        assert visitor.get("/v1/access?needs=members").json["open"]
    assert log_capture.all() == ""
    Visitor().get("/v1/access?needs=members")
    Visitor().get("/v1/access?needs=members")
    assert log_capture.messages() == ["request", "request"]
    assert (log_context.gate.opened, log_context.gate.closed) == (5, 2)


def test_the_gate_tells_once_a_minute_with_the_next_call(log_capture: LogCapture) -> None:
    gate = log_context.GateCounts()
    for second in range(150):
        gate.decided(opened=second % 3 != 0)
        gate_counts(gate, 1000 + second)
    told = counted(log_capture.lines())
    assert told == [
        (("Stage=prod",), {"GateOpened": 40, "GateClosed": 21}),
        (("Stage=prod",), {"GateOpened": 40, "GateClosed": 20}),
    ]
    gate_counts(gate, 10_000)
    assert sums(log_capture) == {"GateOpened": 20, "GateClosed": 9}
    gate_counts(gate, 20_000)
    assert log_capture.all() == "", "nothing was decided since"


def test_a_gated_article_counts_as_a_decision_and_an_open_one_does_not(
    harness: Harness, log_capture: LogCapture
) -> None:
    for access in ("members", "open"):
        body = {"title": "T", "url": "http://127.0.0.1:8080/t", "access": access, "teaser_html": "<p>t</p>"}
        Visitor(origin=None).put(f"/v1/articles/{access}", body, **harness.cms_key())
        Visitor().get(f"/v1/articles/{access}")
    log_capture.all()
    assert (log_context.gate.opened, log_context.gate.closed) == (0, 1)


@pytest.mark.usefixtures("harness")
def test_where_nobody_listens_nothing_is_written(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The operator's commands count nothing: CloudWatch reads what functions write."""
    assert log_context.stage == ""
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # the app's own, where this process imported it
    alarm("card_testing", checkout="cs_1", declined=10)
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("form", [False, True], ids=["json", "form"])
def test_refused_for_now_is_counted_in_the_calls_own_line(
    harness: Harness, log_capture: LogCapture, *, form: bool
) -> None:
    def asks() -> int:
        typed = {"email": "x@reader.example"}
        return (Visitor().submit("/v1/sign-in", typed) if form else Visitor().post("/v1/sign-in", typed)).status

    asked = [asks() for _ in range(harness.newsroom.limits.sign_ins + 1)]
    assert asked.count(429) == 1
    lines = log_capture.lines()
    assert [values for _, values in counted(lines)].count({"AbuseScore": 15}) == 1
    assert [line.get("code") for line in lines if line["message"] == "request"].count("too_many_sign_ins") == 1
