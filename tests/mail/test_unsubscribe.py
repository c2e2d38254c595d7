"""One click ends mails of one class (RFC 8058); mails about a payment, and codes, cannot be ended."""

import re
from collections.abc import Mapping

import pytest

from chalicelib.kernel import link_tokens
from chalicelib.kernel.ids import SupporterId
from chalicelib.mail.rows import outbox, switched_off
from chalicelib.mail.rules import classes
from chalicelib.mail.rules.mails import KINDS, MailToSend
from testkit.calls import API
from testkit.erasing import asks
from testkit.harness import ADA, EMAIL_KEY, Harness
from testkit.sent import Mail
from testkit.visitor import Visitor

ONE_CLICK = "List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"
# As a mail provider may send it: RFC 8058 leaves the encoding to the client.
MULTIPART = (
    '--b0\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b0--\r\n',
    "multipart/form-data; boundary=b0",
)


def test_every_kind_of_mail_is_of_one_class_and_the_table_names_no_other() -> None:
    assert set(classes.CLASS_OF) == set(KINDS)


def test_codes_and_what_is_about_money_cannot_be_switched_off() -> None:
    fixed = {kind for kind in KINDS if classes.switch_of(kind) is None}
    assert {"sign_in", "payment_failed", "renewed", "yearly_ahead", "card_expires", "recurring_ended"} <= fixed
    assert classes.switch_of("reminder") == "reminders"


# ---- the mails ----


def remind(harness: Harness, supporter: SupporterId, name: str = "one") -> Mail | None:
    """A reminder goes out, if it does."""
    before = len(harness.mails.sent)
    harness.table.write(
        outbox.put(MailToSend(f"{supporter}:reminder:{name}", "reminder", {}), supporter, harness.now())
    )
    harness.mail_sender.try_send(f"{supporter}:reminder:{name}", harness.now())
    return harness.mails.sent[before] if len(harness.mails.sent) > before else None


def test_a_mail_that_can_be_ended_says_how_in_its_head_and_at_its_foot(harness: Harness) -> None:
    mail = remind(harness, harness.supporter())
    assert mail is not None
    assert re.fullmatch(rf"{API}/unsubscribe/[A-Za-z0-9._~-]+", mail.unsubscribe)
    for part in (mail.text, mail.html):
        assert mail.unsubscribe in part
        assert "Більше не надсилати таких листів" in part
    assert ADA not in mail.unsubscribe


def test_a_mail_about_a_payment_says_nothing_of_the_kind(harness: Harness) -> None:
    harness.tell(harness.gives(500, "month"))
    for mail in harness.mails.sent:
        assert mail.unsubscribe == ""
        assert "unsubscribe" not in mail.text + mail.html


# ---- one click ----


def path(mail: Mail | None) -> str:
    assert mail is not None
    return mail.unsubscribe.removeprefix(API)


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": FORM},
        {"Content-Type": FORM, "Origin": "null"},
        {"Content-Type": FORM, "Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Content-Type": FORM, "Origin": API, "Sec-Fetch-Site": "same-origin"},
        {"Content-Type": MULTIPART[1]},
        {"Content-Type": ""},
    ],
    ids=str,
)
def test_a_mail_program_ends_them_without_cookie_login_or_redirect(
    harness: Harness, headers: Mapping[str, str]
) -> None:
    supporter = harness.supporter()
    where = path(remind(harness, supporter))
    body = MULTIPART[0] if "multipart" in headers["Content-Type"] else ONE_CLICK
    program = Visitor(origin=None)
    for _ in range(2):
        reply = program.call("POST", where, body, headers)
        assert reply.status == 200, reply.text
        assert reply.set_cookies == ()
        assert "location" not in reply.headers
    assert switched_off.read(harness.table, supporter) == {"reminders"}
    assert remind(harness, supporter, "two") is None
    assert outbox.status(harness.table, f"{supporter}:reminder:two") == "unwanted"
    harness.tell(harness.gives(500))
    assert harness.mails.last.subject.startswith("Дякуємо"), "receipts come as ever"


def test_opening_the_link_changes_nothing_and_its_button_does(harness: Harness) -> None:
    supporter = harness.supporter()
    where = path(remind(harness, supporter))
    reader = Visitor()
    page = reader.navigate(where)
    assert page.status == 200
    assert page.text.count("<button") == 1
    assert ADA not in page.text
    assert reader.call("HEAD", where).status == 200
    assert switched_off.read(harness.table, supporter) == frozenset()
    done = reader.submit(where, {"wanted": "off", "lang": "uk"})
    assert (done.status, "Нагадувань більше не буде." in done.text) == (200, True)
    assert switched_off.read(harness.table, supporter) == {"reminders"}
    back = reader.submit(where, {"wanted": "on", "lang": "uk"})
    assert "Якщо попросите нагадати, ми знову напишемо." in back.text
    assert switched_off.read(harness.table, supporter) == frozenset()


