"""Feedback of the mail service, from the function that SNS calls to the table."""

import json
import logging
import random
from itertools import permutations
from typing import Any

import pytest

import app
from chalicelib.kernel import email_address
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Contended, TableUnavailable, Update
from chalicelib.mail.actions.handle_feedback import handle_mail_feedback
from chalicelib.mail.rows import suppressed
from chalicelib.mail.rows.suppressed import Allowed
from chalicelib.mail.rules.feedback import Suppression
from chalicelib.observing.log import JobFailed
from chalicelib.supporters.rows import supporters
from chalicelib.wiring import Wiring
from testkit.at_once import at_once
from testkit.clock import NOW
from testkit.harness import ADA, BEN, EMAIL_KEY, Harness
from testkit.mail_feedback import Feedback, about, bounce, complaint, sns
from testkit.tables import Around, Unguarded

BEN_HASH = supporters.email_hash(BEN, EMAIL_KEY)
HASH = supporters.email_hash(ADA, EMAIL_KEY)


def told(message: str | Feedback) -> Any:
    """Through the function itself, as Lambda calls it."""
    return app.mail_feedback(sns(message), None)


def held(wired: Wiring, email: str = ADA) -> Suppression | None:
    return suppressed.read(wired.table, supporters.email_hash(email_address.read(email), EMAIL_KEY))


def heed(wired: Wiring, message: Feedback, now: int = NOW) -> Any:
    """Past the function, for threads: a Lambda handles one call at a time."""
    return handle_mail_feedback(json.dumps(message), wired.table, email_key=EMAIL_KEY, now=RealTime(now))


def test_a_mail_that_came_back_for_good_is_the_last_one(harness: Harness) -> None:
    harness.clock.real += 60
    assert told(bounce(ADA)) == {"event": "Bounce", "suppressed": 1}
    assert held(harness.wiring) == Suppression("bounce", "General", NOW + 60, NOW)
    assert held(harness.wiring, BEN) is None
    assert held(harness.wiring, ADA.upper()) == held(harness.wiring), "however it is written"
    olena = "olena@xn--bcher-kva.de"
    for number, written in enumerate(("Olena@BÜCHER.de", "Olena <olena@bücher.de>", olena)):
        assert heed(harness.wiring, bounce(written))["suppressed"] == (0 if number else 1)
    assert held(harness.wiring, olena)


@pytest.mark.parametrize(
    "message",
    [
        bounce("Ada@Reader.example"),
        bounce("Ada Reader <ada@reader.example>"),
        bounce(ADA, "Permanent", "OnAccountSuppressionList"),
        bounce(ADA, named="final@elsewhere.example"),
        bounce(ADA) | {"eventType": None, "notificationType": "Bounce"} | {"eventType": ""},
        complaint(ADA),
        complaint(ADA, None),
        bounce(ADA) | {"something": "new", "bounce": {**bounce(ADA)["bounce"], "newer": {"still": [1]}}},
        bounce(ADA) | {"mail": {"destination": [ADA]}},
        bounce(ADA) | {"mail": {"destination": [ADA], "timestamp": "yesterday"}},
        {name: part for name, part in bounce(ADA).items() if name != "mail"},
    ],
)
def test_it_is_understood_however_it_is_told(harness: Harness, message: Feedback) -> None:
    assert told(message)["suppressed"] == 1
    assert held(harness.wiring)


@pytest.mark.parametrize(
    "message",
    [
        bounce(ADA, "Transient", "MailboxFull"),
        bounce(ADA, "Undetermined", "Undetermined"),
        complaint(ADA, "not-spam"),
        {"eventType": "Delivery", "mail": about(ADA), "delivery": {"recipients": [ADA]}},
        {"eventType": "Send", "mail": about(ADA), "send": {}},
        {"eventType": "Something new", "mail": about(ADA)},
        bounce(ADA) | {"mail": about(BEN), "eventType": "Delivery"},
        "Successfully validated SNS topic for Amazon SES event publishing.",
    ],
)
def test_what_says_nothing_against_an_address_changes_nothing(
    harness: Harness, message: str | Feedback, alarms: list[str]
) -> None:
    before = harness.rows()
    assert told(message)["suppressed"] == 0
    assert harness.rows() == before
    assert alarms == []


