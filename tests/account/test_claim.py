"""A gift whose address was mistyped is claimed in the browser that paid, by a code to the right address."""

import pytest

from localdev.around import Around
from testkit.claiming import REFUSED, WRONG, claims, code_for, pays, refused
from testkit.correcting import rows_of
from testkit.harness import ADA, BEN, Harness
from testkit.own_address import undo_link, undoes
from testkit.rebuilding import found, rebuilds
from testkit.visitor import Visitor

DAY = 86_400


@pytest.mark.parametrize("interval", ["once", "month"])
def test_the_gift_is_the_right_addresss_with_everything_that_follows(harness: Harness, interval: str) -> None:
    payer, session = pays(harness, interval=interval)
    wrong, sums = harness.state(WRONG).id, harness.totals()
    claims(harness, payer, session)
    assert not harness.knows(WRONG)
    right = harness.state(ADA).id
    assert harness.totals() == sums
    assert {row["supporter"] for row in harness.books.entries} == {right}
    assert harness.access(ADA).tier == "member"
    assert list(rows_of(harness, wrong)) == ["ACCESS"]
    assert found(rebuilds(harness)) == []
    told = {mail.kind: mail for mail in harness.mails.sent[-2:]}
    assert {kind: mail.to for kind, mail in told.items()} == {
        "gift_claimed": WRONG,
        "thanks_once" if interval == "once" else "thanks_recurring": ADA,
    }
    assert ADA not in told["gift_claimed"].text
    if interval == "month":
        harness.tell(harness.stripe.renew(harness.stripe.of("subscription")[0]["id"]))
    harness.tell(harness.stripe.gives_back(harness.stripe.of("payment_intent")[0]["id"]))
    assert {row["supporter"] for row in harness.books.entries} == {right}
    assert harness.mails.last.to == ADA
    assert found(rebuilds(harness)) == []


def test_it_joins_the_account_that_has_the_address(harness: Harness) -> None:
    harness.tell(harness.gives(500, "month", ADA))
    ada = harness.state(ADA).id
    payer, session = pays(harness)
    claims(harness, payer, session)
    assert harness.state(ADA).id == ada
    assert {row["supporter"] for row in harness.books.entries} == {ada}
    assert len(harness.state(ADA).standing.grants) == 1
    assert len(harness.state(ADA).standing.recurring) == 1
    assert found(rebuilds(harness)) == []


def test_paying_still_signs_nobody_in_and_this_browser_reads_on(harness: Harness) -> None:
    payer, session = pays(harness)
    assert payer.get("/v1/access?needs=members").json["open"] is True
    claims(harness, payer, session)
    payer.cookies.pop("__Host-spilno-pass-8000", None)
    assert payer.get("/v1/session").json["signed_in"] is False
    assert payer.get("/v1/access?needs=members").json["open"] is True
    page = payer.navigate(f"/thanks/{session}?lang=uk").text
    assert "a…@reader.example" in page
    assert harness.mails.last.to == ADA, "the code to sign in goes to the right address now"
    reply = payer.post("/v1/sign-in/confirm", {"code": harness.mails.last.code})
    assert reply.json["signed_in"] is True
    assert payer.get("/v1/me").json["email"] == ADA


def test_other_gifts_under_the_same_wrong_address_stay(harness: Harness) -> None:
    """Two people may mistype the same; and a stranger's typo may be somebody's real address."""
    harness.tell(harness.gives(700, "month", WRONG))
    payer, session = pays(harness)
    claims(harness, payer, session)
    assert harness.knows(WRONG)
    assert [gift.amount for gift in harness.state(WRONG).standing.recurring] == [700]
    assert harness.state(WRONG).standing.grants == ()
    assert [grant.tier for grant in harness.state(ADA).standing.grants] == ["member"]
    assert sorted(row["amount"] for row in harness.books.entries) == [700, 1000]
    assert found(rebuilds(harness)) == []
    assert undoes(undo_link(harness, "gift_claimed")).json == {"undone": True}
    assert len(harness.state(WRONG).standing.grants) == 1
    assert found(rebuilds(harness)) == []


def test_an_address_that_no_mail_can_go_to_is_put_right(harness: Harness) -> None:
    payer, session = pays(harness, "a,b@x.example")
    claims(harness, payer, session)
    assert [mail.kind for mail in harness.mails.sent if mail.kind == "gift_claimed"] == [], "there is nobody to tell"
    assert harness.access(ADA).tier == "member"
    assert found(rebuilds(harness)) == []


# ---- only there, only then, only once, only while nobody proved it ----


