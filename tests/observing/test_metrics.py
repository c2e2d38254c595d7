"""What is counted happened, and was committed; a repetition never counts, and a gate check costs no line."""

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
from tests.observing.ear import Ear, counted
from tests.support.calls import Visitor
from tests.support.memory_till import MemoryTill
from tests.support.tables import Around
from tests.support.till import at_once, one

Sums = dict[str, int]


def sums(ear: Ear) -> Sums:
    """By name and dimensions: `Gifts Currency=eur`."""
    found: Sums = {}
    for dimensions, values in counted(ear.lines()):
        assert dimensions[0] == "Stage=prod"
        for name, value in values.items():
            key = " ".join((name, *dimensions[1:]))
            found[key] = found.get(key, 0) + value
    return found


def runs(name: str) -> None:
    getattr(app, name)(scheduled(name), LambdaContext(name))


def test_a_gift_counts_once_with_its_amount_however_often_it_is_told(till: MemoryTill, ear: Ear) -> None:
    events = till.gives(1000)
    ear.all()
    for each in (*events, *reversed(events)):
        till.deliver(each)
    found = sums(ear)
    assert (found["Gifts Currency=eur"], found["GiftAmount Currency=eur"]) == (1, 1000)
    assert found["EventsStored"] == len(events)


def test_a_renewal_counts_in_its_own_currency_and_what_goes_back_does_not(till: MemoryTill, ear: Ear) -> None:
    till.tell(till.gives(20_000, "month", currency="uah"))
    ear.all()
    subscription = till.double.of("subscription")[0]["id"]
    till.tell(till.double.renew(subscription))
    found = sums(ear)
    assert (found["Gifts Currency=uah"], found["GiftAmount Currency=uah"]) == (1, 20_000)
    till.tell(till.double.gives_back(till.double.of("payment_intent")[0]["id"]))
    assert not {name for name in sums(ear) if name.startswith("Gift")}


def test_of_many_who_tell_of_one_gift_at_once_one_counts_it(till: MemoryTill, ear: Ear) -> None:
    paid = one(till.gives(1000), "payment_intent.succeeded")
    ear.all()
    at_once(16, lambda _: till.take_in(paid))
    assert sums(ear)["Gifts Currency=eur"] == 1


def test_a_lost_answer_may_lose_a_count_and_never_adds_one(till: MemoryTill, ear: Ear) -> None:
    paid = one(till.gives(1000), "payment_intent.succeeded")

    def answer_is_lost(call: str, changes: Any) -> None:
        if call == "transact":
            till.memory.transact(changes)
            raise TableUnavailable("the answer was lost")

    till.table = Around(till.memory, answer_is_lost)
    ear.all()
    till.deliver(paid)
    till.table = till.memory
    till.deliver(paid)
    assert "Gifts Currency=eur" not in sums(ear)
    assert till.totals() == {"eur": (1000, 1)}


def test_what_reconcile_finds_is_no_sign_that_stripe_reaches_us(till: MemoryTill, ear: Ear) -> None:
    till.gives(1000)
    till.pass_time(600)
    ear.all()
    runs("reconcile_undelivered")
    found = sums(ear)
    assert found["Gifts Currency=eur"] == 1
    assert "EventsStored" not in found


def test_checkouts_and_forged_webhooks_are_counted(till: MemoryTill, ear: Ear) -> None:
    visitor = Visitor()
    wish = {"amount": 500, "currency": "eur", "interval": "once", "attempt": "attempt-0123456789"}
    for _ in range(3):
        visitor.post("/v1/checkouts", wish)
    assert sums(ear) == {"CheckoutsStarted": 1}
    till.post_raw(b"{}", "t=1,v1=00")
    assert sums(ear) == {"SignatureFailures": 1}


def test_each_sweep_tells_how_the_inbox_stands(till: MemoryTill, ear: Ear) -> None:
    runs("sweep")
    assert sums(ear) == {"InboxAge": 0, "InboxParked": 0}
    paid = one(till.gives(1000), "payment_intent.succeeded")
    till.double.down = True
    till.deliver(paid)
    till.pass_time(90)
    ear.all()
    runs("sweep")
    assert sums(ear) == {"InboxAge": 90, "InboxParked": 0}
    till.pass_time(3600)
    till.double.down = False
    runs("sweep")
    assert sums(ear)["InboxAge"] == 3690, "as it stood when the sweep began"
    runs("sweep")
    assert sums(ear) == {"InboxAge": 0, "InboxParked": 0}