GARBAGE = [
    "",
    "null",
    "[]",
    "{}",
    '"Bounce"',
    "{",
    "[" * 100_000,
    '{"eventType": 5}',
    '{"eventType": {"a": 1}}',
    '{"eventType": "' + "x" * 200 + '"}',
    "\ud800",
    "\x00",
    json.dumps({"eventType": "Bounce", "mail": "ada@reader.example"}),
    json.dumps({"eventType": "Bounce", "mail": {"destination": "ada@reader.example"}}),
    json.dumps({"eventType": "Bounce", "bounce": {"bouncedRecipients": ["ada@reader.example"]}}),
    json.dumps(bounce(ADA) | {"bounce": [1, 2]}),
]


@pytest.mark.parametrize("message", GARBAGE)
def test_what_nobody_can_understand_wakes_somebody_and_is_not_tried_again(
    harness: Harness, message: str, alarms: list[str]
) -> None:
    before = harness.rows()
    assert told(message) == {"event": "unreadable", "suppressed": 0}
    assert harness.rows() == before
    (line,) = alarms
    assert "mail_feedback_unreadable" in line
    assert "reader.example" not in line


def test_any_change_to_a_message_is_survived(harness: Harness) -> None:
    """Nothing that may come raises, unless the table is away: it would come again and again."""
    chosen = random.Random(7)  # noqa: S311 - the same sample at every run
    whole = json.dumps(bounce(ADA))
    for _ in range(300):
        at, length = chosen.randrange(len(whole)), chosen.choice((0, 1, 5, 80))
        put = chosen.choice(("", "null", '"', "{", "]", "\\ud83d", "\u0000", "1e999", "true"))
        assert set(told(whole[:at] + put + whole[at + length :])) == {"event", "suppressed"}
    rows = harness.kinds("SUPPRESSED")
    assert len(rows) < 30


