"""The browser that paid reads for a day, without an account, by what this payment earned and nothing else."""

import dataclasses
from typing import Any

import pytest

from chalicelib.checkouts.rows import checkouts
from chalicelib.checkouts.rows.checkouts import Checkout
from chalicelib.kernel import keys
from chalicelib.kernel.browser import new_browser
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.keys import moment
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Key, Put, Update
from chalicelib.reading.rules import passes
from chalicelib.reading.rules.passes import Pass
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.access import DAY, Grant, Standing
from testkit.clock import NOW
from testkit.harness import EMAIL_KEY, Harness
from testkit.people import CHECKOUT, MARIA, PASS, monthly
from testkit.visitor import Visitor


def paid_here(harness: Harness, *, email: str = MARIA, standing: Standing | None = None, **more: Any) -> Visitor:
    """A browser that came back from Stripe: its cookie, and the row that booking left."""
    supporter = harness.supporter(email, standing or Standing((Grant("pi_1", "member", NOW, days=60),)))
    browser = new_browser().plus("cs_test_1")
    row = Checkout("cs_test_1", browser.fingerprint(), "paid", "uk", supporter=supporter, paid_at=RealTime(NOW))
    values = {"movement": "pi_1"} | more
    stored = {name: value for name, value in vars(dataclasses.replace(row, **values)).items() if value is not None}
    key: Key = ("CHECKOUT#cs_test_1", "CHECKOUT")
    harness.table.write(Put({"pk": key[0], "sk": key[1], "expires": NOW + 40 * DAY, **stored}))
    assert checkouts.read(harness.table, "cs_test_1")
    return Visitor(cookies={CHECKOUT: browser.value()})


def passed(harness: Harness, token: str) -> Pass:
    settings = harness.settings
    held = passes.check(
        token, keys=settings.pass_keys, issuer=settings.public_url, audience=settings.site_id, now=harness.real_now()
    )
    assert held is not None
    return held


def test_the_browser_that_paid_reads_for_a_day_without_signing_in(harness: Harness) -> None:
    visitor = paid_here(harness)
    assert visitor.get("/v1/access?needs=members").json["open"]
    told = visitor.get("/v1/session").json
    assert told == {
        "signed_in": False,
        "tier": "member",
        "until": moment(NOW + 60 * DAY),
        "pass": visitor.cookies[PASS],
    }
    assert visitor.get("/v1/me").code == "not_signed_in"
    harness.pass_time(DAY - 10)
    for _ in range(2):  # by the cookie, then by the pass that came with the answer
        opened = visitor.get("/v1/access?needs=members").json
        assert (opened["open"], opened["until"]) == (True, moment(NOW + 60 * DAY))
    harness.pass_time(10)
    assert visitor.get("/v1/access?needs=members").json["reason"] == "sign_in"


def test_a_guests_pass_does_not_name_the_supporter(harness: Harness) -> None:
    visitor = paid_here(harness)
    token = visitor.get("/v1/session").json["pass"]
    held = passed(harness, token)
    assert held.sub.startswith("guest_")
    assert supporters.find_by_email(harness.table, MARIA, EMAIL_KEY) not in token
    assert held.exp <= NOW + 300


def test_paying_opens_what_this_payment_earned_and_nothing_else_of_the_address(harness: Harness) -> None:
    """A stranger who types a supporter's address at checkout must not read by that supporter's gifts."""
    standing = Standing((Grant("pi_1", "member", NOW, days=60),), (monthly("patron"),))
    visitor = paid_here(harness, standing=standing)
    assert visitor.get("/v1/access?needs=members").json["tier"] == "member"
    assert visitor.get("/v1/access?needs=tier:patron").json == {
        "open": False,
        "reason": "higher_tier",
        "tier": "member",
        "until": moment(NOW + 60 * DAY),
    }


def test_the_thank_you_page_tells_what_this_payment_earned_and_nothing_else_of_the_address(harness: Harness) -> None:
    """Nor must they learn from the page what that supporter holds; who is signed in as that supporter may."""
    standing = Standing((Grant("pi_1", "member", NOW, days=60),), (monthly("patron"),))
    visitor = paid_here(harness, standing=standing, amount=1000, currency="eur", interval="once")
    opens = {tier.name: f"Вам відкрито {tier.opens['uk']}" for tier in harness.newsroom.tiers}
    page = visitor.navigate("/thanks/cs_test_1?lang=uk").text
    assert opens["member"] in page
    assert opens["patron"] not in page
    harness.sign_in(visitor, MARIA)
    assert opens["patron"] in visitor.navigate("/thanks/cs_test_1?lang=uk").text


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
def test_an_unpaid_or_foreign_checkout_opens_nothing(harness: Harness, otherwise: dict[str, Any]) -> None:
    assert not paid_here(harness, **otherwise).get("/v1/access?needs=members").json["open"]


def test_a_gift_under_another_address_opens_for_who_is_signed_in_too(harness: Harness) -> None:
    visitor = paid_here(harness)
    harness.sign_in(visitor, "olha@reader.example")
    told = visitor.get("/v1/session").json
    assert told["signed_in"]
    assert told["sub"] == supporters.find_by_email(harness.table, EmailAddress("olha@reader.example"), EMAIL_KEY)
    assert passed(harness, told["pass"]).sub == told["sub"]
    assert visitor.get("/v1/access?needs=members").json["open"]
    assert visitor.get("/v1/me").json["tier"] is None, "the account is the signed-in one's own"


def test_signing_out_closes_what_a_payment_opened_here(harness: Harness) -> None:
    visitor = paid_here(harness)
    visitor.delete("/v1/session")
    assert visitor.get("/v1/access?needs=members").json["reason"] == "sign_in"


def test_whose_address_is_none_is_told_where_to_write_and_promised_no_code(harness: Harness) -> None:
    visitor = paid_here(harness, amount=500, currency="eur", interval="once")
    supporter = supporters.find_by_email(harness.table, MARIA, EMAIL_KEY)
    assert supporter
    for stored in ("", "a,b@x.example"):
        harness.table.write(Update(keys.profile(supporter), set={"email": stored}))
        page = visitor.get("/thanks/cs_test_1?lang=en").text
        assert "mailto:support@nadrichchia.example" in page
        assert "our emails cannot reach you" in page
        assert "/v1/sign-in/confirm" not in page
        assert "sent a code" not in page
        assert "code from the email" not in page.lower()
    assert harness.mails.sent == []
