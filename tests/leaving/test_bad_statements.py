"""What strangers send in the place of a statement: refused in words, or taken as harmless text; never a 500."""

import re
from collections import Counter
from datetime import datetime

import pytest

from testkit.harness import ADA, Harness
from testkit.visitor import Visitor
from tests.leaving.declaring import declared, kept, sent_form

WRONG: dict[str, tuple[dict[str, object], str, str]] = {
    "no kind": ({"kind": None}, "bad_input", "kind"),
    "another kind": ({"kind": "refund"}, "bad_input", "kind"),
    "no address": ({"email": "nobody"}, "bad_email", "email"),
    "two addresses": ({"email": "a@b.example,c@d.example"}, "bad_email", "email"),
    "header injection": ({"email": "a@b.example\r\nBcc: c@d.example"}, "bad_email", "email"),
    "a name of 101": ({"name": "я" * 101}, "too_long", "name"),
    "a note of 501": ({"comment": "я" * 501}, "bad_comment", "comment"),
    "a reference of 201": ({"gift": "1" * 201}, "bad_input", "gift"),
    "yesterday": ({"when": "2000-01-01"}, "bad_when", "when"),
    "in a hundred years": ({"when": "2126-01-01"}, "bad_when", "when"),
    "no day": ({"when": "2027-02-30"}, "bad_when", "when"),
    "a week": ({"when": "2027-W01-1"}, "bad_when", "when"),
    "a word": ({"when": "tomorrow"}, "bad_when", "when"),
    "a number": ({"when": 20270131}, "bad_when", "when"),
    "a list": ({"comment": ["x"]}, "bad_comment", "comment"),
    "half a character": ({"name": "\ud800"}, "bad_encoding", ""),
    "something else": ({"amount": 5}, "unknown_field", "amount"),
}


@pytest.mark.parametrize(("fields", "code", "field"), WRONG.values(), ids=WRONG)
def test_bad_input_is_refused_and_changes_nothing(
    harness: Harness, fields: dict[str, object], code: str, field: str
) -> None:
    reply = declared(**fields)  # type: ignore[arg-type] # the address may be among them
    assert (reply.status, reply.code) == (400, code)
    assert reply.json.get("field", "") == field
    assert harness.rows() == []


def test_what_is_at_the_limit_passes(harness: Harness) -> None:
    reply = declared(name="я" * 100, comment="я" * 500, gift="1" * 200, when=harness_today(harness))
    assert reply.status == 202
    assert declared(when="soonest").status == 202
    assert declared(gift=None, when=None, name=None, comment=None).status == 202, "null is as good as nothing"
    assert declared(name="  \u202eevil\u0000 \n Ada ", comment="a\u202eb\u0007").status == 202
    rows = kept(harness)
    assert {row.get("name") for row in rows} == {"я" * 100, None, "evil Ada"}


def harness_today(harness: Harness) -> str:
    return str(datetime.fromtimestamp(harness.now(), harness.newsroom.zone).date())


def test_a_form_that_was_refused_keeps_what_was_typed(harness: Harness) -> None:
    visitor = Visitor()
    reply = sent_form(
        visitor, email="nobody", gift="2026-000123-K7QX-9M2D", name="Ada", comment="So long", when="2027-01-31"
    )
    assert reply.status == 400
    for typed in ("nobody", "2026-000123-K7QX-9M2D", "Ada", "So long", "2027-01-31"):
        assert typed in reply.text
    assert 'aria-invalid="true"' in reply.text
    assert harness.rows() == []


@pytest.mark.parametrize("way", ["cancel", "withdraw"])
@pytest.mark.usefixtures("harness")
def test_a_page_asks_for_what_the_law_allows_and_no_more(way: str) -> None:
    page = Visitor().navigate(f"/{way}?email=ada%40reader.example&gift=2026-000123-K7QX-9M2D").text
    named = set(re.findall(r'<(?:input|textarea)[^>]* name="(\w+)"', page))
    shown = named - {"kind", "attempt", "lang"}
    assert shown == ({"email", "gift", "when", "name", "comment"} if way == "cancel" else {"email", "gift", "name"})
    assert len(re.findall(" required", page)) == 1
    assert 'value="ada@reader.example"' in page
    assert len(page.encode()) < 30_000


def test_a_mail_programs_own_browser_may_declare_and_a_foreign_page_may_not(harness: Harness) -> None:
    assert declared(Visitor(origin="null")).status == 202
    assert declared(Visitor(origin="https://evil.example")).status == 403
    assert len(kept(harness)) == 1


def test_a_flood_from_one_client_is_refused_and_nobody_else_is(harness: Harness) -> None:
    flood, other = Visitor(origin=None, client="203.0.113.5"), Visitor(origin=None, client="203.0.113.6")
    answers = [declared(flood, f"reader{number}@reader.example") for number in range(70)]
    assert Counter(reply.status for reply in answers) == {202: 60, 429: 10}
    assert answers[-1].code == "too_many_cancellations"
    assert int(answers[-1].headers["retry-after"]) > 0
    assert declared(other).status == 202
    assert len(kept(harness)) == 61


@pytest.mark.usefixtures("harness")
def test_a_link_that_is_no_receipts_leads_nowhere() -> None:
    visitor = Visitor()
    reply = sent_form(visitor, email=ADA)
    path = re.sub(r"^https?://[^/]+", "", reply.headers["location"])
    for wrong in (
        "/statements/x",
        "/statements/x.y",
        path.replace("/statements/", "/statements/A"),
        "/statements/" + "a" * 200,
    ):
        answer = visitor.navigate(wrong)
        assert answer.status in (400, 404), wrong
    assert visitor.navigate(path).status == 200
