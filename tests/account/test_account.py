"""A supporter's own account: own data, the portal, the hosted pages, and what the newsroom's hand adds."""

import threading
from dataclasses import replace

import pytest

from chalicelib.account.actions.find_supporter import find_supporter
from chalicelib.account.actions.grant import Granted, grant_access
from chalicelib.account.views.account_json import as_json
from chalicelib.account.views.answers import Me, PortalLink
from chalicelib.kernel.errors import BadInput, NotFound
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.keys import moment
from chalicelib.kernel.moments import BusinessTime, rfc3339
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.movements import Entry, Movement
from chalicelib.reading.views.answers import AccessDecision
from chalicelib.signing_in.views import answers
from chalicelib.supporters.actions.sessions import end_everywhere
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.access import DAY, Grant, Standing
from chalicelib.supporters.rules.card import Card
from testkit.calls import API, SITE
from testkit.clock import NOW
from testkit.harness import EMAIL_KEY, Harness
from testkit.people import MARIA, member, monthly
from testkit.visitor import Visitor


def test_an_account_begins_in_business_time_however_it_began(harness: Harness) -> None:
    """It is told beside the gifts, which are of that time."""
    visitor = Visitor()
    harness.clock.business += 40 * DAY
    harness.sign_in(visitor, MARIA)
    assert visitor.get("/v1/me").json["created_at"] == rfc3339(harness.clock.business)


def test_me_tells_own_data_and_gifts(harness: Harness) -> None:
    visitor = Visitor()
    gift = monthly(ends_at=NOW + 30 * DAY, card=Card("visa", "4242", 12, 2034))
    supporter = member(harness, visitor, gift)
    for payment in (
        Movement("pi_1", "gift", "pi_1", 2500, "eur", NOW - 60, livemode=False, rail="stripe"),
        Movement("pi_2", "gift", "pi_2", 500, "eur", NOW - 30, livemode=False, recurring="sub_1", rail="stripe"),
    ):
        harness.table.transact(ledger.book([Entry(payment)], SupporterId(supporter), harness.newsroom.zone))
    told = visitor.get("/v1/me").json
    Me.model_validate(told)
    assert told == {
        "sub": supporter,
        "email": MARIA,
        "language": "uk",
        "created_at": moment(NOW),
        "tier": "member",
        "until": moment(NOW + 30 * DAY),
        "payment_failed": False,
        "recurring": [
            {
                "id": "sub_1",
                "amount": 500,
                "currency": "eur",
                "interval": "month",
                "interval_count": 1,
                "status": "active",
                "tier": "member",
                "paid_through": moment(NOW + 30 * DAY),
                "will_renew": False,
                "ends_at": moment(NOW + 30 * DAY),
                "next_payment_at": None,
                "paused_until": None,
                "card": {"brand": "visa", "last4": "4242", "expires": "2034-12"},
                "can": ["keep", "card"],
            }
        ],
        "one_off": [{"id": "pi_1", "amount": 2500, "currency": "eur", "given_at": moment(NOW - 60), "refunded": 0}],
    }
    found = find_supporter(harness.table, MARIA.upper(), harness.newsroom, email_key=EMAIL_KEY, now=BusinessTime(NOW))
    assert told == as_json(found, harness.newsroom)


def test_a_card_is_named_as_its_holder_knows_it(harness: Harness) -> None:
    visitor = Visitor()
    member(harness, visitor, monthly(card=Card("amex", "0005", 12, 2034)))
    for page in ("/account", "/account/gifts/sub_1"):
        assert "American Express ···· 0005, valid until 12/2034" in visitor.navigate(f"{page}?lang=en").text


def test_answers_about_the_session_are_as_described(harness: Harness) -> None:
    visitor = Visitor()
    answers.Session.model_validate(visitor.get("/v1/session").json)
    answers.Session.model_validate(harness.sign_in(visitor, MARIA).json)
    AccessDecision.model_validate(visitor.get("/v1/access?needs=members").json)
    answers.SignInAsked.model_validate(visitor.post("/v1/sign-in", {"email": MARIA}).json)
    answers.Session.model_validate(visitor.delete("/v1/session").json)


