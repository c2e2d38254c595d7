"""Checks are made apart from each other: one that fails, hangs or is not permitted is said and hides no other."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import dns.exception
import pytest
import requests
import stripe
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import TableUnavailable
from ops.doctor import report
from ops.doctor.areas import AREAS as REAL_AREAS
from ops.doctor.areas import PROBES
from ops.doctor.command import AREAS
from ops.doctor.examine import Examined, examine
from ops.doctor.findings import Finding, note, ok, problem, span, warning
from ops.doctor.obstacles import obstacle
from ops.doctor.probe import Probe
from ops.doctor.subject import NotThere, Subject

SUBJECT = Subject("prod", "herald", "https://news.example", (), "t", Path("newsroom.toml"))
LOCAL = Subject("local", "demo", "http://127.0.0.1:8000", (), "t", Path("newsroom.toml"))
CANARY = "sk_live_canary"


def probe(
    what: str, gather: Callable[[Subject], Any] = lambda _: None, *found: Finding, not_local: str = ""
) -> Probe[Any]:
    def check(_facts: Any, _now: int) -> Iterable[Finding]:
        return found or (ok(what, f"{what} is fine."),)

    return Probe("area", what, gather, check, not_local)


def raising(error: BaseException) -> Callable[[Subject], Any]:
    def gather(_: Subject) -> Any:
        raise error

    return gather


def denied(code: str = "AccessDenied") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": CANARY}}, "DescribeTable")


def stripe_error(kind: str, *given: Any, **more: Any) -> Exception:
    """The SDK's errors are not typed."""
    made: Exception = getattr(stripe, kind)(CANARY, *given, **more)
    return made


def dns_error() -> Exception:
    """Nor are the resolver's."""
    untyped: Any = dns.exception.Timeout
    made: Exception = untyped()
    return made


def test_a_failing_and_a_hanging_check_hide_no_other() -> None:
    started = time.monotonic()
    done = examine(
        [
            probe("first"),
            probe("stumbles", raising(KeyError(CANARY))),
            probe("hangs", lambda _: time.sleep(30)),
            probe("last", lambda _: None, problem("broken", "It is broken.", "Mend it.")),
        ],
        SUBJECT,
        now=BusinessTime(0),
        seconds=0.3,
    )
    assert time.monotonic() - started < 5
    assert [bool(one.findings) for one in done] == [True, False, False, True]
    assert [one.obstacle.says if one.obstacle else "" for one in done][1].startswith("doctor stumbled (KeyError at ")
    assert done[2].obstacle
    assert done[2].obstacle.says == "it took too long"
    assert report.worst(done) == "problem"


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (NotThere("there is no X in the parameter store"), "there is no X in the parameter store"),
        (NoCredentialsError(), "no AWS credentials here"),
        (denied(), "AWS does not let you call DescribeTable"),
        (denied("ExpiredToken"), "AWS does not take your credentials"),
        (denied("ThrottlingException"), "AWS answers ThrottlingException to DescribeTable"),
        (EndpointConnectionError(endpoint_url="https://x"), "no answer from AWS"),
        (stripe_error("AuthenticationError"), "Stripe does not take the key"),
        (stripe_error("PermissionError"), "the Stripe key may not read this"),
        (stripe_error("RateLimitError", http_status=429), "Stripe answers 429"),
        (stripe_error("APIConnectionError"), "no answer from Stripe"),
        (stripe_error("InvalidRequestError", None, http_status=400), "Stripe answers 400"),
        (requests.ConnectionError(CANARY), "no answer from the address"),
        (dns_error(), "no answer from the name servers"),
        (TableUnavailable("ThrottlingException"), "the table does not answer (ThrottlingException)"),
        (ValueError(CANARY), "doctor stumbled (ValueError)"),
    ],
)
def test_what_kept_a_check_from_being_made_is_told_in_words_of_ours(error: Exception, says: str) -> None:
    told = obstacle(error)
    assert told.says == says
    assert CANARY not in told.says + told.mend


