"""Declaring without signing in: one answer for every address, a receipt, and nothing that a stranger could misuse."""

import re
from collections import Counter
from html import unescape

import pytest

from chalicelib.kernel import email_address
from chalicelib.mail.actions import budget as mail_budget
from chalicelib.mail.rows import suppressed
from chalicelib.mail.rules.feedback import Suppression
from chalicelib.supporters.rows import supporters
from localdev.around import Around
from testkit.harness import ADA, BEN, EMAIL_KEY, Harness
from testkit.visitor import Visitor
from tests.leaving.declaring import REFERENCE, declared, followed, kept, sent_form

STRANGER = "nobody@reader.example"


@pytest.mark.parametrize("way", ["cancel", "withdraw"])
def test_a_statement_gets_a_number_and_the_time(harness: Harness, way: str) -> None:
    reply = declared(kind=way)
    assert reply.status == 202
    assert set(reply.json) == {"reference", "received_at"}
    assert REFERENCE.fullmatch(reply.json["reference"])
    assert reply.json["received_at"] == "2026-11-22T09:00:00Z" or reply.json["received_at"].endswith("Z")
    assert harness.mails.sent == [], "the sweep's"
    harness.sweeps()
    mail = harness.mails.last
    assert mail.to == ADA
    assert reply.json["reference"] in mail.text
    assert reply.json["reference"] not in mail.subject


def test_the_page_needs_no_cookie_sets_none_and_leads_to_a_receipt_to_print(harness: Harness) -> None:
    visitor = Visitor(cookies={"__Host-spilno-session-8000": "x" * 32})
    page = visitor.navigate("/cancel")
    assert (page.status, page.set_cookies) == (200, ())
    reply = sent_form(
        visitor, email="Ada@Reader.example ", gift="2026-000123-K7QX-9M2D", name="Ada", comment="Дякую\nі бувайте"
    )
    assert reply.set_cookies == ()
    shown = followed(visitor, reply)
    [statement] = kept(harness)
    for words in (ADA, "2026-000123-K7QX-9M2D", "Ada", "Дякую", "Якнайшвидше", "(UTC+3)"):
        assert words in shown, words
    assert re.search(REFERENCE, shown)
    assert 'http-equiv="refresh"' not in shown
    assert statement["status"] == "received"


def test_the_receipt_says_what_was_declared_and_when_and_makes_no_link_of_it(harness: Harness) -> None:
    declared(
        gift="see www.evil.example",
        name="Ada https://evil.example/pay",
        comment="Call <b>me</b>: evil.example/x or you@evil.example\r\nBcc: all@evil.example",
        when="2027-01-31",
        lang="en",
    )
    harness.sweeps()
    mail = harness.mails.last
    assert "31\N{NO-BREAK SPACE}January 2027" in mail.text
    for part in (mail.text, mail.html):
        plain = part.replace("\N{ZERO WIDTH SPACE}", "")
        assert "https://evil.example/pay" in plain, "it is quoted"
        assert "<b>me" not in mail.html
        for link in ("evil.example", "://evil", "www.evil", "you@evil"):
            assert link not in part, "and no mail program makes a link of it"
    assert "evil" not in mail.subject
    assert "Ada" not in mail.subject
    assert "\n" not in mail.subject


def test_after_it_was_sent_nothing_of_it_stays_in_the_outbox(harness: Harness) -> None:
    declared(comment="canary-words", name="canary-name")
    [row] = harness.kinds("MAIL")
    assert row["to"] == ADA
    harness.sweeps()
    [row] = harness.kinds("MAIL")
    assert row["status"] == "sent"
    assert "canary" not in str(row)
    assert ADA not in str(row)


class Transcript:
    """Every call of the table, by what it does and to which kind of row."""

    def __init__(self, harness: Harness) -> None:
        self.calls: list[tuple[str, str]] = []
        harness.table = Around(harness.table, self._note)

    def _note(self, name: str, argument: object) -> None:
        self.calls.append((name, _kinds(argument)))


def _kinds(argument: object) -> str:
    if isinstance(argument, tuple):
        return str(argument[0]).partition("#")[0]
    several = argument if isinstance(argument, list) else [argument]
    return " ".join(
        sorted(
            str(getattr(one, "item", {}).get("pk", getattr(one, "key", ("",))[0])).partition("#")[0]
            for one in several
        )
    )


def everybody(harness: Harness) -> dict[str, str]:
    """Addresses of every kind: nobody's, who gives, who gave, whose support ended, who gets no mail."""
    harness.tell(harness.gives(500, "month", ADA))
    harness.tell(harness.gives(500, "once", BEN))
    harness.tell(harness.gives(500, "month", "ended@reader.example"))
    harness.tell(harness.stripe.end(harness.stripe.of("subscription")[-1]["id"]))
    hashed = supporters.email_hash("held@reader.example", EMAIL_KEY)  # type: ignore[arg-type] # in its one form
    suppressed.suppress(harness.table, hashed, Suppression("bounce", "General", harness.now(), harness.now()))
    known = ("ada", "ben", "ended", "held")
    return {name: f"{name}@reader.example" for name in known} | {"nobody": STRANGER}


