"""Signing in by mail: by code or link where it was asked for, by both anywhere else, once, with few guesses."""

import threading
from collections import Counter

import pytest

from chalicelib.signing_in.rows import sign_ins
from testkit.calls import Reply
from testkit.harness import Harness
from testkit.sent import Mail
from testkit.visitor import Visitor

MARIA = "maria@reader.example"
WRONG = "0000-0000"


def asked(harness: Harness, visitor: Visitor, email: str = MARIA) -> Mail:
    assert visitor.post("/v1/sign-in", {"email": email}).status == 202
    return harness.mails.last


def confirm(visitor: Visitor, **proof: object) -> Reply:
    return visitor.post("/v1/sign-in/confirm", proof)


@pytest.mark.parametrize("typed", [str, str.lower, lambda code: code.replace("-", ""), lambda code: f" {code} "])
def test_the_code_signs_in_the_browser_that_asked(harness: Harness, typed: "type[str]") -> None:
    visitor = Visitor()
    mail = asked(harness, visitor)
    reply = confirm(visitor, code=typed(mail.code))
    assert reply.status == 200
    assert reply.json["signed_in"]
    assert visitor.get("/v1/session").json["signed_in"]
    assert visitor.get("/v1/me").json["email"] == MARIA


def test_the_link_signs_in_the_browser_that_asked_without_a_code(harness: Harness) -> None:
    visitor = Visitor()
    mail = asked(harness, visitor)
    assert confirm(visitor, token=mail.token).json["signed_in"]


def test_another_browser_needs_link_and_code(harness: Harness) -> None:
    mail = asked(harness, Visitor())
    other = Visitor()
    assert confirm(other, token=mail.token).code == "code_needed"
    assert confirm(other, code=mail.code).code == "other_browser", "a code alone says nothing about which request"
    assert confirm(other, token=mail.token, code=WRONG).code == "wrong_code"
    assert not other.get("/v1/session").json["signed_in"]
    assert confirm(other, token=mail.token, code=mail.code).json["signed_in"]


def test_it_signs_in_the_browser_that_presses_and_no_other(harness: Harness) -> None:
    asking, other = Visitor(), Visitor()
    mail = asked(harness, asking)
    confirm(other, token=mail.token, code=mail.code)
    assert other.get("/v1/session").json["signed_in"]
    assert not asking.get("/v1/session").json["signed_in"]


def test_a_mail_scanner_that_opens_the_link_uses_nothing_up(harness: Harness) -> None:
    visitor, scanner = Visitor(), Visitor(origin=None)
    mail = asked(harness, visitor)
    for _ in range(20):
        page = scanner.navigate(f"/v1/sign-in/{mail.token}")
        assert page.status == 200
        assert mail.code not in page.text
    # It also presses buttons, and has no code to type.
    pressed = scanner.submit("/v1/sign-in/confirm", {"token": mail.token})
    assert pressed.status == 400
    assert confirm(visitor, token=mail.token).status == 200


@pytest.mark.parametrize("proof", ["code", "token"])
def test_a_code_and_its_link_work_once_together(harness: Harness, proof: str) -> None:
    visitor = Visitor()
    mail = asked(harness, visitor)
    pending = dict(visitor.cookies)
    assert confirm(visitor, **{proof: getattr(mail, proof)}).status == 200
    again = Visitor(cookies=pending)
    assert confirm(again, code=mail.code).code == "code_expired"
    assert confirm(again, token=mail.token).status == 410


def test_a_code_lives_ten_minutes(harness: Harness) -> None:
    visitor = Visitor()
    mail = asked(harness, visitor)
    harness.clock.real += 599
    assert confirm(visitor, code=WRONG).code == "wrong_code"
    harness.clock.real += 1
    assert confirm(visitor, code=mail.code).code == "code_expired"
    assert confirm(visitor, token=mail.token).code == "code_expired"


def test_business_time_does_not_end_a_code(harness: Harness) -> None:
    visitor = Visitor()
    mail = asked(harness, visitor)
    harness.clock.business += 40 * 86_400
    assert confirm(visitor, code=mail.code).status == 200


def test_after_five_guesses_the_right_code_is_too_late(harness: Harness) -> None:
    visitor = Visitor()
    mail = asked(harness, visitor)
    for _ in range(5):
        assert confirm(visitor, code=WRONG).code == "wrong_code"
    assert confirm(visitor, code=mail.code).code == "code_expired"
    assert confirm(visitor, token=mail.token, code=mail.code).code == "code_expired"