def test_on_the_local_stack_no_answer_means_that_it_does_not_run() -> None:
    error = EndpointConnectionError(endpoint_url="http://127.0.0.1:4566")
    assert "network" in obstacle(error).mend
    assert "make run" in obstacle(error, local=True).mend
    (told,) = examine([probe("a", raising(error))], LOCAL, now=BusinessTime(0), seconds=5)
    assert told.obstacle == obstacle(error, local=True)


def test_the_local_stage_says_what_it_has_none_of() -> None:
    (here, gone) = examine([probe("a"), probe("b", not_local="there is none")], LOCAL, now=BusinessTime(0), seconds=1)
    assert (here.not_here, gone.not_here, gone.findings) == ("", "there is none", ())
    (there,) = examine([probe("b", not_local="there is none")], SUBJECT, now=BusinessTime(0), seconds=1)
    assert there.findings


class TestReport:
    done = (
        Examined("table", "the table", (ok("table", "The table is fine."),)),
        Examined("mail", "mail", (problem("mail_sandbox", "SES is in its sandbox.", "Ask:\nname  CNAME  value"),)),
        Examined("site", "caches", (warning("cache", "Kept too long.", "Less."), note("hsts", "No HSTS."))),
        Examined("aws", "alarms", obstacle=obstacle(NoCredentialsError())),
        Examined("aws", "logs", obstacle=obstacle(NoCredentialsError())),
        Examined("dns", "DNS", not_here="mails go nowhere"),
    )

    def lines(self, *done: Examined, everything: bool = False) -> list[str]:
        return list(report.lines(done or self.done, SUBJECT, everything=everything))

    def test_the_gravest_comes_last_and_then_the_count(self) -> None:
        text = "\n".join(self.lines())
        places = [text.index(word) for word in ("Fine:", "Not checked:", "Good to know:", "Warnings:", "Problems:")]
        assert places == sorted(places)
        assert text.endswith("1 problem, 1 warning, 2 checks could not be made; 3 checks made.")

    def test_one_reason_for_many_checks_is_told_once(self) -> None:
        assert [line for line in self.lines() if "no AWS credentials" in line] == [
            "  alarms, logs: no AWS credentials here."
        ]

    def test_records_to_copy_stand_on_lines_of_their_own(self) -> None:
        assert "name  CNAME  value" in [line.strip() for line in self.lines()]

    def test_nothing_wrong_is_short(self) -> None:
        assert self.lines(self.done[0]) == [
            "Stage prod, https://news.example", "", "Fine: the table.", "", "All is well: 1 check made.",
        ]  # fmt: skip
        assert "  table      The table is fine." in self.lines(self.done[0], everything=True)

    def test_no_line_is_wider_than_a_terminal(self) -> None:
        long = Examined("mail", "mail", (problem("x", "word " * 60 + "end.", "word " * 60),))
        assert max(len(line) for line in self.lines(long)) <= report.WIDTH

    def test_for_a_machine(self) -> None:
        told = report.as_json(self.done, SUBJECT)
        assert told["worst"] == "problem"
        assert {"area": "mail", "code": "mail_sandbox", "level": "problem"}.items() <= told["findings"][1].items()
        assert [one["what"] for one in told["not_checked"]] == ["alarms", "logs"]
        assert told["not_here"] == [{"area": "dns", "what": "DNS", "why": "mails go nowhere"}]


def test_the_list_of_areas_is_the_real_one() -> None:
    assert set(AREAS) == set(REAL_AREAS)
    assert len({one.what for one in PROBES}) == len(PROBES)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.4, "0 seconds"),
        (1, "1 second"),
        (59, "59 seconds"),
        (60, "1 minute"),
        (5400, "2 hours"),
        (200_000, "2 days"),
    ],
)
def test_spans(seconds: float, words: str) -> None:
    assert span(seconds) == words