def test_only_the_browser_that_paid_within_a_day(harness: Harness) -> None:
    payer, session = pays(harness)
    path = f"/v1/checkouts/{session}/claim"
    other = Visitor()
    assert refused(other.post(path, {"email": ADA})) == REFUSED
    assert refused(other.post(f"{path}/confirm", {"code": "7K3M-XQ4T"})) == REFUSED
    stranger, elsewhere = pays(harness, BEN, attempt="b" * 20)
    assert refused(stranger.post(path, {"email": ADA})) == REFUSED
    assert refused(payer.post(f"/v1/checkouts/{elsewhere}/claim", {"email": ADA})) == REFUSED
    assert payer.post("/v1/checkouts/cs_nothing/claim", {"email": ADA}).status == 404
    code = code_for(harness, payer, session)
    harness.pass_time(DAY)
    assert refused(payer.post(path, {"email": ADA})) == REFUSED
    assert refused(payer.post(f"{path}/confirm", {"code": code})) == REFUSED
    assert harness.knows(WRONG)


@pytest.mark.usefixtures("harness")
def test_only_what_is_paid() -> None:
    visitor = Visitor()
    gift = {"amount": 1000, "currency": "eur", "interval": "once", "attempt": "c" * 20}
    session = str(visitor.post("/v1/checkouts", gift).json["id"])
    assert refused(visitor.post(f"/v1/checkouts/{session}/claim", {"email": ADA})) == REFUSED


def test_once_and_twice_the_same_code_is_the_same(harness: Harness) -> None:
    payer, session = pays(harness)
    code = code_for(harness, payer, session)
    path = f"/v1/checkouts/{session}/claim"
    assert payer.post(f"{path}/confirm", {"code": code}).status == 200
    rows, sent = harness.rows(), len(harness.mails.sent)
    assert payer.post(f"{path}/confirm", {"code": code}).json == {"claimed": True}
    assert (harness.rows(), len(harness.mails.sent)) == (rows, sent)
    assert refused(payer.post(f"{path}/confirm", {"code": "7K3M-XQ4T"})) == REFUSED
    assert refused(payer.post(path, {"email": BEN})) == REFUSED


def test_not_once_the_address_was_proven_by_a_sign_in(harness: Harness) -> None:
    payer, session = pays(harness)
    code = code_for(harness, payer, session)
    owner = Visitor(client="192.0.2.33")
    harness.sign_in(owner, WRONG)
    path = f"/v1/checkouts/{session}/claim"
    assert refused(payer.post(path, {"email": ADA})) == REFUSED
    assert refused(payer.post(f"{path}/confirm", {"code": code})) == REFUSED
    assert len(owner.get("/v1/me").json["one_off"]) == 1


def test_a_sign_in_at_that_moment_keeps_the_gift(harness: Harness) -> None:
    """It comes after everything was looked at, and before the transaction."""
    payer, session = pays(harness)
    code = code_for(harness, payer, session)
    inner, once = harness.table, [True]

    def sign_in(call: str, _what: object) -> None:
        if call == "transact" and once:
            once.clear()
            harness.table = inner
            harness.sign_in(Visitor(client="192.0.2.34"), WRONG)
            harness.table = held

    held = harness.table = Around(inner, sign_in)
    reply = payer.post(f"/v1/checkouts/{session}/claim/confirm", {"code": code})
    harness.table = inner
    assert not once
    assert refused(reply) == REFUSED
    assert harness.access(WRONG).tier == "member"


def test_not_where_its_customer_gave_anything_else(harness: Harness) -> None:
    payer, session = pays(harness)
    (customer,) = {row["customer"] for row in harness.stripe.of("payment_intent")}
    other = harness.stripe.of("payment_intent")[0]
    harness.tell(harness.gives(2000, email=WRONG))
    second = harness.stripe.of("payment_intent")[-1]
    assert second["customer"] != customer
    assert payer.post(f"/v1/checkouts/{session}/claim", {"email": ADA}).status == 202, "the control"
    harness.stripe.account.put({**harness.stripe.account.get("payment_intent", second["id"]), "customer": customer})
    assert refused(payer.post(f"/v1/checkouts/{session}/claim", {"email": ADA})) == REFUSED
    assert other["id"] != second["id"]


def test_stripe_away_leaves_all_as_it_was(harness: Harness) -> None:
    payer, session = pays(harness)
    harness.tell(harness.gives(2000, email=WRONG))
    harness.stripe.down = True
    reply = payer.post(f"/v1/checkouts/{session}/claim", {"email": ADA})
    assert refused(reply) == (503, "stripe_down")


def test_the_same_address_a_wrong_code_and_nonsense(harness: Harness) -> None:
    payer, session = pays(harness)
    path = f"/v1/checkouts/{session}/claim"
    assert refused(payer.post(path, {"email": WRONG})) == (409, "same_address")
    assert refused(payer.post(path, {"email": "ada"})) == (400, "bad_email")
    assert refused(payer.post(f"{path}/confirm", {"code": "7K3M-XQ4T"})) == (410, "code_expired")
    code = code_for(harness, payer, session)
    for _ in range(5):
        assert refused(payer.post(f"{path}/confirm", {"code": "0000-0000"})) == (400, "wrong_code")
    assert refused(payer.post(f"{path}/confirm", {"code": code})) == (410, "code_expired")
    foreign = Visitor(origin="https://evil.example")
    foreign.cookies = dict(payer.cookies)
    assert foreign.post(path, {"email": ADA}).status == 403
