"""What signing in refuses: other websites' pages, wrong addresses, wrong proofs. Nothing is mailed then."""

import json

import pytest

from testkit.calls import SITE, event, invoke
from testkit.harness import Harness
from testkit.visitor import Visitor
from tests.signing_in.test_sign_in import MARIA, WRONG, asked, confirm


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:8080.evil.example"])
def test_another_websites_page_can_neither_ask_nor_sign_in_nor_sign_out(harness: Harness, origin: str) -> None:
    reader, foreign = Visitor(), Visitor(origin=origin)
    mail = asked(harness, reader)
    assert foreign.post("/v1/sign-in", {"email": MARIA}).code == "foreign_origin"
    # An attacker's own link and code must not sign our reader in as the attacker.
    assert confirm(foreign, token=mail.token, code=mail.code).code == "foreign_origin"
    confirm(reader, code=mail.code)
    foreign.cookies = dict(reader.cookies)
    assert foreign.delete("/v1/session").code == "foreign_origin"
    assert foreign.post("/v1/me/portal").code == "foreign_origin"
    assert reader.get("/v1/session").json["signed_in"]


def test_foreign_origins_are_what_is_refused(harness: Harness) -> None:
    """The negative control of the test above: the same calls pass from where they may come from."""
    for visitor in (Visitor(), Visitor(origin="http://127.0.0.1:8000")):
        assert confirm(visitor, code=asked(harness, visitor).code).status == 200
    program = Visitor(origin=None)
    mail = asked(harness, program)
    program.cookies.clear()
    assert confirm(program, token=mail.token, code=mail.code).status == 200
    # With a cookie, too: a browser would have said where the call comes from.
    assert program.delete("/v1/session").status == 200


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "missing_field"),
        ({"email": "maria"}, "bad_email"),
        ({"email": "a@b"}, "bad_email"),
        ({"email": f"{'a' * 65}@b.example"}, "bad_email"),
        ({"email": "a@b.example\r\nBcc: c@d.example"}, "bad_email"),
        ({"email": "a@b.example,c@d.example"}, "bad_email"),
        ({"email": ["a@b.example"]}, "bad_email"),
        ({"email": MARIA, "return_to": "https://evil.example/"}, "bad_return_to"),
        ({"email": MARIA, "return_to": "//evil.example/"}, "bad_return_to"),
        ({"email": MARIA, "return_to": "/\\evil.example/"}, "bad_return_to"),
        ({"email": MARIA, "return_to": f"{SITE}@evil.example/"}, "bad_return_to"),
        ({"email": MARIA, "admin": True}, "unknown_field"),
        ([], "bad_json"),
    ],
)
def test_what_is_wrong_is_named_and_no_mail_leaves(harness: Harness, body: object, code: str) -> None:
    reply = Visitor().call("POST", "/v1/sign-in", json.dumps(body), {"Content-Type": "application/json"})
    assert (reply.status, reply.code) == (400, code)
    assert not harness.mails.sent


@pytest.mark.parametrize(
    ("proof", "status", "code"),
    [
        ({}, 400, "code_needed"),
        ({"code": ""}, 400, "wrong_code"),
        ({"code": 12345678}, 400, "wrong_code"),
        ({"token": "a/b"}, 400, "wrong_code"),
        ({"token": "."}, 410, "code_expired"),
        ({"token": "nobody.knows"}, 410, "code_expired"),
        ({"code": WRONG}, 410, "other_browser"),
        ({"code": WRONG, "return_to": "https://evil.example"}, 400, "bad_return_to"),
    ],
)
def test_proofs_that_prove_nothing(harness: Harness, proof: dict[str, object], status: int, code: str) -> None:
    assert harness.clock.real
    reply = confirm(Visitor(), **proof)
    assert (reply.status, reply.code) == (status, code)
    assert not reply.set_cookies


def test_a_second_tap_on_the_right_code_hears_that_it_is_used_not_that_it_is_wrong(harness: Harness) -> None:
    reader = Visitor()
    mail = asked(harness, reader)
    pending = dict(reader.cookies)
    assert confirm(reader, code=mail.code).status == 200
    assert confirm(Visitor(cookies=pending), code=mail.code).code == "code_expired"
    assert confirm(Visitor(cookies=pending), code=WRONG).code == "code_expired"


def test_a_name_twice_in_a_body_is_refused(harness: Harness) -> None:
    twice = '{"email": "one@reader.example", "email": "two@reader.example"}'
    reply = Visitor().call("POST", "/v1/sign-in", twice, {"Content-Type": "application/json"})
    assert reply.code == "bad_json"
    assert harness.mails.sent == []


def test_cookies_on_several_lines_are_all_read(harness: Harness) -> None:
    reader = Visitor()
    confirm(reader, code=asked(harness, reader).code)
    sent = event("GET", "/v1/session", "", {"Cookie": "last=line"}, "192.0.2.1")
    lines = [f"{name}={value}" for name, value in reader.cookies.items()]
    sent["multiValueHeaders"]["Cookie"] = [*lines, "last=line"]
    assert invoke(sent).json["signed_in"]


def test_a_browser_that_keeps_no_cookies_is_told_so_before_it_types_a_code(harness: Harness) -> None:
    keeps_none = Visitor(origin=None)
    asked = keeps_none.submit("/v1/sign-in", {"email": MARIA, "locale": "en"})
    assert (asked.status, len(harness.mails.sent)) == (303, 1)
    keeps_none.cookies.clear()
    told = keeps_none.navigate(f"/sign-in?{asked.headers['location'].partition('?')[2]}")
    assert "keeps no cookies" in told.text
    refused = keeps_none.submit("/v1/sign-in/confirm", {"code": harness.mails.last.code, "lang": "en"})
    assert refused.status == 410
    assert "keeps no cookies" in refused.text
    # The control: who keeps them reads nothing of it.
    reader = Visitor(origin=None)
    reader.submit("/v1/sign-in", {"email": MARIA, "locale": "en"})
    assert "cookies" not in reader.navigate("/sign-in?sent=1&lang=en").text
