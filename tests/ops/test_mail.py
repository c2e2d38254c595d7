"""`ops mail`: who gets none, what was not sent, and how either is mended."""

import json
import time
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber

import app
from chalicelib.kernel.errors import BadInput, NotFound
from chalicelib.kernel.moments import rfc3339
from chalicelib.mail.port import MailRefused
from chalicelib.mail.rows import suppressed
from chalicelib.supporters.rows import supporters
from ops.mail import taken_off_the_services_list
from testkit.harness import ADA, BEN, EMAIL_KEY, Harness
from testkit.mail_feedback import bounce, complaint, sns
from testkit.sent import raising
from testkit.visitor import Visitor
from tests.ops.conftest import Run

HASH = supporters.email_hash(ADA, EMAIL_KEY)


def suppress(email: str, message: Any = bounce) -> None:
    app.mail_feedback(sns(message(email)), None)


def lines(output: str) -> list[Any]:
    return [json.loads(line) for line in output.splitlines()]


def refused_mail(harness: Harness) -> str:
    """A mail that the service would not take; answers its name."""
    harness.mails.on_send = raising(MailRefused("BadRequestException"))
    harness.tell(harness.gives(1000))
    harness.mails.on_send = lambda _mail: None
    return harness.books.mails[0]


def test_who_is_suppressed_is_listed_with_an_address_where_a_supporter_has_it(harness: Harness, run: Run) -> None:
    assert run("mail", "suppressed").output == "Every address may get mail.\n"
    harness.supporter(ADA)
    suppress(ADA)
    harness.pass_time(60)
    suppress(BEN, complaint)
    first, second = lines(run("mail", "suppressed", "--json").output)
    assert first == {
        "email": ADA,
        "since": "2026-09-21T14:13:20Z",
        "kind": "bounce",
        "reason": "General",
        "hash": HASH,
    }
    assert (second["email"], second["kind"], second["reason"]) == (None, "complaint", "abuse")
    assert ADA in run("mail", "suppressed").output


@pytest.mark.usefixtures("harness")
def test_one_address_can_be_asked_about_though_nobody_has_it(run: Run) -> None:
    """A reader writes that no code comes: the first thing to look at."""
    assert run("mail", "suppressed", ADA).output == f"{ADA} may get mail.\n"
    suppress(ADA)
    suppress(BEN)
    (told,) = lines(run("mail", "suppressed", ADA.upper(), "--json").output)
    assert (told["email"], told["hash"]) == (ADA, HASH)


def test_a_supporters_page_says_so(harness: Harness, run: Run) -> None:
    harness.supporter(ADA)
    assert "mail:" not in run("supporter", ADA).output
    assert lines(run("supporter", ADA, "--json").output)[0]["mail_suppressed"] is None
    suppress(ADA)
    assert "mail: suppressed since 2026-09-21 17:13:20+03:00 (bounce, General)" in run("supporter", ADA).output
    (told,) = lines(run("supporter", ADA, "--json").output)
    assert told["mail_suppressed"] == {"since": "2026-09-21T14:13:20Z", "kind": "bounce", "reason": "General"}


def test_mail_is_allowed_again_with_a_reason_and_what_was_held_back_is_named(harness: Harness, run: Run) -> None:
    suppress(ADA)
    harness.tell(harness.gives(1000))
    (name,) = harness.books.mails
    done = run("mail", "allow", ADA, "--reason", "she called us")
    assert done.exit_code == 0
    assert "may get mail again" in done.output
    assert f"mail retry {name}" in done.output
    (row,) = harness.kinds("SUPPRESSED")
    assert (row["status"], row["allowed_because"]) == ("allowed", "she called us")
    assert row["allowed_by"]
    assert "gsi1pk" not in row
    assert "reader.example" not in json.dumps(row, default=str)
    assert suppressed.read(harness.table, HASH) is None


@pytest.mark.usefixtures("harness")
def test_allowing_says_it_to_a_machine_too(run: Run) -> None:
    suppress(ADA)
    (told,) = lines(run("mail", "allow", ADA, "--reason", "she called us", "--json").output)
    assert told["was"]["kind"] == "bounce"
    assert (told["email"], told["held_back"], told["on_services_list"]) == (ADA, [], None)


def test_allowing_what_is_not_suppressed_or_without_a_reason_is_refused(harness: Harness, run: Run) -> None:
    with pytest.raises(NotFound) as refused:
        run("mail", "allow", ADA, "--reason", "why not")
    assert refused.value.code == "not_suppressed"
    suppress(ADA)
    with pytest.raises(BadInput) as silent:
        run("mail", "allow", ADA, "--reason", " ")
    assert silent.value.code == "bad_reason"
    assert suppressed.read(harness.table, HASH)


