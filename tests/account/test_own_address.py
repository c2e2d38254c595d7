"""A supporter changes their own address by a code to the new one, and nothing has changed before it came back."""

import pytest

from chalicelib.mail.port import MailRefused
from chalicelib.mail.rows import suppressed
from chalicelib.mail.rules.feedback import Suppression
from chalicelib.supporters.rows import supporters
from testkit.harness import ADA, BEN, EMAIL_KEY, Harness
from testkit.own_address import EVIL, NEW, code_for, moves, supports
from testkit.rebuilding import found, rebuilds
from testkit.sent import raising
from testkit.visitor import Visitor


@pytest.fixture
def ada(harness: Harness) -> Visitor:
    """Ada, who gives monthly and has just signed in."""
    return supports(harness)


# ---- the change ----


def test_it_happens_when_the_code_comes_back_and_not_before(harness: Harness, ada: Visitor) -> None:
    supporter = harness.state().id
    code = code_for(harness, ada)
    assert harness.knows(ADA)
    assert not harness.knows(NEW)
    reply = ada.post("/v1/me/email/confirm", {"code": code.lower().replace("-", " ")})
    assert (reply.status, reply.json) == (200, {"email": NEW})
    assert not harness.knows(ADA)
    assert harness.state(NEW).id == supporter
    assert ada.get("/v1/me").json["email"] == NEW
    told = harness.mails.last
    assert (told.kind, told.to) == ("address_changed", ADA)
    assert NEW not in told.text + told.html, "its reader may be somebody else by now"
    assert found(rebuilds(harness)) == []
    (subscription,) = harness.stripe.of("subscription")
    harness.tell(harness.stripe.renew(subscription["id"]))
    assert {row["supporter"] for row in harness.books.entries} == {supporter}
    assert harness.mails.last.to == NEW


def test_this_browser_stays_signed_in_and_all_others_are_out(harness: Harness, ada: Visitor) -> None:
    other = Visitor(client="192.0.2.44")
    harness.sign_in(other, ADA)
    moves(harness, ada)
    assert ada.get("/v1/me").status == 200
    assert [one["current"] for one in ada.get("/v1/me/devices").json] == [True]
    assert other.get("/v1/me").status == 401


def test_twice_is_the_same_as_once(harness: Harness, ada: Visitor) -> None:
    """A second tap, or a call again after an answer that was lost."""
    code = code_for(harness, ada)
    first = ada.post("/v1/me/email/confirm", {"code": code})
    rows, sent = harness.rows(), len(harness.mails.sent)
    again = ada.post("/v1/me/email/confirm", {"code": code})
    assert (again.status, again.json) == (first.status, first.json)
    assert harness.rows() == rows
    assert len(harness.mails.sent) == sent
    moves(harness, ada, BEN)
    over = ada.post("/v1/me/email/confirm", {"code": code})
    assert (over.status, over.json["code"]) == (410, "code_expired"), "it is another address by now"


def test_it_wants_a_fresh_sign_in_and_the_code_may_come_later(harness: Harness, ada: Visitor) -> None:
    harness.pass_time(599)
    code = code_for(harness, ada)
    harness.pass_time(1)
    refused = ada.post("/v1/me/email", {"email": NEW})
    assert (refused.status, refused.json["code"]) == (403, "sign_in_again")
    harness.pass_time(500)
    assert ada.post("/v1/me/email/confirm", {"code": code}).status == 200


def test_nobody_else_changes_it(harness: Harness, ada: Visitor) -> None:
    code = code_for(harness, ada)
    assert Visitor().post("/v1/me/email", {"email": EVIL}).status == 401
    assert Visitor().post("/v1/me/email/confirm", {"code": code}).status == 401
    ben = Visitor(client="192.0.2.50")
    harness.sign_in(ben, BEN)
    stolen = ben.post("/v1/me/email/confirm", {"code": code})
    assert (stolen.status, stolen.json["code"]) == (410, "code_expired")
    foreign = Visitor(origin="https://evil.example")
    foreign.cookies = dict(ada.cookies)
    assert foreign.post("/v1/me/email", {"email": EVIL}).status == 403
    assert harness.knows(ADA)


def test_signing_out_everywhere_ends_what_was_asked_for(harness: Harness, ada: Visitor) -> None:
    code = code_for(harness, ada, EVIL)
    ada.delete("/v1/session?everywhere=true")
    again = Visitor()
    harness.sign_in(again, ADA)
    over = again.post("/v1/me/email/confirm", {"code": code})
    assert (over.status, over.json["code"]) == (410, "code_expired")
    assert harness.knows(ADA)