def test_no_address_stands_in_the_table_or_in_the_log(harness: Harness, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    odd = "eve@reader.example"
    for message in (
        bounce(ADA, subtype=odd),
        complaint(BEN, odd),
        bounce(ADA, odd),
        bounce(ADA, tags={"kind": [odd]}),
        bounce(ADA) | {"eventType": odd},
        f"not json: {odd}",
    ):
        told(message)
    assert "reader.example" not in caplog.text
    rows = json.dumps(harness.rows(), default=str)
    assert "reader.example" not in rows
    assert len(harness.kinds("SUPPRESSED")) == 2


def test_any_order_and_any_repetition_leads_to_the_same(harness: Harness) -> None:
    messages = [bounce("{}", sent_at=NOW), bounce("{}", "Transient"), complaint("{}"), complaint("{}", "not-spam")]
    seen = set()
    for number, order in enumerate(permutations(messages)):
        email = f"{number}@reader.example"
        for message in (*order, order[0], order[-1]):
            heed(harness.wiring, json.loads(json.dumps(message).replace("{}", email)))
        seen.add(held(harness.wiring, email))
    assert seen == {Suppression("complaint", "abuse", NOW, NOW)}


@pytest.mark.engine
@pytest.mark.slow
def test_sixty_four_at_once_are_as_one(harness: Harness) -> None:
    messages = [bounce(ADA), complaint(ADA), bounce(ADA, subtype="NoEmail"), bounce(ADA, "Transient")]
    answers = at_once(64, lambda number: heed(harness.wiring, messages[number % 4], NOW + number % 3))
    assert not [answer for answer in answers if isinstance(answer, BaseException)]
    (row,) = harness.kinds("SUPPRESSED")
    assert (row["kind"], row["since"], row["status"]) == ("complaint", NOW, "suppressed")


def test_without_the_guard_a_complaint_can_be_lost(harness: Harness) -> None:
    """The negative control: both have read that nothing holds yet, and the bounce is written last."""
    real = harness.table
    raced: list[str] = []

    def complaint_comes_between(call: str, what: Any) -> None:
        email = BEN if what and BEN_HASH in str(what) else ADA
        if call == "write" and not raced:
            raced.append(call)
            handle_mail_feedback(json.dumps(complaint(email)), real, email_key=EMAIL_KEY, now=RealTime(NOW))

    kinds = []
    for email, table in ((ADA, Unguarded(real, "SUPPRESSED#")), (BEN, real)):
        raced.clear()
        harness.table = Around(table, complaint_comes_between)
        heed(harness.wiring, bounce(email))
        harness.table = real
        kinds.append(_kind(harness, email))
    assert kinds == ["bounce", "complaint"]


def _kind(harness: Harness, email: str) -> str | None:
    found = held(harness.wiring, email)
    return found.kind if found else None


@pytest.mark.parametrize("after", [False, True])
def test_a_fault_at_any_call_is_raised_and_the_next_try_makes_it_good(harness: Harness, *, after: bool) -> None:
    real, met = harness.table, []
    for chosen in range(1, 10):
        left = [chosen]
        email = f"{chosen}@reader.example"

        def fail(call: str, what: Any, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] == 0:
                if after and call == "write":
                    real.write(what)
                met.append(call)
                raise TableUnavailable("injected")

        harness.table = Around(real, fail)
        try:
            told(bounce(email))
        except JobFailed:  # so Lambda counts an error, and tries it again
            harness.table = real
            told(bounce(email))
        else:
            break
        finally:
            harness.table = real
        assert held(harness.wiring, email) == Suppression("bounce", "General", NOW, NOW)
    # What comes back from nobody's mailbox is counted, too: whose it is, who asked, the count, what room is left.
    assert met == ["get", "write", "get", "get", "get", "write", "get", "get"], "every call has failed once"


def test_what_is_allowed_again_stays_allowed_when_the_old_bounce_is_told_again(harness: Harness) -> None:
    told(bounce(ADA, sent_at=NOW))
    harness.pass_time(3600)
    was = suppressed.allow(harness.table, HASH, Allowed(harness.clock.real, "olena", "she wrote to us"))
    assert was == Suppression("bounce", "General", NOW, NOW)
    assert held(harness.wiring) is None
    assert suppressed.every_one(harness.table) == []
    harness.pass_time(86_400)
    assert told(bounce(ADA, sent_at=NOW))["suppressed"] == 0, "SNS may tell it once more, days later"
    assert told(complaint(ADA, sent_at=NOW + 60))["suppressed"] == 0
    assert held(harness.wiring) is None
    harness.pass_time(60)
    assert told(bounce(ADA, sent_at=harness.clock.real - 30))["suppressed"] == 1, "a newer mail came back, too"
    assert held(harness.wiring)
    assert suppressed.allow(harness.table, supporters.email_hash(BEN, EMAIL_KEY), Allowed(NOW, "olena", "x")) is None


def test_a_complaint_that_comes_while_mail_is_allowed_is_not_lost_in_between(harness: Harness) -> None:
    told(bounce(ADA))
    harness.pass_time(60)
    real, raced = harness.table, [False]

    def complaint_comes_between(call: str, _what: Any) -> None:
        if call == "write" and not raced[0]:
            raced[0] = True
            handle_mail_feedback(json.dumps(complaint(ADA)), real, email_key=EMAIL_KEY, now=RealTime(NOW + 30))

    was = suppressed.allow(
        Around(real, complaint_comes_between), HASH, Allowed(harness.clock.real, "olena", "she called")
    )
    assert was is not None
    assert was.kind == "complaint", "whoever allows it hears of what holds just then"
    assert held(harness.wiring) is None


def test_who_never_gets_a_turn_is_told_so_and_tried_again(harness: Harness) -> None:
    told(bounce(ADA))
    real = harness.table

    def somebody_is_faster(call: str, what: Any) -> None:
        if call == "write":
            real.write(Update(what.key, add={"version": 1}))

    busy = Around(real, somebody_is_faster)
    with pytest.raises(Contended):
        suppressed.allow(busy, HASH, Allowed(NOW + 60, "olena", "she called"))
    harness.table = busy
    with pytest.raises(JobFailed):
        told(complaint(ADA))
    harness.table = real
    assert told(complaint(ADA)) == {"event": "Complaint", "suppressed": 1}


def complains(harness: Harness, *numbers: int) -> None:
    """Readers call a mail of ours spam; each is told twice, as the topic may."""
    for number in [*numbers, *numbers]:
        heed(harness.wiring, complaint(f"reader-{number}@reader.example"), harness.clock.real)


def test_the_third_complaint_in_a_week_is_told_once(harness: Harness, alarms: list[str]) -> None:
    """AWS's own figure of complaints is not watched: this alarm stands in its place."""
    complains(harness, 1, 2)
    assert alarms == []
    harness.pass_time(8 * 86_400)
    complains(harness, 3)
    assert alarms == [], "the first two were longer ago"
    harness.pass_time(86_400)
    complains(harness, 4)
    complains(harness, 5, 6, 7)
    assert [line.split()[1] for line in alarms] == ["mail_complaints"], "told once in six hours"
    harness.pass_time(7 * 3600)
    complains(harness, 8)
    assert len(alarms) == 2


def test_what_comes_back_and_what_is_no_spam_after_all_is_no_complaint(harness: Harness, alarms: list[str]) -> None:
    for number in range(5):
        heed(harness.wiring, bounce(f"gone-{number}@reader.example"))
        heed(harness.wiring, complaint(f"fine-{number}@reader.example", "not-spam"))
    assert "mail_complaints" not in " ".join(alarms)