@pytest.mark.parametrize("way", ["cancel", "withdraw"])
def test_whoever_it_is_the_answer_and_every_call_of_the_table_are_the_same(harness: Harness, way: str) -> None:
    """The time follows from the calls: they are counted, kind by kind, for addresses of every sort."""
    people = everybody(harness)
    seen: dict[str, tuple[int, tuple[str, ...], int, tuple[tuple[str, str], ...]]] = {}
    for number, (who, email) in enumerate(people.items()):
        asker = Visitor(origin=None, client=f"198.51.100.{number}")
        asked = harness.table
        log = Transcript(harness)
        before = len(harness.mails.sent)
        reply = declared(asker, email, kind=way, gift="2026-000001-AAAA-BBBB")
        seen[who] = (reply.status, tuple(sorted(reply.json)), len(reply.json["reference"]), tuple(log.calls))
        assert len(harness.mails.sent) == before
        harness.table = asked
    assert len(set(seen.values())) == 1, seen
    [calls] = {calls for *_, calls in seen.values()}
    assert len(calls) > 3, "the control: calls are seen"
    assert not any("EMAIL" in kind or "SUP" in kind or "SUPPRESSED" in kind for _, kind in calls)


def test_the_page_behind_it_is_the_same_for_every_address(harness: Harness) -> None:
    people = everybody(harness)
    pages = Counter[str]()
    for number, email in enumerate(people.values()):
        visitor = Visitor(client=f"198.51.100.{number}")
        shown = followed(visitor, sent_form(visitor, email=email))
        harness.sweeps()
        again = unescape(visitor.navigate(visitor_page(shown)).text)
        assert again == shown, "nor does it say later what became of it"
        told = re.sub(rf"{re.escape(email)}|[A-Za-z0-9]+\.[0-9a-f]{{32}}", "…", re.sub(REFERENCE, "…", shown))
        pages[told] += 1
    assert len(pages) == 1


def visitor_page(shown: str) -> str:
    [address] = set(re.findall(r'href="http://[^/]+(/statements/[^"?]+\?lang=en)"', shown)) or {""}
    return str(address).replace("lang=en", "lang=uk")


def test_three_receipts_an_address_and_day_and_ten_a_client_and_hour(harness: Harness) -> None:
    clients = [Visitor(origin=None, client=f"198.51.100.{number}") for number in range(6)]
    assert [declared(client).status for client in clients] == [202] * 6
    harness.sweeps()
    assert len(harness.mails.sent) == 3
    harness.pass_time(86_400 + 8_640)
    assert declared(clients[0]).status == 202
    harness.sweeps()
    assert len(harness.mails.sent) == 4
    one = Visitor(origin=None, client="203.0.113.9")
    for number in range(12):
        assert declared(one, f"reader{number}@reader.example").status == 202
    harness.sweeps()
    assert len(harness.mails.sent) == 14


def test_where_no_mail_goes_the_page_is_the_receipt(harness: Harness) -> None:
    for number in range(3):
        declared(Visitor(origin=None, client=f"198.51.100.{number}"))
    visitor = Visitor(client="198.51.100.7")
    shown = followed(visitor, sent_form(visitor, email=ADA, lang="en"))
    assert "this one is not emailed" in shown
    assert "Print it or save it" in shown
    [row] = [row for row in harness.kinds("MAIL") if row["status"] == "suppressed"]
    assert "to" not in row
    assert row["values"] == {}


def test_a_suppressed_address_gets_no_mail_and_the_row_forgets_it(harness: Harness) -> None:
    everybody(harness)
    declared(email="held@reader.example", comment="canary")
    harness.mails.sent.clear()
    harness.sweeps()
    assert [mail.to for mail in harness.mails.sent if mail.to == "held@reader.example"] == []
    [row] = [row for row in harness.kinds("MAIL") if row["kind"] == "statement_received"]
    assert (row["status"], row["why"]) == ("suppressed", "bounce")
    assert "canary" not in str(row)


def test_one_press_of_the_button_is_one_statement(harness: Harness) -> None:
    attempt = "attempt-0123456789"
    first = declared(attempt=attempt).json
    harness.pass_time(5)
    assert declared(attempt=attempt).json == first
    assert len(kept(harness)) == 1
    assert declared(attempt=attempt, comment="changed").json != first
    assert declared().json["reference"] != declared().json["reference"]


def test_made_up_addresses_cannot_ruin_the_newsrooms_mail(harness: Harness) -> None:
    """Many clients, each address another one: what could bounce has its bounds, what a supporter gets has none."""
    harness.tell(harness.gives(500, "month", ADA))
    harness.mails.sent.clear()
    for number in range(40):
        declared(Visitor(origin=None, client=f"198.51.100.{number}"), f"madeup{number}@reader.example")
    declared(Visitor(origin=None, client="203.0.113.1"))
    harness.sweeps()
    receipts = [mail.to for mail in harness.mails.sent if "/confirm" not in mail.text]
    assert len(receipts) == 30 + 1
    assert ADA in receipts
    assert not [row for row in harness.kinds("MAIL") if "to" in row], "what was not sent is forgotten too"


def test_a_client_whose_receipts_come_back_causes_no_more(harness: Harness) -> None:
    client = Visitor(origin=None, client="203.0.113.1")
    for number in range(4):
        declared(client, f"madeup{number}@reader.example")
        harness.sweeps()
        hashed = supporters.email_hash(email_address.read(f"madeup{number}@reader.example"), EMAIL_KEY)
        mail_budget.came_back(harness.table, hashed, harness.real_now())
    assert len(harness.mails.sent) == 3
    declared(Visitor(origin=None, client="203.0.113.2"), "somebody@reader.example")
    harness.sweeps()
    assert len(harness.mails.sent) == 4, "the control: others may"