# ---- addresses that somebody has ----


def test_another_supporters_address_is_told_only_after_its_code(harness: Harness, ada: Visitor) -> None:
    harness.tell(harness.gives(1000, email=BEN))
    harness.supporter("empty@reader.example")
    answers = {}
    for new in (BEN, "empty@reader.example", "nobody@reader.example"):
        reply = ada.post("/v1/me/email", {"email": new})
        answers[new] = (reply.status, reply.text)
        assert harness.mails.last.to == new
    assert len(set(answers.values())) == 1
    wrong = ada.post("/v1/me/email/confirm", {"code": "0000-0000"})
    assert (wrong.status, wrong.json["code"]) == (400, "wrong_code")
    code = code_for(harness, ada, BEN)
    taken = ada.post("/v1/me/email/confirm", {"code": code})
    assert (taken.status, taken.json["code"]) == (409, "address_in_use")
    assert harness.knows(ADA)
    assert ada.get("/v1/me").json["email"] == ADA
    assert found(rebuilds(harness)) == []


def test_an_account_without_anything_is_joined(harness: Harness, ada: Visitor) -> None:
    supporter = harness.state().id
    empty = Visitor(client="192.0.2.60")
    harness.sign_in(empty, NEW)
    moves(harness, ada)
    assert harness.state(NEW).id == supporter
    assert empty.get("/v1/me").status == 401
    assert found(rebuilds(harness)) == []


# ---- codes, mails, limits ----


def test_a_code_has_five_guesses_and_ten_minutes(harness: Harness, ada: Visitor) -> None:
    code = code_for(harness, ada)
    for _ in range(5):
        assert ada.post("/v1/me/email/confirm", {"code": "0000-0000"}).json["code"] == "wrong_code"
    assert ada.post("/v1/me/email/confirm", {"code": code}).json["code"] == "code_expired"
    code = code_for(harness, ada)
    harness.pass_time(600)
    assert ada.post("/v1/me/email/confirm", {"code": code}).json["code"] == "code_expired"
    assert ada.post("/v1/me/email/confirm", {"code": "no code"}).json["code"] == "wrong_code"
    assert ada.post("/v1/me/email/confirm", {}).status == 400
    assert harness.knows(ADA)


def test_a_code_stands_nowhere_and_the_new_address_only_until_it_is_used(harness: Harness, ada: Visitor) -> None:
    code = code_for(harness, ada)
    stored = repr(harness.rows())
    assert code not in stored
    assert code.replace("-", "") not in stored
    assert [row["sk"].partition("#")[0] for row in harness.rows() if NEW in repr(row)] == ["CORRECTION"]
    ada.post("/v1/me/email/confirm", {"code": code})
    assert [row["sk"] for row in harness.rows() if NEW in repr(row)] == ["PROFILE"]
    former = [row["sk"].partition("#")[0] for row in harness.rows() if ADA in repr(row)]
    assert former == ["UNDO"], "the mail has gone, and its row has forgotten the address"


def test_a_code_to_sign_in_is_no_code_to_change_the_address(harness: Harness, ada: Visitor) -> None:
    code_for(harness, ada)
    Visitor().post("/v1/sign-in", {"email": NEW})
    reply = ada.post("/v1/me/email/confirm", {"code": harness.mails.last.code})
    assert reply.json["code"] == "wrong_code"
    stranger = Visitor(client="192.0.2.71")
    stranger.post("/v1/sign-in", {"email": NEW})
    harness.mails.sent.pop()
    assert stranger.post("/v1/sign-in/confirm", {"code": code_for(harness, ada)}).status == 400


def test_a_mail_that_cannot_be_sent_leaves_all_as_it_was(harness: Harness, ada: Visitor) -> None:
    harness.mails.down = True
    down = ada.post("/v1/me/email", {"email": NEW})
    assert (down.status, down.json["code"]) == (503, "mail_down")
    harness.mails.down = False
    harness.mails.on_send = raising(MailRefused("MessageRejected"))
    refused = ada.post("/v1/me/email", {"email": NEW})
    assert (refused.status, refused.json["code"]) == (400, "bad_email")
    harness.mails.on_send = lambda _mail: None
    assert ada.get("/v1/me").json["email"] == ADA
    moves(harness, ada)


def test_a_suppressed_address_gets_no_mail_and_the_answer_is_the_same(harness: Harness, ada: Visitor) -> None:
    held = Suppression("complaint", "abuse", harness.clock.real, harness.clock.real)
    suppressed.suppress(harness.table, supporters.email_hash(NEW, EMAIL_KEY), held)  # type: ignore[arg-type] # read
    sent = len(harness.mails.sent)
    reply = ada.post("/v1/me/email", {"email": NEW})
    assert (reply.status, reply.json) == (202, {"sent": True})
    assert len(harness.mails.sent) == sent


