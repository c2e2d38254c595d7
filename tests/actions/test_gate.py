"""Sessions, passes and the gate: who may read, decided by all that is known, and never by a pass that says no."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.actions.grant import grant_access
from chalicelib.domain.access import DAY, Grant, RecurringGift, Standing
from chalicelib.domain.browser import new_browser
from chalicelib.store import checkouts, supporters
from chalicelib.store.checkouts import Checkout
from chalicelib.store.keys import moment
from chalicelib.store.table import Key, Put, TableUnavailable
from tests.support.calls import Visitor
from tests.support.world import EMAIL_KEY, NOW, World

MARIA = "maria@reader.example"
PASS, SESSION, CHECKOUT = (f"__Host-spilno-{name}-8000" for name in ("pass", "session", "checkout"))


def monthly(tier: str = "member", days: int = 30, **more: Any) -> RecurringGift:
    end = NOW + days * DAY
    values = {"status": "active", "amount": 500, "currency": "eur", "interval": "month", "customer": "cus_1", **more}
    return RecurringGift("sub_1", tier, NOW - DAY, end, **values)


def member(world: World, visitor: Visitor, *gifts: RecurringGift) -> str:
    supporter = world.supporter(MARIA, Standing((), gifts or (monthly(),)))
    world.sign_in(visitor, MARIA)
    return supporter


class Counting:
    """A table that counts what is asked of it, or does not answer at all."""

    def __init__(self, table: Any, *, down: bool = False) -> None:
        self._table, self.calls, self.down = table, 0, down

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.calls += 1
            if self.down:
                raise TableUnavailable("test")
            return getattr(self._table, name)(*args, **kwargs)

        return call


def watch(world: World, *, down: bool = False) -> Counting:
    watched = Counting(world.table, down=down)
    world.__dict__["table"] = watched
    return watched


def test_a_stranger_is_asked_to_sign_in(world: World) -> None:
    table = watch(world)
    assert Visitor().get("/v1/access?needs=members").json == {
        "open": False,
        "reason": "sign_in",
        "tier": None,
        "until": None,
    }
    assert table.calls == 0, "there is nothing to read about a stranger"


def test_a_supporter_reads_and_the_pass_answers_without_the_table(world: World) -> None:
    visitor = Visitor()
    member(world, visitor)
    until = moment(NOW + 37 * DAY)  # thirty days paid, seven of grace
    expected = {"open": True, "reason": "supporter", "tier": "member", "until": until}
    table = watch(world, down=True)
    assert visitor.get("/v1/access?needs=members").json == expected
    assert visitor.get("/v1/access?needs=tier:member").json == expected
    assert table.calls == 0


def test_a_pass_works_as_a_bearer_for_who_asks_on_a_readers_behalf(world: World) -> None:
    visitor = Visitor()
    member(world, visitor)
    token = visitor.get("/v1/session").json["pass"]
    watch(world, down=True)
    assert Visitor().get("/v1/access?needs=members", Authorization=f"Bearer {token}").json["open"]
    assert not Visitor().get("/v1/access?needs=members", Authorization=f"Bearer {token}x").json["open"]


def test_a_pass_that_expired_is_renewed_by_the_gate_itself(world: World) -> None:
    visitor = Visitor()
    member(world, visitor)
    old = visitor.cookies[PASS]
    world.pass_time(301)
    assert visitor.get("/v1/access?needs=members").json["open"]
    assert visitor.cookies[PASS] != old


@pytest.mark.parametrize("spoiled", ["", "x", "a.b.c", "é", "." * 2000])
def test_a_spoiled_pass_refuses_nobody(world: World, spoiled: str) -> None:
    visitor = Visitor()
    member(world, visitor)
    visitor.cookies[PASS] = spoiled
    assert visitor.get("/v1/access?needs=members").json["open"]


def test_what_was_just_given_opens_at_the_next_request(world: World) -> None:
    """P16: the pass in the browser is still valid, and too low."""
    visitor = Visitor()
    member(world, visitor)
    assert visitor.get("/v1/access?needs=tier:patron").json["reason"] == "higher_tier"
    grant_access(
        world.table,
        world.newsroom,
        MARIA,
        tier="patron",
        until=NOW + 90 * DAY,
        reason="test",
        email_key=EMAIL_KEY,
        now=NOW,
    )
    reply = visitor.get("/v1/access?needs=tier:patron")
    assert reply.json["open"]
    watch(world, down=True)
    assert visitor.get("/v1/access?needs=tier:patron").json["open"], "the new pass came with the answer"


def test_sign_out_everywhere_bites_within_a_passs_life(world: World) -> None:
    """P10."""
    phone, laptop = Visitor(), Visitor()
    member(world, phone)
    world.sign_in(laptop, MARIA)
    phone.delete("/v1/session?everywhere=true")
    assert phone.get("/v1/access?needs=members").json["reason"] == "sign_in"
    assert not laptop.get("/v1/session").json["signed_in"]
    world.pass_time(300)
    assert not laptop.get("/v1/access?needs=members").json["open"]
    world.sign_in(laptop, MARIA)
    assert laptop.get("/v1/access?needs=members").json["open"]


def test_a_refund_bites_within_a_passs_life(world: World) -> None:
    visitor = Visitor()
    supporter = member(world, visitor)
    state = supporters.read_state(world.table, supporter)
    world.table.write(supporters.save_state(dataclasses.replace(state, standing=Standing())))
    world.pass_time(299)
    assert visitor.get("/v1/access?needs=members").json["open"], "the negative control: the pass still lives"
    world.pass_time(1)
    assert visitor.get("/v1/access?needs=members").json["reason"] == "support"
    assert PASS not in visitor.cookies


def test_access_ends_in_business_time_whatever_the_pass_says(world: World) -> None:
    visitor = Visitor()
    member(world, visitor, monthly(ends_at=NOW + 30 * DAY))
    world.business += 30 * DAY
    assert visitor.get("/v1/access?needs=members").json == {
        "open": False,
        "reason": "support",
        "tier": None,
        "until": None,
    }


def test_sign_out_here_leaves_other_devices_alone(world: World) -> None:
    phone, laptop = Visitor(), Visitor()
    member(world, phone)
    world.sign_in(laptop, MARIA)
    secret = phone.cookies[SESSION]
    assert phone.delete("/v1/session").json == {"signed_in": False}
    assert not phone.cookies
    assert not Visitor(cookies={SESSION: secret}).get("/v1/session").json["signed_in"]
    assert laptop.get("/v1/session").json["signed_in"]


def test_signing_out_without_a_session_is_not_an_error(world: World) -> None:
    assert world.real
    assert Visitor().delete("/v1/session?everywhere=true").json == {"signed_in": False}


def test_the_session_tells_who_and_until_when_and_brings_a_pass(world: World) -> None:
    visitor = Visitor()
    supporter = member(world, visitor)
    told = visitor.get("/v1/session").json
    assert told == {
        "signed_in": True,
        "sub": supporter,
        "tier": "member",
        "until": moment(NOW + 37 * DAY),
        "pass": visitor.cookies[PASS],
    }


def test_a_pass_alone_says_nothing_about_who_somebody_is(world: World) -> None:
    visitor = Visitor()
    member(world, visitor)
    thief = Visitor(cookies={PASS: visitor.cookies[PASS]})
    assert thief.get("/v1/session").json == {"signed_in": False}
    assert thief.get("/v1/me").code == "not_signed_in"
    assert thief.post("/v1/me/portal").code == "not_signed_in"


def test_who_is_signed_in_without_a_gift_is_asked_for_support_and_has_no_pass(world: World) -> None:
    visitor = Visitor()
    told = world.sign_in(visitor, MARIA).json
    assert (told["tier"], told["until"], told["pass"]) == (None, None, None)
    assert visitor.get("/v1/access?needs=members").json["reason"] == "support"
    assert PASS not in visitor.cookies


def test_a_late_payment_is_said_once_grace_is_over(world: World) -> None:
    visitor = Visitor()
    member(world, visitor, monthly(days=-1, status="past_due"))
    assert visitor.get("/v1/access?needs=members").json["open"], "the grace of seven days"
    world.pass_time(7 * DAY)
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
        ("?needs=members&tier=member", "unknown_field"),
    ],
)
@pytest.mark.parametrize("with_pass", [False, True])
def test_what_is_asked_wrongly_is_refused_with_and_without_a_pass(
    world: World, query: str, code: str, *, with_pass: bool
) -> None:
    visitor = Visitor()
    if with_pass:
        member(world, visitor)
    assert visitor.get(f"/v1/access{query}").code == code


def test_a_table_that_is_down_opens_nothing_and_shuts_nobody_out(world: World) -> None:
    """P15."""
    reader, late = Visitor(), Visitor()
    member(world, reader)
    late.cookies = {name: value for name, value in reader.cookies.items() if name != PASS}
    watch(world, down=True)
    assert reader.get("/v1/access?needs=members").json["open"]
    refused = late.get("/v1/access?needs=members")
    assert (refused.status, refused.code) == (503, "table_down")


def paid_here(world: World, *, email: str = MARIA, standing: Standing | None = None, **more: Any) -> Visitor:
    """A browser that came back from Stripe: its cookie, and the row that booking left."""
    supporter = world.supporter(email, standing or Standing((Grant("pi_1", "member", NOW, days=60),)))
    browser = new_browser().plus("cs_test_1")
    row = Checkout("cs_test_1", browser.fingerprint(), "paid", "uk", supporter=supporter, paid_at=NOW)
    values = {"movement": "pi_1"} | more
    stored = {name: value for name, value in vars(dataclasses.replace(row, **values)).items() if value is not None}
    key: Key = ("CHECKOUT#cs_test_1", "CHECKOUT")
    world.table.write(Put({"pk": key[0], "sk": key[1], "expires": NOW + 40 * DAY, **stored}))
    assert checkouts.read(world.table, "cs_test_1")
    return Visitor(cookies={CHECKOUT: browser.value()})


def test_the_browser_that_paid_reads_for_a_day_without_signing_in(world: World) -> None:
    visitor = paid_here(world)
    assert visitor.get("/v1/access?needs=members").json["open"]
    told = visitor.get("/v1/session").json
    assert told == {
        "signed_in": False,
        "tier": "member",
        "until": moment(NOW + 60 * DAY),
        "pass": visitor.cookies[PASS],
    }
    assert visitor.get("/v1/me").code == "not_signed_in"
    world.pass_time(DAY - 10)
    assert visitor.get("/v1/access?needs=members").json["open"]
    world.pass_time(10)
    assert visitor.get("/v1/access?needs=members").json["reason"] == "sign_in"


def test_a_guests_pass_does_not_name_the_supporter(world: World) -> None:
    from chalicelib.domain import passes

    visitor = paid_here(world)
    token = visitor.get("/v1/session").json["pass"]
    settings = world.settings
    held = passes.check(
        token, keys=settings.pass_keys, issuer=settings.public_url, audience=settings.site_id, now=NOW
    )
    assert held is not None
    assert held.sub.startswith("guest_")
    assert supporters.find_by_email(world.table, MARIA, EMAIL_KEY) not in token
    assert held.exp <= NOW + 300


def test_paying_opens_what_this_payment_earned_and_nothing_else_of_the_address(world: World) -> None:
    """A stranger who types a supporter's address at checkout must not read by that supporter's gifts."""
    standing = Standing((Grant("pi_1", "member", NOW, days=60),), (monthly("patron"),))
    visitor = paid_here(world, standing=standing)
    assert visitor.get("/v1/access?needs=members").json["tier"] == "member"
    assert visitor.get("/v1/access?needs=tier:patron").json == {
        "open": False,
        "reason": "higher_tier",
        "tier": "member",
        "until": moment(NOW + 60 * DAY),
    }


@pytest.mark.parametrize(
    "otherwise",
    [
        {"status": "open", "paid_at": None},
        {"status": "processing", "paid_at": None},
        {"status": "expired"},
        {"movement": "pi_other"},
        {"movement": None},
        {"supporter": None},
        {"browser": "another"},
    ],
)
def test_an_unpaid_or_foreign_checkout_opens_nothing(world: World, otherwise: dict[str, Any]) -> None:
    assert not paid_here(world, **otherwise).get("/v1/access?needs=members").json["open"]


def test_a_gift_under_another_address_opens_for_who_is_signed_in_too(world: World) -> None:
    visitor = paid_here(world)
    world.sign_in(visitor, "olha@reader.example")
    told = visitor.get("/v1/session").json
    assert told["signed_in"]
    assert told["sub"] == supporters.find_by_email(world.table, "olha@reader.example", EMAIL_KEY)
    assert visitor.get("/v1/access?needs=members").json["open"]
    assert visitor.get("/v1/me").json["tier"] is None, "the account is the signed-in one's own"


def test_signing_out_closes_what_a_payment_opened_here(world: World) -> None:
    visitor = paid_here(world)
    visitor.delete("/v1/session")
    assert visitor.get("/v1/access?needs=members").json["reason"] == "sign_in"