def test_a_slip_of_the_hand_that_cannot_be_a_code_costs_no_guess(harness: Harness) -> None:
    visitor = Visitor()
    mail = asked(harness, visitor)
    for typed in ("7K2M", "7K2M-9QX!", "код", "7K2M-9QXDA", "*" * 40) * 3:
        assert confirm(visitor, code=typed).code == "wrong_code"
    assert confirm(visitor, code=mail.code).status == 200


def test_who_has_no_link_cannot_spend_the_guesses_of_others(harness: Harness) -> None:
    visitor, stranger = Visitor(), Visitor()
    mail = asked(harness, visitor)
    request_id = mail.token.partition(".")[0]
    for guess in ("a" * 32, "", "b"):
        assert confirm(stranger, token=f"{request_id}.{guess}", code=WRONG).code == "code_expired"
    assert confirm(visitor, code=mail.code).status == 200


def test_a_new_mail_does_not_cancel_an_older_code(harness: Harness) -> None:
    visitor = Visitor()
    first, second = asked(harness, visitor), asked(harness, visitor)
    assert first.code != second.code
    assert confirm(visitor, code=first.code).status == 200


@pytest.mark.engine
def test_parallel_guesses_are_five_at_most(harness: Harness) -> None:
    visitor = Visitor()
    mail = asked(harness, visitor)
    request_id = mail.token.partition(".")[0]
    request = sign_ins.read(harness.table, request_id)
    assert request
    counted = _at_once(32, lambda: sign_ins.count_guess(harness.table, request, harness.real_now()))
    assert counted == {True: 5, False: 27}


@pytest.mark.engine
def test_parallel_right_codes_sign_in_once(harness: Harness) -> None:
    visitor = Visitor()
    mail = asked(harness, visitor)
    pending = dict(visitor.cookies)
    # The action, not the harness: a Lambda handles one call at a time, several Lambdas do not.
    from chalicelib.kernel import browser
    from chalicelib.kernel.errors import Problem
    from chalicelib.signing_in.actions.confirm import Proof, confirm_sign_in

    started = browser.read(next(iter(pending.values())))

    def press() -> str:
        proof = Proof(None, mail.token, started)
        try:
            confirm_sign_in(
                harness.table,
                proof,
                remember=True,
                email_key="spilno-local-email-key",
                now=harness.now(),
                real_now=harness.real_now(),
            )
        except Problem as problem:
            return problem.code
        return "in"

    assert _at_once(16, press) == {"in": 1, "code_expired": 15}


def _at_once(number: int, act: "object") -> "Counter[object]":
    results: Counter[object] = Counter()
    barrier = threading.Barrier(number)

    def run() -> None:
        barrier.wait()
        results[act()] += 1  # type: ignore[operator]

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_the_answer_is_the_same_for_every_address(harness: Harness) -> None:
    harness.supporter(MARIA)
    known = Visitor().post("/v1/sign-in", {"email": MARIA})
    unknown = Visitor().post("/v1/sign-in", {"email": "nobody@reader.example"})
    assert (known.status, known.text) == (unknown.status, unknown.text) == (202, '{"sent":true}')
    assert [len(cookie) for cookie in known.set_cookies] == [len(cookie) for cookie in unknown.set_cookies]
    assert {mail.to for mail in harness.mails.sent} == {MARIA, "nobody@reader.example"}


def test_too_many_mails_to_one_address_are_silently_none(harness: Harness) -> None:
    replies = [Visitor().post("/v1/sign-in", {"email": MARIA}) for _ in range(9)]
    assert {(reply.status, reply.text) for reply in replies} == {(202, '{"sent":true}')}
    assert len(harness.mails.sent) == 6


def test_a_stranger_cannot_use_up_the_mails_that_the_owner_needs(harness: Harness) -> None:
    for _ in range(9):
        Visitor(client="203.0.113.9").post("/v1/sign-in", {"email": MARIA})
    assert len(harness.mails.sent) == 6
    owner = Visitor(client="192.0.2.7")
    assert owner.post("/v1/sign-in", {"email": MARIA}).status == 202
    assert len(harness.mails.sent) == 7


def test_many_strangers_together_meet_a_ceiling(harness: Harness) -> None:
    for number in range(30):
        Visitor(client=f"203.0.113.{number}").post("/v1/sign-in", {"email": MARIA})
    assert len(harness.mails.sent) == 24


