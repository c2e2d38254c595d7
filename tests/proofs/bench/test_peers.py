"""Every peer opens and refuses the same as ours, or the comparison would be worth nothing."""

import json
import os
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from bench import cases
from bench.processes import PYTHON, Bench, open_bench
from bench.speed import CHECKS, OURS, SMALL, SUBJECTS

pytestmark = pytest.mark.skipif(
    not (PYTHON.exists() or "CI" in os.environ), reason="`make bench` makes the peers' environment"
)
PEERS = [name for name in SUBJECTS if name != OURS]
PAST = 1_700_000_000
OTHER_KEY = "somebody-else's-key-of-the-same-length-0123"
Answers = list[Mapping[str, Any]]


def forged(token: str) -> str:
    """The same with another tier in it, and the old signature."""
    head, body, signature = token.split(".")
    richer = cases.pass_of(("member", "patron")).split(".")[1]
    assert richer != body
    return f"{head}.{richer}.{signature}"


def checks() -> Mapping[str, cases.Event]:
    """Made when they are asked: a pass lives five minutes."""
    return {
        "a pass as a cookie": cases.gate(cases.pass_of()),
        "a pass as a bearer": cases.gate(cases.pass_of(), as_bearer=True),
        "a higher tier brings the lower": cases.gate(cases.pass_of(("member", "patron")), needs="tier:member"),
        "the tier itself": cases.gate(cases.pass_of(("member", "patron")), needs="tier:patron"),
        "a tier too low": cases.gate(cases.pass_of(), needs="tier:patron"),
        "nothing": cases.gate(),
        "nothing, for a tier": cases.gate(needs="tier:patron"),
        "no pass at all": cases.gate("not.a.pass"),
        "not even three parts": cases.gate("nonsense"),
        "run out": cases.gate(cases.pass_of(exp=PAST)),
        "another key": cases.gate(cases.pass_of(key=OTHER_KEY)),
        "an unknown key": cases.gate(cases.pass_of(kid="k9")),
        "another issuer": cases.gate(cases.pass_of(issuer="https://other.example")),
        "another audience": cases.gate(cases.pass_of(audience="other")),
        "forged": cases.gate(forged(cases.pass_of())),
        "an unknown tier": cases.gate(needs="tier:emperor"),
        "an unknown need": cases.gate(needs="everything"),
        "no need": cases.gate(needs=""),
    }


OPEN = {"a pass as a cookie", "a pass as a bearer", "a higher tier brings the lower", "the tier itself"}
UNANSWERED = {"an unknown tier", "an unknown need", "no need"}


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with open_bench() as opened:
        yield opened


@pytest.fixture(scope="module")
def gates(bench: Bench) -> Mapping[str, Answers]:
    """What everybody's gate answers to each case."""
    asked = [*checks().values(), cases.trivial()]
    return {name: bench.run("answers", gate, asked) for name, (gate, _) in SUBJECTS.items()}


def told(answer: Mapping[str, Any]) -> tuple[int, Any]:
    """Status, and the body of what was answered at all: each framework has its own words for a bad request."""
    return answer["statusCode"], json.loads(answer["body"]) if answer["statusCode"] == 200 else None


def header(answer: Mapping[str, Any], name: str) -> str:
    several = {key.lower(): values[-1] for key, values in (answer.get("multiValueHeaders") or {}).items()}
    single = {key.lower(): value for key, value in (answer.get("headers") or {}).items()}
    return str({**several, **single}[name])


@pytest.mark.parametrize("peer", PEERS)
def test_it_opens_and_refuses_as_ours_does(gates: Mapping[str, Answers], peer: str) -> None:
    for case, ours, its in zip(checks(), gates[OURS], gates[peer], strict=False):
        assert told(its) == told(ours), case


def test_ours_opens_to_whom_it_should_and_to_nobody_else(gates: Mapping[str, Answers]) -> None:
    """The control of the one above: all of them saying no to everybody would be the same, too."""
    said = dict(zip(checks(), map(told, gates[OURS]), strict=False))
    assert {case for case, (_, body) in said.items() if body and body["open"]} == OPEN
    assert {case for case, (status, _) in said.items() if status == 400} == UNANSWERED


@pytest.mark.parametrize("peer", SUBJECTS)
def test_nothing_of_it_may_be_cached_and_the_bare_address_leads_on(gates: Mapping[str, Answers], peer: str) -> None:
    *checks, home = gates[peer]
    assert {header(one, "cache-control") for one in checks if one["statusCode"] == 200} == {"private, no-store"}
    assert (home["statusCode"], header(home, "location")) == (303, f"{cases.PUBLIC_URL}/donate")


@pytest.mark.parametrize("peer", SUBJECTS)
def test_a_form_is_refused_alike_and_an_event_taken_alike(bench: Bench, peer: str) -> None:
    forged_event = cases.webhook(SMALL)
    forged_event["body"] = forged_event["body"].replace('"amount_paid": 50000', '"amount_paid": 90000')
    asked = [cases.refused_form(), cases.webhook(SMALL), forged_event, cases.webhook(SMALL, at=PAST)]
    refused, taken, changed, stale = bench.run("answers", SUBJECTS[peer][1], asked)
    problem = json.loads(refused["body"])
    assert refused["statusCode"] == 400
    assert header(refused, "content-type").startswith("application/problem+json")
    shown = {name: problem[name] for name in ("status", "code", "field", "minimum", "maximum", "currency")}
    assert shown == {
        "status": 400,
        "code": "amount_too_small",
        "field": "amount",
        "minimum": 100,
        "maximum": 500_000,
        "currency": "eur",
    }
    assert told(taken) == (200, {"stored": True, "applied": True})
    assert [changed["statusCode"], stale["statusCode"]] == [400, 400]


@pytest.mark.parametrize("check", CHECKS)
def test_the_checks_alone_take_the_event(bench: Bench, check: str) -> None:
    (answer,) = bench.run("answers", CHECKS[check], [cases.webhook(SMALL)])
    assert answer["statusCode"] == 200