def test_given_up_mails_are_listed_and_brought_back(harness: Harness, run: Run) -> None:
    assert run("mail", "undeliverable").output == "No mail was given up.\n"
    name = refused_mail(harness)
    (row,) = lines(run("mail", "undeliverable", "--json").output)
    wanted = {
        "mail": name,
        "status": "undeliverable",
        "kind": "thanks_once",
        "why": "BadRequestException",
        "tries": 1,
    }
    assert wanted.items() <= row.items()
    assert row["email"] == ADA
    assert name in run("mail", "undeliverable").output
    # The command's own wiring sends through the real client; no engine of a test takes its mail.
    (told,) = lines(run("mail", "retry", name, "--json").output)
    assert told["mail"] == name
    assert told["status"] in ("sent", "unsent")
    assert lines(run("mail", "undeliverable", "--json").output) == []
    harness.pass_time(int(time.time()) - harness.clock.business + 3600)  # the command goes by the clock on the wall
    harness.sweeps()
    assert harness.kinds("MAIL")[0]["status"] == "sent"


def test_all_at_once(harness: Harness, run: Run) -> None:
    refused_mail(harness)
    suppress(BEN)
    harness.tell(harness.gives(500, email=BEN))
    (told,) = lines(run("mail", "retry", "--all", "--json").output)
    assert told["status"] in ("sent", "unsent")
    assert [row["status"] for row in lines(run("mail", "undeliverable", "--json").output)] == ["suppressed"]
    assert run("mail", "retry", "--all").output == "No mail is undeliverable.\n"


def test_a_held_back_mail_is_held_back_again_and_a_sent_one_is_not_sent_twice(harness: Harness, run: Run) -> None:
    suppress(ADA)
    harness.tell([*harness.gives(1000), *harness.gives(500, email=BEN)])
    held, sent = (
        next(row["pk"].removeprefix("MAIL#") for row in harness.kinds("MAIL") if row["status"] == status)
        for status in ("suppressed", "sent")
    )
    assert "held back" in run("mail", "retry", held).output
    assert lines(run("mail", "retry", sent, "--json").output) == [{"mail": sent, "status": "sent"}]
    assert [mail.to for mail in harness.mails.sent] == [BEN]


def test_a_mail_must_be_named_and_be_there(harness: Harness, run: Run) -> None:
    assert run("mail", "retry").exit_code == 2
    assert run("mail", "retry", "--all", "pi_1:thanks").exit_code == 2
    with pytest.raises(NotFound) as refused:
        run("mail", "retry", "pi_none:thanks")
    assert refused.value.code == "unknown_mail"
    assert harness.kinds("MAIL") == []


@pytest.mark.parametrize(
    ("code", "expected"), [("NotFoundException", ""), ("AccessDeniedException", "AccessDeniedException")]
)
def test_the_services_own_list_is_asked_too(code: str, expected: str) -> None:
    """Else the next mail would come back as `OnAccountSuppressionList`, and the address be suppressed again."""
    ses = boto3.client("sesv2", "eu-central-1", aws_access_key_id="x", aws_secret_access_key="x")
    with Stubber(ses) as stubber:
        stubber.add_client_error("delete_suppressed_destination", code)
        assert taken_off_the_services_list(ses, ADA) == expected
        stubber.add_response("delete_suppressed_destination", {}, {"EmailAddress": ADA})
        assert taken_off_the_services_list(ses, ADA) == ""
    away = boto3.client(
        "sesv2", "eu-central-1", endpoint_url="http://127.0.0.1:9", aws_access_key_id="x", aws_secret_access_key="x"
    )
    assert taken_off_the_services_list(away, ADA) == EndpointConnectionError.__name__


def test_what_strangers_used_up_is_lifted(harness: Harness, run: Run) -> None:
    def asks(email: str, client: str, times: int = 1) -> int:
        before = len(harness.mails.sent)
        for _ in range(times):
            Visitor(client=client, origin=None).post("/v1/sign-in", {"email": email})
        return len(harness.mails.sent) - before

    harness.supporter(ADA)
    harness.clock.real = int(time.time())  # a command goes by the clock on the wall
    for number in range(4):
        assert asks(ADA, f"203.0.113.{number}", 6) == 6
    assert asks(ADA, "192.0.2.9") == 0
    until = harness.clock.real + 3600
    assert f"Sign-in mails go to {ADA} again." in run("mail", "lift", ADA).stdout
    assert asks(ADA, "192.0.2.9") == 1
    lifted = json.loads(run("mail", "lift", ADA, "--json").stdout)
    assert lifted["email"] == ADA
    assert rfc3339(until) <= lifted["until"] <= rfc3339(until + 60)
    for number in range(70):
        asks(f"n{number}@made-up.example", f"198.51.100.{number}")
    assert asks("new@reader.example", "192.0.2.9") == 0
    assert "again" in run("mail", "lift", "--new").stdout
    assert asks("new@reader.example", "192.0.2.9") == 1


@pytest.mark.parametrize("wrong", [[], [ADA, "--new"]])
def test_lifting_wants_an_address_or_the_new_ones(run: Run, wrong: list[str]) -> None:
    done = run("mail", "lift", *wrong)
    assert done.exit_code == 2
    assert "Name an address, or say --new" in done.output
