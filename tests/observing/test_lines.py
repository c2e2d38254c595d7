"""Every step is one line, and one event can be followed through all of them by its identifier."""

import threading
from functools import cached_property
from typing import Any

import pytest

import app
from chalicelib import wiring
from chalicelib.kernel.table import Item, Key, Table
from chalicelib.observing import log_context
from chalicelib.observing.log import JobFailed, about, log
from chalicelib.rails.stripe.port import StripeUnavailable
from localdev.gateway.context import LambdaContext
from localdev.scheduler import event as scheduled
from testkit.calls import API, event
from testkit.harness import Harness
from testkit.memory_table import MemoryTable
from testkit.visitor import Visitor
from testkit.webhooks import one
from tests.observing.log_capture import Line, LogCapture

WEBHOOK = "/v1/stripe/webhook"


def runs(name: str) -> Any:
    """A job as Lambda calls it; answers its request id."""
    context = LambdaContext(name)
    getattr(app, name)(scheduled(name), context)
    return context.aws_request_id


def steps(lines: list[Line], event_id: str) -> list[tuple[str, str]]:
    return [(line["function"], line["message"]) for line in lines if line.get("event_id") == event_id]


def test_one_event_is_followed_from_the_webhook_through_the_sweep_to_the_mail(
    harness: Harness, log_capture: LogCapture
) -> None:
    """Stripe is away when the event comes, and the post when the sweep applies it."""
    paid = one(harness.gives(1000), "payment_intent.succeeded")
    harness.stripe.down = True
    harness.deliver(paid)
    harness.stripe.down, harness.mails.down = False, True
    harness.pass_time(600)
    log_capture.all()
    first = runs("sweep")
    lines = log_capture.lines()
    assert steps(lines, paid["id"]) == [
        ("sweep", "gift booked"),
        ("sweep", "event applied"),
        ("sweep", "mail not sent"),
    ]
    assert {line["request_id"] for line in lines} == {first}
    assert lines[-1]["message"] == "job done"
    harness.mails.down = False
    harness.pass_time(600)
    runs("sweep")
    assert [line["kind"] for line in log_capture.lines() if line["message"] == "mail sent"] == ["thanks_once"]


def test_a_webhook_tells_of_its_event_in_every_line(harness: Harness, log_capture: LogCapture) -> None:
    paid = one(harness.gives(1000), "payment_intent.succeeded")
    log_capture.all()
    harness.deliver(paid)
    lines = log_capture.lines()
    told = ["event stored", "gift booked", "event applied", "mail sent", "request"]
    assert steps(lines, paid["id"]) == [("api_handler", message) for message in told]
    assert {(line["method"], line["route"]) for line in lines} == {("POST", WEBHOOK)}
    assert lines[0]["type"] == "payment_intent.succeeded"
    payment = paid["data"]["object"]["id"]
    assert (lines[1]["movement"], lines[3]["mail"]) == (payment, f"{payment}:thanks")
    assert lines[-1]["status"] == 200
    harness.deliver(paid)
    assert log_capture.messages() == ["event known", "request"]


def test_what_fails_says_its_kind_and_its_place(harness: Harness, log_capture: LogCapture) -> None:
    paid = one(harness.gives(1000), "payment_intent.succeeded")
    harness.stripe.down = True
    harness.deliver(paid)
    (pending,) = (line for line in log_capture.lines() if line["message"] == "event pending")
    assert (pending["level"], pending["error"], pending["event_id"]) == ("WARNING", "StripeUnavailable", paid["id"])
    assert pending["where"].startswith("stripe_double.py:")
    assert "<apply.py:" in pending["where"]


def test_a_fault_of_ours_wakes_somebody_and_names_its_place(harness: Harness, log_capture: LogCapture) -> None:
    class Broken(MemoryTable):
        def get(self, key: Key, *, hurried: bool = False, eventual: bool = False) -> Item | None:
            del hurried, eventual
            raise ValueError(f"the words of somebody@reader.example about {key}")

    harness.table = Broken()
    reply = Visitor().get("/v1/articles/an-article")
    assert (reply.status, reply.code) == (500, "internal")
    (fault,) = (line for line in log_capture.lines() if line["message"] == "alarm fault")
    assert (fault["level"], fault["code"], fault["error"], fault["Alarms"]) == ("ERROR", "fault", "ValueError", 1)
    assert fault["where"].startswith("test_lines.py:")
    assert "words" not in str(log_capture.lines())


