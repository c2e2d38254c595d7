"""What becomes of a claim: its undo, a claim that is cut off, and the thank-you page."""

import pytest

from chalicelib.supporters.rules.access import Grant, RecurringGift, Standing
from chalicelib.supporters.rules.merging import merged, split
from testkit.claiming import REFUSED, WRONG, claims, code_for, pays, refused
from testkit.harness import ADA, BEN, Harness
from testkit.own_address import Failing, undo_link, undoes
from testkit.rebuilding import found, rebuilds
from testkit.visitor import Visitor

DAY = 86_400


# ---- undo ----


def test_the_former_address_takes_it_back(harness: Harness) -> None:
    payer, session = pays(harness, interval="month")
    wrong = harness.state(WRONG).id
    claims(harness, payer, session)
    link = undo_link(harness, "gift_claimed")
    assert undoes(link).json == {"undone": True}
    assert harness.state(WRONG).id == wrong
    assert harness.access(WRONG).tier == "member"
    assert harness.access(ADA).tier is None
    assert {row["supporter"] for row in harness.books.entries} == {wrong}
    assert (harness.mails.last.kind, harness.mails.last.to) == ("gift_unclaimed", ADA)
    harness.tell(harness.stripe.renew(harness.stripe.of("subscription")[0]["id"]))
    assert {row["supporter"] for row in harness.books.entries} == {wrong}
    assert found(rebuilds(harness)) == []
    assert undoes(link).json["code"] == "undo_over"
    assert refused(payer.post(f"/v1/checkouts/{session}/claim", {"email": BEN})) == REFUSED, "once"


def test_whoever_signed_in_with_the_former_address_meanwhile_gets_it(harness: Harness) -> None:
    payer, session = pays(harness)
    claims(harness, payer, session)
    owner = Visitor(client="192.0.2.35")
    harness.sign_in(owner, WRONG)
    anew = harness.state(WRONG).id
    undoes(undo_link(harness, "gift_claimed"))
    assert {row["supporter"] for row in harness.books.entries} == {anew}
    assert len(owner.get("/v1/me").json["one_off"]) == 1
    assert found(rebuilds(harness)) == []


def test_it_is_over_after_72_hours(harness: Harness) -> None:
    payer, session = pays(harness)
    claims(harness, payer, session)
    link = undo_link(harness, "gift_claimed")
    harness.pass_time(3 * DAY)
    assert undoes(link).json["code"] == "undo_over"


@pytest.mark.parametrize("lost", [False, True], ids=["before", "after"])
def test_cut_off_anywhere_it_is_sent_again(harness: Harness, *, lost: bool) -> None:
    payer, session = pays(harness)
    code = code_for(harness, payer, session)
    path = f"/v1/checkouts/{session}/claim/confirm"
    for number in range(150):
        one = harness.fork()
        one.table = failing = Failing(one.table, number, lost=lost)
        again = Visitor(cookies=dict(payer.cookies))
        with one.installed():
            first = again.post(path, {"code": code})
            one.table = one.stored
            last = again.post(path, {"code": code})
        assert first.status in (200, 503), first.text
        assert last.status == 200, (number, last.text)
        assert {row["supporter"] for row in one.books.entries} == {one.state(ADA).id}
        assert not one.knows(WRONG)
        assert found(rebuilds(one)) == []
        if not failing.failed:
            assert number > 20
            break


# ---- the page ----


def test_the_thank_you_page_leads_through_it(harness: Harness) -> None:
    payer, session = pays(harness)
    page = payer.navigate(f"/thanks/{session}?lang=uk").text
    assert "Не та адреса?" in page
    wrong = payer.submit(f"/v1/checkouts/{session}/claim", {"email": "ada@", "lang": "uk"})
    assert wrong.status == 400
    assert 'value="ada@"' in wrong.text
    asked = payer.submit(f"/v1/checkouts/{session}/claim", {"email": ADA, "lang": "uk"})
    assert asked.status == 303
    code_page = payer.navigate(asked.headers["location"].removeprefix(payer.pages)).text
    assert "Перенести внесок на цю адресу" in code_page
    code = next(mail.code for mail in reversed(harness.mails.sent) if mail.kind == "prove_address")
    bad = payer.submit(f"/v1/checkouts/{session}/claim/confirm", {"code": "0000-0000", "lang": "uk"})
    assert bad.status == 400
    assert "0000-0000" in bad.text
    done = payer.submit(f"/v1/checkouts/{session}/claim/confirm", {"code": code, "lang": "uk"})
    assert done.status == 303
    shown = payer.navigate(done.headers["location"].removeprefix(payer.pages)).text
    assert "Внесок перенесено на вашу адресу" in shown
    assert "Не та адреса?" not in shown


def test_the_page_shows_it_to_nobody_else_and_says_nothing_of_the_address(harness: Harness) -> None:
    """Whether somebody signs in with the typed address must not be seen on the page."""
    owner = Visitor(client="192.0.2.36")
    harness.sign_in(owner, BEN)
    payer, session = pays(harness, BEN)
    assert "Не та адреса?" in payer.navigate(f"/thanks/{session}?lang=uk").text
    assert "Не та адреса?" not in Visitor().navigate(f"/thanks/{session}?lang=uk").text
    harness.sign_in(payer, BEN)
    assert "Не та адреса?" not in payer.navigate(f"/thanks/{session}?lang=uk").text
    late, other = pays(harness, attempt="d" * 20)
    harness.pass_time(DAY)
    assert "Не та адреса?" not in late.navigate(f"/thanks/{other}?lang=uk").text


# ---- the rules ----


def test_a_gift_is_split_off_and_comes_back_whole() -> None:
    one, other = Grant("pi_1", "member", 1, days=30), Grant("pi_2", "friend", 2, days=30)
    monthly = RecurringGift("sub_1", 1, "active", 500, "eur", "month", "cus_1")
    whole = Standing((one, other), (monthly,))
    assert split(whole, {"pi_1"}, None) == (Standing((one,)), Standing((other,), (monthly,)))
    assert split(whole, {"pi_9"}, "sub_1") == (Standing((), (monthly,)), Standing((one, other)))
    assert merged(*reversed(split(whole, {"pi_2"}, "sub_1"))) == whole
