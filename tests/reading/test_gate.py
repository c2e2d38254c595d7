"""Sessions, passes and the gate: who may read, decided by all that is known, and never by a pass that says no."""

import dataclasses

import pytest

from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.keys import moment
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.access import DAY, Standing
from testkit.clock import NOW
from testkit.harness import Harness
from testkit.people import KNOWN, MARIA, PASS, SESSION, becomes_patron, member, monthly, watch
from testkit.visitor import Visitor


def test_a_stranger_is_asked_to_sign_in(harness: Harness) -> None:
    table = watch(harness)
    assert Visitor().get("/v1/access?needs=members").json == {
        "open": False,
        "reason": "sign_in",
        "tier": None,
        "until": None,
    }
    assert table.calls == 0, "there is nothing to read about a stranger"


def test_a_supporter_reads_and_the_pass_answers_without_the_table(harness: Harness) -> None:
    visitor = Visitor()
    member(harness, visitor)
    until = moment(NOW + 37 * DAY)  # thirty days paid, seven of grace
    expected = {"open": True, "reason": "supporter", "tier": "member", "until": until}
    table = watch(harness, down=True)
    assert visitor.get("/v1/access?needs=members").json == expected
    assert visitor.get("/v1/access?needs=tier:member").json == expected
    assert table.calls == 0


def test_a_pass_works_as_a_bearer_for_who_asks_on_a_readers_behalf(harness: Harness) -> None:
    visitor = Visitor()
    member(harness, visitor)
    token = visitor.get("/v1/session").json["pass"]
    watch(harness, down=True)
    assert Visitor().get("/v1/access?needs=members", Authorization=f"Bearer {token}").json["open"]
    assert not Visitor().get("/v1/access?needs=members", Authorization=f"Bearer {token}x").json["open"]


def test_a_pass_that_expired_is_renewed_by_the_gate_itself(harness: Harness) -> None:
    visitor = Visitor()
    member(harness, visitor)
    old = visitor.cookies[PASS]
    harness.pass_time(301)
    assert visitor.get("/v1/access?needs=members").json["open"]
    assert visitor.cookies[PASS] != old


@pytest.mark.parametrize("spoiled", ["", "x", "a.b.c", "é", "." * 2000])
def test_a_spoiled_pass_refuses_nobody(harness: Harness, spoiled: str) -> None:
    visitor = Visitor()
    member(harness, visitor)
    visitor.cookies[PASS] = spoiled
    assert visitor.get("/v1/access?needs=members").json["open"]


def test_what_was_just_given_opens_at_the_next_request(harness: Harness) -> None:
    """P16: the pass in the browser is still valid, and too low."""
    visitor = Visitor()
    member(harness, visitor)
    assert visitor.get("/v1/access?needs=tier:patron").json["reason"] == "higher_tier"
    becomes_patron(harness)
    reply = visitor.get("/v1/access?needs=tier:patron")
    assert reply.json["open"]
    watch(harness, down=True)
    assert visitor.get("/v1/access?needs=tier:patron").json["open"], "the new pass came with the answer"


def test_sign_out_everywhere_bites_within_a_passs_life(harness: Harness) -> None:
    """P10."""
    phone, laptop = Visitor(), Visitor()
    member(harness, phone)
    harness.sign_in(laptop, MARIA)
    phone.delete("/v1/session?everywhere=true")
    assert phone.get("/v1/access?needs=members").json["reason"] == "sign_in"
    assert not laptop.get("/v1/session").json["signed_in"]
    harness.pass_time(300)
    assert not laptop.get("/v1/access?needs=members").json["open"]
    harness.sign_in(laptop, MARIA)
    assert laptop.get("/v1/access?needs=members").json["open"]


def test_a_refund_bites_within_a_passs_life(harness: Harness) -> None:
    visitor = Visitor()
    supporter = member(harness, visitor)
    state = supporters.read_state(harness.table, SupporterId(supporter))
    harness.table.write(supporters.save_state(dataclasses.replace(state, standing=Standing())))
    harness.pass_time(299)
    assert visitor.get("/v1/access?needs=members").json["open"], "the negative control: the pass still lives"
    harness.pass_time(1)
    assert visitor.get("/v1/access?needs=members").json["reason"] == "support"
    assert PASS not in visitor.cookies