def test_a_parked_event_is_counted_until_somebody_brings_it_back(till: MemoryTill, ear: Ear) -> None:
    paid = one(till.gives(1000), "payment_intent.succeeded")
    till.table = Around(till.memory, _breaks)
    till.deliver(paid)
    for _ in range(9):
        till.pass_time(7 * 3600)
        till.sweeps()
    assert till.status(paid["id"]) == "parked"
    found = sums(ear)
    assert (found["Alarms"], found["Alarms Code=event_parked"]) == (1, 1)
    till.pass_time(30 * 86_400)
    runs("sweep")
    assert sums(ear) == {"InboxAge": 0, "InboxParked": 1}


def _breaks(call: str, _what: Any) -> None:
    if call == "transact":
        raise ValueError("a fault of ours")


def test_an_alarm_counts_among_all_and_by_its_code(ear: Ear) -> None:
    alarm("card_testing", checkout="cs_1", declined=10)
    (line,) = ear.lines()
    assert (line["message"], line["level"], line["code"]) == ("alarm card_testing", "ERROR", "card_testing")
    assert [dimensions for dimensions, _ in counted([line])] == [
        ("Stage=prod",),
        ("Stage=prod", "Code=card_testing"),
    ]


# ---- the gate ----


def with_pass(till: MemoryTill) -> Visitor:
    soon = till.real + passes.LIFE
    held = Pass("sup_1", "member", ("member",), soon, soon)
    visitor = Visitor()
    visitor.cookies["__Host-spilno-pass-8000"] = passes.issue(
        held, keys=till.settings.pass_keys, issuer=till.settings.public_url, audience=till.settings.site_id
    )
    return visitor


def test_what_a_pass_opens_is_counted_and_not_told(till: MemoryTill, ear: Ear) -> None:
    visitor = with_pass(till)
    for _ in range(5):
        assert visitor.get("/v1/access?needs=members").json["open"]
    assert ear.all() == ""
    Visitor().get("/v1/access?needs=members")
    Visitor().get("/v1/access?needs=members")
    assert ear.messages() == ["request", "request"]
    assert (log_context.gate.opened, log_context.gate.closed) == (5, 2)


def test_the_gate_tells_once_a_minute_with_the_next_call(ear: Ear) -> None:
    gate = log_context.GateCounts()
    for second in range(150):
        gate.decided(opened=second % 3 != 0)
        gate_counts(gate, 1000 + second)
    told = counted(ear.lines())
    assert told == [
        (("Stage=prod",), {"GateOpened": 40, "GateClosed": 21}),
        (("Stage=prod",), {"GateOpened": 40, "GateClosed": 20}),
    ]
    gate_counts(gate, 10_000)
    assert sums(ear) == {"GateOpened": 20, "GateClosed": 9}
    gate_counts(gate, 20_000)
    assert ear.all() == "", "nothing was decided since"


def test_a_gated_article_counts_as_a_decision_and_an_open_one_does_not(till: MemoryTill, ear: Ear) -> None:
    for access in ("members", "open"):
        body = {"title": "T", "url": "http://127.0.0.1:8080/t", "access": access, "teaser_html": "<p>t</p>"}
        Visitor(origin=None).put(f"/v1/articles/{access}", body, **till.cms_key())
        Visitor().get(f"/v1/articles/{access}")
    ear.all()
    assert (log_context.gate.opened, log_context.gate.closed) == (0, 1)


@pytest.mark.usefixtures("till")
def test_where_nobody_listens_nothing_is_written(capfd: pytest.CaptureFixture[str]) -> None:
    """The operator's commands count nothing: CloudWatch reads what functions write."""
    assert log_context.stage == ""
    alarm("card_testing", checkout="cs_1", declined=10)
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("form", [False, True], ids=["json", "form"])
def test_refused_for_now_is_counted_in_the_calls_own_line(till: MemoryTill, ear: Ear, *, form: bool) -> None:
    def asks() -> int:
        typed = {"email": "x@reader.example"}
        return (Visitor().submit("/v1/sign-in", typed) if form else Visitor().post("/v1/sign-in", typed)).status

    asked = [asks() for _ in range(till.newsroom.limits.sign_ins + 1)]
    assert asked.count(429) == 1
    lines = ear.lines()
    assert [values for _, values in counted(lines)].count({"TooManyRequests": 1}) == 1
    assert [line.get("code") for line in lines if line["message"] == "request"].count("too_many_sign_ins") == 1