def test_the_portal_opens_for_the_running_gift(harness: Harness) -> None:
    visitor = Visitor()
    ended = monthly(status="canceled", customer="cus_old")
    member(harness, visitor, ended, replace(monthly(customer="cus_new"), id="sub_2"))
    harness.stripe.knows_customers("cus_old", "cus_new")
    reply = visitor.post("/v1/me/portal", {"return_to": f"{SITE}/me"})
    PortalLink.model_validate(reply.json)
    assert harness.stripe.portals == [{"customer": "cus_new", "return_url": f"{SITE}/me", "locale": "en"}]
    visitor.post("/v1/me/portal", {"subscription": "sub_1"})
    assert harness.stripe.portals[1] == {"customer": "cus_old", "return_url": f"{API}/account", "locale": "en"}
    # Somebody else's recurring gift is not found among one's own; one's own portal opens instead.
    visitor.post("/v1/me/portal", {"subscription": "sub_of_another"})
    assert harness.stripe.portals[2]["customer"] == "cus_new"


def test_the_portals_button_goes_there_at_once(harness: Harness) -> None:
    visitor = Visitor()
    member(harness, visitor)
    harness.stripe.knows_customers("cus_1")
    reply = visitor.submit("/v1/me/portal", {"subscription": "sub_1", "lang": "uk"})
    assert reply.status == 303
    assert reply.headers["location"].startswith("https://checkout.stripe.test/p/session/bps_")
    assert harness.stripe.portals[-1]["customer"] == "cus_1"


def test_who_never_gave_has_nothing_to_manage(harness: Harness) -> None:
    visitor = Visitor()
    harness.sign_in(visitor, MARIA)
    assert visitor.post("/v1/me/portal").code == "nothing_to_manage"
    assert visitor.post("/v1/me/portal", {"return_to": "https://evil.example"}).code == "bad_return_to"


def test_a_customer_that_stripe_forgot_is_nothing_to_manage(harness: Harness) -> None:
    visitor = Visitor()
    member(harness, visitor)
    assert visitor.post("/v1/me/portal").code == "nothing_to_manage"


def test_the_whole_way_on_hosted_pages_without_javascript(harness: Harness) -> None:
    reader = Visitor()
    harness.supporter(MARIA, Standing((), (monthly(),)))
    to_sign_in = reader.navigate("/account")
    assert to_sign_in.status == 303
    assert to_sign_in.headers["location"].startswith(f"{API}/sign-in?")
    assert reader.navigate("/sign-in?lang=uk").status == 200
    asked = reader.submit("/v1/sign-in", {"email": MARIA, "return_to": f"{SITE}/uk/", "locale": "uk"})
    assert asked.status == 303
    page = reader.navigate(asked.headers["location"].removeprefix(API))
    assert "m…@reader.example" in page.text
    assert MARIA not in page.text
    wrong = reader.submit(
        "/v1/sign-in/confirm", {"code": "0000-0000", "return_to": f"{SITE}/uk/", "remember": "true"}
    )
    assert wrong.status == 400
    assert 'role="alert"' in wrong.text
    done = reader.submit("/v1/sign-in/confirm", {"code": harness.mails.last.code, "return_to": f"{SITE}/uk/"})
    assert (done.status, done.headers["location"]) == (303, f"{SITE}/uk/")
    session = next(cookie for cookie in done.set_cookies if "-session" in cookie)
    assert "Max-Age" not in session, "the box was not ticked"
    account = reader.navigate("/account")
    assert account.status == 200
    assert MARIA in account.text
    assert "Друг редакції" in account.text
    out = reader.submit("/account/sign-out", {"everywhere": "true", "lang": "uk"})
    assert out.status == 303
    assert reader.navigate("/account").status == 303


def test_the_link_of_a_mail_on_hosted_pages(harness: Harness) -> None:
    here, phone = Visitor(), Visitor()
    here.submit("/v1/sign-in", {"email": MARIA})
    mail = harness.mails.last
    assert 'name="code"' not in here.navigate(f"/v1/sign-in/{mail.token}").text
    assert 'name="code"' in phone.navigate(f"/v1/sign-in/{mail.token}").text
    refused = phone.submit("/v1/sign-in/confirm", {"token": mail.token, "code": "0000-0000"})
    assert refused.status == 400
    assert mail.token in refused.text
    done = phone.submit("/v1/sign-in/confirm", {"token": mail.token, "code": mail.code, "remember": "true"})
    assert (done.status, done.headers["location"]) == (303, f"{API}/account")
    ended = here.navigate(f"/v1/sign-in/{mail.token}")
    assert ended.status == 200
    assert mail.token not in ended.text
    assert here.submit("/v1/sign-in/confirm", {"token": mail.token}).status == 410