def test_access_ends_in_business_time_whatever_the_pass_says(harness: Harness) -> None:
    visitor = Visitor()
    member(harness, visitor, monthly(ends_at=NOW + 30 * DAY))
    harness.clock.business += 30 * DAY
    assert visitor.get("/v1/access?needs=members").json == {
        "open": False,
        "reason": "support",
        "tier": None,
        "until": None,
    }


def test_sign_out_here_leaves_other_devices_alone(harness: Harness) -> None:
    phone, laptop = Visitor(), Visitor()
    member(harness, phone)
    harness.sign_in(laptop, MARIA)
    secret = phone.cookies[SESSION]
    assert phone.delete("/v1/session").json == {"signed_in": False}
    assert list(phone.cookies) == [KNOWN], "which opens nothing, and keeps strangers from using up her sign-in mails"
    assert not phone.get("/v1/session").json["signed_in"]
    assert not Visitor(cookies={SESSION: secret}).get("/v1/session").json["signed_in"]
    assert laptop.get("/v1/session").json["signed_in"]


def test_signing_out_without_a_session_is_not_an_error(harness: Harness) -> None:
    assert harness.clock.real
    assert Visitor().delete("/v1/session?everywhere=true").json == {"signed_in": False}


def test_the_session_tells_who_and_until_when_and_brings_a_pass(harness: Harness) -> None:
    visitor = Visitor()
    supporter = member(harness, visitor)
    told = visitor.get("/v1/session").json
    assert told == {
        "signed_in": True,
        "sub": supporter,
        "tier": "member",
        "until": moment(NOW + 37 * DAY),
        "pass": visitor.cookies[PASS],
        "payment_failed": False,
        "supports": True,
    }


def test_a_pass_alone_says_nothing_about_who_somebody_is(harness: Harness) -> None:
    visitor = Visitor()
    member(harness, visitor)
    thief = Visitor(cookies={PASS: visitor.cookies[PASS]})
    assert thief.get("/v1/session").json == {"signed_in": False}
    assert thief.get("/v1/me").code == "not_signed_in"
    assert thief.post("/v1/me/portal").code == "not_signed_in"


def test_who_is_signed_in_without_a_gift_is_asked_for_support_and_has_no_pass(harness: Harness) -> None:
    visitor = Visitor()
    told = harness.sign_in(visitor, MARIA).json
    assert (told["tier"], told["until"], told["pass"]) == (None, None, None)
    assert visitor.get("/v1/access?needs=members").json["reason"] == "support"
    assert PASS not in visitor.cookies


def test_a_late_payment_is_said_once_grace_is_over(harness: Harness) -> None:
    visitor = Visitor()
    member(harness, visitor, monthly(days=-1, status="past_due"))
    assert visitor.get("/v1/access?needs=members").json["open"], "the grace of seven days"
    harness.pass_time(7 * DAY)
    assert visitor.get("/v1/access?needs=members").json["reason"] == "payment_failed"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "missing_field"),
        ("?needs=", "missing_field"),
        ("?needs=everything", "bad_needs"),
        ("?needs=member", "bad_needs"),
        ("?needs=tier:", "bad_needs"),
        ("?needs=tier:emperor", "unknown_tier"),
    ],
)
@pytest.mark.parametrize("with_pass", [False, True])
def test_what_is_asked_wrongly_is_refused_with_and_without_a_pass(
    harness: Harness, query: str, code: str, *, with_pass: bool
) -> None:
    visitor = Visitor()
    if with_pass:
        member(harness, visitor)
    refused = visitor.get(f"/v1/access{query}")
    assert (refused.code, refused.json["field"]) == (code, "needs")


def test_a_table_that_is_down_opens_nothing_and_shuts_nobody_out(harness: Harness) -> None:
    """P15."""
    reader, late = Visitor(), Visitor()
    member(harness, reader)
    late.cookies = {name: value for name, value in reader.cookies.items() if name != PASS}
    watch(harness, down=True)
    assert reader.get("/v1/access?needs=members").json["open"]
    refused = late.get("/v1/access?needs=members")
    assert (refused.status, refused.code) == (503, "table_down")