def test_a_mail_programs_click_never_switches_on(harness: Harness) -> None:
    supporter = harness.supporter()
    where = path(remind(harness, supporter))
    for body in (ONE_CLICK, "", f"{ONE_CLICK}&wanted=off", "wanted=ON", "\xff=%zz&&&=", "a" * 3000):
        assert Visitor(origin=None).call("POST", where, body, {"Content-Type": FORM}).status == 200
        assert switched_off.read(harness.table, supporter) == {"reminders"}


@pytest.mark.parametrize("flaw", ["other key", "other purpose", "payment class", "no such class", "nobody", "cut"])
def test_a_link_that_is_not_ours_ends_nothing(harness: Harness, flaw: str) -> None:
    supporter = harness.supporter()
    token = {
        "other key": link_tokens.make("unsubscribe", f"{supporter}.reminders", "another-key"),
        "other purpose": link_tokens.make("mail", f"{supporter}.reminders", EMAIL_KEY),
        "payment class": link_tokens.make("unsubscribe", f"{supporter}.payment", EMAIL_KEY),
        "no such class": link_tokens.make("unsubscribe", f"{supporter}.everything", EMAIL_KEY),
        "nobody": link_tokens.make("unsubscribe", "nobody.reminders", EMAIL_KEY),
        "cut": link_tokens.make("unsubscribe", f"{supporter}.reminders", EMAIL_KEY)[:-1],
    }[flaw]
    before = harness.rows()
    for reply in (
        Visitor().navigate(f"/unsubscribe/{token}"),
        Visitor(origin=None).call("POST", f"/unsubscribe/{token}", ONE_CLICK, {"Content-Type": FORM}),
    ):
        assert reply.status == 404
    assert harness.rows() == before


def test_a_foreign_page_cannot_press_it(harness: Harness) -> None:
    supporter = harness.supporter()
    where = path(remind(harness, supporter))
    foreign = {"Content-Type": FORM, "Origin": "https://evil.example"}
    assert Visitor().call("POST", where, ONE_CLICK, foreign).status == 403
    assert switched_off.read(harness.table, supporter) == frozenset()


# ---- signed in ----


def test_the_page_of_ones_mails_says_what_comes_and_switches_what_can_be_switched(harness: Harness) -> None:
    visitor = Visitor()
    assert visitor.navigate("/account/mails").headers["location"].startswith(f"{API}/sign-in?")
    harness.sign_in(visitor, ADA)
    page = visitor.navigate("/account/mails?lang=uk").text
    assert "Коди для входу, підтвердження оплат" in page
    assert "Нагадування" in page
    assert "Підсумок року" in page
    visitor.post("/v1/me/reminder", {"in_months": 3})
    page = visitor.navigate("/account/mails?lang=uk").text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Нагадаємо один раз, на початку грудня 2026 року." in page
    assert visitor.submit("/account/mails", {"switch": "reminders", "wanted": "forget"}).status == 303
    assert "Нагадаємо один раз" not in visitor.navigate("/account/mails?lang=uk").text
    visitor.submit("/account/mails", {"switch": "reminders", "wanted": "off"})
    assert "Вимкнено: таких листів ми не надсилаємо." in visitor.navigate("/account/mails?lang=uk").text
    assert switched_off.read(harness.table, harness.state().id) == {"reminders"}


@pytest.mark.parametrize(
    "fields", [{"switch": "payment", "wanted": "off"}, {"switch": "reminders", "wanted": "x"}, {}]
)
def test_nothing_else_can_be_switched(harness: Harness, fields: Mapping[str, str]) -> None:
    visitor = Visitor()
    harness.sign_in(visitor, ADA)
    assert visitor.submit("/account/mails", fields).status == 400
    assert Visitor().submit("/account/mails", {"switch": "reminders", "wanted": "off"}).status == 401
    assert switched_off.read(harness.table, harness.state().id) == frozenset()


def test_whoever_waits_to_be_erased_gets_none_of_them(harness: Harness) -> None:
    supporter = harness.supporter()
    assert remind(harness, supporter, "before") is not None
    asks(harness, supporter)
    assert harness.mails.last.kind == "erasure_asked", "but what they asked for is confirmed"
    assert remind(harness, supporter, "within") is None
    assert outbox.status(harness.table, f"{supporter}:reminder:within") == "unwanted"
    harness.sign_in(Visitor(), ADA)
    assert remind(harness, supporter, "after") is not None