@pytest.mark.usefixtures("harness")
def test_a_call_is_one_line_with_its_route_and_never_its_path(log_capture: LogCapture) -> None:
    Visitor().get("/v1/articles/a-story-about-somebody")
    Visitor().navigate("/v1/sign-in/some.token")
    first, second = log_capture.lines()
    assert (first["route"], first["status"], first["code"]) == ("/v1/articles/{id}", 404, "unknown_article")
    assert (second["route"], second["method"]) == ("/v1/sign-in/{token}", "GET")
    assert isinstance(first["ms"], float)


@pytest.mark.usefixtures("harness")
def test_identifiers_come_from_aws_and_never_from_the_caller(log_capture: LogCapture) -> None:
    """API Gateway lets a caller choose `requestId`; `extendedRequestId` is its own."""
    sent = event("GET", "/v1/newsroom", "", {"x-amzn-RequestId": "chosen", "Host": API}, "192.0.2.1")
    sent["requestContext"] |= {"requestId": "chosen", "extendedRequestId": "JKJaXmPLvHcESHA="}
    context = LambdaContext("api")
    app.app(sent, context)
    (line,) = log_capture.lines()
    assert (line["request_id"], line["gateway_id"]) == (context.aws_request_id, "JKJaXmPLvHcESHA=")
    assert "chosen" not in str(line)


def test_two_calls_at_once_keep_their_identifiers_apart(log_capture: LogCapture) -> None:
    """A Lambda handles one call at a time; what runs beside it in a thread must not borrow its name all the same."""
    barrier = threading.Barrier(2)

    def work(name: str) -> None:
        context = LambdaContext(name)
        context.aws_request_id = f"request-{name}"
        log_context.call("GET", f"/{name}", {"requestContext": {}}, context)
        for step in range(50):
            with about(f"evt_{name}{step}"):
                barrier.wait(10)
                log.info("inside", of=name, step=step)
            barrier.wait(10)
            log.info("outside", of=name)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    lines = log_capture.lines()
    assert len(lines) == 200
    for line in lines:
        assert (line["request_id"], line["route"]) == (f"request-{line['of']}", f"/{line['of']}")
        inside = f"evt_{line['of']}{line['step']}" if line["message"] == "inside" else None
        assert line.get("event_id") == inside


def test_each_event_of_a_sweep_is_told_under_its_own_name(harness: Harness, log_capture: LogCapture) -> None:
    paid = [
        one(harness.gives(1000, email=f"{number}@reader.example"), "payment_intent.succeeded") for number in range(5)
    ]
    harness.stripe.down = True
    for each in paid:
        harness.deliver(each)
    harness.stripe.down = False
    harness.pass_time(600)
    log_capture.all()
    runs("sweep")
    lines = log_capture.lines()
    for each in paid:
        assert [message for _, message in steps(lines, each["id"])] == ["gift booked", "event applied", "mail sent"]
        (booked,) = (line for line in lines if line.get("movement") == each["data"]["object"]["id"])
        assert booked["event_id"] == each["id"]
    others = [line["message"] for line in lines if "event_id" not in line]
    assert others == ["inbox", "swept", "job done"]


def test_a_call_after_an_event_does_not_inherit_its_name(harness: Harness, log_capture: LogCapture) -> None:
    harness.deliver(one(harness.gives(1000), "payment_intent.succeeded"))
    log_capture.all()
    Visitor().get("/v1/newsroom")
    (line,) = log_capture.lines()
    assert "event_id" not in line


def test_a_job_that_fails_is_told_by_kind_and_place(harness: Harness, log_capture: LogCapture) -> None:
    class Away(wiring.Wiring):
        @cached_property
        def table(self) -> Table:
            raise StripeUnavailable("words that Lambda would write down")

    wiring.install(Away(harness.settings))
    with pytest.raises(JobFailed, match=r"^sweep: StripeUnavailable$") as failed:
        runs("sweep")
    assert failed.value.__suppress_context__
    (line,) = log_capture.lines()
    assert (line["message"], line["level"], line["error"]) == ("job failed", "ERROR", "StripeUnavailable")