def test_the_former_address_may_be_suppressed_and_the_change_stands(harness: Harness, ada: Visitor) -> None:
    """As when it is given up because its mail came back."""
    held = Suppression("bounce", "General", harness.clock.real, harness.clock.real)
    suppressed.suppress(harness.table, supporters.email_hash(ADA, EMAIL_KEY), held)
    code = code_for(harness, ada)
    assert ada.post("/v1/me/email/confirm", {"code": code}).status == 200
    assert harness.mails.last.to == NEW, "no mail went to the other"
    assert harness.knows(NEW)


def test_budgets_and_limits_are_those_of_sign_in_mails(harness: Harness, ada: Visitor) -> None:
    for number in range(10):
        assert ada.post("/v1/me/email", {"email": f"a{number}@reader.example"}).status == 202
    more = ada.post("/v1/me/email", {"email": "a11@reader.example"})
    assert (more.status, more.json["code"]) == (429, "too_many_address_changes")
    assert int(more.headers["retry-after"]) > 0
    harness.pass_time(1300)
    harness.sign_in(ada, ADA)
    before = len(harness.mails.sent)
    for _ in range(9):
        assert ada.post("/v1/me/email", {"email": NEW}).status == 202
    most = harness.newsroom.limits.mails_per_address_and_hour
    assert 0 < len(harness.mails.sent) - before <= most < 9


def test_its_own_address_is_refused_and_so_is_none(ada: Visitor) -> None:
    same = ada.post("/v1/me/email", {"email": f" {ADA.upper()} "})
    assert (same.status, same.json["code"]) == (409, "same_address")
    for wrong in ("", "ada", "a@b", "a,b@c.example", 7, None):
        assert ada.post("/v1/me/email", {"email": wrong}).json["code"] == "bad_email"
    assert ada.post("/v1/me/email", {}).json["code"] == "missing_field"


# ---- the page ----


def test_the_page_leads_through_both_forms(harness: Harness, ada: Visitor) -> None:
    page = ada.navigate("/account/email?lang=uk")
    assert page.status == 200
    assert ADA in page.text
    asked = ada.submit("/v1/me/email", {"email": NEW, "lang": "uk"})
    assert asked.status == 303
    code_page = ada.navigate(asked.headers["location"].removeprefix(ada.pages))
    assert "Введіть код" in code_page.text
    assert NEW in code_page.text
    wrong = ada.submit("/v1/me/email/confirm", {"code": "0000-0000", "lang": "uk"})
    assert wrong.status == 400
    assert "0000-0000" in wrong.text
    assert "Введіть код" in wrong.text
    code = [mail for mail in harness.mails.sent if mail.to == NEW][-1].code
    done = ada.submit("/v1/me/email/confirm", {"code": code, "lang": "uk"})
    assert done.status == 303
    shown = ada.navigate(done.headers["location"].removeprefix(ada.pages))
    assert "Готово: ваша адреса тепер" in shown.text


def test_the_page_asks_for_a_fresh_sign_in_with_what_was_typed(harness: Harness, ada: Visitor) -> None:
    assert Visitor().navigate("/account/email").status == 303
    harness.pass_time(600)
    for reply in (ada.navigate("/account/email"), ada.submit("/v1/me/email", {"email": NEW, "lang": "uk"})):
        assert reply.status == 303
        assert "/sign-in?again=1" in reply.headers["location"]
    assert "ada%2540new.example" in reply.headers["location"], "what was typed is there on the way back"
    harness.sign_in(ada, ADA)
    assert f'value="{NEW}"' in ada.navigate(f"/account/email?email={NEW}").text


def test_the_page_says_what_was_wrong_with_an_address(harness: Harness, ada: Visitor) -> None:
    wrong = ada.submit("/v1/me/email", {"email": "ada@", "lang": "uk"})
    assert wrong.status == 400
    assert 'value="ada@"' in wrong.text
    assert "aria-invalid" in wrong.text
    assert harness.knows(ADA)


def test_what_a_stranger_may_send_is_refused_in_words(ada: Visitor) -> None:
    for path in ("/v1/me/email", "/v1/me/email/confirm"):
        assert ada.post(path, {"email": NEW, "code": "x", "more": 1}).status == 400
        assert ada.call("POST", path, "[1]", {"Content-Type": "application/json"}).status == 400