def test_a_bad_address_on_the_page_is_asked_for_again(harness: Harness) -> None:
    assert harness.clock.real
    reply = Visitor().submit("/v1/sign-in", {"email": "maria@", "locale": "en"})
    assert reply.status == 400
    assert 'role="alert"' in reply.text
    assert 'value="maria@"' in reply.text


def test_sign_in_on_the_hosted_page_goes_back_to_a_path_of_ours(harness: Harness) -> None:
    reader = Visitor()
    reader.submit("/v1/sign-in", {"email": MARIA, "return_to": "/read/mist"})
    done = reader.submit("/v1/sign-in/confirm", {"code": harness.mails.last.code})
    assert done.headers["location"] == f"{API}/read/mist"


# ---- by the newsroom's own hand ----


def granted(harness: Harness, email: str = MARIA, tier: str = "member", until: int = NOW + 30 * DAY) -> Granted:
    return grant_access(
        harness.table,
        harness.newsroom,
        email,
        tier=tier,
        until=until,
        reason="bank transfer of 1 September",
        email_key=EMAIL_KEY,
        now=BusinessTime(NOW),
        by="olena",
    )


def test_a_grant_makes_a_supporter_of_somebody_new(harness: Harness) -> None:
    given = granted(harness)
    assert given.created
    visitor = Visitor()
    assert harness.sign_in(visitor, MARIA).json == {
        "signed_in": True,
        "sub": given.supporter,
        "tier": "member",
        "until": moment(NOW + 30 * DAY),
        "pass": visitor.cookies["__Host-spilno-pass-8000"],
        "payment_failed": False,
        "supports": True,
    }


def test_a_grant_adds_to_what_there_is_and_is_written_down(harness: Harness) -> None:
    known = harness.supporter(MARIA, Standing((Grant("pi_1", "member", NOW, days=60),)), customers={"eur": "cus_1"})
    given = granted(harness, tier="patron")
    assert (given.supporter, given.created) == (known, False)
    state = supporters.read_state(harness.table, known)
    assert [grant.id for grant in state.standing.grants] == ["pi_1", given.grant]
    assert state.customers == {"eur": "cus_1"}
    log = harness.table.query(f"SUP#{known}", prefix="LOG#").items
    assert [(line["reason"], line["by"], line["tags"]) for line in log] == [
        ("bank transfer of 1 September", "olena", ["grant:access:given"])
    ]


@pytest.mark.engine
def test_grants_at_the_same_time_all_count(harness: Harness) -> None:
    threads = [threading.Thread(target=granted, args=(harness,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    supporter = supporters.find_by_email(harness.table, MARIA, EMAIL_KEY)
    assert supporter
    assert len(supporters.read_state(harness.table, supporter).standing.grants) == 6


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"tier": "emperor"}, "unknown_tier"), ({"until": NOW}, "bad_until"), ({"email": "maria"}, "bad_email")],
)
def test_a_grant_that_cannot_be_is_refused(harness: Harness, wrong: dict[str, object], code: str) -> None:
    with pytest.raises(BadInput) as refused:
        granted(harness, **wrong)  # type: ignore[arg-type] # one of three
    assert refused.value.code == code


@pytest.mark.engine
def test_signing_out_everywhere_keeps_what_others_change_meanwhile(harness: Harness) -> None:
    known = harness.supporter(MARIA)
    threads = [threading.Thread(target=end_everywhere, args=(harness.table, known)) for _ in range(4)]
    threads += [threading.Thread(target=granted, args=(harness,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    state = supporters.read_state(harness.table, known)
    assert (state.epoch, len(state.standing.grants)) == (4, 4)


def test_nobody_is_found_under_an_unknown_address(harness: Harness) -> None:
    with pytest.raises(NotFound):
        find_supporter(harness.table, MARIA, harness.newsroom, email_key=EMAIL_KEY, now=BusinessTime(NOW))


def test_one_supporter_does_not_use_up_what_stripe_answers_all_of_us(harness: Harness) -> None:
    visitor, other = Visitor(), Visitor()
    member(harness, visitor)
    harness.stripe.knows_customers("cus_1")
    answers = [visitor.post("/v1/me/portal") for _ in range(22)]
    assert [reply.status for reply in answers].count(200) == 20
    assert answers[-1].code == "too_many_portals"
    harness.sign_in(other, "other@reader.example")
    assert other.post("/v1/me/portal").code == "nothing_to_manage", "whoever else comes is heard"