def test_one_address_asks_thirty_times_in_ten_minutes(harness: Harness) -> None:
    assert harness.newsroom.limits.sign_ins == 30
    replies = [Visitor().post("/v1/sign-in", {"email": f"r{n}@reader.example"}) for n in range(31)]
    assert {reply.status for reply in replies[:30]} == {202}
    assert replies[30].code == "too_many_sign_ins"
    assert 0 < int(replies[30].headers["retry-after"]) <= 660
    assert Visitor(client="192.0.2.2").post("/v1/sign-in", {"email": MARIA}).status == 202


def test_who_is_new_gets_one_supporter_for_good(harness: Harness) -> None:
    first, second = Visitor(), Visitor()
    one = harness.sign_in(first, MARIA).json["sub"]
    two = harness.sign_in(second, " MARIA@reader.example ").json["sub"]
    assert one == two
    assert MARIA not in one


def test_a_new_session_at_every_sign_in_and_the_old_one_ends(harness: Harness) -> None:
    visitor = Visitor()
    harness.sign_in(visitor, MARIA)
    before = dict(visitor.cookies)
    harness.sign_in(visitor, "olha@reader.example")
    assert visitor.get("/v1/me").json["email"] == "olha@reader.example"
    assert not Visitor(cookies=before).get("/v1/session").json["signed_in"]


def test_not_to_be_remembered_is_a_browser_session_of_a_day(harness: Harness) -> None:
    visitor = Visitor()
    reply = harness.sign_in(visitor, MARIA, remember=False)
    session = next(cookie for cookie in reply.set_cookies if "-session" in cookie)
    assert "Max-Age" not in session
    harness.clock.real += 86_399
    assert visitor.get("/v1/session").json["signed_in"]
    harness.clock.real += 1
    assert not visitor.get("/v1/session").json["signed_in"]


def test_cookies_are_host_only_secure_and_unreadable_for_scripts(harness: Harness) -> None:
    reply = harness.sign_in(Visitor(), MARIA)
    for cookie in reply.set_cookies:
        if cookie.startswith("spilno-ask-8000=1;"):
            continue  # for scripts, and no secret: tests/http/test_hint.py
        assert cookie.startswith("__Host-spilno-")
        assert "; Path=/; Secure; HttpOnly; SameSite=Lax" in cookie
        assert "Domain" not in cookie


def _secret(visitor: Visitor) -> list[str]:
    return [value for name, value in visitor.cookies.items() if name.startswith("__Host-")]


def test_an_address_stands_in_the_profile_and_nowhere_else(harness: Harness) -> None:
    visitor = Visitor()
    mail = asked(harness, visitor)
    confirm(visitor, code=mail.code)
    items = harness.items()
    assert [item["sk"] for item in items if MARIA in str(item)] == ["PROFILE"]
    secrets = (mail.code, mail.code.replace("-", ""), mail.token.partition(".")[2], *_secret(visitor))
    assert not [secret for secret in secrets if secret in str(items)], "nothing that signs in stands in the table"


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: code.translate(str.maketrans("ABEKMHPCTYX0", "АВЕКМНРСТУХО")),
        lambda code: code.replace("-", "–") + ".",
        lambda code: f"Ваш код для входу: {code}",
        lambda code: "\u200b" + code.replace("-", "\N{MINUS SIGN}") + "\n",
    ],
    ids=["letters that look alike", "another dash", "the whole line", "what nobody sees"],
)
@pytest.mark.parametrize("by", ["api", "page"])
def test_the_code_is_understood_as_people_type_and_paste_it(harness: Harness, typed: "type[str]", by: str) -> None:
    visitor = Visitor()
    mail = asked(harness, visitor)
    if by == "api":
        assert confirm(visitor, code=typed(mail.code)).status == 200
    else:
        assert visitor.submit("/v1/sign-in/confirm", {"code": typed(mail.code)}).status == 303
    assert visitor.get("/v1/session").json["signed_in"]


def test_other_spellings_of_one_guess_are_guesses_each(harness: Harness) -> None:
    """Five texts are five guesses, whatever they mean; and one text is never held against two codes."""
    visitor = Visitor()
    mail = asked(harness, visitor)
    for typed in ("0000-0000", "ОООО-ОООО", "０００００００0", "код: 0000-0000", "oooo—oooo"):
        assert confirm(visitor, code=typed).code == "wrong_code"
    assert confirm(visitor, code=mail.code).code == "code_expired"
